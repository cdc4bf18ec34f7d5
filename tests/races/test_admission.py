"""Many hosts at one desk, many cancellations at one instant: no seat twice, no seat lost, every change told once.

Each race has a twin with its guard taken away, and passes when the race notices.
"""

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from organizer.db import Database
from organizer.domain.lifecycle import RegistrationState, RegistrationStep, WaitingOrder
from organizer.domain.profiles import Criterion
from organizer.domain.vocabulary import CriterionField, Intent
from organizer.errors import Refused
from organizer.events import seats
from organizer.events.models import Event, SeatCount
from organizer.events.service import targets_of
from organizer.mail.models import Message
from organizer.people.models import Person
from organizer.people.service import domain_profile
from organizer.registrations import waiting
from organizer.registrations.admitting import Full
from organizer.registrations.cancelling import cancel
from organizer.registrations.deciding import Taken, Wanted, decide_all, undo_all
from organizer.registrations.models import Promotion, Registration
from organizer.registrations.queries import whole_registration
from tests.factories import NOW, make_circle, make_event, make_person, make_registration, make_target
from tests.races.conftest import ROUNDS, THREADS, assert_noticed, at_once

S, Step = RegistrationState, RegistrationStep
SELLS = [Criterion(CriterionField.INTENT, (Intent.SELL.value,), must=True).to_data()]


@dataclass(frozen=True)
class Desk:
    """An event, its host, and the registrations to decide on."""

    event_id: int
    host_id: int
    ids: tuple[int, ...]

    def wanted(
        self, session: Session, number: int, seen: RegistrationState | None
    ) -> tuple[Event, Wanted, Person]:
        event = session.get_one(Event, self.event_id, options=[joinedload(Event.circle)])
        registration = whole_registration(session, self.ids[number])
        assert registration is not None
        return event, Wanted(registration, seen), session.get_one(Person, self.host_id)

    def decides(
        self,
        database: Database,
        number: int,
        step: RegistrationStep,
        seen: RegistrationState | None = S.APPLIED,
    ) -> Taken:
        """One host's click, in a transaction of its own."""
        with database.transaction() as session:
            event, wanted, host = self.wanted(session, number, seen)
            return decide_all(session, event, [wanted], step, by=host, now=NOW)

    def cancels(self, database: Database, number: int) -> bool:
        """One applicant's click, in a transaction of its own."""
        with database.transaction() as session:
            registration = whole_registration(session, self.ids[number])
            assert registration is not None
            return cancel(session, registration, by=registration.person, now=NOW)


def make_desk(
    database: Database, cap: int, states: Iterable[RegistrationState], sellers: int | None = None
) -> Desk:
    """A desk with so many seats and registrations; with `sellers`, everybody comes to sell and so many of them may."""
    with database.transaction() as session:
        host = make_person(session)
        event = make_event(
            session,
            make_circle(session, host),
            capacity=max(2, cap),
            waiting_order=WaitingOrder.BY_APPLICATION,
        )
        if sellers is not None:
            make_target(session, event, ceiling_only=True, ceiling=sellers, criteria=SELLS)
        seats.set_caps(session, event, targets_of(session, event.id))
        counter = session.query(SeatCount).filter_by(event_id=event.id, key="event").one()
        counter.cap = cap
        ids = [_registration(session, event, state, number) for number, state in enumerate(states)]
        return Desk(event.id, host.id, tuple(ids))


def _registration(session: Session, event: Event, state: RegistrationState, number: int) -> int:
    person = make_person(session, profile={"intents": [Intent.SELL.value]})
    at = NOW - timedelta(days=1) + timedelta(seconds=number)
    said = {"applied_at": at, "profile": domain_profile(person).to_data()}
    waits = at if state is S.WAITLISTED else None
    return make_registration(session, event, person, state=state, waiting_since=waits, **said).id


def look(database: Database, desk: Desk) -> tuple[Counter[RegistrationState], dict[str, int], Counter[str]]:
    """How many are in each state, how many seats are taken, how many mails of each kind wait."""
    with database.transaction(writes=False) as session:
        states = session.scalars(select(Registration.state).where(Registration.event_id == desk.event_id))
        taken = {key: row.taken for key, row in seats.counts(session, desk.event_id).items()}
        queued = Message.event_id == desk.event_id, Message.state == "queued"
        return Counter(states), taken, Counter(session.scalars(select(Message.kind).where(*queued)))


def race_to_admit(database: Database, cap: int, sellers: int | None = None) -> None:
    """32 hosts admit one each. Raises AssertionError unless just as many are in as there are seats, each told once."""
    desk = make_desk(database, cap, [S.APPLIED] * THREADS, sellers)
    room = min(cap, THREADS, THREADS if sellers is None else sellers)
    taken = at_once(lambda number: desk.decides(database, number, Step.ADMIT))
    assert sum(len(one.done) for one in taken) == room
    reason = Full.EVENT_FULL if cap == room else Full.LIMIT_REACHED
    assert {refused.reason for one in taken for _, refused in one.refused} <= {reason}
    states, counts, letters = look(database, desk)
    assert (states[S.ADMITTED], states[S.APPLIED]) == (room, THREADS - room)
    assert set(counts.values()) == {room}
    assert letters == Counter({"admitted": room})


