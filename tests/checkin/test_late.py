"""What phones did without a network: it is kept, counted and flagged, in whatever order it is heard of."""

import os
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from organizer.checkin import annulling, conflicts, queries, service
from organizer.checkin.answers import DOUBLE_ENTRY, Answer
from organizer.checkin.callers import Caller
from organizer.checkin.models import CheckIn, Scan
from organizer.checkin.scanning import Credential
from organizer.db import Database
from organizer.domain.door import DeviceKind
from organizer.domain.lifecycle import EventState, RegistrationState
from organizer.domain.ticketing import Flag, RefusalReason, ScanResult
from tests.checkin.rows import Evening, Guest, make_evening
from tests.factories import NOW

HISTORIES = int(os.environ.get("HISTORIES", "60"))  # `make torture` asks for more
KEY, OTHER_KEY = "k" * 32, "o" * 32
LATER = NOW + timedelta(minutes=30)
ADMITTED, ALREADY, REFUSED = ScanResult.ADMITTED, ScanResult.ALREADY, ScanResult.REFUSED


@pytest.fixture
def evening(session: Session) -> Evening:
    return make_evening(session)


def report(evening: Evening, code: str, minutes: float, **values: Any) -> Answer:
    """What is said at LATER to a scan that a phone made so many minutes after NOW."""
    at = NOW + timedelta(minutes=minutes)
    return evening.scan(code, **({"at": at, "offline": True, "now": LATER} | values))


def arrivals(evening: Evening) -> list[tuple[datetime, str]]:
    query = select(CheckIn.at, CheckIn.door).where(CheckIn.event_id == evening.event.id)
    return [(at, door) for at, door in evening.session.execute(query.where(CheckIn.voided_at.is_(None)))]


def row(evening: Evening, key: str = KEY) -> Scan:
    evening.session.expire_all()
    return evening.session.scalars(
        select(Scan).where(Scan.event_id == evening.event.id, Scan.key == key)
    ).one()


def test_who_was_let_in_without_a_network_arrived_when_they_came(evening: Evening) -> None:
    guest = evening.guest()
    answer = report(evening, guest.code, 3, key=KEY, door="入口A", told=ADMITTED)
    assert (answer.result, answer.conflict, answer.arrived) == (ADMITTED, None, 1)
    assert arrivals(evening) == [(NOW + timedelta(minutes=3), "入口A")]
    kept = row(evening)
    assert (kept.at, kept.received_at) == (NOW + timedelta(minutes=3), LATER)
    assert (kept.offline, kept.entered, kept.flagged) == (True, True, None)


STANDING_AGAINST = [
    ("cancelled", Flag.CANCELLED),
    ("declined", Flag.NOT_ADMITTED),
    ("waitlisted", Flag.NOT_ADMITTED),
    ("revoked", Flag.REVOKED),
    ("event cancelled", Flag.EVENT_CANCELLED),
    ("early", Flag.HOURS),
    ("late", Flag.HOURS),
]


def _stands_against(evening: Evening, guest: Guest, what: str) -> None:
    states = {state.value: state for state in RegistrationState}
    if what in states:
        guest.registration.state = states[what]
    elif what == "revoked":
        guest.ticket.revoked_at = NOW
    elif what == "event cancelled":
        evening.event.state = EventState.CANCELLED
    elif what == "early":
        evening.event.starts_at = evening.event.doors_open_at = LATER + timedelta(hours=2)
        evening.event.ends_at = LATER + timedelta(hours=3)
    else:
        evening.event.ends_at = NOW - timedelta(hours=2)
        evening.event.starts_at = evening.event.ends_at - timedelta(hours=1)
    evening.session.flush()


