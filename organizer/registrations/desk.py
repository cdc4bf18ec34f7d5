"""The admission desk as facts: who applies, how each fits, how full the room is and who is in it. No sentences."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.domain import profiles as domain
from organizer.domain.admission import Suggestion, fits, ordinary
from organizer.domain.answers import TELLING, answers
from organizer.domain.lifecycle import Actor, RegistrationState, RegistrationStep, steps_for
from organizer.domain.suggestion import suggest
from organizer.domain.targets import Fit, fit_target
from organizer.domain.vocabulary import Attendance, Intent, Topic
from organizer.events import seats
from organizer.events.models import Event, SeatCount, TargetProfile
from organizer.events.service import domain_targets, targets_of
from organizer.people.models import Person
from organizer.registrations import memory, placing, waiting
from organizer.registrations.models import Registration
from organizer.registrations.queries import profile_of, registrations_of
from organizer.registrations.waiting import Standstill

S = RegistrationState
SHOWN = (S.APPLIED, S.WAITLISTED, S.ADMITTED, S.DECLINED)
SUGGEST_UP_TO = 200
"""Applications for which the best suggestion is sought; with more of them, the earliest are looked at."""


@dataclass(frozen=True, slots=True)
class Applicant:
    """One registration beside the target profiles. `full`: the keys of the counters that keep this person out."""

    registration: Registration
    profile: domain.Profile
    fit: Fit | None
    answers: tuple[tuple[Topic, int], ...]
    full: frozenset[str]
    steps: tuple[RegistrationStep, ...]
    pending: bool
    decision: str | None
    rank: int | None = None
    why: Standstill | None = None
    decided_by: str = ""


@dataclass(frozen=True, slots=True)
class Meter:
    """How many are counted in a target profile, or against a limit."""

    target: TargetProfile
    have: int


@dataclass(frozen=True, slots=True)
class Mix:
    """Who is in the room, largest part first; None: not said."""

    industry: list[tuple[StrEnum | None, int]]
    size: list[tuple[StrEnum | None, int]]
    role: list[tuple[StrEnum | None, int]]
    attendance: list[tuple[StrEnum | None, int]]
    sellers: int
    people: int


@dataclass(frozen=True, slots=True)
class Desk:
    """All of the desk. `cap`: how many the counter takes, overbooking and added seats included."""

    event: Event
    targets: tuple[domain.TargetProfile, ...]
    applicants: tuple[Applicant, ...]
    meters: tuple[Meter, ...]
    mix: Mix
    taken: int
    cap: int

    def of(self, states: Collection[RegistrationState]) -> list[Applicant]:
        """The applicants in these states, best fit first; those who wait in the order of their list."""
        found = [one for one in self.applicants if one.registration.state in states]
        return sorted(found, key=lambda one: (_place(one), -(one.fit.score if one.fit else 0)))

    def count(self, state: RegistrationState) -> int:
        """How many are in a state."""
        return sum(one.registration.state == state for one in self.applicants)

    @property
    def free(self) -> int:
        """Seats that nobody has."""
        return max(0, self.cap - self.taken)


def read(session: Session, event: Event, now: datetime) -> Desk:
    """The desk of an event. Four statements, however many apply."""
    rows = targets_of(session, event.id)
    targets, counters = domain_targets(rows), seats.counts(session, event.id)
    registrations = registrations_of(session, event.id, SHOWN)
    profiles = {one.id: replace(profile_of(one), id=one.id) for one in registrations}
    room = [profiles[one.id] for one in registrations if one.state is S.ADMITTED]
    line = waiting.in_order(event, [one for one in registrations if one.state is S.WAITLISTED], targets)
    ranks = {one.id: rank for rank, one in enumerate(line, start=1)}
    names = _names(session, registrations)
    full = placing.full_keys(counters)
    applicants = tuple(
        _applicant(event, one, profiles[one.id], targets, room, full, ranks.get(one.id), names, now)
        for one in registrations
    )
    whole = counters.get(seats.WHOLE)
    return Desk(
        event,
        targets,
        applicants,
        tuple(_meter(row, registrations, counters) for row in rows),
        mix_of(room),
        whole.taken if whole else len(room),
        whole.cap if whole else event.capacity + event.overbooking,
    )


def suggestion(desk: Desk) -> Suggestion:
    """Whom to admit of those who apply or wait, under all floors, ceilings and seats. Its ids are registrations'."""
    inside = desk.of([S.ADMITTED])
    applying = sorted(desk.of([S.APPLIED, S.WAITLISTED]), key=lambda one: _applied(one.registration))
    return suggest(
        [one.profile for one in applying[:SUGGEST_UP_TO]],
        desk.targets,
        desk.cap - desk.taken + len(inside),
        [one.profile for one in inside],
        {one.registration.id: one.registration.target_profile_id for one in inside},
    )


