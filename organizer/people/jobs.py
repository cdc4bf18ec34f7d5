"""Tidying up after signing in."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from organizer.jobs.tasks import each_sweep
from organizer.people.counting import forget_expired
from organizer.people.models import SignInRequest

KEPT_FOR = timedelta(days=30)


@each_sweep
def forget_what_is_over(session: Session, now: datetime) -> None:
    """Drop counts whose window has ended, and requests a month after they were made."""
    forget_expired(session, now.timestamp())
    session.execute(delete(SignInRequest).where(SignInRequest.created_at < now - KEPT_FOR))
