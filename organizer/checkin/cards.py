"""A person's card, opened by the QR code on their badge: for those who are at the same event, and for nobody else."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from organizer.circles.models import Membership
from organizer.domain.lifecycle import EventState, RegistrationState
from organizer.domain.roles import Right, roles_with
from organizer.domain.vocabulary import SharingRule
from organizer.events.models import Event
from organizer.events.service import is_public_id
from organizer.people.blocks import blocked
from organizer.people.models import Person
from organizer.registrations.models import Registration
from organizer.registrations.queries import LINK_LASTS, live_registration, told_state

STAYS = timedelta(hours=3)
"""How long after an event whose talk stays in the room its cards still open."""


def card_for(session: Session, viewer_id: int, code: str, now: datetime) -> Registration | None:
    """Whose card that is, if this person may see it; event, circle, person and profile loaded.

    None alike for codes of nobody, for events one is not at, for who does not wish to be listed, for blocks of
    either side, and once the event is long enough over. One's own card and the host's look at it are never refused.
    """
    row = _registration(session, code)
    if row is None or told_state(row, now) is not RegistrationState.ADMITTED:
        return None
    if viewer_id == row.person_id or _hosts(session, viewer_id, row.circle_id):
        return row
    if not row.listed or now > _until(row.event) or not _is_there(session, viewer_id, row.event_id, now):
        return None
    return None if blocked(session, viewer_id, row.person_id) else row


def event_of(session: Session, code: str) -> Event | None:
    """The event at which that card opens, circle loaded."""
    row = _registration(session, code)
    return row.event if row else None


def _registration(session: Session, code: str) -> Registration | None:
    if not is_public_id(code):
        return None
    query = (
        select(Registration)
        .join(Registration.event)
        .options(contains_eager(Registration.event).joinedload(Event.circle))
        .options(joinedload(Registration.person).joinedload(Person.profile))
        .where(Registration.public_id == code, Event.state.not_in((EventState.DRAFT, EventState.CANCELLED)))
    )
    return session.scalar(query)


def _until(event: Event) -> datetime:
    """Until when the cards of an event open for the others of it."""
    return event.ends_at + (STAYS if event.sharing_rule is SharingRule.STAYS_IN_ROOM else LINK_LASTS)


def _is_there(session: Session, person_id: int, event_id: int, now: datetime) -> bool:
    own = live_registration(session, event_id, person_id)
    return own is not None and told_state(own, now) is RegistrationState.ADMITTED


def _hosts(session: Session, person_id: int, circle_id: int) -> bool:
    query = select(Membership.id).where(
        Membership.circle_id == circle_id,
        Membership.person_id == person_id,
        Membership.role.in_(sorted(roles_with(Right.MANAGE_EVENT))),
    )
    return session.scalar(query) is not None
