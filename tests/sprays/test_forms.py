"""Bad input on every form and every address: never a fault of ours, never half of a row."""

from collections.abc import Callable, Iterator
from itertools import cycle, islice
from typing import Any

import pytest
from werkzeug.test import TestResponse

from organizer.web.access import Policy
from tests.contents import snapshot, written
from tests.sprays.addresses import addresses, rules
from tests.sprays.conftest import Site
from tests.sprays.payloads import PARTS, bodies, json_bodies, values_for

API = {
    "checkin_api.scan": {"code": "A" * 26, "key": "k" * 20, "at": None, "door": "正面"}
    | {"offline": False, "confirm": True},
    "checkin_api.scan_many": {
        "scans": [{"code": "A" * 26, "key": "k" * 20, "offline": True, "told": "admitted"}]
    },
    "checkin_api.check_in": {"registration": "r" * 22, "key": "k" * 20},
    "checkin_api.undo": {},
    "checkin.door_device": {},
    "checkin_api.fee": {"taken": True},
    "checkin.kiosk_read": {"key": "k" * 20, "code": "A" * 26, "sure": True},
}
READ_BY_SCRIPT = {"/kiosk/read"}
SENDERS = {"checkin.kiosk_read": "kiosk"}
# Written although the answer is no: how often something was tried, and what somebody has typed so far.
COUNTS = {"rate_hit"}
KEPT = {
    "registrations.send_application": {"application_draft"},
    "people.type_digits": {"sign_in_request"},
}

Request = tuple[str, str, str, dict[str, Any]]
"""(endpoint, role, address, arguments of the client's `post`)."""


def field_requests(site: Site, how_many: int) -> Iterator[Request]:
    for endpoint, form in sorted(site.forms.items()):
        for name in form.names:
            if name == "csrf_token":
                continue
            for value in values_for(name, dict(form.fields)[name], how_many):
                yield endpoint, form.role, form.action, {"data": form.data(**{name: value})}


def body_requests(site: Site, how_many: int) -> Iterator[Request]:
    """So many bodies for each form, each form beginning with another."""
    for number, (endpoint, form) in enumerate(sorted(site.forms.items())):
        some = islice(cycle(bodies(form)), number, number + how_many)
        yield from ((endpoint, form.role, form.action, body) for body in some)


def api_requests(site: Site, _how_many: int) -> Iterator[Request]:
    for rule in rules(site.app, "POST"):
        if rule.endpoint in API:
            for body in json_bodies(API[rule.endpoint]):
                yield rule.endpoint, SENDERS.get(rule.endpoint, "staff"), addresses(site.world, rule)[0], body


def faults(site: Site, requests: Iterator[Request]) -> Iterator[str]:
    """What is wrong with the answers, in a line each; the last line says how many there were."""
    asked = refused = 0
    for endpoint, role, address, arguments in requests:
        asked += 1
        with site.undone():
            client, count = site.actors.client(role), written(site.connection)
            answer = client.post(address, **arguments)
            refused += answer.status_code >= 400
            said = str(arguments)[:150]
            wrote = answer.status_code >= 400 and written(site.connection) != count
            changed = _changed(site) - COUNTS - KEPT.get(endpoint, set()) if wrote else set()
            for fault in _faults(address, answer, changed):
                yield f"{endpoint} as {role}: {fault}: {said}"
            if answer.status_code in (302, 303) and answer.headers["Location"].startswith("/"):
                shown = client.get(answer.headers["Location"])
                if (
                    shown.status_code >= 500
                    or b"<script>alert(1)" in shown.data
                    or b"<img src=x" in shown.data
                ):
                    yield f"{endpoint} as {role}: the page afterwards ({shown.status_code}): {said}"
    yield f"{asked} {refused}"


def _changed(site: Site) -> set[str]:
    after = snapshot(site.connection)
    return {name for name in after if after[name] != site.untouched[name]}