def race_for_one_applicant(database: Database, seen: RegistrationState | None) -> None:
    """32 hosts decide on one person, some yes and some no. Raises AssertionError unless one decision stands."""
    desk = make_desk(database, 40, [S.APPLIED])
    steps = [Step.ADMIT, Step.DECLINE, Step.WAITLIST]
    taken = at_once(lambda number: desk.decides(database, 0, steps[number % 3], seen))
    assert sum(len(one.done) for one in taken) == 1
    assert sum(len(one.overtaken) for one in taken) == THREADS - 1
    states, counts, letters = look(database, desk)
    assert counts["event"] == states[S.ADMITTED]
    assert letters.total() == 1


def race_to_cancel(database: Database, k: int) -> None:
    """k of a full event cancel. Raises AssertionError unless the first k of the list are in, each told once."""
    desk = make_desk(database, 8, [S.ADMITTED] * 8 + [S.WAITLISTED] * 12)
    assert all(at_once(lambda number: desk.cancels(database, number), k))
    states, counts, letters = look(database, desk)
    assert states == Counter({S.ADMITTED: 8, S.WAITLISTED: 12 - k, S.CANCELLED: k})
    assert counts["event"] == 8
    assert letters["promoted"] == k
    with database.transaction(writes=False) as session:
        rows = session.execute(
            select(Promotion.freed_id, Promotion.promoted_id).where(Promotion.event_id == desk.event_id)
        ).all()
    assert sorted(row.freed_id for row in rows) == sorted(desk.ids[:k])
    assert sorted(row.promoted_id for row in rows) == sorted(desk.ids[8 : 8 + k])


def race_into_one_seat(database: Database, promote: str = "promote_into") -> None:
    """32 times somebody is to move up into one freed seat. Raises AssertionError unless just one does."""
    desk = make_desk(database, 40, [S.CANCELLED] + [S.WAITLISTED] * THREADS)

    def move(_: int) -> bool:
        with database.transaction() as session:
            freed = whole_registration(session, desk.ids[0])
            assert freed is not None
            if promote == "promote_into":
                return waiting.promote_into(session, freed.event, freed, NOW) is not None
            return bool(waiting.promote_into_new(session, freed.event, 1, NOW))

    assert at_once(move).count(True) == 1
    assert look(database, desk)[0][S.ADMITTED] == 1


@pytest.mark.parametrize("cap", [1, 7, 40])
def test_hosts_at_once_never_admit_more_than_there_are_seats(arena: Database, cap: int) -> None:
    for _ in range(ROUNDS if cap == 7 else 1):
        race_to_admit(arena, cap)


def test_hosts_at_once_never_pass_a_ceiling(arena: Database) -> None:
    for _ in range(2):
        race_to_admit(arena, 20, sellers=5)


def test_the_race_sees_seats_that_are_not_counted(arena: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seats, "take", lambda *_: [])
    assert_noticed(lambda _: race_to_admit(arena, 7))


def test_of_many_hosts_one_decides(arena: Database) -> None:
    for _ in range(ROUNDS):
        race_for_one_applicant(arena, S.APPLIED)


def test_the_race_sees_decisions_made_on_no_state(arena: Database) -> None:
    assert_noticed(lambda _: race_for_one_applicant(arena, None))


@pytest.mark.parametrize("k", range(1, 9))
def test_each_freed_seat_moves_exactly_one_up(arena: Database, k: int) -> None:
    for _ in range(ROUNDS if k == 8 else 1):
        race_to_cancel(arena, k)


def test_one_freed_seat_moves_one_up_whoever_asks(arena: Database) -> None:
    for _ in range(3):
        race_into_one_seat(arena)


def test_the_race_sees_seats_given_on_without_saying_whose(arena: Database) -> None:
    assert_noticed(lambda _: race_into_one_seat(arena, "promote_into_new"))


def test_admitting_declining_undoing_and_cancelling_at_once_add_up(arena: Database) -> None:
    for seed in range(2):
        desk = make_desk(arena, 6, [S.ADMITTED] * 6 + [S.APPLIED] * 6 + [S.WAITLISTED] * 6, sellers=5 + seed)
        at_once(
            lambda number, seed=seed, desk=desk: _anything(arena, desk, random.Random(f"{seed} {number}"))
        )
        states, counts, _letters = look(arena, desk)
        assert counts["event"] == states[S.ADMITTED] <= 6
        assert states.total() == len(desk.ids)
        with arena.transaction(writes=False) as session:
            promoted = select(Promotion.promoted_id).where(Promotion.event_id == desk.event_id)
            moved = session.scalars(promoted).all()
            told = select(func.count()).where(Message.event_id == desk.event_id, Message.kind == "promoted")
            assert session.scalar(told) == len(set(moved))


def _anything(database: Database, desk: Desk, chance: random.Random) -> None:
    """Four clicks of one of those at the desk, or of one who gives up."""
    for _ in range(4):
        number, what = chance.randrange(len(desk.ids)), chance.randrange(5)
        try:
            if what == 4:
                desk.cancels(database, number)
                continue
            taken = desk.decides(database, number, [Step.ADMIT, Step.DECLINE, Step.WAITLIST][what % 3], None)
            if taken.done and what == 3:
                with database.transaction() as session:
                    event, _wanted, host = desk.wanted(session, number, None)
                    undo_all(session, event, taken.decision, by=host, now=NOW)
        except Refused:
            continue