@pytest.mark.parametrize(("what", "flag"), STANDING_AGAINST)
def test_what_happened_at_the_door_is_a_fact(evening: Evening, what: str, flag: Flag) -> None:
    guest = evening.guest()
    _stands_against(evening, guest, what)
    state = guest.registration.state
    answer = report(evening, guest.code, 3, key=KEY, told=ADMITTED)
    assert answer.result is ADMITTED
    assert answer.conflict is not None
    assert answer.conflict.kind == flag.value
    assert len(arrivals(evening)) == 1
    assert row(evening).flagged is flag
    check_in = evening.session.scalars(select(CheckIn)).one()
    assert check_in.flagged is flag
    evening.session.refresh(guest.registration)
    assert guest.registration.state is state
    seen = conflicts.conflicts(evening.session, evening.event.id)
    assert [(one.kind, one.name) for one in seen] == [(flag.value, guest.person.name)]
    assert seen[0].entries[0].arrival


@pytest.mark.parametrize("told", [ALREADY, REFUSED])
def test_who_was_turned_away_without_a_network_is_not_in(evening: Evening, told: ScanResult) -> None:
    guest = evening.guest()
    answer = report(evening, guest.code, 3, key=KEY, told=told)
    assert (answer.result, answer.reason) == (told, None)
    assert arrivals(evening) == []
    assert (row(evening).result, row(evening).entered) == (told, False)
    guest.registration.state = RegistrationState.CANCELLED
    evening.session.flush()
    again = report(evening, guest.code, 4, told=told)
    assert again.reason is (RefusalReason.CANCELLED if told is REFUSED else None)


def test_two_phones_that_let_the_same_ticket_in_are_one_arrival_and_a_conflict(evening: Evening) -> None:
    guest = evening.guest(name="高橋 玲子")
    (_, one), (_, other) = evening.device(name="受付 1"), evening.device(DeviceKind.GUEST, "受付 2")
    late = report(evening, guest.code, 9, by=one, door="入口A", told=ADMITTED)
    early = report(evening, guest.code, 5, by=other, door="入口B", told=ADMITTED)
    assert late.conflict is None
    assert early.result is ADMITTED
    assert early.conflict is not None
    assert (early.conflict.kind, early.conflict.first_door) == (DOUBLE_ENTRY, "入口A")
    assert early.conflict.first_at == NOW + timedelta(minutes=9)
    assert arrivals(evening) == [(NOW + timedelta(minutes=5), "入口B")]
    assert (early.arrived, early.expected) == (1, 1)
    found = conflicts.conflicts(evening.session, evening.event.id)
    assert [(one.kind, one.registration, one.name) for one in found] == [
        (DOUBLE_ENTRY, guest.registration.public_id, "高橋 玲子")
    ]
    assert [(seen.door, seen.device, seen.at, seen.arrival) for seen in found[0].entries] == [
        ("入口B", "受付 2", NOW + timedelta(minutes=5), True),
        ("入口A", "受付 1", NOW + timedelta(minutes=9), False),
    ]
    assert conflicts.number(evening.session, evening.event.id) == 1


def test_an_entry_online_and_an_earlier_one_without_a_network(evening: Evening) -> None:
    guest = evening.guest()
    (_, one), (_, other) = evening.device(), evening.device()
    online = evening.scan(guest.code, KEY, by=one, door="入口A", now=NOW + timedelta(minutes=10))
    assert online.result is ADMITTED
    third = evening.scan(guest.code, "t" * 32, by=one, now=NOW + timedelta(minutes=11))
    assert report(evening, guest.code, 2, by=other, door="入口B").result is ADMITTED
    assert arrivals(evening) == [(NOW + timedelta(minutes=2), "入口B")]
    assert evening.scan(guest.code, KEY, by=one, door="入口A", now=LATER) == online
    again = evening.scan(guest.code, "t" * 32, by=one, now=LATER)
    assert again == third
    assert (again.first_at, again.first_door) == (NOW + timedelta(minutes=10), "入口A")
    assert evening.scan(guest.code, now=LATER).first_door == "入口B"