def _faults(address: str, answer: TestResponse, changed: set[str]) -> Iterator[str]:
    if answer.status_code >= 500:
        yield f"{answer.status_code}"
    if answer.status_code < 400:
        return
    if changed:
        yield f"{answer.status_code}, yet written: {sorted(changed)}"
    kind = "application/problem+json" if address.startswith("/api/") else "text/html"
    if address in READ_BY_SCRIPT or address.endswith("/door/device"):
        kind = answer.mimetype
    if answer.mimetype != kind:
        yield f"{answer.status_code} as {answer.mimetype}"
    elif kind == "text/html" and b'lang="ja"' not in answer.data:
        yield f"{answer.status_code} not in the reader's language"
    if b"<script>alert(1)" in answer.data or b"<img src=x" in answer.data:
        yield "shown as it was sent"


@pytest.mark.parametrize(
    ("requests", "how_many", "at_least"),
    [(field_requests, 1, 250), (body_requests, 4, 500), (api_requests, 0, 100)],
    ids=["fields", "bodies", "api"],
)
def test_bad_input_is_refused_in_words_and_leaves_nothing(
    site: Site, requests: Callable[[Site, int], Iterator[Request]], how_many: int, at_least: int
) -> None:
    *found, counted = faults(site, requests(site, how_many))
    asked, refused = map(int, counted.split())
    assert not found, "\n" + "\n".join(found)
    assert asked >= at_least
    assert refused >= asked // 8


def test_nor_on_postgresql(postgres_site: Site) -> None:
    some = islice(field_requests(postgres_site, 1), 0, None, 3)
    *found, counted = faults(postgres_site, some)
    assert not found, "\n" + "\n".join(found)
    assert int(counted.split()[0]) >= 100


def wrong_addresses(site: Site, method: str) -> Iterator[tuple[str, str]]:
    """Every address with each of its parts put wrong in turn, and with the same odd question after it."""
    for rule in rules(site.app, method):
        right = addresses(site.world, rule)[0]
        for name in sorted(rule.arguments):
            for part in PARTS:
                yield rule.endpoint, _with_part(rule.rule, right, name, part)
        yield rule.endpoint, right + "?q=%00&page=-1&next=%FF&region=__class__&kind[]=1&locale=%ED%A0%80"


def _with_part(pattern: str, right: str, name: str, part: str) -> str:
    steps, filled = pattern.split("/"), right.split("?")[0].split("/")
    ours = [step == f"<{name}>" or step.endswith(f":{name}>") for step in steps]
    return "/".join(part if wrong else there for wrong, there in zip(ours, filled, strict=True))


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("which", ["site", "postgres_site"])
def test_wrong_addresses_are_nothing_found(request: pytest.FixtureRequest, which: str, method: str) -> None:
    site: Site = request.getfixturevalue(which)
    client, found = site.actors.client("owner"), []
    asked = list(wrong_addresses(site, method))
    for endpoint, address in asked[:: 2 if which == "site" else 5]:
        with site.undone():
            answer = client.open(address, method=method, data={} if method == "POST" else None)
            if answer.status_code >= 500:
                found.append(f"{endpoint} {address[:120]}: {answer.status_code}")
    assert not found, "\n" + "\n".join(found)
    assert len(asked) > 150


def test_every_form_is_sprayed(site: Site) -> None:
    """A walk that found no form would find no fault either."""
    posts = {rule.endpoint for rule in rules(site.app, "POST")}
    unseen = posts - set(site.forms) - set(API)
    assert not unseen
    doors = {getattr(site.app.view_functions[endpoint], "policy", None) for endpoint in site.forms}
    assert {Policy.PUBLIC, Policy.SIGNED_IN, Policy.LINK} <= doors


def test_a_form_left_as_it_is_can_be_sent(site: Site) -> None:
    """The forms are read rightly: most are taken when nothing in them is changed."""
    taken = []
    for form in site.forms.values():
        with site.undone():
            answer = site.actors.client(form.role).post(form.action, data=form.data())
            taken.append(answer.status_code < 400)
    assert sum(taken) > len(taken) * 0.5
