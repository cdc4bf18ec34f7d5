"""Somebody unexpected comes to the door: place, seat, ticket and arrival in one act, and taken back in one."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from organizer.audit.models import AuditEntry
from organizer.checkin import claims, queries, walk_ins
from organizer.checkin.models import CheckIn, Scan
from organizer.checkin.scanning import KeyReused
from organizer.domain.lifecycle import EventState, RegistrationState
from organizer.domain.ticketing import CheckInMethod, RefusalReason
from organizer.errors import NotFound, Refused
from organizer.events.seats import counts
from organizer.people.models import Person
from organizer.registrations import tickets
from organizer.registrations.admitting import Full
from organizer.registrations.models import Registration
from organizer.registrations.queries import profile_of
from organizer.workflows import walking_in
from organizer.workflows.walking_in import Keeper, Newcomer
from tests.checkin.rows import Evening, make_evening
from tests.factories import NOW, make_person, make_registration

SECRET = "secret-" * 6
KEY = "k" * 32
SHE = Newcomer("髙橋 玲子", "株式会社ひびき", "製造業の社長", "たかはし れいこ")


@pytest.fixture
def evening(session: Session) -> Evening:
    return make_evening(session)


def come(evening: Evening, newcomer: Newcomer = SHE, key: str = KEY, **more: object) -> Registration:
    keeper = more.pop("keeper", Keeper(evening.staff.id))
    now = more.pop("now", NOW)
    assert isinstance(keeper, Keeper)
    return walking_in.walk_in(
        evening.session,
        evening.event,
        newcomer,
        key,
        keeper,
        now=now,
        secret_key=SECRET,
        **more,  # type: ignore[arg-type]
    )


def taken(evening: Evening) -> tuple[int, int]:
    counter = counts(evening.session, evening.event.id)["event"]
    evening.session.refresh(counter)
    return counter.taken, counter.cap


def test_a_walk_in_is_in_with_a_seat_a_ticket_and_a_link(evening: Evening) -> None:
    session = evening.session
    row = come(evening)
    assert (row.state, row.source, row.listed) == (RegistrationState.ADMITTED, "walk_in", False)
    person = row.person
    assert (person.name, person.reading, person.email, person.email_folded) == (
        SHE.name,
        SHE.reading,
        None,
        None,
    )
    assert person.profile.company == SHE.company
    assert profile_of(row).wish.words == SHE.wish
    check_in = session.scalars(select(CheckIn).where(CheckIn.registration_id == row.id)).one()
    assert (check_in.method, check_in.at, check_in.by_id) == (CheckInMethod.WALK_IN, NOW, evening.staff.id)
    assert taken(evening)[0] == 1
    ticket = tickets.standing(session, row.id)
    assert ticket is not None
    evening.reference = evening.reference or ""
    assert evening.scan(tickets.code_of(ticket, SECRET)).result == "already"
    claim = claims.of_registration(session, row.id)
    assert claim is not None
    assert claims.find(session, claims.token_of(claim, SECRET)) is claim
    assert claim.expires_at == NOW + timedelta(days=30)
    assert [one.row_id for one in queries.find(session, evening.event, "takahashi")] == [row.id]


def test_pressed_twice_it_is_the_same_person_and_other_words_are_no_repetition(evening: Evening) -> None:
    first, second = come(evening), come(evening)
    assert first.id == second.id
    assert evening.session.scalar(select(func.count()).select_from(CheckIn)) == 1
    with pytest.raises(KeyReused):
        come(evening, Newcomer("他の 人", ""))
    assert evening.session.scalar(select(func.count()).select_from(Registration)) == 1


def test_a_full_house_says_so_and_nothing_is_written(evening: Evening) -> None:
    session = evening.session
    counts(session, evening.event.id)["event"].cap = 0
    session.flush()
    before = session.scalar(select(func.count()).select_from(Person))
    with pytest.raises(Refused) as refused:
        come(evening)
    assert refused.value.reason is Full.EVENT_FULL
    with pytest.raises(Refused):
        come(evening, over=True)  # staff cannot say yes
    assert session.scalar(select(func.count()).select_from(Person)) == before
    assert session.scalar(select(func.count()).select_from(Scan)) == 0

    host = Keeper(evening.owner.id, is_host=True)
    with pytest.raises(Refused):
        come(evening, keeper=host)
    row = come(evening, keeper=host, over=True)
    assert taken(evening) == (1, 1)
    raised = session.scalars(select(AuditEntry).where(AuditEntry.act == "seats.raised")).one()
    assert (raised.actor_id, raised.facts["key"], raised.facts["cap"]) == (evening.owner.id, "event", 1)
    assert walking_in.undo(session, evening.event, row, host, NOW)
    assert taken(evening)[0] == 0


def test_the_door_has_its_hours_but_a_host_adds_afterwards(evening: Evening) -> None:
    event, host = evening.event, Keeper(evening.owner.id, is_host=True)
    late = event.ends_at + timedelta(hours=3)
    for now, reason in (
        (event.starts_at - timedelta(hours=9), RefusalReason.NOT_YET_OPEN),
        (late, RefusalReason.EVENT_OVER),
    ):
        with pytest.raises(Refused) as refused:
            come(evening, now=now)
        assert refused.value.reason is reason
    row = come(evening, keeper=host, now=late)
    assert queries.arrivals(evening.session, event.id) == {row.person_id: event.starts_at}
    for state, reason in (
        (EventState.CANCELLED, RefusalReason.EVENT_CANCELLED),
        (EventState.DRAFT, RefusalReason.NOT_YET_OPEN),
    ):
        event.state = state
        with pytest.raises(Refused) as refused:
            come(evening, keeper=host, key="m" * 32)
        assert refused.value.reason is reason


def test_taken_back_nothing_is_left_but_the_log(evening: Evening) -> None:
    session, keeper = evening.session, Keeper(evening.staff.id)
    row = come(evening)
    assert walking_in.undo(session, evening.event, row, keeper, NOW)
    assert not walking_in.undo(session, evening.event, row, keeper, NOW)
    assert row.state is RegistrationState.CANCELLED
    assert taken(evening)[0] == 0
    assert queries.present_ids(session, evening.event.id) == []
    assert tickets.standing(session, row.id) is None
    claim = claims.of_registration(session, row.id)
    assert claim is not None
    assert not claims.is_open(claim, NOW)
    scan = walk_ins.scan_of(session, row.id)
    assert scan is not None
    assert (scan.annulled_at, scan.annulled_by_id) == (NOW, evening.staff.id)
    acts = session.scalars(select(AuditEntry.act).where(AuditEntry.subject_id == row.id)).all()
    assert {"registration.walked_in", "registration.walk_in_undone"} <= set(acts)


def test_whoever_applied_is_no_walk_in_and_a_claimed_one_stays(evening: Evening) -> None:
    session, keeper = evening.session, Keeper(evening.staff.id)
    guest = evening.guest()
    with pytest.raises(NotFound):
        walking_in.undo(session, evening.event, guest.registration, keeper, NOW)
    row = come(evening)
    row.person.email = row.person.email_folded = "reiko@example.jp"
    session.flush()
    assert not walking_in.undo(session, evening.event, row, keeper, NOW)


def test_who_is_expected_by_that_name_is_shown_and_only_hosts_see_who_waits(evening: Evening) -> None:
    session, event = evening.session, evening.event
    expected = evening.guest(name="高橋 玲子", reading="たかはし れいこ")
    evening.guest(name="佐藤 健", reading="さとう けん")
    waits = make_person(session, name="髙橋 玲子", reading="")
    waiting = make_registration(session, event, waits)
    for name, reading in (("髙橋玲子", ""), ("takahashi reiko", ""), ("某", "たかはし れいこ")):
        seen = walk_ins.alike(session, event, name, reading, undecided=False)
        assert [one.row_id for one in seen.expected] == [expected.registration.id], name
        assert not seen.waiting
    seen = walk_ins.alike(session, event, "高橋 玲子", "", undecided=True)
    assert [one.id for one in seen.waiting] == [waiting.id]
    assert not walk_ins.alike(session, event, "鈴木 一郎", "", undecided=True)
