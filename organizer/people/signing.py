"""Asking for a sign-in mail, and what its link or its six digits bring about.

Both work once, for ten minutes, and only for the browser that asked.
"""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from organizer.audit.service import record
from organizer.domain.delivery import MessageState
from organizer.errors import Refused
from organizer.mail import outbox
from organizer.people.counting import count
from organizer.people.models import Person, SignInPurpose, SignInRequest
from organizer.people.service import create_person, find_by_address, fold_address
from organizer.tokens import digest, keyed_digest, new_token

GOOD_FOR = timedelta(minutes=10)
TRIES = 5
ASKS_A_DAY = 10
MAILS_A_DAY_TO_STRANGERS = 3
DAY = 86_400.0


class SigningBarrier(StrEnum):
    """Why no sign-in mail is sent."""

    TOO_MANY_ASKED = "too_many_asked"


OnConfirmed = Callable[[Session, SignInRequest, Person, datetime], str | None]
ON_CONFIRMED: dict[SignInPurpose, OnConfirmed] = {}


def on_confirmed(purpose: SignInPurpose) -> Callable[[OnConfirmed], OnConfirmed]:
    """Register what a confirmed request of a purpose brings about besides signing in.

    It gives the path to go on to, or None. It runs in the transaction in which the request is spent, and so happens
    once. The person's profile is loaded.
    """

    def register(act: OnConfirmed) -> OnConfirmed:
        if purpose in ON_CONFIRMED:
            raise ValueError(f"two functions follow {purpose}")
        ON_CONFIRMED[purpose] = act
        return act

    return register


Adopt = Callable[[Session, SignInRequest, datetime], Person | None]
ADOPTS: dict[SignInPurpose, Adopt] = {}


def adopts(purpose: SignInPurpose) -> Callable[[Adopt], Adopt]:
    """Register who gets an address that is nobody's yet when a request of a purpose is confirmed: a person without one.

    Where it gives None, a new person is made.
    """

    def register(find: Adopt) -> Adopt:
        if purpose in ADOPTS:
            raise ValueError(f"two functions know who gets the address of {purpose}")
        ADOPTS[purpose] = find
        return find

    return register


@dataclass(frozen=True)
class Confirmed:
    """Whom a spent request signs in, and where they go on."""

    person: Person
    next_path: str


def ask(
    session: Session,
    email: str,
    *,
    purpose: SignInPurpose = SignInPurpose.SIGN_IN,
    subject_id: int | None = None,
    browser: str,
    next_path: str = "/",
    locale: str,
    now: datetime,
    secret_key: str,
) -> SignInRequest:
    """A request for this address and its mail, whether anybody has it or not. Refused on the eleventh of a day.

    To an address nobody has confirmed at most three mails a day leave: the fourth looks the same from outside.
    """
    folded = fold_address(email)
    if count(session, f"asked:{_address_key(folded, secret_key)}", DAY, now.timestamp()) > ASKS_A_DAY:
        raise Refused(SigningBarrier.TOO_MANY_ASKED)
    person = find_by_address(session, folded)
    request = SignInRequest(
        purpose=purpose,
        subject_id=subject_id,
        email=email.strip(),
        email_folded=folded,
        locale=person.locale if person else locale,
        browser_hash=digest(browser),
        next_path=next_path,
        created_at=now,
        expires_at=now + GOOD_FOR,
    )
    session.add(request)
    session.flush()
    message = outbox.post(
        session, "sign_in", now=now, address=request.email, locale=request.locale, request=request.id
    )
    within = within_strangers_share(
        session, folded, now, secret_key
    )  # counted for all: the same work, the same time
    confirmed = person is not None and person.email_confirmed_at is not None
    if not confirmed and not within:
        message.state, message.reason, message.ended_at = MessageState.SUPPRESSED, "too_many", now
    return request


def within_strangers_share(session: Session, folded: str, now: datetime, secret_key: str) -> bool:
    """Count one mail to an address nobody has confirmed; gives whether it may leave: three a day, site-wide."""
    key = f"mailed:{_address_key(folded, secret_key)}"
    return count(session, key, DAY, now.timestamp()) <= MAILS_A_DAY_TO_STRANGERS