def test_one_token_twice_is_a_conflict_too(evening: Evening) -> None:
    """Two phones may share a token; one phone that knows of its own entry says "already" itself."""
    guest = evening.guest()
    _, one = evening.device()
    report(evening, guest.code, 5, by=one, door="入口A")
    again = report(evening, guest.code, 7, by=one, door="入口B")
    assert again.result is ALREADY
    assert again.conflict is not None
    assert conflicts.number(evening.session, evening.event.id) == 1
    report(evening, guest.code, 8, by=one, told=ALREADY)
    (found,) = conflicts.conflicts(evening.session, evening.event.id)
    assert [(entry.door, entry.arrival) for entry in found.entries] == [("入口A", True), ("入口B", False)]


def test_a_code_nobody_knows_that_was_let_in_is_kept_and_shown(evening: Evening) -> None:
    answer = report(evening, "0" * 26, 5, told=ADMITTED)
    assert (answer.result, answer.reason) == (REFUSED, RefusalReason.UNKNOWN_CODE)
    found = conflicts.conflicts(evening.session, evening.event.id)
    assert [(one.kind, one.name) for one in found] == [(conflicts.UNKNOWN, "")]


@pytest.mark.parametrize("years", [-56, -3, 3, 60])
def test_a_clock_that_is_years_off_loses_nothing(evening: Evening, years: int) -> None:
    guest = evening.guest()
    off = timedelta(days=365 * years)
    phone = NOW + timedelta(minutes=5) + off
    answer = report(evening, guest.code, 0, key=KEY, at=phone, drift=-off, told=ADMITTED)
    assert answer.result is ADMITTED
    assert answer.conflict is not None
    assert answer.conflict.kind == Flag.CLOCK.value
    assert arrivals(evening) == [(NOW + timedelta(minutes=5), "")]
    kept = row(evening)
    assert (kept.at, kept.received_at, kept.flagged) == (phone, LATER, Flag.CLOCK)
    assert conflicts.conflicts(evening.session, evening.event.id) == []
    assert conflicts.number(evening.session, evening.event.id) == 0


def test_a_clock_of_which_nothing_is_known_counts_for_nothing(evening: Evening) -> None:
    guest = evening.guest()
    phone = NOW - timedelta(days=900)
    report(evening, guest.code, 0, key=KEY, at=phone)
    assert arrivals(evening) == [(LATER, "")]
    assert (row(evening).at, row(evening).flagged) == (phone, Flag.CLOCK)


def test_a_phone_that_gave_up_waiting_and_let_in_what_the_server_knew_as_in(evening: Evening) -> None:
    guest = evening.guest()
    (_, one), (_, other) = evening.device(), evening.device()
    evening.scan(guest.code, by=one, door="入口A")
    answered = evening.scan(guest.code, KEY, by=other, door="入口B", now=NOW + timedelta(minutes=1))
    assert answered.result is ALREADY
    told = report(evening, guest.code, 1, key=KEY, by=other, door="入口B", told=ADMITTED)
    assert told == answered
    assert row(evening).entered
    found = conflicts.conflicts(evening.session, evening.event.id)
    assert [len(one.entries) for one in found if one.kind == DOUBLE_ENTRY] == [2]
    assert report(evening, guest.code, 1, key=KEY, by=other, told=ADMITTED) == answered
    assert len(arrivals(evening)) == 1


def test_a_phone_that_gave_up_waiting_and_let_in_what_the_server_refused(evening: Evening) -> None:
    guest = evening.guest(RegistrationState.CANCELLED)
    answered = evening.scan(guest.code, KEY)
    assert answered.result is REFUSED
    assert report(evening, guest.code, 0, key=KEY, told=ADMITTED) == answered
    assert (row(evening).entered, row(evening).flagged) == (True, Flag.CANCELLED)
    assert arrivals(evening) == [(NOW, "")]


def test_a_phone_that_gave_up_waiting_and_turned_away_whom_the_server_let_in(evening: Evening) -> None:
    guest = evening.guest()
    answered = evening.scan(guest.code, KEY)
    assert report(evening, guest.code, 0, key=KEY, told=REFUSED) == answered
    assert not row(evening).entered
    assert arrivals(evening) == []
    assert evening.scan(guest.code).result is ADMITTED


