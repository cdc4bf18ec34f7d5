"""Writing to the audit log, and reading it back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.audit.models import AuditEntry


def record(
    session: Session,
    act: str,
    subject: str,
    subject_id: int | None,
    *,
    at: datetime,
    actor_id: int | None = None,
    circle_id: int | None = None,
    **facts: Any,
) -> AuditEntry:
    """Add one entry; `act` is `subject.verb` in the past (`registration.admitted`), `facts` are ids and codes."""
    entry = AuditEntry(
        circle_id=circle_id,
        actor_id=actor_id,
        act=act,
        subject=subject,
        subject_id=subject_id,
        facts=facts,
        at=at,
    )
    session.add(entry)
    return entry


def entries(session: Session, subject: str, subject_id: int) -> Sequence[AuditEntry]:
    """The entries about one row, oldest first."""
    query = select(AuditEntry).where(AuditEntry.subject == subject, AuditEntry.subject_id == subject_id)
    return session.scalars(query.order_by(AuditEntry.at, AuditEntry.id)).all()
