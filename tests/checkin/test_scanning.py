"""The door's answers: every decision, told once and again, on both databases."""

import secrets
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from organizer.checkin.models import CheckIn, DoorNote, FeePayment, Scan
from organizer.checkin.scanning import Asked, Credential, KeyReused, Means, NotSignedIn, scan
from organizer.domain.lifecycle import EventState, RegistrationState
from organizer.domain.ticketing import CheckInMethod, RefusalReason, ScanResult
from organizer.errors import NotFound
from organizer.people import sessions
from organizer.people.models import SignIn
from organizer.register import REGISTER, Erase
from tests.checkin.rows import Evening, Guest, make_evening, make_ticket
from tests.factories import NOW, make_circle, make_person

KEY, OTHER_KEY = "k" * 32, "o" * 32


@pytest.fixture
def evening(session: Session) -> Evening:
    return make_evening(session)


def _ids(evening: Evening, guest: Guest) -> dict[str, int]:
    rows = evening.circle, evening.event, guest.registration
    return dict(zip(("circle_id", "event_id", "registration_id"), (row.id for row in rows), strict=True))


def present(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(CheckIn).where(CheckIn.voided_at.is_(None))) or 0


def test_a_ticket_is_let_in_and_the_door_knows_whom_it_greets(evening: Evening) -> None:
    guest = evening.guest(name="高橋 玲子", reading="たかはし れいこ", profile={"company": "株式会社ひびき"})
    guest.registration.introducer = "村上さん"
    evening.session.flush()
    answer = evening.scan(guest.code, door="入口A")
    assert answer.result is ScanResult.ADMITTED
    assert answer.reason is None
    assert answer.first_at is None
    assert answer.card is not None
    card = answer.card
    assert (card.name, card.reading, card.company) == ("高橋 玲子", "たかはし れいこ", "株式会社ひびき")
    assert (card.first_time, card.introducer, card.fee_due) == (True, "村上さん", 3000)
    assert card.number == guest.ticket.number
    assert (answer.arrived, answer.expected) == (1, 1)
    row = evening.session.scalars(select(CheckIn)).one()
    assert (row.registration_id, row.door, row.at, row.by_id) == (
        guest.registration.id,
        "入口A",
        NOW,
        evening.staff.id,
    )
    assert row.method is CheckInMethod.SCAN


def test_the_second_scan_says_when_and_where_the_first_was(evening: Evening) -> None:
    guest = evening.guest()
    evening.scan(guest.code, door="入口B")
    answer = evening.scan(guest.code, door="入口A", now=NOW + timedelta(minutes=3))
    assert answer.result is ScanResult.ALREADY
    assert (answer.first_at, answer.first_door) == (NOW, "入口B")
    assert (answer.arrived, answer.expected) == (1, 1)
    assert present(evening.session) == 1


REFUSALS = [
    ("unknown", RefusalReason.UNKNOWN_CODE),
    ("poster", RefusalReason.UNKNOWN_CODE),
    ("other event", RefusalReason.OTHER_EVENT),
    ("applied", RefusalReason.NOT_ADMITTED),
    ("waitlisted", RefusalReason.NOT_ADMITTED),
    ("declined", RefusalReason.NOT_ADMITTED),
    ("cancelled", RefusalReason.CANCELLED),
    ("revoked", RefusalReason.REVOKED),
    ("event cancelled", RefusalReason.EVENT_CANCELLED),
    ("early", RefusalReason.NOT_YET_OPEN),
    ("late", RefusalReason.EVENT_OVER),
]


