"""The book of ties: whom a person knows, how far each tie has come, and what would do it good next."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager

from organizer.circles.models import Circle, Membership
from organizer.domain.trust import (
    FOCUS_SIZE,
    TRUST_FROM,
    ContactKind,
    Growth,
    NextStep,
    Openness,
    Portfolio,
    PromiseState,
    TieStage,
    Touch,
    Warmth,
    contacts_so_far,
    growth,
    next_step,
    openness,
    place,
    portfolio,
    promise_state,
    stage,
    warmth,
)
from organizer.errors import NotFound
from organizer.events.models import Event
from organizer.i18n import DEFAULT_ZONE
from organizer.matches.models import ContactConsent
from organizer.matches.queries import not_blocked
from organizer.people.models import Person, Profile
from organizer.ties.models import Contact, Goal, Insight, Promise, Tie
from organizer.ties.service import ordered

Other = aliased(Person)
OtherProfile = aliased(Profile)
ONE: ColumnElement[int] = Tie.person_id.expression
OTHER: ColumnElement[int] = Tie.other_id.expression


class Shown(StrEnum):
    """Which ties of the book are looked at."""

    ALL = "all"
    FOCUS = "focus"
    COOLING = "cooling"
    PROMISES = "promises"
    LET_GO = "let_go"


@dataclass(frozen=True, slots=True)
class Entry:
    """One tie in the book, profile of the other loaded; `promises` are those its person still owes, the nearest
    first.
    """

    tie: Tie
    other: Person
    touches: tuple[Touch, ...]
    promises: tuple[Promise, ...]
    today: date

    @property
    def stage(self) -> TieStage:
        """What the two are to each other."""
        return stage(self.touches)

    @property
    def growth(self) -> Growth:
        """How far it has grown."""
        return growth(self.touches)

    @property
    def warmth(self) -> Warmth:
        """Whether it is kept up."""
        return warmth(self.touches, self.today)

    @property
    def contacts(self) -> int:
        """How many contacts count so far."""
        return contacts_so_far(self.touches)

    @property
    def dots(self) -> int:
        """The same on five dots."""
        return min(self.contacts, TRUST_FROM)

    @property
    def last_on(self) -> date | None:
        """The day of the last contact."""
        return max((touch.day for touch in self.touches), default=None)

    @property
    def next_step(self) -> NextStep:
        """What would do it good next."""
        nearest = next((promise.due_on for promise in self.promises if promise.due_on), None)
        return next_step(self.touches, self.today, promise_on=nearest)

    def state_of(self, promise: Promise) -> PromiseState:
        """Where a promise stands today."""
        return promise_state(
            promise.due_on,
            self.today,
            kept=promise.kept_at is not None,
            dropped=promise.dropped_at is not None,
        )


@dataclass(frozen=True, slots=True)
class Whole:
    """A person's ties taken together: how many stand at each stage, whom the focus list lacks, how open the
    network is.
    """

    stages: dict[TieStage, int]
    focus: Portfolio
    openness: Openness | None


@dataclass(frozen=True, slots=True)
class Page:
    """All that the page of one tie shows; `contacts` newest first, each with the event's title; `settled`:
    promises done with.
    """

    entry: Entry
    contacts: tuple[tuple[Contact, str | None], ...]
    settled: tuple[Promise, ...]
    agreed: bool
    agreed_back: bool


def zone_of(person: Person) -> ZoneInfo:
    """The zone in which a person's days are counted."""
    return ZoneInfo(person.time_zone or DEFAULT_ZONE)


def book(session: Session, person: Person, now: datetime) -> list[Entry]:
    """A person's ties, let-go ones included, the last touched first; nobody with a block either way."""
    rows = session.execute(_ties(person.id).order_by(Tie.id)).all()
    touches = touches_of(session, person)
    owed: dict[int, list[Promise]] = defaultdict(list)
    for promise in session.scalars(_owed(person.id)):
        owed[promise.other_id].append(promise)
    today = now.astimezone(zone_of(person)).date()
    entries = [
        Entry(tie, other, tuple(touches.get(other.id, ())), tuple(owed.get(other.id, ())), today)
        for tie, other in rows
    ]
    return sorted(entries, key=lambda entry: (entry.last_on or date.min, entry.tie.id), reverse=True)