def test_an_entry_that_its_phone_knew_of_before_is_none(evening: Evening) -> None:
    """The first try of the later scan arrived, and arrived alone: its phone had said that they were in already."""
    guest = evening.guest()
    answered = evening.scan(guest.code, KEY, at=NOW + timedelta(minutes=7), now=LATER)
    assert answered.result is ADMITTED
    assert report(evening, guest.code, 5, told=ADMITTED).result is ADMITTED
    assert report(evening, guest.code, 7, key=KEY, told=ALREADY) == answered
    assert [at for at, _ in arrivals(evening)] == [NOW + timedelta(minutes=5)]
    assert conflicts.number(evening.session, evening.event.id) == 0


def present(evening: Evening, guest: Guest) -> bool:
    return guest.person.id in queries.present_ids(evening.session, evening.event.id)


def test_who_comes_back_to_their_phone_with_a_newer_list_stays_in(evening: Evening) -> None:
    """The answer was lost, and the list that the phone fetched meanwhile held the very entry it was waiting for."""
    guest = evening.guest()
    answered = evening.scan(guest.code, KEY, door="入口A")
    for _ in range(2):
        assert report(evening, guest.code, 0, key=KEY, door="入口A", told=ALREADY) == answered
    assert arrivals(evening) == [(NOW, "入口A")]
    assert conflicts.number(evening.session, evening.event.id) == 0
    again = evening.scan(guest.code, door="入口B")
    assert (again.result, again.first_at, again.first_door) == (ALREADY, NOW, "入口A")


def test_who_was_in_by_an_entry_that_was_annulled_meanwhile_stays_in(evening: Evening) -> None:
    """The phone's list still held another door's entry; the server had forgotten it, and let them in."""
    guest, session = evening.guest(), evening.session
    (device, first), (_, other) = evening.device(), evening.device()
    evening.scan(guest.code, OTHER_KEY, by=first)
    caller = Caller(None, device, sees_list=True, is_host=False)
    assert annulling.annul(session, evening.event, OTHER_KEY, caller, NOW)
    assert evening.scan(guest.code, KEY, by=other).result is ADMITTED
    report(evening, guest.code, 0, key=KEY, by=other, told=ALREADY)
    assert present(evening, guest)


@pytest.mark.parametrize("annulled", ["neither", "the earlier", "the later", "both"])
@pytest.mark.parametrize("first_heard", ["the earlier", "the later"])
def test_an_own_entry_that_is_heard_of_before_or_after_counts(
    evening: Evening, first_heard: str, annulled: str
) -> None:
    """Its phone let them in at five, and said "already" at seven to a scan that the server had let in meanwhile."""
    guest, session = evening.guest(), evening.session
    device, by = evening.device()
    caller = Caller(None, device, sees_list=True, is_host=False)
    evening.scan(guest.code, KEY, by=by, at=NOW + timedelta(minutes=7), now=LATER)
    heard = [{"key": OTHER_KEY, "minutes": 5, "told": ADMITTED}, {"key": KEY, "minutes": 7, "told": ALREADY}]
    for told in heard if first_heard == "the earlier" else reversed(heard):
        report(evening, guest.code, by=by, **told)  # type: ignore[arg-type]
        assert present(evening, guest)
    assert [at for at, _ in arrivals(evening)] == [NOW + timedelta(minutes=5)]
    assert conflicts.number(session, evening.event.id) == 0
    for which, key in (("the earlier", OTHER_KEY), ("the later", KEY)):
        if annulled in (which, "both"):
            assert annulling.annul(session, evening.event, key, caller, LATER)
    assert present(evening, guest) == (annulled != "both")


@pytest.mark.parametrize("first_heard", [KEY, OTHER_KEY])
def test_a_later_entry_at_another_door_does_not_move_the_arrival(evening: Evening, first_heard: str) -> None:
    guest = evening.guest()
    evening.scan(guest.code, KEY, door="入口A")
    told = {KEY: (0, "入口A", ALREADY), OTHER_KEY: (4, "入口B", ADMITTED)}
    for key in sorted(told, key=lambda key: key != first_heard):
        minutes, door, said = told[key]
        report(evening, guest.code, minutes, key=key, door=door, told=said)
    assert arrivals(evening) == [(NOW, "入口A")]


