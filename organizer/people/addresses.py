"""Changing one's mail address: it takes effect once the old and the new address have both said yes."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from organizer.audit.service import record
from organizer.errors import Refused
from organizer.mail import outbox
from organizer.people.counting import count
from organizer.people.models import AddressChange, Person
from organizer.people.service import find_by_address, fold_address
from organizer.people.signing import DAY, within_strangers_share
from organizer.tokens import digest, new_token

GOOD_FOR = timedelta(hours=24)
CHANGES_A_DAY = 5


class AddressBarrier(StrEnum):
    """Why an address cannot be changed."""

    SAME_ADDRESS = "same_address"
    ADDRESS_TAKEN = "address_taken"
    TOO_MANY_CHANGES = "too_many_changes"


class Side(StrEnum):
    """Which of the two addresses a link was mailed to."""

    OLD = "old"
    NEW = "new"


def ask(session: Session, person: Person, email: str, *, now: datetime, secret_key: str) -> AddressChange:
    """A wish to change the address, and a mail to each of the two; an earlier wish is given up.

    An address that is somebody else's gets no mail, and is not told apart here.
    """
    folded = fold_address(email)
    if folded == person.email_folded:
        raise Refused(AddressBarrier.SAME_ADDRESS)
    if count(session, f"address-change:{person.id}", DAY, now.timestamp()) > CHANGES_A_DAY:
        raise Refused(AddressBarrier.TOO_MANY_CHANGES)
    give_up(session, person, now)
    change = AddressChange(
        person_id=person.id,
        email=email.strip(),
        email_folded=folded,
        created_at=now,
        expires_at=now + GOOD_FOR,
    )
    session.add(change)
    session.flush()
    outbox.post(session, "address_change_old", now=now, person_id=person.id, change=change.id)
    taken = find_by_address(session, folded) is not None
    if not taken and within_strangers_share(session, folded, now, secret_key):
        outbox.post(
            session,
            "address_change_new",
            now=now,
            address=change.email,
            locale=person.locale,
            change=change.id,
        )
    record(session, "address.change_asked", "person", person.id, at=now, actor_id=person.id, change=change.id)
    return change


def give_up(session: Session, person: Person, now: datetime) -> None:
    """End a change under way: its links no longer work."""
    ending = update(AddressChange).where(
        AddressChange.person_id == person.id, AddressChange.done_at.is_(None), AddressChange.expires_at > now
    )
    session.execute(ending.values(expires_at=now))


def under_way(session: Session, person: Person, now: datetime) -> AddressChange | None:
    """The change that waits for its two confirmations."""
    query = select(AddressChange).where(
        AddressChange.person_id == person.id, AddressChange.done_at.is_(None), AddressChange.expires_at > now
    )
    return session.scalar(query.order_by(AddressChange.id.desc()).limit(1))


def make_token(change: AddressChange, side: Side) -> str:
    """A new token for the mail being written to one of the two addresses."""
    token = new_token()
    if side is Side.OLD:
        change.old_hash = digest(token)
    else:
        change.new_hash = digest(token)
    return token


def find(session: Session, token: str, now: datetime) -> tuple[AddressChange, Side] | None:
    """The change a link belongs to, and which address it was mailed to; None when unknown, done or over."""
    hashed = digest(token)
    query = select(AddressChange).where(
        or_(AddressChange.old_hash == hashed, AddressChange.new_hash == hashed)
    )
    change = session.scalar(query.where(AddressChange.done_at.is_(None), AddressChange.expires_at > now))
    if change is None:
        return None
    return change, Side.OLD if change.old_hash == hashed else Side.NEW


def confirm(session: Session, change: AddressChange, side: Side, now: datetime) -> bool:
    """Take one side's yes; gives whether that made the change. Each link says yes once."""
    column = AddressChange.old_confirmed_at if side is Side.OLD else AddressChange.new_confirmed_at
    saying = update(AddressChange).where(
        AddressChange.id == change.id, column.is_(None), AddressChange.done_at.is_(None)
    )
    session.execute(saying.values({column: now}))
    session.refresh(change)
    if change.old_confirmed_at is None or change.new_confirmed_at is None:
        return False
    return _make(session, change, now)


def _make(session: Session, change: AddressChange, now: datetime) -> bool:
    """Set the new address; Refused when it has become somebody else's meanwhile."""
    taking = update(AddressChange).where(AddressChange.id == change.id, AddressChange.done_at.is_(None))
    if session.execute(taking.values(done_at=now)).rowcount != 1:  # type: ignore[attr-defined]
        return False
    person = session.get_one(Person, change.person_id)
    try:
        with session.begin_nested():
            person.email, person.email_folded, person.email_confirmed_at = (
                change.email,
                change.email_folded,
                now,
            )
    except IntegrityError:
        raise Refused(AddressBarrier.ADDRESS_TAKEN) from None
    record(session, "address.changed", "person", person.id, at=now, actor_id=person.id, change=change.id)
    return True
