"""What the worker does at the end of an event: open the closing, and make the matches."""

from datetime import datetime

from sqlalchemy.orm import Session

from organizer.checkin.queries import present_ids
from organizer.domain.lifecycle import EventState
from organizer.errors import Refused
from organizer.events.models import Event
from organizer.events.schedule import CLOSING_OPENS, MAKE_MATCHES
from organizer.jobs.models import Task
from organizer.jobs.tasks import does
from organizer.mail.outbox import post
from organizer.matches.queries import newest_run
from organizer.workflows.closing import make_matches

TAKES_PLACE = (EventState.PUBLISHED, EventState.CLOSED)


@does(CLOSING_OPENS)
def closing_opens(session: Session, task: Task, now: datetime) -> bool:
    """Tell everybody who is there that the closing is open; nobody any more once the matches are made."""
    event = session.get(Event, task.subject_id)
    if event is None or event.state not in TAKES_PLACE or newest_run(session, event.id):
        return False
    for person_id in present_ids(session, event.id):
        once = f"closing_opens:{event.id}:{person_id}"
        post(
            session,
            "closing_opens",
            now=now,
            person_id=person_id,
            once=once,
            circle_id=event.circle_id,
            event_id=event.id,
        )
    return True


@does(MAKE_MATCHES)
def matches_due(session: Session, task: Task, now: datetime) -> bool:
    """Make the matches, unless they are made already; for no event that does not take place."""
    try:
        make_matches(session, task.subject_id, now)
    except Refused:
        return False
    return True
