"""The door's API by token: a device's or a host's, in the header alone, and dead the moment it ends."""

import secrets
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from organizer.checkin.models import CheckIn, Device, Scan
from organizer.circles import tokens
from organizer.circles.models import ApiToken, Membership
from organizer.domain.door import DeviceKind, TokenScope
from organizer.domain.roles import CircleRole
from organizer.domain.ticketing import ALPHABET, find_code
from organizer.people import sessions
from organizer.people.models import Person
from organizer.registrations.models import Ticket
from organizer.tokens import digest
from organizer.web.unit import App
from tests.checkin.rows import Evening, make_evening
from tests.factories import NOW, make_member, make_person

FORGED = 10_000


@pytest.fixture
def evening(rows: Session) -> Evening:
    return make_evening(rows, 1)


def host_token(evening: Evening, scope: TokenScope = TokenScope.DOOR, who: Person | None = None) -> str:
    """A token of the owner's, or of another member."""
    query = select(Membership).where(Membership.person_id == (who or evening.owner).id)
    place = evening.session.scalars(query).one()
    return tokens.make(evening.session, place, name="app", scope=scope, days=30, now=NOW)[1]


def key() -> str:
    return secrets.token_hex(16)


def scan(
    client: FlaskClient,
    evening: Evening,
    token: str,
    code: str = "",
    event: Evening | None = None,
    **body: object,
) -> TestResponse:
    evening.session.commit()
    url = f"/api/v1/events/{(event or evening).event.public_id}/scans"
    sent = {"code": code or evening.guests[0].code, "key": key()} | body
    answer = client.post(url, json=sent, headers={"Authorization": f"Bearer {token}"})
    evening.session.expire_all()
    return answer


def read(client: FlaskClient, evening: Evening, path: str, token: str) -> TestResponse:
    evening.session.commit()
    url = f"/api/v1/events/{evening.event.public_id}{path}"
    return client.get(url, headers={"Authorization": f"Bearer {token}"})


def result(answer: TestResponse) -> str:
    assert answer.status_code == 200, answer.text
    assert answer.json is not None
    return str(answer.json["result"])


@pytest.mark.parametrize("kind", [DeviceKind.STAFF, DeviceKind.GUEST, DeviceKind.OWN])
def test_a_device_scans_at_its_event_alone(client: FlaskClient, evening: Evening, kind: DeviceKind) -> None:
    device, credential = evening.device(kind)
    assert result(scan(client, evening, credential.secret, door="入口A")) == "admitted"
    row = evening.session.scalars(select(Scan)).one()
    owner = evening.staff.id if kind is DeviceKind.OWN else None
    assert (row.device_id, row.by_id, row.door) == (device.id, owner, "入口A")
    check_in = evening.session.scalars(select(CheckIn)).one()
    assert (check_in.device_id, check_in.by_id) == (device.id, owner)
    other = make_evening(evening.session, 1)
    assert scan(client, evening, credential.secret, event=other).status_code == 404
    assert evening.session.scalar(select(func.count()).select_from(Scan)) == 1


def test_a_kiosk_has_no_api(client: FlaskClient, evening: Evening) -> None:
    _, credential = evening.device(DeviceKind.KIOSK)
    assert scan(client, evening, credential.secret).status_code == 404
    for path in ("/search?q=田中太郎", "/door-list"):
        assert read(client, evening, path, credential.secret).status_code == 404
    assert evening.session.scalar(select(func.count()).select_from(Scan)) == 0


