"""Copies of an applicant's mails for whoever filled the form in: to an address nobody has confirmed."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from organizer.people.counting import count
from organizer.people.service import fold_address
from organizer.registrations.models import Registration
from organizer.tokens import digest

DAY = timedelta(days=1)
COPIES_A_DAY = 20
"""Enough for a secretary of several; too little to flood a stranger."""


def copy_for(session: Session, registration: Registration, now: datetime) -> str | None:
    """Where the copy of a mail that is being composed goes; None where nobody asked, or enough have gone today."""
    if not registration.copy_to:
        return None
    key = f"copy:{digest(fold_address(registration.copy_to))}"
    sent = count(session, key, DAY.total_seconds(), now.timestamp())
    return registration.copy_to if sent <= COPIES_A_DAY else None
