"""What is planted in one circle, and in one person's own pages, is seen by nobody else, on any page."""

from collections.abc import Iterator

import pytest
from sqlalchemy import delete

from organizer.matches.models import Again
from tests.sprays.cast import World
from tests.sprays.conftest import EVERYBODY, Site
from tests.sprays.walking import Actors, Visit, settled, visits
from tests.sprays.world import make_world

HOSTS = {"owner", "host", "app"}
BY_TOKEN = ("/claim/", "/t/", "/a/", "/stop/", "/address/", "/invitation/")
"""Pages that a mail's link opens: who holds it is its person, whoever is signed in."""
OF_ANOTHER = ("nobody", "applicant", "attendee0", "staff", "owner", "app")
OPEN_TO_ALL = (
    "/events",
    "/healthz",
    "/readyz",
    "/q/",
    "/e/",
    "/c/",
    "/sign-in",
    "/me/",
    "/host",
    "/circles/new",
    "/d/",  # who holds a link that pairs a phone, or scans the tablet's code, sees its page
    "/s/",
    "/api/v1/openapi.json",
    "/api/v1/problems",
)


@pytest.fixture
def other(site: Site) -> Iterator[World]:
    """A second circle in the site, with a cast of its own."""
    with site.undone():
        yield make_world(site.database.session(writes=True), "BOB")


def secrets_of(world: World) -> Iterator[tuple[str, set[str]]]:
    """(planted string, the roles of its own circle that may read it on some page)."""
    for n, person in enumerate(world.people):
        for what in ("note", "insight", "goal", "promise", "letter"):
            yield world.planted(f"private-{what}-{person.id}"), {f"attendee{n}"}
        yield world.planted(f"topic-{person.id}"), {f"attendee{n}"}
        yield world.planted(f"line-席{n}"), {f"attendee{n}"}
        yield f"{world.mark.lower()}-mail-席{n}", {f"attendee{n}", *HOSTS}
        yield person.phone[3:], {f"attendee{n}", *HOSTS}
    for role in ("applicant", "waiting", "declined"):
        yield world.planted(f"topic-{world.cast[role].id}"), {role}
        # Whom one has blocked stands in one's own list.
        yield f"{world.mark}名{role}", {role, *HOSTS} | ({"attendee0"} if role == "declined" else set())
        yield f"{world.mark.lower()}-mail-{role}", {role, *HOSTS}
    for what in ("report", "exclusion"):
        yield world.planted(what), HOSTS
    yield world.planted("draft"), {"stranger"}
    yield world.planted("online-url"), HOSTS | {f"attendee{n}" for n in range(len(world.people))}
    for address in ("invited", "helper"):
        yield f"{world.mark.lower()}-mail-{address}", HOSTS


def read(visits: Iterator[Visit], texts: list[str]) -> Iterator[tuple[Visit, str]]:
    """Each of the texts that stands on a page, with the page."""
    for visit in visits:
        yield from ((visit, text) for text in texts if text in visit.text)


def test_nobody_reads_what_is_not_theirs(site: Site) -> None:
    may = dict(secrets_of(site.world))
    found = [(visit, text) for visit, text in read(site.visits(*EVERYBODY), list(may))]
    leaks = {
        f"{visit.role}: {text} on {visit.address}"
        for visit, text in found
        if visit.role not in may[text] and not visit.address.startswith(BY_TOKEN)
    }
    assert not leaks, "\n" + "\n".join(sorted(leaks))
    assert len({text for _, text in found}) > 20


def test_nobody_of_another_circle_reads_any_of_it(site: Site, other: World) -> None:
    texts, actors = [text for text, _ in secrets_of(site.world)], Actors(site.app, other)
    seen = (visit for role in OF_ANOTHER for visit in visits(actors, role, pictures=False))
    leaks = {f"{visit.role}: {text} on {visit.address}" for visit, text in read(seen, texts)}
    assert not leaks, "\n" + "\n".join(sorted(leaks))


def test_another_circle_is_nowhere_to_be_found(site: Site, other: World) -> None:
    """The owner of one circle at every address of the other: its pages for hosts are not there at all."""
    actors = Actors(site.app, site.world)
    actors.become("owner", Actors(site.app, other))
    opened = {
        visit.address
        for visit in visits(actors, "owner", pictures=False)
        if visit.status not in (401, 404)  # what is only for other apps knows no sign-in
        and visit.address not in ("/", "/api/v1")
        and not visit.address.startswith((*OPEN_TO_ALL, *BY_TOKEN))
    }
    assert opened <= {"/insights", "/prompts", "/ties", "/ties?show=let_go"}


def test_wanting_to_meet_again_shows_nowhere_until_both_do(site: Site) -> None:
    """Every page of everybody else is the same with and without one person's secret wish."""
    roles = ("attendee1", "staff", "owner")
    pages = {(visit.role, visit.address): settled(visit.text) for visit in site.visits(*roles)}
    with site.undone():
        one = site.world.people[0].id
        assert site.connection.execute(delete(Again).where(Again.person_id == one)).rowcount == 1
        changed = [
            (visit.role, visit.address)
            for role in roles
            for visit in visits(site.actors, role, pictures=False)
            if not visit.address.startswith(BY_TOKEN)
            and settled(visit.text) != pages[visit.role, visit.address]
        ]
    assert not changed
