"""Whether the app can do its work."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from organizer.db import Database
from organizer.domain.delivery import FollowUpState, MessageState
from organizer.followups.models import FollowUp
from organizer.jobs.models import Task, TaskState
from organizer.mail.models import Message
from organizer.migrations import is_current


@dataclass(frozen=True)
class Readiness:
    """The answer of /readyz: `facts` has `ready`, and `oldest_due_seconds` where the database could be asked."""

    ready: bool
    facts: dict[str, object]


def readiness(database: Database, now: datetime) -> Readiness:
    """Ready when the database can be written and has every migration."""
    try:
        with database.transaction() as session:
            if not is_current(session.connection()):
                return Readiness(False, {"ready": False, "why": "migrations are missing"})
            session.execute(text("UPDATE alembic_version SET version_num = version_num"))
            oldest = _oldest_due(session, now)
    except SQLAlchemyError:
        return Readiness(False, {"ready": False, "why": "the database cannot be written"})
    return Readiness(True, {"ready": True, "oldest_due_seconds": oldest})


def _oldest_due(session: Session, now: datetime) -> int:
    moments = (
        session.scalar(select(func.min(Message.due_at)).where(Message.state == MessageState.QUEUED)),
        session.scalar(select(func.min(Task.due_at)).where(Task.state == TaskState.WAITING)),
        session.scalar(select(func.min(FollowUp.due_at)).where(FollowUp.state == FollowUpState.WAITING)),
    )
    due = [moment for moment in moments if moment is not None and moment <= now]
    return int((now - min(due)).total_seconds()) if due else 0