def shown(entries: Iterable[Entry], which: Shown) -> list[Entry]:
    """The part of the book that is looked at; the focus list in its own order."""
    held = [entry for entry in entries if (entry.tie.let_go_at is not None) == (which is Shown.LET_GO)]
    if which is Shown.FOCUS:
        return sorted((e for e in held if e.tie.rank is not None), key=lambda entry: entry.tie.rank or 0)
    if which is Shown.COOLING:
        return [entry for entry in held if entry.warmth is not Warmth.WARM]
    if which is Shown.PROMISES:
        return [entry for entry in held if entry.promises]
    return held


def whole(entries: Sequence[Entry], me: Person) -> Whole:
    """The ties that stand, taken together."""
    held = [entry for entry in entries if entry.tie.let_go_at is None]
    own = me.profile.industry
    places = [place(own, e.other.profile.industry, e.tie.purpose) for e in held if e.tie.rank is not None]
    traits = [(p.industry, p.size, p.region, p.role) for p in (entry.other.profile for entry in held)]
    counts = {one: sum(entry.stage is one for entry in held) for one in TieStage}
    return Whole(counts, portfolio(places[:FOCUS_SIZE]), openness(traits))


def page(session: Session, person: Person, public_id: str, now: datetime) -> Page:
    """One tie of a person with its whole story. NotFound for anybody else's, and after a block."""
    agreed = exists().where(ContactConsent.person_id == ONE, ContactConsent.other_id == OTHER)
    back = exists().where(ContactConsent.person_id == OTHER, ContactConsent.other_id == ONE)
    query = _ties(person.id).add_columns(agreed, back).where(Tie.public_id == public_id)
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    tie, other, yes, yes_back = row
    contacts = _contacts(session, person.id, other.id)
    mine = _promises(session, person.id, other.id)
    owed = tuple(p for p in mine if p.kept_at is None and p.dropped_at is None)
    zone = zone_of(person)
    touches = tuple(Touch(contact.kind, contact.at.astimezone(zone).date()) for contact, _ in contacts)
    entry = Entry(tie, other, touches, owed, now.astimezone(zone).date())
    return Page(entry, contacts, tuple(p for p in mine if p not in owed), yes, yes_back)


def touches_of(session: Session, person: Person) -> dict[int, list[Touch]]:
    """Every contact of a person, by the other's id."""
    query = select(Contact.a_id, Contact.b_id, Contact.kind, Contact.at).where(
        or_(Contact.a_id == person.id, Contact.b_id == person.id)
    )
    zone = zone_of(person)
    found: dict[int, list[Touch]] = defaultdict(list)
    for a, b, kind, at in session.execute(query):
        found[b if a == person.id else a].append(Touch(ContactKind(kind), at.astimezone(zone).date()))
    return found


def circle_met_in(session: Session, one: int, other: int) -> Circle | None:
    """The circle at whose event two met last: where one may be reported to the hosts."""
    a, b = ordered(one, other)
    query = (
        select(Circle)
        .join(Event, Event.circle_id == Circle.id)
        .join(Contact, Contact.event_id == Event.id)
        .where(Contact.a_id == a, Contact.b_id == b)
    )
    return session.scalar(query.order_by(Contact.at.desc(), Contact.id.desc()).limit(1))


def insights_of(session: Session, person_id: int) -> list[tuple[Insight, Event]]:
    """What a person took home, the latest event first."""
    query = select(Insight, Event).join(Event, Event.id == Insight.event_id)
    query = query.where(Insight.person_id == person_id).order_by(Event.starts_at.desc(), Insight.id.desc())
    return [(insight, event) for insight, event in session.execute(query)]


def insight_of(session: Session, person_id: int, event_public_id: str) -> Insight:
    """A person's own insight of that event. NotFound for anybody else's."""
    query = select(Insight).join(Event, Event.id == Insight.event_id)
    found = session.scalar(query.where(Insight.person_id == person_id, Event.public_id == event_public_id))
    if found is None:
        raise NotFound
    return found


def goals_of(session: Session, person_id: int) -> list[Goal]:
    """A person's goals that have words, the nearest horizon first."""
    query = select(Goal).where(Goal.person_id == person_id, Goal.words != "")
    order = {"short": 0, "middle": 1, "long": 2}
    return sorted(session.scalars(query), key=lambda goal: order[goal.horizon.value])