@pytest.mark.parametrize(("what", "reason"), REFUSALS)
def test_a_refusal_says_why_and_changes_nothing(evening: Evening, what: str, reason: RefusalReason) -> None:
    states = {state.value: state for state in RegistrationState}
    guest = evening.guest(states.get(what, RegistrationState.ADMITTED))
    code, now = guest.code, NOW
    if what == "unknown":
        code = "0" * 26
    elif what == "poster":
        code = "https://example.jp/autumn"
    elif what == "other event":
        code = make_evening(evening.session, 1).guests[0].code
    elif what == "revoked":
        guest.ticket.revoked_at = NOW
        make_ticket(evening.session, guest.registration)
    elif what == "event cancelled":
        evening.event.state = EventState.CANCELLED
    elif what == "early":
        now = evening.event.starts_at - timedelta(minutes=61)
    elif what == "late":
        now = evening.event.ends_at + timedelta(minutes=60)
    evening.session.flush()
    answer = evening.scan(code, now=now)
    assert (answer.result, answer.reason) == (ScanResult.REFUSED, reason)
    assert (answer.card is None) == (what in ("unknown", "poster", "other event"))
    assert present(evening.session) == 0
    row = evening.session.scalars(select(Scan)).one()
    assert (row.result, row.reason) == (ScanResult.REFUSED, reason.value)


def test_a_host_who_opens_the_doors_earlier_lets_people_in_earlier(evening: Evening) -> None:
    evening.event.doors_open_at = evening.event.starts_at - timedelta(hours=3)
    guest = evening.guest()
    answer = evening.scan(guest.code, now=evening.event.starts_at - timedelta(hours=2))
    assert answer.result is ScanResult.ADMITTED


def test_the_code_is_found_within_what_a_scanner_types(evening: Evening) -> None:
    guest = evening.guest()
    assert (
        evening.scan(f"ｈｔｔｐｓ＊・・ｅｘａｍｐｌｅ・ｑ・{guest.code.lower()}").result
        is ScanResult.ADMITTED
    )


def test_the_same_key_is_answered_as_the_first_time(evening: Evening) -> None:
    guest, other = evening.guest(), evening.guest()
    first = evening.scan(guest.code, KEY)
    evening.scan(other.code)
    evening.session.add(FeePayment(**_ids(evening, guest), yen=3000, at=NOW))
    guest.registration.state = RegistrationState.CANCELLED
    evening.session.flush()
    assert evening.scan(guest.code, KEY, now=NOW + timedelta(days=2)) == first
    assert evening.session.scalar(select(func.count()).select_from(Scan)) == 2


def test_it_names_whom_it_named_then(evening: Evening) -> None:
    """Whatever has become of the person, the note and the first entry since: what was told stands."""
    session, guest = evening.session, evening.guest(name="高橋 玲子", profile={"company": "株式会社ひびき"})
    note = DoorNote(**_ids(evening, guest), words="VIP、席は卓1", at=NOW)
    session.add(note)
    session.flush()
    first = evening.scan(guest.code, KEY, door="入口A")
    again = evening.scan(guest.code, OTHER_KEY, door="入口B")
    assert first.card is not None
    assert again.card is not None
    assert (first.card.name, first.card.note, again.first_door) == ("高橋 玲子", "VIP、席は卓1", "入口A")
    guest.person.name, guest.person.profile.company = "佐藤 玲子", "新会社"
    guest.registration.introducer, guest.registration.first_time = "村上さん", False
    note.words = "（訂正）"
    guest.ticket.number = 4711
    for scanned in session.scalars(select(Scan)):
        scanned.door = "裏口"
    session.scalars(select(CheckIn)).one().door = "裏口"
    session.flush()
    assert evening.scan(guest.code, KEY) == first
    assert evening.scan(guest.code, OTHER_KEY) == again


def test_once_the_person_is_erased_it_names_nobody(evening: Evening) -> None:
    """As the register of personal data has it: the card goes, what was decided stays."""
    guest = evening.guest(name="秘密 太郎")
    first = evening.scan(guest.code, KEY)
    assert REGISTER["scan.card"].erase is Erase.BLANK
    evening.session.execute(update(Scan).values(card=None))
    assert evening.scan(guest.code, KEY) == replace(first, card=None)


@pytest.mark.parametrize("what", ["already", "unknown", "other event", "cancelled"])
def test_every_kind_of_answer_is_told_again(evening: Evening, what: str) -> None:
    guest = evening.guest()
    code = guest.code
    if what == "already":
        evening.scan(code, door="入口B")
    elif what == "unknown":
        code = "0" * 26
    elif what == "other event":
        code = make_evening(evening.session, 1).guests[0].code
    else:
        evening.scan(code)
        guest.registration.state = RegistrationState.CANCELLED
        evening.session.flush()
    first = evening.scan(code, KEY)
    assert first.result is not ScanResult.ADMITTED
    assert evening.scan(code, KEY) == first


