"""The phone on which a ticket's link was opened: known again at the door, and good for nothing else.

The phone keeps a pass in a cookie that is sent to the self check-in of that event, and to the cards that badges
lead to, alone. It says which registration,
and proves that the standing ticket was seen: it ends when the ticket is renewed or given back.
"""

import hmac
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from organizer.events.models import Event
from organizer.events.service import is_public_id
from organizer.people.models import Person
from organizer.registrations.models import Registration, Ticket
from organizer.tokens import keyed_digest

COOKIE = "enishi-ticket"
AFTERWARDS = timedelta(hours=6)
_PROOF_SIGNS = 32


def cookie_name(https: bool) -> str:
    """Under which name a phone keeps its pass; its path is that event's self check-in."""
    return f"__Secure-{COOKIE}" if https else COOKIE


def card_cookie_name(https: bool, event: Event) -> str:
    """The same for the cards of those at an event; their path is the one that badges lead to."""
    return f"{cookie_name(https)}-{event.public_id}"


def pass_of(registration: Registration, ticket: Ticket, secret_key: str) -> str:
    """What a phone keeps that has shown this ticket."""
    return f"{registration.public_id}.{_proof(ticket, secret_key)}"


def find(session: Session, event: Event, kept: str, secret_key: str) -> Registration | None:
    """The registration to this event that a phone's pass speaks of, person and event loaded.

    None for a pass that proves nothing.
    """
    public_id, _, proof = kept.partition(".")
    if not is_public_id(public_id):
        return None
    query = (
        select(Registration, Ticket)
        .join(Ticket, (Ticket.registration_id == Registration.id) & Ticket.revoked_at.is_(None))
        .options(joinedload(Registration.person).joinedload(Person.profile))
        .options(joinedload(Registration.event).joinedload(Event.circle))
        .where(Registration.public_id == public_id, Registration.event_id == event.id)
    )
    row = session.execute(query).one_or_none()
    if row is None or not hmac.compare_digest(_proof(row[1], secret_key).encode(), proof.encode()):
        return None
    return row[0]


def _proof(ticket: Ticket, secret_key: str) -> str:
    return keyed_digest(secret_key, "self check-in", f"{ticket.event_id}\0{ticket.code_hash}")[:_PROOF_SIGNS]