def promises_near(session: Session, person_id: int, until: date) -> list[tuple[Promise, str, str]]:
    """The promises of a person due by a day: each with the name of whom it was made to and the tie's public id."""
    query = (
        _owed(person_id)
        .join(Person, Person.id == Promise.other_id)
        .join(Tie, (Tie.person_id == Promise.person_id) & (Tie.other_id == Promise.other_id))
        .where(Promise.due_on <= until, Tie.let_go_at.is_(None), not_blocked(ONE, OTHER))
        .add_columns(Person.name, Tie.public_id)
    )
    return [(promise, name, public_id) for promise, name, public_id in session.execute(query)]


def _ties(person_id: int) -> Select[Tie, Person]:
    return (
        select(Tie, Other)
        .join(Other, Other.id == Tie.other_id)
        .join(OtherProfile, OtherProfile.person_id == Other.id)
        .options(contains_eager(Other.profile.of_type(OtherProfile)))
        .where(Tie.person_id == person_id, Other.merged_into_id.is_(None), not_blocked(ONE, OTHER))
    )


def _owed(person_id: int) -> Select[Promise]:
    query = select(Promise).where(
        Promise.person_id == person_id, Promise.kept_at.is_(None), Promise.dropped_at.is_(None)
    )
    return query.order_by(Promise.due_on.is_(None), Promise.due_on, Promise.id)


def _contacts(session: Session, one: int, other: int) -> tuple[tuple[Contact, str | None], ...]:
    a, b = ordered(one, other)
    query = select(Contact, Event.title).outerjoin(Event, Event.id == Contact.event_id)
    query = query.where(Contact.a_id == a, Contact.b_id == b).order_by(Contact.at.desc(), Contact.id.desc())
    return tuple((contact, title) for contact, title in session.execute(query))


def _promises(session: Session, one: int, other: int) -> list[Promise]:
    """What `one` ever promised `other`, the nearest first."""
    query = select(Promise).where(Promise.person_id == one, Promise.other_id == other)
    return list(session.scalars(query.order_by(Promise.due_on.is_(None), Promise.due_on, Promise.id)))


@dataclass(frozen=True, slots=True)
class Glance:
    """A person's own things in numbers, and the last thought they took home."""

    ties: int
    insights: int
    goals: int
    circles: int
    last_insight: str | None
    exchanged: str | None
    """The public id of the tie whose other has lately said yes to one's own offer of contact data."""
    exchanged_with: str | None


def at_a_glance(session: Session, person_id: int, since: datetime) -> Glance:
    """What the first page counts, in one statement; `since`: from when on an exchange of contact data is news."""
    last = (
        select(Insight.words)
        .where(Insight.person_id == person_id)
        .order_by(Insight.at.desc(), Insight.id.desc())
    )
    counts = (
        select(func.count(Tie.id)).where(
            Tie.person_id == person_id, Tie.let_go_at.is_(None), not_blocked(ONE, OTHER)
        ),
        select(func.count(Insight.id)).where(Insight.person_id == person_id),
        select(func.count(Goal.id)).where(Goal.person_id == person_id, Goal.words != ""),
        select(func.count(Membership.id)).where(Membership.person_id == person_id),
        last.limit(1),
        _exchanged(person_id, since).with_only_columns(Tie.public_id),
        _exchanged(person_id, since).with_only_columns(Person.name),
    )
    return Glance(*session.execute(select(*(one.scalar_subquery() for one in counts))).one())


def _exchanged(person_id: int, since: datetime) -> Select[int]:
    """The tie whose other answered one's offer last; who was the second to say yes has seen it at once."""
    back = aliased(ContactConsent)
    query = (
        select(Tie.id)
        .join(Person, Person.id == Tie.other_id)
        .join(ContactConsent, (ContactConsent.person_id == ONE) & (ContactConsent.other_id == OTHER))
        .join(back, (back.person_id == OTHER) & (back.other_id == ONE))
        .where(Tie.person_id == person_id, Tie.let_go_at.is_(None), not_blocked(ONE, OTHER))
        .where(back.at >= since, back.at > ContactConsent.at)
    )
    return query.order_by(back.at.desc(), back.id.desc()).limit(1)
