"""Seating an evening: what earlier evenings say of its people comes in, and who has met goes out."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, contains_eager, joinedload, undefer

from organizer.checkin.models import CheckIn
from organizer.checkin.queries import present_ids
from organizer.circles.approach import weights_of
from organizer.domain.fit import Weights
from organizer.domain.folding import fold
from organizer.domain.gathering import Attendee, Gathering
from organizer.domain.rounds import RoundStep
from organizer.domain.seating.room import Pair
from organizer.events.models import Event
from organizer.followups.service import barred_pairs
from organizer.jobs import tasks
from organizer.matches import encounters, making
from organizer.people.blocks import blocked_pairs
from organizer.people.models import Person
from organizer.registrations.models import Registration
from organizer.registrations.queries import profile_of
from organizer.rounds import planning, publishing, queries, running
from organizer.rounds.models import SeatingMark, SeatingPlan
from organizer.ties import service as ties

FORGOTTEN_AFTER = timedelta(minutes=30)
"""After the end of the evening; a round that nobody has ended by then ends by itself."""
MOST_GUIDED = 2
"""Newcomers beside one who introduces them."""

Tables = tuple[tuple[tuple[int, ...], ...], ...]


def gather(session: Session, plan: SeatingPlan) -> Gathering:
    """Everything that is known of the evening of a wanted plan: who is there, and what each two have behind them."""
    event = session.get_one(Event, plan.event_id, options=[joinedload(Event.circle)])
    base = (
        session.get(SeatingPlan, plan.base_id, options=[undefer(SeatingPlan.room)]) if plan.base_id else None
    )
    seats = queries.seats_of(session, base.id) if base else []
    published = _as_tables(queries.tables_by_round(seats, base.rounds)) if base else ()
    begun = plan.from_round - 1
    gone = {person for number, _table, person in seats if number <= begun}
    present = set(present_ids(session, event.id))
    people = _registrations(session, event.id, present | gone)
    marks = queries.marks_of(session, event.id)
    ids = [row.person_id for row in people]
    mutual = encounters.mutual_before(session, event, ids)
    before = encounters.evenings_before(session, event, ids)
    behind = ties.between(session, ids, ZoneInfo(event.circle.time_zone))
    return Gathering(
        attendees=tuple(_attendee(row, marks, plan, row.person_id in present) for row in people),
        rounds=plan.rounds,
        table_size=plan.table_size,
        weights=_weights(session, event, base),
        histories=making.histories(session, event, ids, mutual, behind.contacts),
        sat_before=before,
        going_on=frozenset(mutual),
        barred=frozenset(blocked_pairs(session, ids) | behind.let_go),
        introductions=() if begun else _introductions(people, present),
        published=published,
        begun=begun,
        known=_known(base.room) if base else {},
        known_wants=_known_wants(base.room) if base else {},
    )


def barred_of(session: Session, ids: Iterable[int]) -> set[Pair]:
    """Who of these people may not share a table, as of now."""
    return barred_pairs(session, list(ids))


def renew(session: Session, event: Event, *, by: Person, now: datetime) -> SeatingPlan | None:
    """Have the tables made anew because somebody came or went, where there are any that can still change."""
    newest = queries.newest_plan(session, event.id)
    planned = queries.published_plan(session, event.id) or queries.open_plan(session, event.id)
    begun = queries.begun(queries.rounds_of(session, event.id))
    if newest is None or planned is None or begun >= planned.rounds:
        return None
    return planning.ask(session, event, after=newest.generation, by=by, now=now)


def publish(
    session: Session, event: Event, *, generation: int, revision: int, by: Person, now: datetime
) -> SeatingPlan:
    """Give the draft, as the host saw it, to its people. Raises Refused."""
    admitted = select(Registration.person_id).where(Registration.event_id == event.id)
    barred = barred_of(session, session.scalars(admitted))
    return publishing.publish(
        session, event, generation=generation, revision=revision, barred=barred, by=by, now=now
    )


def start(session: Session, event: Event, number: int, *, by: Person | None, now: datetime) -> bool:
    """Begin a round; the one before it ends, if it has not yet. Whether it was this call that did. Raises Refused."""
    began = running.take(session, event, number, RoundStep.START, by=by, now=now)
    if began:
        for earlier in running.running_before(session, event, number):
            end(session, event, earlier, by=by, now=now)
        forgotten_at = max(event.ends_at, now) + FORGOTTEN_AFTER
        tasks.plan(
            session,
            "round_over",
            event.id,
            forgotten_at,
            now=now,
            circle_id=event.circle_id,
            period=str(number),
        )
    return began


def end(session: Session, event: Event, number: int, *, by: Person | None, now: datetime) -> bool:
    """End a round: those who sat together and are there have met. Whether it was this call that did."""
    if not running.take(session, event, number, RoundStep.END, by=by, now=now):
        return False
    plan = queries.published_plan(session, event.id)
    if plan is not None:
        there = set(present_ids(session, event.id))
        tables = queries.tables_in(session, plan.id, number).values()
        met = (pair for people in tables for pair in combinations(sorted(there.intersection(people)), 2))
        encounters.note_sat(session, event, met, now)
    return True


def _registrations(session: Session, event_id: int, ids: Collection[int]) -> Sequence[Registration]:
    """The registrations of these people, by the person's id, people loaded; of each the one that came."""
    came = exists().where(CheckIn.registration_id == Registration.id)
    query = (
        select(Registration)
        .join(Registration.person)
        .options(contains_eager(Registration.person))
        .where(Registration.event_id == event_id, Registration.person_id.in_(ids), came)
        .order_by(Registration.person_id, Registration.id)
    )
    return list({row.person_id: row for row in session.scalars(query)}.values())


