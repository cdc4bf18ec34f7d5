"""The list of attendees: what was sent to whom, the ticket once more, and a file that is text and nothing else."""

import csv
import io
import random
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event as events
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.audit.models import AuditEntry
from organizer.config import Config
from organizer.db import Database
from organizer.domain.delivery import MessageState
from organizer.domain.lifecycle import RegistrationState, RegistrationStep
from organizer.domain.roles import CircleRole
from organizer.domain.vocabulary import Topic
from organizer.mail import outbox
from organizer.mail.models import Message
from organizer.people.models import Person
from organizer.registrations import tickets
from organizer.registrations.admitting import decide
from organizer.registrations.export import BOM, FORMULA_STARTS, csv_bytes, harmless
from tests.factories import NOW, make_member, make_person
from tests.registrations.rooms import Room, make_room

S = RegistrationState
SignIn = Callable[[Person], FlaskClient]

STARTS = [
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "＝",
    "＋",
    "－",
    "＠",
    " =",
    "　＝",
    "\u00a0@",
    "'=",
    '"=',
    "",
]
INSIDES = [
    "1+1",
    "cmd|' /C calc'!A0",
    'HYPERLINK("http://x","y")',
    "高橋 玲子",
    "O'Neill",
    'a"b',
    "a,b;c\td",
    "一行\n二行",
    "🍵👩‍💼",
    "a\x00b",
    "٣٤",
    "ﾀﾅｶ",
]


def nasty_names() -> list[str]:
    """200 names that want to be something else."""
    chance = random.Random(24)
    found = [start + inside for start in STARTS for inside in INSIDES][:200]
    while len(found) < 200:
        found.append("".join(chance.choice([*STARTS, *INSIDES]) for _ in range(3)))
    return found


def _read(content: bytes) -> list[list[str]]:
    text = content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def test_200_nasty_names_come_back_as_text() -> None:
    names = nasty_names()
    assert len(names) == 200
    content = csv_bytes(["Name"], [[name] for name in names])
    assert content.startswith(BOM.encode())
    lines = _read(content)[1:]
    assert len(lines) == 200
    for name, (cell,) in zip(names, lines, strict=True):
        assert not cell.startswith(FORMULA_STARTS)
        assert not cell.lstrip(" \u3000\u00a0").startswith(FORMULA_STARTS)
        plain = name.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
        assert cell in (plain, f"'{plain}")


@pytest.mark.parametrize("text", ["高橋 玲子", "a=b", "3-4", "", "'quoted", "玲子＠会社"])
def test_harmless_text_is_left_as_it_is(text: str) -> None:
    assert harmless(text) == text


def test_every_field_is_quoted_and_lines_end_as_spreadsheets_expect() -> None:
    content = csv_bytes(["a", "b"], [["1", ""]]).decode("utf-8-sig")
    assert content == '"a","b"\r\n"1",""\r\n'


@pytest.fixture
def hall(rows: Session) -> Room:
    """A room with two attendees, on the app's database."""
    room = make_room(rows, capacity=5)
    said = {
        "answers": {
            "gives": [{"kind": "experience", "words": "=1+1", "tags": [Topic.HIRING.value]}],
            "today": "聞きたい",
        }
    }
    room.applies(S.ADMITTED, name="＝高橋 玲子", topic="カナリア・ここだけの話", **said)
    room.applies(S.ADMITTED, name="村上 健太")
    room.applies(S.WAITLISTED, name="待つ人")
    rows.commit()
    return room


def _url(room: Room, rest: str = "") -> str:
    return f"/events/{room.event.public_id}/attendees{rest}"


def test_the_file_holds_the_admitted_and_nothing_said_in_confidence(hall: Room, sign_in: SignIn) -> None:
    answer = sign_in(hall.host).post(_url(hall, ".csv"))
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    lines = _read(answer.data)
    assert lines[0][:3] == ["お名前", "ふりがな", "会社名・屋号"]
    assert {line[0] for line in lines[1:]} == {"'＝高橋 玲子", "村上 健太"}
    text = answer.data.decode("utf-8-sig")
    for secret in ("カナリア", "待つ人", "@example.jp"):
        assert secret not in text
    assert "'=1+1" in text
    assert "聞きたい" in text


def test_taking_the_file_is_kept_in_the_log_with_its_length(hall: Room, sign_in: SignIn) -> None:
    sign_in(hall.host).post(_url(hall, ".csv"))
    hall.session.expire_all()
    entry = hall.session.scalars(select(AuditEntry).where(AuditEntry.act == "attendees.exported")).one()
    assert (entry.actor_id, entry.facts, entry.subject_id) == (hall.host.id, {"count": 2}, hall.event.id)


def test_the_file_speaks_english_too(hall: Room, sign_in: SignIn) -> None:
    hall.host.locale = "en"
    lines = _read(sign_in(hall.host).post(_url(hall, ".csv")).data)
    assert lines[0][0] == "Name"
    assert "Manufacturing" in lines[1]


@pytest.mark.parametrize("rest", ["", ".csv", "/{one}/ticket"])
@pytest.mark.parametrize("who", ["guest", "stranger", "staff"])
def test_nobody_else_sees_the_list(
    hall: Room, rows: Session, client: FlaskClient, sign_in: SignIn, rest: str, who: str
) -> None:
    person = make_person(rows)
    if who == "staff":
        make_member(rows, hall.circle, person, CircleRole.STAFF)
    rows.commit()
    browser = client if who == "guest" else sign_in(person)
    path = _url(hall, rest.format(one=hall.people[0].public_id))
    answer = browser.post(path) if rest else browser.get(path)
    assert answer.status_code == ((401 if rest else 302) if who == "guest" else 404)
    rows.expire_all()
    assert rows.scalar(select(AuditEntry).where(AuditEntry.act == "attendees.exported")) is None


