"""What is planted in one circle, and in one person's own pages, is seen by nobody else, on any page."""

from collections.abc import Iterator

import pytest
from sqlalchemy import delete

from organizer.matches.models import Again
from tests.sprays.conftest import MakeSite, Site
from tests.sprays.walking import Actors, Read, read_pages, settled
from tests.sprays.world import World, make_world

HOSTS = {"owner", "host", "app"}
EVERYBODY = ("nobody", "stranger", "applicant", "attendee0", "attendee1", "staff", "host", "owner", "app")
BY_TOKEN = ("/claim/", "/t/", "/a/", "/stop/", "/address/", "/invitation/")
"""Pages that a mail's link opens: who holds it is its person, whoever is signed in."""


@pytest.fixture(scope="module")
def two(make_site: MakeSite) -> Iterator[tuple[Site, World]]:
    """A site, and a second circle in it with a cast of its own."""
    with make_site("sqlite") as site:
        yield site, make_world(site.world.session, "BOB")


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


def test_nobody_reads_what_is_not_theirs(two: tuple[Site, World]) -> None:
    site, other = two
    seen, leaks = set(), []
    for world, other_circle in ((site.world, False), (other, True)):
        actors = Actors(site.app, world)
        planted = [(text, may) for text, may in secrets_of(site.world)]
        for role, _rule, address, answer in read_pages(actors, EVERYBODY, pictures=False):
            if answer.mimetype not in ("text/html", "application/json", "text/calendar", "text/csv"):
                continue
            body = answer.get_data(as_text=True)
            for text, may in planted:
                if text not in body:
                    continue
                seen.add(text)
                if other_circle or (role not in may and not address.startswith(BY_TOKEN)):
                    leaks.append(
                        f"{role}{' of the other circle' if other_circle else ''}: {text} on {address}"
                    )
    assert not leaks, "\n" + "\n".join(sorted(set(leaks)))
    assert len(seen) > 20


def test_another_circle_is_nowhere_to_be_found(two: tuple[Site, World]) -> None:
    """The owner of one circle at every address of the other: its pages for hosts are not there at all."""
    site, other = two
    actors = Actors(site.app, site.world)
    actors._references["owner"] = Actors(site.app, other)._references["owner"]
    open_to_all = {
        "/",
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
    }
    opened = [
        address
        for _role, _rule, address, answer in read_pages(actors, ("owner",), pictures=False)
        if answer.status_code not in (401, 404)  # what is only for other apps knows no sign-in
        and address != "/api/v1"
        and not any(address == one or (one != "/" and address.startswith(one)) for one in open_to_all)
        and not address.startswith(BY_TOKEN)
    ]
    assert sorted(opened) == ["/insights", "/prompts", "/ties"] or all(
        path in ("/insights", "/prompts", "/ties", "/ties?show=let_go") for path in opened
    ), opened


def test_wanting_to_meet_again_shows_nowhere_until_both_do(two: tuple[Site, World]) -> None:
    """Every page of everybody else is the same with and without one person's secret wish."""
    site, _other = two
    roles = ("attendee1", "staff", "owner")
    pages = {
        (role, address): settled(answer.get_data(as_text=True))
        for role, _rule, address, answer in _pages(site, roles)
    }
    with site.undone():
        one = site.world.people[0].id
        assert site.connection.execute(delete(Again).where(Again.person_id == one)).rowcount == 1
        changed = [
            (role, address)
            for role, _rule, address, answer in _pages(site, roles)
            if settled(answer.get_data(as_text=True)) != pages[role, address]
        ]
    assert not changed


def _pages(site: Site, roles: tuple[str, ...]) -> Iterator[Read]:
    for found in read_pages(site.actors, roles, pictures=False):
        if found[3].mimetype in ("text/html", "application/json") and not found[2].startswith(BY_TOKEN):
            yield found
