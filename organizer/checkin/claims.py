"""The links by which people who walked in take their registration into their own hands."""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from organizer.checkin.models import Claim
from organizer.events.models import Event
from organizer.people.models import Person
from organizer.registrations.models import Registration
from organizer.tokens import digest, new_public_id

GOOD_FOR = timedelta(days=30)


def make(session: Session, registration: Registration, now: datetime, secret_key: str) -> Claim:
    """A new claim on a walk-in's registration."""
    claim = Claim(
        public_id=new_public_id(),
        circle_id=registration.circle_id,
        event_id=registration.event_id,
        registration_id=registration.id,
        person_id=registration.person_id,
        said={},
        created_at=now,
        expires_at=now + GOOD_FOR,
    )
    claim.token_hash = digest(token_of(claim, secret_key))
    session.add(claim)
    session.flush()
    return claim


def token_of(claim: Claim, secret_key: str) -> str:
    """The token of a claim's link. It is kept nowhere, and made again whenever its QR code is drawn."""
    words = f"enishi claim\0{claim.public_id}".encode()
    made = hmac.new(secret_key.encode(), words, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def find(session: Session, token: str) -> Claim | None:
    """The claim of a link, whatever has become of it."""
    return session.scalar(select(Claim).where(Claim.token_hash == digest(token)))


def find_for(session: Session, person: Person, public_id: str) -> Claim | None:
    """The claim in which this person is asked whether they are the one who walked in."""
    return session.scalar(select(Claim).where(Claim.public_id == public_id, Claim.other_id == person.id))


def of_registration(session: Session, registration_id: int) -> Claim | None:
    """The latest claim on a registration."""
    query = select(Claim).where(Claim.registration_id == registration_id)
    return session.scalar(query.order_by(Claim.id.desc()).limit(1))


def is_open(claim: Claim, now: datetime) -> bool:
    """Whether its link still does anything."""
    return claim.settled_at is None and claim.expires_at > now


def settle(claim: Claim, now: datetime) -> None:
    """End a claim. What was typed for it is in the profile by now, or was for nothing: either way it goes."""
    claim.settled_at, claim.email, claim.said = now, "", {}


def registration_claimed(session: Session, claim: Claim) -> Registration:
    """The registration of a claim; event, circle, person and profile loaded."""
    query = select(Registration).options(
        joinedload(Registration.event).joinedload(Event.circle),
        joinedload(Registration.person).joinedload(Person.profile),
    )
    return session.scalars(query.where(Registration.id == claim.registration_id)).one()
