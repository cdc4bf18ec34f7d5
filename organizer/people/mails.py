"""The mails about signing in and one's address."""

from datetime import datetime

from sqlalchemy.orm import Session

from organizer.domain.delivery import SuppressionReason
from organizer.mail.letters import Letter, composes
from organizer.mail.models import Message
from organizer.people import addresses, signing
from organizer.people.addresses import Side
from organizer.people.models import AddressChange, SignIn, SignInRequest
from organizer.web.unit import config
from organizer.web.urls import external


@composes("sign_in")
def sign_in(session: Session, message: Message, now: datetime) -> Letter | SuppressionReason:
    """The link and the six digits, made here; once used or over there is nothing to send."""
    request = session.get(SignInRequest, message.refs["request"])
    if request is None or not signing.is_open(request, now):
        return SuppressionReason.NO_LONGER_TRUE
    token, digits = signing.make_secrets(request, config().secret_key)
    return Letter({"url": external("people.link", token=token), "digits": digits, "purpose": request.purpose})


@composes("address_change_old")
def address_change_old(session: Session, message: Message, now: datetime) -> Letter | SuppressionReason:
    """Asks the present address to confirm."""
    return _address_change(session, message, now, Side.OLD)


@composes("address_change_new")
def address_change_new(session: Session, message: Message, now: datetime) -> Letter | SuppressionReason:
    """Asks the new address to confirm."""
    return _address_change(session, message, now, Side.NEW)


def _address_change(
    session: Session, message: Message, now: datetime, side: Side
) -> Letter | SuppressionReason:
    change = session.get(AddressChange, message.refs["change"])
    if change is None or change.done_at is not None or change.expires_at <= now:
        return SuppressionReason.NO_LONGER_TRUE
    url = external("people.confirm_address", token=addresses.make_token(change, side))
    return Letter({"url": url, "email": change.email})


@composes("new_sign_in")
def new_sign_in(session: Session, message: Message, now: datetime) -> Letter | SuppressionReason:
    """Tells that somebody signed in with the password: when, and in what browser."""
    row = session.get(SignIn, message.refs["sign_in"])
    if row is None:
        return SuppressionReason.NO_LONGER_TRUE
    return Letter({"url": external("people.sign_ins"), "at": row.created_at, "browser": row.browser})
