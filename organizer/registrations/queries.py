"""Finding registrations, and reading them as the solvers and the applicant read them."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, joinedload

from organizer.domain import profiles as domain
from organizer.domain.lifecycle import LIVE, RegistrationState
from organizer.errors import NotFound
from organizer.events.models import Event
from organizer.people import links
from organizer.people.models import LinkPurpose, Person
from organizer.registrations.models import Registration

LINK_LASTS = timedelta(days=14)
"""How long after the event its ticket links open anything."""


def live_registration(session: Session, event_id: int, person_id: int) -> Registration | None:
    """A person's one live registration for an event (applied, wait-listed or admitted)."""
    return session.scalar(_of_person(event_id, person_id).where(Registration.state.in_(LIVE)))


def standing_registration(session: Session, event_id: int, person_id: int) -> Registration | None:
    """The registration by which an application is answered already: the live one, else the latest that was declined."""
    query = _of_person(event_id, person_id).where(Registration.state != RegistrationState.CANCELLED)
    found = list(session.scalars(query.order_by(Registration.id.desc())))
    return next((one for one in found if one.state in LIVE), found[0] if found else None)


def registrations_of(
    session: Session, event_id: int, states: Iterable[RegistrationState]
) -> list[Registration]:
    """The registrations of an event in these states, in the order of application; person and profile loaded."""
    query = (
        select(Registration)
        .options(joinedload(Registration.person).joinedload(Person.profile))
        .where(Registration.event_id == event_id, Registration.state.in_(list(states)))
    )
    return list(session.scalars(query.order_by(Registration.applied_at, Registration.id)))


def profile_of(registration: Registration) -> domain.Profile:
    """What the person said for this event: the profile as it was when applying, with this event's gives, wish and goal.

    Its id is the person's. What was said in confidence is not in it.
    """
    own = {"id": registration.person_id, "first_timer": registration.first_time}
    return domain.Profile.from_data(registration.profile | registration.answers | own)


def told_state(registration: Registration, now: datetime) -> RegistrationState:
    """The state as the applicant knows it: until a decision's mail may leave, the one before it."""
    due, before = registration.letter_due_at, registration.before
    if due is not None and now < due and before and registration.state is not RegistrationState.CANCELLED:
        return RegistrationState(before["state"])
    return registration.state


def registration_of_link(session: Session, token: str, now: datetime) -> Registration:
    """The registration that a mail's ticket link opens; event, circle, person and profile loaded.

    NotFound for any other token.
    """
    link = links.find(session, LinkPurpose.TICKET, token, now)
    if link is None or link.subject_id is None:
        raise NotFound
    found = session.scalar(
        _whole().where(Registration.id == link.subject_id, Registration.person_id == link.person_id)
    )
    if found is None or now > found.event.ends_at + LINK_LASTS:
        raise NotFound
    return found


def registration_of_person(session: Session, person: Person, public_id: str) -> Registration:
    """A person's own registration of that public id; event, circle, person and profile loaded.

    NotFound for anybody else's.
    """
    query = _whole().where(Registration.public_id == public_id, Registration.person_id == person.id)
    found = session.scalar(query)
    if found is None:
        raise NotFound
    return found


def whole_registration(session: Session, registration_id: int) -> Registration | None:
    """A registration by its id; event, circle, person and profile loaded."""
    return session.scalar(_whole().where(Registration.id == registration_id))


def somebody_waits(session: Session, event_id: int, *, but: int) -> bool:
    """Whether the event's waiting list has anybody on it, `but` this registration."""
    waiting = exists().where(
        Registration.event_id == event_id,
        Registration.state == RegistrationState.WAITLISTED,
        Registration.id != but,
    )
    return bool(session.scalar(select(waiting)))


def coming(
    session: Session, person_id: int, now: datetime, states: Collection[RegistrationState] = LIVE
) -> list[Registration]:
    """A person's registrations for events that are not over, the next event first; event and circle loaded."""
    query = _whole().where(
        Registration.person_id == person_id, Registration.state.in_(states), Event.ends_at > now
    )
    return list(
        session.scalars(
            query.join(Event, Event.id == Registration.event_id).order_by(Event.starts_at, Registration.id)
        )
    )


def _of_person(event_id: int, person_id: int) -> Select[Registration]:
    return select(Registration).where(Registration.event_id == event_id, Registration.person_id == person_id)


def _whole() -> Select[Registration]:
    return select(Registration).options(
        joinedload(Registration.event).joinedload(Event.circle),
        joinedload(Registration.person).joinedload(Person.profile),
    )