ENDINGS = ["revoked", "expired", "signed out", "no member any more"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_device_that_has_ended_is_nobody(client: FlaskClient, evening: Evening, ending: str) -> None:
    device, credential = evening.device(DeviceKind.OWN)
    session = evening.session
    if ending == "revoked":
        device.revoked_at = NOW
    elif ending == "expired":
        device.expires_at = NOW
    elif ending == "signed out":
        sessions.end(session, evening.staff.id, NOW)
    else:
        session.delete(
            session.scalars(select(Membership).where(Membership.person_id == evening.staff.id)).one()
        )
    session.flush()
    for answer in (
        scan(client, evening, credential.secret),
        read(client, evening, "/door-list", credential.secret),
    ):
        assert (answer.status_code, answer.content_type) == (401, "application/problem+json")
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Enishi", error="invalid_token"'
    assert session.scalar(select(func.count()).select_from(Scan)) == 0


@pytest.mark.parametrize("token", ["", "x", "eni_door_" + "A" * 43, "eni_api_" + "A" * 43])
def test_a_token_that_opens_nothing_is_another_matter_than_none(
    client: FlaskClient, evening: Evening, token: str
) -> None:
    """Neither says whether there ever was such a token."""
    url = f"/api/v1/events/{evening.event.public_id}"
    device, credential = evening.device()
    device.revoked_at = NOW
    evening.session.commit()
    told = []
    for headers in (
        {},
        {"Authorization": f"Bearer {token}"},
        {"Authorization": f"Bearer {credential.secret}"},
    ):
        sent = {"code": evening.guests[0].code, "key": key()}
        answers = [
            client.get(f"{url}/counts", headers=headers),
            client.post(f"{url}/scans", json=sent, headers=headers),
            client.get("/api/v1/events", headers=headers),
        ]
        assert {answer.status_code for answer in answers} == {401}
        said = {
            (answer.json["reason"], answer.headers["WWW-Authenticate"]) for answer in answers if answer.json
        }
        assert len(said) == 1
        told.append(said.pop())
    none, unknown, revoked = told
    assert none == ("no_token", 'Bearer realm="Enishi"')
    assert unknown == revoked == ("token_unknown", 'Bearer realm="Enishi", error="invalid_token"')


def test_a_host_by_token(client: FlaskClient, evening: Evening) -> None:
    token = host_token(evening)
    assert result(scan(client, evening, token)) == "admitted"
    row = evening.session.scalars(select(Scan)).one()
    assert (row.by_id, row.device_id) == (evening.owner.id, None)
    body = read(client, evening, "/door-list", token).json
    assert body is not None
    assert (body["device"], body["sees_list"], len(body["people"])) == (None, True, 1)
    stranger = make_evening(evening.session, 1)
    assert scan(client, evening, token, event=stranger).status_code == 404
    assert scan(client, evening, host_token(stranger)).status_code == 404
    evening.session.execute(update(ApiToken).values(revoked_at=NOW))
    assert scan(client, evening, token).status_code == 401
    assert read(client, evening, "/door-list", token).status_code == 401


def test_a_token_for_reading_reads(client: FlaskClient, evening: Evening) -> None:
    token = host_token(evening, TokenScope.READ)
    assert read(client, evening, "/door-list", token).status_code == 200
    batch = f"/api/v1/events/{evening.event.public_id}/scans/batch"
    header = {"Authorization": f"Bearer {token}"}
    for answer in (
        scan(client, evening, token),
        client.post(batch, json={"scans": []}, headers=header),
    ):
        assert (answer.status_code, answer.content_type) == (403, "application/problem+json")
        assert answer.json is not None
        assert answer.json["reason"] == "insufficient_scope"
    assert evening.session.scalar(select(func.count()).select_from(Scan)) == 0


def test_a_token_never_does_more_than_its_host(client: FlaskClient, evening: Evening) -> None:
    helper = make_person(evening.session)
    member = make_member(evening.session, evening.circle, helper, CircleRole.HOST)
    token = host_token(evening, who=helper)
    assert scan(client, evening, token).status_code == 200
    member.role = CircleRole.STAFF
    assert scan(client, evening, token).status_code == 401


def test_a_token_needs_no_page_of_ours_and_no_cookie_helps_it(
    app: App, client: FlaskClient, evening: Evening, sign_in: Callable[[Person], FlaskClient]
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    _, credential = evening.device()
    assert result(scan(client, evening, credential.secret)) == "admitted"
    sign_in(evening.staff)
    for dead in ("", "eni_door_nobody", "eni_api_nobody", "anything else"):
        answer = scan(client, evening, dead)
        assert answer.status_code == 401
        assert read(client, evening, "/door-list", dead).status_code == 401
    url = f"/api/v1/events/{evening.event.public_id}/scans"
    evening.session.commit()
    assert client.post(url, json={"code": "0" * 26, "key": key()}).status_code == 400
    basic = {"Authorization": f"Basic {credential.secret}"}
    assert client.post(url, json={"code": "0" * 26, "key": key()}, headers=basic).status_code == 400


def test_a_paired_browser_is_known_by_its_cookie_and_needs_our_pages(
    app: App, client: FlaskClient, evening: Evening, sign_in: Callable[[Person], FlaskClient]
) -> None:
    device, credential = evening.device(DeviceKind.GUEST)
    client.set_cookie("enishi-door", credential.secret)
    evening.session.commit()
    url = f"/api/v1/events/{evening.event.public_id}"
    assert client.get(f"{url}/door-list").status_code == 200
    body = {"code": evening.guests[0].code, "key": key()}
    assert result(client.post(f"{url}/scans", json=body)) == "admitted"
    sign_in(make_person(evening.session))
    evening.session.commit()
    assert client.post(f"{url}/scans", json=body | {"key": key()}).status_code == 200
    assert evening.session.scalars(select(Scan.device_id)).all() == [device.id, device.id]
    app.config["WTF_CSRF_ENABLED"] = True
    assert client.post(f"{url}/scans", json=body | {"key": key()}).status_code == 400


def test_a_browser_known_in_two_ways_is_told_that_nobody_has_a_registration(
    client: FlaskClient, evening: Evening, sign_in: Callable[[Person], FlaskClient]
) -> None:
    """By its sign-in it may scan here, and by its device, too: what is not there is asked for once."""
    _, credential = evening.device()
    sign_in(evening.staff)
    client.set_cookie("enishi-door", credential.secret)
    evening.session.commit()
    body = {"registration": "x" * 22, "key": key()}
    answer = client.post(f"/api/v1/events/{evening.event.public_id}/scans", json=body)
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    assert evening.session.scalar(select(func.count()).select_from(Scan)) == 0


@pytest.mark.parametrize("query", ["?access_token=x", "?q=a&token=eni_door_abc", "?t=eni_api_abc"])
def test_a_token_in_an_address_is_refused(client: FlaskClient, evening: Evening, query: str) -> None:
    _, credential = evening.device()
    answer = read(client, evening, f"/search{query}", credential.secret)
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    assert answer.json is not None
    assert answer.json["reason"] == "token_in_address"


def test_a_guest_searches_by_more_than_a_sign(client: FlaskClient, evening: Evening) -> None:
    _, guest = evening.device(DeviceKind.GUEST)
    _, staff = evening.device()
    for query, status in (("", 422), ("t", 422), ("た", 422), ("田", 200), ("ta", 200), ("たな", 200)):
        assert read(client, evening, f"/search?q={query}", guest.secret).status_code == status, query
        assert read(client, evening, f"/search?q={query}", staff.secret).status_code == 200
    answer = read(client, evening, "/search?q=t", guest.secret)
    assert answer.json is not None
    assert (answer.json["reason"], answer.json["field"]) == ("too_short", "q")


def test_another_phone_with_the_same_key_gets_the_same_bytes(client: FlaskClient, evening: Evening) -> None:
    (_, one), (_, other) = evening.device(), evening.device()
    same, code = key(), evening.guests[0].code
    first = scan(client, evening, one.secret, key=same, door="入口A")
    evening.guest()
    evening.event.fee_yen = 9000
    evening.session.flush()
    again = scan(client, evening, other.secret, f"https://enishi.example/q/{code}", key=same, door="入口B")
    assert first.data == again.data
    assert scan(client, evening, host_token(evening), key=same).data == first.data
    assert scan(client, evening, one.secret, "0" * 26, key=same).status_code == 422
    assert evening.session.scalar(select(func.count()).select_from(Scan)) == 1


def test_only_the_diagonal_of_twenty_events_and_twenty_tickets_enters(
    client: FlaskClient, rows: Session
) -> None:
    evenings = [make_evening(rows, 1, title=f"秘密の会 {number}") for number in range(20)]
    devices = [evening.device()[1].secret for evening in evenings]
    rows.commit()
    entered = []
    for row, evening in enumerate(evenings):
        scans = [{"code": other.guests[0].code, "key": key()} for other in evenings]
        url = f"/api/v1/events/{evening.event.public_id}/scans/batch"
        answer = client.post(url, json={"scans": scans}, headers={"Authorization": f"Bearer {devices[row]}"})
        assert answer.json is not None
        results = answer.json["results"]
        entered += [(row, column) for column, one in enumerate(results) if one["result"] == "admitted"]
        refused = [one for column, one in enumerate(results) if column != row]
        assert {(one["reason"], one["registration"], one["first_at"]) for one in refused} == {
            ("other_event", None, None)
        }
        assert "秘密" not in answer.text
        assert not any(other.event.public_id in answer.text for other in evenings)
    assert entered == [(number, number) for number in range(20)]


def _forge(code: str, random: secrets.SystemRandom) -> str:
    """The code with bits flipped, signs changed, cut short, lengthened or mixed up."""
    flipped = bytearray(code.encode())
    way = random.randrange(4)
    for _ in range(random.randint(1, 3)):
        flipped[random.randrange(len(flipped))] ^= 1 << random.randrange(8)
    if way == 0:
        return flipped.decode("latin-1")
    if way == 1:
        place = random.randrange(len(code))
        return code[:place] + random.choice(ALPHABET) + code[place + 1 :]
    if way == 2:
        return code[: random.randrange(len(code))] + random.choice(ALPHABET) * random.randrange(4)
    return "".join(random.sample(code, len(code)))


def test_of_ten_thousand_forged_codes_none_is_a_ticket(client: FlaskClient, evening: Evening) -> None:
    code, random = evening.guests[0].code, secrets.SystemRandom()
    forged = [text for text in (_forge(code, random) for _ in range(2 * FORGED)) if text != code][:FORGED]
    assert len(forged) == FORGED
    found = {digest(read) for text in forged if (read := find_code(text)) and read != code}
    known = set(evening.session.scalars(select(Ticket.code_hash)))
    assert known == {digest(code)}
    assert not known & found
    _, credential = evening.device()
    scans = [{"code": text or "0", "key": key()} for text in forged[:500] if find_code(text) != code]
    evening.session.commit()
    url = f"/api/v1/events/{evening.event.public_id}/scans/batch"
    header = {"Authorization": f"Bearer {credential.secret}"}
    answer = client.post(url, json={"scans": scans}, headers=header)
    assert answer.json is not None
    assert {(one["result"], one["reason"]) for one in answer.json["results"]} == {("refused", "unknown_code")}


def test_a_device_that_is_heard_of_is_noted_now_and_then(
    client: FlaskClient, evening: Evening, stand_still: Callable[..., None]
) -> None:
    device, credential = evening.device()
    for seconds, seen in ((0, 0), (30, 0), (61, 61)):
        stand_still(NOW + timedelta(seconds=seconds))
        assert read(client, evening, "/door-list", credential.secret).status_code == 200
        evening.session.expire_all()
        assert evening.session.get_one(Device, device.id).seen_at == NOW + timedelta(seconds=seen)


@pytest.mark.parametrize("clock", ["yesterday", "2026-12-01T12:00:00", "9" * 100, "-1", ""])
def test_a_clock_that_is_none_is_passed_over(client: FlaskClient, evening: Evening, clock: str) -> None:
    _, credential = evening.device()
    evening.session.commit()
    headers = {"Authorization": f"Bearer {credential.secret}", "X-Phone-Clock": clock, "X-Unsent": clock}
    url = f"/api/v1/events/{evening.event.public_id}/door-list"
    assert client.get(url, headers=headers).status_code == 200