def make_secrets(request: SignInRequest, secret_key: str) -> tuple[str, str]:
    """A new link token and six digits for the mail being written.

    The row keeps their hashes; earlier ones no longer work.
    """
    token, digits = new_token(), f"{secrets.randbelow(1_000_000):06}"
    request.link_hash = digest(token)
    request.digits_hash = _digits_hash(request, digits, secret_key)
    return token, digits


def find_request(session: Session, public_id: str) -> SignInRequest | None:
    """The request whose waiting page has this address."""
    return session.scalar(select(SignInRequest).where(SignInRequest.public_id == public_id))


def find_by_link(session: Session, token: str) -> SignInRequest | None:
    """The request a link was mailed for, whatever has become of it."""
    return session.scalar(select(SignInRequest).where(SignInRequest.link_hash == digest(token)))


def is_open(request: SignInRequest, now: datetime) -> bool:
    """Whether link and digits can still be used."""
    return request.used_at is None and request.expires_at > now


def asked_by(request: SignInRequest, browser: str) -> bool:
    """Whether it was this browser that asked."""
    return hmac.compare_digest(request.browser_hash, digest(browser))


def try_digits(
    session: Session, request: SignInRequest, digits: str, *, now: datetime, secret_key: str
) -> bool:
    """Whether these are the six digits of the mail.

    Counts the try before it looks: five in all, also when several come at once.
    """
    trying = (
        update(SignInRequest)
        .where(SignInRequest.id == request.id, SignInRequest.tries < TRIES)
        .where(SignInRequest.used_at.is_(None), SignInRequest.expires_at > now)
        .values(tries=SignInRequest.tries + 1)
    )
    counted = session.execute(trying).rowcount == 1  # type: ignore[attr-defined]
    session.refresh(request)
    return (
        counted
        and request.digits_hash is not None
        and hmac.compare_digest(request.digits_hash, _digits_hash(request, digits, secret_key))
    )


def spend(session: Session, request: SignInRequest, now: datetime) -> Confirmed | None:
    """Use the request up and do what it was asked for; None for everybody but the first, and after its time."""
    if not _take(session, request, now):
        return None
    person = _person_of(session, request, now)
    record(
        session,
        "sign_in.confirmed",
        "sign_in_request",
        request.id,
        at=now,
        actor_id=person.id,
        purpose=request.purpose,
    )
    act = ON_CONFIRMED.get(request.purpose)
    path = act(session, request, person, now) if act else None
    return Confirmed(person, path or request.next_path)


def _take(session: Session, request: SignInRequest, now: datetime) -> bool:
    taking = (
        update(SignInRequest)
        .where(
            SignInRequest.id == request.id, SignInRequest.used_at.is_(None), SignInRequest.expires_at > now
        )
        .values(used_at=now)
    )
    return bool(session.execute(taking).rowcount == 1)  # type: ignore[attr-defined]


def _person_of(session: Session, request: SignInRequest, now: datetime) -> Person:
    """Whose address was confirmed: known, without one until now, or new from this moment on."""
    person = find_by_address(session, request.email_folded) or _adopted(session, request, now)
    if person is None:
        person = create_person(session, request.email, now=now, locale=request.locale, confirmed=True)
        record(session, "person.created", "person", person.id, at=now, actor_id=person.id)
    if person.email_confirmed_at is None:
        person.email_confirmed_at = now
    return person


def _adopted(session: Session, request: SignInRequest, now: datetime) -> Person | None:
    """The person who gets this address; whose it was a moment earlier, where another was quicker."""
    find = ADOPTS.get(request.purpose)
    person = find(session, request, now) if find else None
    if person is None or person.email_folded is not None:
        return None
    try:
        with session.begin_nested():
            person.email, person.email_folded = request.email, request.email_folded
            person.locale = request.locale
    except IntegrityError:
        return find_by_address(session, request.email_folded)
    return person


def _address_key(folded: str, secret_key: str) -> str:
    return keyed_digest(secret_key, "address", folded)[:32]


def _digits_hash(request: SignInRequest, digits: str, secret_key: str) -> str:
    return keyed_digest(secret_key, f"sign_in:{request.public_id}", digits)
