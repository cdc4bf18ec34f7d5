"""How many of those who hold a ticket really come, by what the circle has seen so far."""

from datetime import datetime

from sqlalchemy import and_, distinct, func, select
from sqlalchemy.orm import Session

from organizer.checkin.models import CheckIn
from organizer.events.models import Event
from organizer.registrations.models import Ticket

USUAL = 14 / 15
ENOUGH = 30
"""Tickets of past events from which on the circle's own experience counts."""


def arrival_rate(session: Session, circle_id: int, now: datetime) -> float:
    """The share of ticket holders who came to the circle's past events; the usual one while there were too few."""
    standing = and_(CheckIn.registration_id == Ticket.registration_id, CheckIn.voided_at.is_(None))
    query = (
        select(func.count(distinct(Ticket.registration_id)), func.count(distinct(CheckIn.registration_id)))
        .join(Event, Event.id == Ticket.event_id)
        .outerjoin(CheckIn, standing)
        .where(Ticket.circle_id == circle_id, Event.ends_at < now)
    )
    held, came = session.execute(query).one()
    return came / held if held >= ENOUGH else USUAL
