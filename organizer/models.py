"""Every table, gathered: importing this module makes `Base.metadata` complete."""

from organizer.audit import models as audit
from organizer.checkin import models as checkin
from organizer.circles import models as circles
from organizer.db import Base
from organizer.events import models as events
from organizer.followups import models as followups
from organizer.jobs import models as jobs
from organizer.mail import models as mail
from organizer.matches import models as matches
from organizer.people import models as people
from organizer.registrations import models as registrations
from organizer.rounds import models as rounds
from organizer.ties import models as ties

metadata = Base.metadata

__all__ = [
    "audit",
    "checkin",
    "circles",
    "events",
    "followups",
    "jobs",
    "mail",
    "matches",
    "metadata",
    "people",
    "registrations",
    "rounds",
    "ties",
]