def test_who_is_taken_back_by_name_does_not_come_back_by_what_a_phone_said(evening: Evening) -> None:
    guest, session = evening.guest(), evening.session
    evening.scan(guest.code, KEY)
    report(evening, guest.code, 0, key=KEY, told=ALREADY)
    report(evening, guest.code, 2, key=OTHER_KEY, told=ADMITTED)
    assert service.undo(session, evening.event, guest.registration.public_id, now=LATER, by=evening.staff)
    assert not present(evening, guest)
    report(evening, guest.code, 0, key=KEY, told=ALREADY)
    annulling.annul(
        session, evening.event, OTHER_KEY, Caller(None, None, sees_list=True, is_host=True), LATER
    )
    assert not present(evening, guest)


# One phone's report: which of four phones, which of three tickets, how many minutes after NOW, what it said, how far
# its clock is off.
REPORTS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.integers(0, 2),
        st.integers(-40, 25),
        st.sampled_from([None, ADMITTED, ALREADY, REFUSED]),
    ),
    min_size=1,
    max_size=12,
)
DRIFTS = (timedelta(0), timedelta(seconds=40), timedelta(days=1200), timedelta(hours=-9))


def _play(
    evening: Evening, phones: list[Credential], history: list[tuple[int, tuple[Any, ...]]]
) -> list[Any]:
    """Send these reports, in this order; gives how everything stands then."""
    session, event_id = evening.session, evening.event.id
    session.execute(delete(CheckIn).where(CheckIn.event_id == event_id))
    session.execute(delete(Scan).where(Scan.event_id == event_id))
    for number, (phone, ticket, minutes, told) in history:
        drift = DRIFTS[phone]
        evening.scan(
            evening.guests[ticket].code,
            f"{number:032}",
            by=phones[phone],
            door=f"入口{phone}",
            at=NOW + timedelta(minutes=minutes) - drift,
            drift=drift,
            offline=True,
            told=told,
            now=LATER,
        )
    came = select(CheckIn.registration_id, CheckIn.at, CheckIn.door, CheckIn.device_id, CheckIn.flagged)
    standing = came.where(CheckIn.event_id == event_id, CheckIn.voided_at.is_(None))
    kept = select(Scan.key, Scan.at, Scan.entered, Scan.flagged).where(Scan.event_id == event_id)
    seen = conflicts.conflicts(session, event_id)
    return [
        session.execute(standing.order_by(CheckIn.registration_id)).all(),
        session.execute(kept.order_by(Scan.key)).all(),
        sorted((one.kind, one.registration, one.entries) for one in seen),
    ]


@settings(max_examples=HISTORIES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), reports=REPORTS)
def test_the_reports_of_four_phones_end_in_the_same_state_in_any_order(
    database: Database, data: st.DataObject, reports: list[tuple[Any, ...]]
) -> None:
    """In any order, sent twice, with answers that were lost: what stands in the end is the same."""
    with database.session(writes=True) as session:
        evening = make_evening(session, 3)
        evening.guests[1].registration.state = RegistrationState.CANCELLED
        evening.guests[2].ticket.revoked_at = NOW
        phones = [evening.device(name=str(number))[1] for number in range(4)]
        history = list(enumerate(reports))
        first = _play(evening, phones, history)
        other = data.draw(st.permutations(history))
        again = data.draw(st.lists(st.sampled_from(history), max_size=6))
        second = _play(evening, phones, [*again, *other])
        assert first == second
        session.rollback()


def test_a_time_that_its_phone_has_put_right_is_not_put_right_twice(evening: Evening) -> None:
    guest = evening.guest()
    fast = timedelta(minutes=-20)
    answer = report(evening, guest.code, 3, key=KEY, drift=fast, told=ADMITTED)
    assert arrivals(evening) == [(NOW + timedelta(minutes=3), "")]
    assert answer.conflict is not None
    assert (answer.conflict.kind, row(evening).flagged) == (Flag.CLOCK.value, Flag.CLOCK)