def _attendee(
    row: Registration, marks: Mapping[int, SeatingMark], plan: SeatingPlan, present: bool
) -> Attendee:
    """One person with what the host says of their seats; who is not there has a seat in no coming round."""
    mark = marks.get(row.person_id)
    first = mark.first_round - 1 if mark else 0
    last = plan.rounds - 1
    if mark is not None and mark.last_round is not None:
        last = min(last, mark.last_round - 1)
    if not present:
        last = -1
    table = mark.table_number - 1 if mark and mark.table_number else None
    return Attendee(profile_of(row), first, last, table)


def _introductions(people: Sequence[Registration], present: Collection[int]) -> tuple[Pair, ...]:
    """(who introduces, newcomer): whom the newcomer has named, else one of the regulars for each as far as they go."""
    there = [row for row in people if row.person_id in present]
    newcomers = [row for row in there if row.first_time]
    guides = _named_guides(there, newcomers)
    free = iter(
        [row.person_id for row in there if not row.first_time and row.person_id not in guides.values()]
    )
    for row in newcomers:
        if row.person_id not in guides and (guide := next(free, None)) is not None:
            guides[row.person_id] = guide
    return tuple((guide, newcomer) for newcomer, guide in sorted(guides.items()))


def _named_guides(there: Sequence[Registration], newcomers: Sequence[Registration]) -> dict[int, int]:
    """By newcomer, whom they have named as their introducer and who is there; each guides a few at most."""
    named = {
        fold(name): row.person_id for row in there for name in (row.person.name, row.person.reading) if name
    }
    guides: dict[int, int] = {}
    for row in newcomers:
        guide = named.get(fold(row.introducer)) if row.introducer else None
        if guide not in (None, row.person_id) and list(guides.values()).count(guide) < MOST_GUIDED:
            guides[row.person_id] = guide
    return guides


def _weights(session: Session, event: Event, base: SeatingPlan | None) -> Weights:
    """What counts: as for the plan that everybody has seen, else as the circle has it now."""
    if base is not None and base.weights:
        return Weights.from_data(base.weights)
    return weights_of(session, event.circle_id)


def _known(room: Mapping[str, Any]) -> dict[Pair, int]:
    """What each two were worth when the published plan was made."""
    ids = room["ids"]
    return {
        (min(ids[a], ids[b]), max(ids[a], ids[b])): worth
        for a, row in enumerate(room["room"]["affinity"])
        for b, worth in enumerate(row, start=a + 1)
        if ids[a] != ids[b]
    }


def _known_wants(room: Mapping[str, Any]) -> dict[int, tuple[int, ...]]:
    """Whom each wanted to meet when the published plan was made."""
    ids = room["ids"]
    people = zip(ids, room["room"]["people"], strict=True)
    return {one: tuple(sorted({ids[other] for other in said["wants"]})) for one, said in people}


def _as_tables(rounds: Sequence[Sequence[Sequence[int]]]) -> Tables:
    return tuple(tuple(tuple(people) for people in tables) for tables in rounds)
