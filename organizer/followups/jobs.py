"""What every sweep does for prompts."""

from datetime import datetime

from sqlalchemy.orm import Session

from organizer.followups import days
from organizer.jobs.tasks import each_sweep


@each_sweep
def put_on_their_days(session: Session, now: datetime) -> None:
    """Note what became of yesterday's letters, then give what is due its slot and its letter."""
    days.note_fates(session)
    days.forget_letters(session)
    days.release_missed(session, now)
    days.put_on_their_days(session, now)
