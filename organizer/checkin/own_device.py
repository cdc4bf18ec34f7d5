"""A member's own phone at the door: a device of its own, as long as that sign-in lives."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from organizer.checkin import devices
from organizer.checkin.models import Device
from organizer.domain.door import DeviceKind
from organizer.events.models import Event
from organizer.people.models import Person, SignIn


def renew(
    session: Session, event: Event, person: Person, sign_in: SignIn, browser: str, now: datetime
) -> tuple[Device, str]:
    """A device for this sign-in at this event, and its token. The one it had before ends: its token is lost."""
    before = (
        Device.sign_in_id == sign_in.id,
        Device.event_id == event.id,
        Device.kind == DeviceKind.OWN,
        Device.revoked_at.is_(None),
    )
    session.execute(update(Device).where(*before).values(revoked_at=now, revoked_by_id=person.id))
    return devices.make(
        session, event, DeviceKind.OWN, now=now, browser=browser[:80], owner=(person, sign_in)
    )