def best_fit(profile: domain.Profile, targets: Sequence[domain.TargetProfile]) -> Fit | None:
    """The fit to the best target that counts for somebody, else to the nearest; None without targets."""
    good = fits(profile, targets)
    if good:
        return good[0]
    others = [fit_target(profile, target) for target in ordinary(targets)]
    return max(others, key=lambda fit: (fit.score, -fit.target_id), default=None)


def mix_of(room: Sequence[domain.Profile]) -> Mix:
    """Who is in the room."""
    return Mix(
        _parts(one.industry for one in room),
        _parts(one.size for one in room),
        _parts(one.role for one in room),
        _parts(one.attendance or Attendance.REGULAR for one in room),
        sum(Intent.SELL in one.intents for one in room),
        len(room),
    )


def _parts(said: Iterable[StrEnum | None]) -> list[tuple[StrEnum | None, int]]:
    """Each answer with its number, largest first; what was not said comes last."""
    found = Counter(said).items()
    return sorted(found, key=lambda part: (part[0] is None, -part[1], str(part[0])))


def _applicant(
    event: Event,
    registration: Registration,
    profile: domain.Profile,
    targets: Sequence[domain.TargetProfile],
    room: Sequence[domain.Profile],
    full: set[str],
    rank: int | None,
    names: dict[int, str],
    now: datetime,
) -> Applicant:
    inside = registration.state is S.ADMITTED
    keys = frozenset() if inside else frozenset(full & set(placing.always(registration, targets)))
    pending = memory.is_pending(registration, now)
    steps = steps_for(registration.state, Actor.HOST, event.state, now, ends_at=event.ends_at)
    return Applicant(
        registration,
        profile,
        best_fit(profile, targets),
        () if inside else _answered(profile, room),
        keys,
        steps,
        pending,
        memory.decision_of(registration) if pending else None,
        rank,
        waiting.why_no_one_moves(event, registration, targets, full, now) if rank else None,
        names.get(registration.decided_by_id or 0, ""),
    )


def _answered(profile: domain.Profile, room: Sequence[domain.Profile]) -> tuple[tuple[Topic, int], ...]:
    """How many in the room the applicant could help, by topic, the most first."""
    best = (answers(profile, other)[:1] for other in room if profile.gives)
    helped = Counter(found[0].topic for found in best if found and found[0].degree >= TELLING)
    return tuple(sorted(helped.items(), key=lambda part: (-part[1], str(part[0]))))


def _meter(
    row: TargetProfile, registrations: Sequence[Registration], counters: dict[str, SeatCount]
) -> Meter:
    counter = counters.get(seats.key_of(row.id))
    if counter is not None:
        return Meter(row, counter.taken)
    inside = (one for one in registrations if one.state is S.ADMITTED)
    return Meter(row, sum(one.target_profile_id == row.id for one in inside))


def _names(session: Session, registrations: Sequence[Registration]) -> dict[int, str]:
    ids = {one.decided_by_id for one in registrations if one.decided_by_id is not None}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return {row.id: row.name for row in rows}


def _place(one: Applicant) -> int:
    return one.rank or 0


def _applied(registration: Registration) -> tuple[datetime, int]:
    return registration.applied_at, registration.id