def _mail(room: Room, kind: str, state: MessageState) -> Message:
    one = room.people[0]
    message = outbox.post(
        room.session, kind, now=NOW, person_id=one.person_id, event_id=room.event.id, circle_id=room.circle.id
    )
    message.state, message.ended_at = state, NOW
    room.session.commit()
    return message


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (MessageState.QUEUED, "12月1日（火）12:00 に送信します"),
        (MessageState.SENT, "12月1日（火）12:00 に送信済み"),
        (MessageState.FAILED, "お届けできませんでした（12月1日（火）12:00）"),
        (MessageState.UNKNOWN, "届いていないかもしれません（12月1日（火）12:00）"),
        (MessageState.SUPPRESSED, "不要になったため送っていません"),
    ],
)
def test_what_became_of_each_mail_is_said_in_words(
    hall: Room, sign_in: SignIn, state: MessageState, words: str
) -> None:
    _mail(hall, "admitted", state)
    page = sign_in(hall.host).get(_url(hall)).get_data(as_text=True)
    assert "参加の確定とチケット" in page
    assert words in page


@pytest.mark.parametrize("kind", ["matches", "prompts", "mutual_again", "closing_opens"])
def test_what_concerns_other_people_is_not_the_hosts_to_see(hall: Room, sign_in: SignIn, kind: str) -> None:
    _mail(hall, kind, MessageState.FAILED)
    page = sign_in(hall.host).get(_url(hall)).get_data(as_text=True)
    assert "お届けできませんでした" not in page
    assert "お知らせはまだありません" in page


def test_the_ticket_can_be_sent_again_once_a_minute(hall: Room, sign_in: SignIn) -> None:
    one = hall.people[0]
    for _ in range(3):
        assert sign_in(hall.host).post(_url(hall, f"/{one.public_id}/ticket")).status_code == 303
    hall.session.expire_all()
    assert hall.letters() == [("ticket", one.person_id, NOW)]


def test_a_new_code_ends_the_present_one(hall: Room, sign_in: SignIn, config: Config) -> None:
    one = hall.people[0]
    old = tickets.issue(hall.session, one, NOW, config.secret_key)
    hall.session.commit()
    sign_in(hall.host).post(_url(hall, f"/{one.public_id}/ticket"), data={"new": "yes"})
    hall.session.expire_all()
    new = tickets.standing(hall.session, one.id)
    assert new is not None
    assert (new.id != old.id, old.revoked_at) == (True, NOW)
    assert hall.kinds() == ["ticket"]


def test_a_letter_that_still_waits_leaves_instead(hall: Room, sign_in: SignIn) -> None:
    one = hall.applies()
    decide(hall.session, one, RegistrationStep.ADMIT, by=hall.host, now=NOW)
    hall.session.commit()
    sign_in(hall.host).post(_url(hall, f"/{one.public_id}/ticket"))
    hall.session.expire_all()
    assert hall.letters() == [("admitted", one.person_id, NOW)]


def test_who_has_no_place_gets_no_ticket(hall: Room, sign_in: SignIn) -> None:
    waits = hall.people[2]
    assert sign_in(hall.host).post(_url(hall, f"/{waits.public_id}/ticket")).status_code == 409
    assert sign_in(hall.host).post(_url(hall, "/nothing/ticket")).status_code == 404


def test_an_empty_list_says_what_to_do(rows: Session, sign_in: SignIn) -> None:
    room = make_room(rows)
    page = sign_in(room.host).get(_url(room)).get_data(as_text=True)
    assert "参加が決まった方はまだいません" in page


def test_the_number_of_statements_does_not_grow_with_the_list(
    rows: Session, database: Database, sign_in: SignIn
) -> None:
    room, counts = make_room(rows, capacity=30), []
    for number in (2, 10):
        for _ in range(number):
            room.applies(S.ADMITTED)
        rows.commit()
        browser, seen = sign_in(room.host), list[str]()

        def note(
            _connection: object, _cursor: object, statement: str, *_: object, seen: list[str] = seen
        ) -> None:
            if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")):
                seen.append(statement)

        events.listen(database.engine, "before_cursor_execute", note)
        try:
            assert browser.get(_url(room)).status_code == 200
        finally:
            events.remove(database.engine, "before_cursor_execute", note)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 8


@pytest.mark.parametrize(
    ("locale", "words"), [("ja", "この会への参加をお断りする"), ("en", "Exclude from this circle")]
)
def test_somebody_can_be_excluded_from_here_without_a_report(
    hall: Room, sign_in: SignIn, locale: str, words: str
) -> None:
    guest = hall.applies(S.ADMITTED).person
    hall.applies(S.ADMITTED).person = hall.host
    hall.host.locale = locale
    client = sign_in(hall.host)
    page = client.get(_url(hall)).get_data(as_text=True)
    way = f"/circles/{hall.event.circle.slug}/exclude/"
    assert way + guest.public_id in page
    assert way + hall.host.public_id not in page, "one does not exclude oneself"
    assert words in page
    assert client.get(way + guest.public_id).status_code == 200
