"""Long-lived links of mails: made while the mail is composed, kept as hashes, good for one person and one row."""

from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from organizer.people.models import LinkPurpose, MailLink
from organizer.tokens import digest, new_token


def issue(
    session: Session,
    purpose: LinkPurpose,
    person_id: int,
    subject_id: int | None,
    *,
    now: datetime,
    expires_at: datetime | None = None,
) -> str:
    """A new link's token, which is kept nowhere: earlier links of the same row stay good."""
    token = new_token()
    link = MailLink(
        token_hash=digest(token),
        purpose=purpose,
        person_id=person_id,
        subject_id=subject_id,
        created_at=now,
        expires_at=expires_at,
    )
    session.add(link)
    session.flush()
    return token


def find(session: Session, purpose: LinkPurpose, token: str, now: datetime) -> MailLink | None:
    """The link of a token; None when unknown, of another purpose, expired or revoked."""
    query = select(MailLink).where(
        MailLink.token_hash == digest(token),
        MailLink.purpose == purpose,
        MailLink.revoked_at.is_(None),
        or_(MailLink.expires_at.is_(None), MailLink.expires_at > now),
    )
    return session.scalar(query)


def has_expired(session: Session, purpose: LinkPurpose, token: str, now: datetime) -> bool:
    """Whether this was a good link once, and only its time is over: its page can say so kindly."""
    query = select(MailLink.id).where(
        MailLink.token_hash == digest(token),
        MailLink.purpose == purpose,
        MailLink.revoked_at.is_(None),
        MailLink.expires_at <= now,
    )
    return session.scalar(query) is not None


def revoke(session: Session, purpose: LinkPurpose, subject_id: int, now: datetime) -> None:
    """End every link of that purpose to one row."""
    ending = update(MailLink).where(
        MailLink.purpose == purpose, MailLink.subject_id == subject_id, MailLink.revoked_at.is_(None)
    )
    session.execute(ending.values(revoked_at=now))
