"""The pages of a circle."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event as alchemy
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.circles import conduct
from organizer.circles.models import Circle, CircleInvitation, Exclusion, Membership, Report
from organizer.circles.service import member
from organizer.config import Config
from organizer.db import Database
from organizer.domain.lifecycle import EventState
from organizer.domain.roles import CircleRole
from organizer.people.models import Person
from organizer.web.unit import App
from tests.factories import NOW, make_circle, make_event, make_member, make_person, make_registration
from tests.mailbox import delivered, digits, paths, words

SignInAs = Callable[[Person], FlaskClient]
CIRCLE = {
    "name": "丸の内 朝の会",
    "slug": "marunouchi",
    "description": "朝の一時間。",
    "region": "13",
    "time_zone": "Asia/Tokyo",
    "sharing_rule": "stays_in_room",
    "sender_name": "朝の会事務局",
}


@pytest.fixture
def owner(rows: Session) -> Person:
    return make_person(rows)


@pytest.fixture
def circle(rows: Session, owner: Person) -> Circle:
    return make_circle(rows, owner, slug="asa")


def test_somebody_new_is_led_to_a_circle_and_its_first_event(
    sign_in: SignInAs, owner: Person, rows: Session
) -> None:
    client = sign_in(owner)
    empty = client.get("/host").text
    assert "会をつくる" in empty
    data = {"name": "丸の内 朝の会", "region": "13", "sharing_rule": "no_names"}
    answer = client.post("/circles/new", data=data)
    made = rows.scalars(select(Circle)).one()
    assert (answer.status_code, made.name) == (303, "丸の内 朝の会")
    assert made.slug in answer.location
    assert "丸の内 朝の会" in client.get("/host").text


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": "あ" * 61}, {"region": "99"}, {"sharing_rule": "secret"}]
)
def test_a_circle_that_cannot_be_is_not_made(
    sign_in: SignInAs, owner: Person, rows: Session, wrong: dict[str, str]
) -> None:
    data = {"name": "会", "region": "", "sharing_rule": "no_names"} | wrong
    assert sign_in(owner).post("/circles/new", data=data).status_code == 422
    assert rows.scalars(select(Circle)).all() == []


def test_the_settings_are_kept(sign_in: SignInAs, owner: Person, circle: Circle, rows: Session) -> None:
    client = sign_in(owner)
    answer = client.post("/circles/asa/settings", data=CIRCLE)
    assert answer.location == "/circles/marunouchi/settings"
    rows.expire_all()
    assert (circle.name, circle.slug, circle.sender_name) == ("丸の内 朝の会", "marunouchi", "朝の会事務局")
    assert client.get("/circles/asa/settings").status_code == 404


@pytest.mark.parametrize("slug", ["A B", "new", "a", "-a-", "あさ", "x" * 41, "a--b"])
def test_a_bad_name_for_addresses_is_said(
    sign_in: SignInAs, owner: Person, circle: Circle, slug: str
) -> None:
    assert sign_in(owner).post("/circles/asa/settings", data=CIRCLE | {"slug": slug}).status_code == 422


def test_a_taken_name_for_addresses_is_said(
    sign_in: SignInAs, owner: Person, circle: Circle, rows: Session
) -> None:
    make_circle(rows, slug="yoru")
    answer = sign_in(owner).post("/circles/asa/settings", data=CIRCLE | {"slug": "yoru"})
    assert answer.status_code == 422
    assert "すでに使われています" in answer.text


def test_nothing_but_what_the_form_asks_is_taken(
    sign_in: SignInAs, owner: Person, circle: Circle, rows: Session
) -> None:
    sprayed = CIRCLE | {"id": "999", "circle_id": "999", "created_at": "2020-01-01"}
    sign_in(owner).post("/circles/asa/settings", data=sprayed)
    before = (circle.id, circle.created_at)
    rows.expire_all()
    assert (circle.id, circle.created_at) == before


FOR_OWNERS = ("/circles/asa/settings",)
FOR_HOSTS = ("/circles/asa/members", "/circles/asa/reports")


@pytest.mark.parametrize("path", [*FOR_OWNERS, *FOR_HOSTS])
@pytest.mark.parametrize("role", [CircleRole.OWNER, CircleRole.HOST, CircleRole.STAFF, None])
def test_pages_are_there_for_those_who_may(
    sign_in: SignInAs, circle: Circle, rows: Session, path: str, role: CircleRole | None
) -> None:
    person = make_person(rows)
    if role is not None:
        make_member(rows, circle, person, role)
    allowed = {CircleRole.OWNER: FOR_OWNERS + FOR_HOSTS, CircleRole.HOST: FOR_HOSTS}.get(
        role or CircleRole.STAFF, ()
    )
    assert sign_in(person).get(path).status_code == (200 if path in allowed else 404)


@pytest.mark.parametrize("locale", ["ja", "en"])
@pytest.mark.parametrize(
    "path", ["/host", "/circles/new", "/circles/asa/settings", "/circles/asa/members", "/circles/asa/reports"]
)
def test_pages_speak_both_languages(
    sign_in: SignInAs, circle: Circle, owner: Person, path: str, locale: str
) -> None:
    owner.locale = locale
    page = sign_in(owner).get(path)
    assert page.status_code == 200
    assert f'lang="{locale}"' in page.text


POSTS: list[tuple[str, dict[str, str]]] = [
    ("/circles/asa/settings", CIRCLE),
    ("/circles/asa/members", {"email": "x@example.jp", "role": "staff"}),
    ("/circles/asa/members/{owner}/role", {"role": "staff"}),
    ("/circles/asa/members/{owner}/end", {}),
    ("/circles/asa/notify", {"notify": "never"}),
    ("/circles/asa/leave", {}),
    ("/circles/asa/exclude/{guest}", {"note": ""}),
    ("/circles/asa/readmit/{guest}", {}),
    ("/circles/asa/reports/{report}/close", {}),
    ("/circles/asa/report/{owner}", {"words": "…"}),
]


@pytest.mark.parametrize(("path", "data"), POSTS)
def test_strangers_change_nothing(
    sign_in: SignInAs, circle: Circle, owner: Person, rows: Session, path: str, data: dict[str, str]
) -> None:
    guest, stranger = make_person(rows), make_person(rows)
    make_registration(rows, make_event(rows, circle), guest)
    told = conduct.report(rows, circle, owner, guest, "…", NOW)
    make_circle(rows, stranger, slug="theirs")
    path = path.format(owner=owner.public_id, guest=guest.public_id, report=told.public_id)
    client = sign_in(stranger)
    before = _state(rows)
    assert client.post(path, data=data).status_code == 404
    assert _state(rows) == before


def _state(rows: Session) -> list[Any]:
    rows.expire_all()
    tables = (Circle, Membership, CircleInvitation, Exclusion, Report)
    return [[tuple(row) for row in rows.execute(select(table.__table__))] for table in tables]


def test_staff_see_the_door_and_nothing_to_manage(sign_in: SignInAs, circle: Circle, rows: Session) -> None:
    staff = make_person(rows)
    make_member(rows, circle, staff, CircleRole.STAFF)
    tonight = make_event(rows, circle, title="今夜の会", starts_at=NOW + timedelta(hours=6))
    make_event(rows, circle, title="秘密の下書き", state=EventState.DRAFT, published_at=None)
    page = sign_in(staff).get("/host").text
    assert f"/events/{tonight.public_id}/door" in page
    assert "秘密の下書き" not in page
    assert "/circles/asa/members" not in page
    assert "/circles/asa/settings" not in page


def test_the_start_page_says_what_waits(
    sign_in: SignInAs, circle: Circle, owner: Person, rows: Session
) -> None:
    event = make_event(rows, circle)
    for _ in range(3):
        make_registration(rows, event, make_person(rows))
    make_event(rows, circle, title="先月の会", starts_at=NOW - timedelta(days=30))
    page = sign_in(owner).get("/host").text
    assert "申込 3 件" in page
    assert "先月の会" in page
    assert "本日の受付" not in page


def test_the_start_page_is_there_while_nothing_waits(
    sign_in: SignInAs, circle: Circle, owner: Person, rows: Session
) -> None:
    event = make_event(rows, circle, title="まだ申込のない会", starts_at=NOW + timedelta(days=30))
    page = sign_in(owner).get("/host")
    assert page.status_code == 200
    assert "まだ申込のない会" in page.text
    assert f"/events/{event.public_id}/admission" in page.text


def test_staff_find_the_list_of_a_later_event_and_can_try_their_phone(
    sign_in: SignInAs, circle: Circle, rows: Session
) -> None:
    staff = make_person(rows)
    make_member(rows, circle, staff, CircleRole.STAFF)
    later = make_event(rows, circle, starts_at=NOW + timedelta(days=30))
    page = sign_in(staff).get("/host").text
    assert f"/events/{later.public_id}/door/list" in page
    assert f"/events/{later.public_id}/door/try" in page


def test_the_start_page_takes_few_statements_however_many_events(
    sign_in: SignInAs, circle: Circle, owner: Person, rows: Session, database: Database
) -> None:
    counts = []
    for _ in range(2):
        for _ in range(6):
            make_registration(rows, make_event(rows, circle), make_person(rows))
        client = sign_in(owner)
        statements: list[str] = []

        def note(_c: object, _cursor: object, text: str, *_: object, seen: list[str] = statements) -> None:
            if text.startswith("SELECT"):
                seen.append(text)

        alchemy.listen(database.engine, "before_cursor_execute", note)
        assert client.get("/host").status_code == 200
        alchemy.remove(database.engine, "before_cursor_execute", note)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 8


def test_an_invitation_is_taken_up_by_a_newcomer(
    sign_in: SignInAs, circle: Circle, owner: Person, app: App, config: Config, rows: Session
) -> None:
    client = sign_in(owner)
    data = {"email": "hanako@example.jp", "role": "host"}
    assert client.post("/circles/asa/members", data=data).status_code == 303
    assert "hanako@example.jp" in client.get("/circles/asa/members").text
    [mail] = delivered(app, config)
    assert str(mail["subject"]).startswith(circle.name)
    [link] = paths(mail)

    guest = app.test_client()
    for method in ("GET", "HEAD"):
        assert guest.open(link, method=method).status_code == 200
    wait = guest.post(link)
    assert wait.status_code == 303
    six = digits(delivered(app, config)[-1])
    answer = guest.post(wait.location, data={"digits": six})
    assert answer.location == "/me/welcome?next=/host"
    rows.expire_all()
    person = rows.scalars(select(Person).where(Person.email == "hanako@example.jp")).one()
    place = member(rows, person, circle.id)
    assert place is not None
    assert place.role is CircleRole.HOST
    assert guest.get(link).status_code == guest.post(link).status_code == 410


def test_an_invitation_is_taken_up_by_one_who_is_signed_in(
    sign_in: SignInAs, circle: Circle, owner: Person, app: App, config: Config, rows: Session
) -> None:
    guest = make_person(rows, email="g@example.jp")
    sign_in(owner).post("/circles/asa/members", data={"email": "g@example.jp", "role": "staff"})
    [link] = paths(delivered(app, config)[0])
    client = sign_in(guest)
    assert "運営に加わる" in client.get(link).text
    assert client.post(link).location == "/host"
    assert client.get("/host").status_code == 200


def test_an_invitation_is_not_for_another_address(
    sign_in: SignInAs, circle: Circle, owner: Person, app: App, config: Config, rows: Session
) -> None:
    sign_in(owner).post("/circles/asa/members", data={"email": "g@example.jp", "role": "staff"})
    [link] = paths(delivered(app, config)[0])
    stranger = make_person(rows)
    client = sign_in(stranger)
    assert client.get(link).status_code == 200
    assert client.post(link).status_code == 409
    assert member(rows, stranger, circle.id) is None


def test_a_made_up_invitation_is_over(client: FlaskClient) -> None:
    assert client.get("/invitation/" + "x" * 43).status_code == 410
    assert client.post("/invitation/" + "x" * 43).status_code == 410


def test_what_the_service_refuses_is_said_on_the_page(
    sign_in: SignInAs, circle: Circle, owner: Person, rows: Session
) -> None:
    host = make_person(rows)
    make_member(rows, circle, host, CircleRole.HOST)
    client = sign_in(host)
    answer = client.post("/circles/asa/members", data={"email": "x@example.jp", "role": "owner"})
    assert answer.status_code == 422
    answer = client.post("/circles/asa/members", data={"email": owner.email, "role": "staff"})
    assert "すでに会の運営に加わっています" in answer.text
    assert client.post("/circles/asa/members", data={"email": "nonsense", "role": "staff"}).status_code == 422


def test_roles_change_memberships_end_and_the_last_owner_stays(
    sign_in: SignInAs, circle: Circle, owner: Person, rows: Session
) -> None:
    host = make_person(rows)
    make_member(rows, circle, host, CircleRole.HOST)
    client = sign_in(owner)
    assert (
        client.post(f"/circles/asa/members/{host.public_id}/role", data={"role": "nonsense"}).status_code
        == 404
    )
    assert (
        client.post(f"/circles/asa/members/{host.public_id}/role", data={"role": "staff"}).status_code == 303
    )
    rows.expire_all()
    place = member(rows, host, circle.id)
    assert place is not None
    assert place.role is CircleRole.STAFF
    assert (
        client.post(f"/circles/asa/members/{owner.public_id}/role", data={"role": "host"}).status_code == 409
    )
    assert client.post("/circles/asa/leave").status_code == 409
    assert client.post(f"/circles/asa/members/{host.public_id}/end").status_code == 303
    rows.expire_all()
    assert member(rows, host, circle.id) is None


def test_invitations_are_taken_back(sign_in: SignInAs, circle: Circle, owner: Person, rows: Session) -> None:
    client = sign_in(owner)
    client.post("/circles/asa/members", data={"email": "g@example.jp", "role": "staff"})
    [invitation] = rows.scalars(select(CircleInvitation))
    path = f"/circles/asa/invitations/{invitation.public_id}/withdraw"
    assert [client.post(path).status_code for _ in range(2)] == [303, 404]


def test_a_report_goes_to_the_hosts_and_is_dealt_with(
    sign_in: SignInAs, circle: Circle, owner: Person, app: App, config: Config, rows: Session
) -> None:
    one, other = make_person(rows), make_person(rows, name="困った 太郎")
    event = make_event(rows, circle)
    make_registration(rows, event, one)
    make_registration(rows, event, other)
    path = f"/circles/asa/report/{other.public_id}"
    client = sign_in(one)
    assert client.get(path).status_code == 200
    assert client.post(path, data={"words": ""}).status_code == 422
    assert client.post(path, data={"words": "断っても勧誘が続きました。"}).status_code == 303

    [mail] = delivered(app, config)
    assert mail["to"] == owner.email
    assert "困った" not in words(mail)
    host = sign_in(owner)
    page = host.get(paths(mail)[0]).text
    assert "断っても勧誘が続きました。" in page
    assert "困った 太郎" in page
    [told] = rows.scalars(select(Report))
    assert host.post(f"/circles/asa/reports/{told.public_id}/close").status_code == 303
    assert host.get(f"/circles/asa/exclude/{other.public_id}").status_code == 200
    assert host.post(f"/circles/asa/exclude/{other.public_id}", data={"note": "勧誘"}).status_code == 303
    assert "お断り中" in host.get("/circles/asa/reports").text
    assert host.post(f"/circles/asa/readmit/{other.public_id}").status_code == 303


def test_a_host_never_reads_about_oneself(
    sign_in: SignInAs, circle: Circle, owner: Person, rows: Session
) -> None:
    host, guest = make_person(rows), make_person(rows)
    make_member(rows, circle, host, CircleRole.HOST)
    told = conduct.report(rows, circle, guest, host, "秘密の知らせ", NOW)
    client = sign_in(host)
    assert "秘密の知らせ" not in client.get("/circles/asa/reports").text
    assert client.post(f"/circles/asa/reports/{told.public_id}/close").status_code == 404


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_who_reports_the_only_host_is_told_who_reads_it(
    sign_in: SignInAs,
    circle: Circle,
    owner: Person,
    rows: Session,
    locale: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    guest = make_person(rows, locale=locale)
    make_registration(rows, make_event(rows, circle), guest)
    path = f"/circles/asa/report/{owner.public_id}"
    client = sign_in(guest)
    who = {"ja": "サイトの運営者", "en": "whoever runs this site"}[locale]
    assert who in client.get(path).text
    with caplog.at_level("WARNING"):
        assert client.post(path, data={"words": "強引でした。"}).status_code == 303
    assert who.lower() in client.get("/me/account").text.lower()
    assert [record.getMessage() for record in caplog.records] == [
        "a report that no host can read waits: organizer report list"
    ]
    make_member(rows, circle, make_person(rows), CircleRole.HOST)
    rows.commit()
    assert who not in client.get(path).text


def test_blocking_is_silent_and_can_be_undone(sign_in: SignInAs, circle: Circle, rows: Session) -> None:
    one, other, stranger = make_person(rows), make_person(rows), make_person(rows)
    event = make_event(rows, circle)
    for person in (one, other):
        make_registration(rows, event, person)
    client = sign_in(one)
    for path in (stranger.public_id, one.public_id, "x" * 22):
        assert client.post(f"/people/{path}/block").status_code == 404
    assert client.post(f"/people/{other.public_id}/block").location == "/me/blocks"
    assert other.name in client.get("/me/blocks").text
    assert [client.post(f"/people/{other.public_id}/unblock").status_code for _ in range(2)] == [303, 404]
    assert one.name not in sign_in(other).get("/me/blocks").text
