"""Finding generations, their pairs and reveals, and the people as reasons speak of them."""

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, contains_eager

from organizer.checkin.models import CheckIn
from organizer.domain import profiles as domain
from organizer.domain.lifecycle import RegistrationState, RunState
from organizer.domain.reasons import Reason
from organizer.matches.models import Again, Match, MatchRun, Reveal
from organizer.people.models import Block, Person
from organizer.registrations.models import Registration
from organizer.registrations.queries import profile_of

Pair = tuple[int, int]
Id = ColumnElement[int] | InstrumentedAttribute[int] | int


@dataclass(frozen=True, slots=True)
class Told:
    """A person as reasons speak of them: `profile` is what they said for that event, `row` the person of today."""

    id: int
    public_id: str
    name: str
    reading: str
    company: str
    profile: domain.Profile
    row: Person | None = field(default=None, repr=False, compare=False)


def not_blocked(one: Id, other: Id) -> ColumnElement[bool]:
    """That neither of two has blocked the other, as a condition."""
    there = and_(Block.person_id == one, Block.other_id == other)
    back = and_(Block.person_id == other, Block.other_id == one)
    return ~exists().where(or_(there, back))


def newest_run(session: Session, event_id: int) -> MatchRun | None:
    """The latest generation of an event's matches."""
    query = select(MatchRun).where(MatchRun.event_id == event_id)
    return session.scalar(query.order_by(MatchRun.generation.desc()).limit(1))


def told(session: Session, event_id: int, person_ids: Collection[int]) -> dict[int, Told]:
    """These people of an event as reasons speak of them, by id."""
    if not person_ids:
        return {}
    query = _whole(event_id).where(Registration.person_id.in_(person_ids))
    return {row.person_id: told_of(row) for row in session.scalars(query)}


def told_present(session: Session, event_id: int) -> dict[int, Told]:
    """Everybody who was there, as reasons speak of them, by id."""
    query = _whole(event_id).where(
        exists().where(CheckIn.registration_id == Registration.id, CheckIn.voided_at.is_(None))
    )
    return {row.person_id: told_of(row) for row in session.scalars(query)}


def told_of(registration: Registration) -> Told:
    """The person of a registration (person and profile loaded) as reasons speak of them."""
    person = registration.person
    return Told(
        person.id,
        person.public_id,
        person.name,
        person.reading,
        person.profile.company,
        profile_of(registration),
        person,
    )


def reasons_of(match: Match) -> tuple[Reason, ...]:
    """The reasons kept with a match; kinds no longer known are left out."""
    read = (Reason.from_data(data) for data in match.reasons)
    return tuple(reason for reason in read if reason is not None)


def matches_of_run(session: Session, run_id: int) -> list[Match]:
    """The pairs of a generation that stand, in the order they were chosen."""
    query = select(Match).where(Match.run_id == run_id, Match.removed_at.is_(None))
    return list(session.scalars(query.order_by(Match.a_id, Match.b_id)))


def run_with_matches(session: Session, event_id: int) -> tuple[MatchRun | None, list[Match]]:
    """The latest generation of an event's matches with the pairs that stand, in one statement."""
    query = (
        select(MatchRun, Match)
        .outerjoin(Match, and_(Match.run_id == MatchRun.id, Match.removed_at.is_(None)))
        .where(MatchRun.event_id == event_id)
        .order_by(MatchRun.generation.desc(), Match.a_id, Match.b_id)
    )
    rows = session.execute(query).all()
    run = rows[0][0] if rows else None
    return run, [match for _run, match in rows if run and match is not None and match.run_id == run.id]


def own_matches(session: Session, event_id: int, person_id: int) -> list[Match]:
    """The published pairs of one person that stand, nobody with a block either way; the strongest first."""
    query = (
        select(Match)
        .join(MatchRun, MatchRun.id == Match.run_id)
        .where(Match.event_id == event_id, MatchRun.state == RunState.PUBLISHED, Match.removed_at.is_(None))
        .where(or_(Match.a_id == person_id, Match.b_id == person_id), not_blocked(Match.a_id, Match.b_id))
        .order_by(Match.mutual.desc(), Match.score.desc(), Match.id)
    )
    return list(session.scalars(query))


def own_reveals(session: Session, event_id: int, person_id: int) -> list[Reveal]:
    """The mutual wishes of one person that both have been told of, nobody with a block either way."""
    query = select(Reveal).where(
        Reveal.event_id == event_id,
        or_(Reveal.a_id == person_id, Reveal.b_id == person_id),
        not_blocked(Reveal.a_id, Reveal.b_id),
    )
    return list(session.scalars(query.order_by(Reveal.at, Reveal.id)))


def published_match(session: Session, event_id: int, a_id: int, b_id: int) -> Match | None:
    """The published pair of these two at an event, if it stands."""
    query = select(Match).join(MatchRun, MatchRun.id == Match.run_id)
    return session.scalar(
        query.where(
            Match.event_id == event_id,
            Match.a_id == min(a_id, b_id),
            Match.b_id == max(a_id, b_id),
            Match.removed_at.is_(None),
            MatchRun.state == RunState.PUBLISHED,
        )
    )


def mutual_pairs(session: Session, event_id: int) -> set[Pair]:
    """The pairs (a < b) of whom both, at this moment, want to meet again; what one alone wants is not seen."""
    back = aliased(Again)
    query = (
        select(Again.person_id, Again.other_id)
        .join(
            back,
            and_(
                back.event_id == Again.event_id,
                back.person_id == Again.other_id,
                back.other_id == Again.person_id,
            ),
        )
        .where(Again.event_id == event_id, Again.person_id < Again.other_id)
    )
    return {(a, b) for a, b in session.execute(query)}


def mutual_count(session: Session, event_id: int) -> int:
    """How many pairs have been told that both want to meet again."""
    query = select(func.count(Reveal.id)).where(Reveal.event_id == event_id)
    return session.scalar(query) or 0


def partner(pair: Match | Reveal, person_id: int) -> int:
    """The other one of a pair."""
    return pair.b_id if pair.a_id == person_id else pair.a_id


def _whole(event_id: int) -> Select[Registration]:
    return (
        select(Registration)
        .join(Registration.person)
        .join(Person.profile)
        .options(contains_eager(Registration.person).contains_eager(Person.profile))
        .where(Registration.event_id == event_id, Registration.state == RegistrationState.ADMITTED)
    )