def test_a_key_cannot_carry_another_request(evening: Evening) -> None:
    one, other = evening.guest(), evening.guest()
    evening.scan(one.code, KEY)
    with pytest.raises(KeyReused):
        evening.scan(other.code, KEY)
    assert present(evening.session) == 1


def test_a_key_of_another_event_is_a_new_one(evening: Evening) -> None:
    second = make_evening(evening.session, 1)
    evening.scan(evening.guest().code, KEY)
    assert second.scan(second.guests[0].code, KEY).result is ScanResult.ADMITTED


def test_people_stand_on_the_card_alone(evening: Evening) -> None:
    guest = evening.guest(name="秘密 太郎")
    evening.scan(guest.code)
    evening.scan(guest.code)
    evening.scan("0" * 26)
    facts = [row.facts | {"first_door": None} for row in evening.session.scalars(select(Scan))]
    assert all(isinstance(value, int) or value is None for row in facts for value in row.values()), facts
    named = [row.card and row.card["name"] for row in evening.session.scalars(select(Scan).order_by(Scan.id))]
    assert named == ["秘密 太郎", "秘密 太郎", None]


def test_who_may_scan(evening: Evening) -> None:
    session, guest = evening.session, evening.guest()
    asked = Asked(KEY, CheckInMethod.SCAN, code=guest.code)
    stranger = make_person(session)
    make_circle(session, stranger)
    for person in (stranger, guest.person):
        _, reference = sessions.start(session, person, "link", "", NOW)
        with pytest.raises(NotFound):
            scan(session, Credential(Means.SIGN_IN, reference), evening.event.public_id, asked, NOW)
    for unheard_of in ("x" * 22, "not an id", "\0", ""):
        with pytest.raises(NotFound):
            scan(session, evening.credential, unheard_of, asked, NOW)
    with pytest.raises(NotSignedIn):
        scan(session, Credential(Means.SIGN_IN, "nobody"), evening.event.public_id, asked, NOW)
    with pytest.raises(NotSignedIn):
        scan(session, evening.credential, evening.event.public_id, asked, NOW + timedelta(days=31))
    session.scalars(select(SignIn).where(SignIn.person_id == evening.staff.id)).one().ended_at = NOW
    session.flush()
    with pytest.raises(NotSignedIn):
        scan(session, evening.credential, evening.event.public_id, asked, NOW)
    assert session.scalar(select(func.count()).select_from(Scan)) == 0


def test_only_the_diagonal_of_twenty_events_and_twenty_tickets_enters(session: Session) -> None:
    evenings = [make_evening(session, 1) for _ in range(20)]
    entered = []
    for row, evening in enumerate(evenings):
        for column, other in enumerate(evenings):
            answer = evening.scan(other.guests[0].code)
            if answer.result is ScanResult.ADMITTED:
                entered.append((row, column))
            else:
                assert (answer.reason, answer.card) == (RefusalReason.OTHER_EVENT, None)
    assert entered == [(n, n) for n in range(20)]


def test_no_altered_code_enters(evening: Evening) -> None:
    code = evening.guest().code
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    altered = {
        code[:n] + sign + code[n + 1 :]
        for n in range(26)
        for sign in secrets.SystemRandom().sample(alphabet, 4)
    }
    altered |= (
        {code[:n] for n in range(26)}
        | {code[n:] for n in range(1, 26)}
        | {code + "0", "0" + code, code[::-1]}
    )
    for wrong in altered - {code}:
        answer = evening.scan(wrong or "0")
        assert (answer.result, answer.reason) == (ScanResult.REFUSED, RefusalReason.UNKNOWN_CODE)
    assert present(evening.session) == 0


def test_a_scan_sent_late_is_told_with_its_own_time(evening: Evening) -> None:
    guest = evening.guest()
    evening.scan(guest.code, at=NOW - timedelta(minutes=5))
    row = evening.session.scalars(select(Scan)).one()
    assert (row.at, row.received_at) == (NOW - timedelta(minutes=5), NOW)
    assert evening.scan(guest.code).first_at == NOW - timedelta(minutes=5)
