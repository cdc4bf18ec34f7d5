"""The door's own words: who holds a device, what it may see, who does not come, how a fee was paid."""

from enum import StrEnum


class DeviceKind(StrEnum):
    """Whose device it is at the door, and so what it may see."""

    OWN = "own"
    STAFF = "staff"
    GUEST = "guest"
    KIOSK = "kiosk"


SEES_LIST = frozenset({DeviceKind.OWN, DeviceKind.STAFF})
"""The kinds that may see everybody as a list; a guest's device shows names only as answers to a search."""

SCANS = frozenset({DeviceKind.OWN, DeviceKind.STAFF, DeviceKind.GUEST, DeviceKind.KIOSK})
"""The kinds that take people in."""


class Away(StrEnum):
    """How somebody who has not come stands in the attendance: marked by a host; present follows from check-ins."""

    ABSENT = "absent"
    EXCUSED = "excused"


class Attendance(StrEnum):
    """How somebody stands on an event's list: a check-in is present, a host's mark one of the others."""

    PRESENT = "present"
    ABSENT = "absent"
    EXCUSED = "excused"


class LogPart(StrEnum):
    """Which of the door's scans are looked at."""

    ALL = "all"
    ENTERED = "entered"
    REFUSED = "refused"
    OFFLINE = "offline"
    FLAGGED = "flagged"
    ANNULLED = "annulled"


class PaymentWay(StrEnum):
    """How the fee was paid."""

    CASH = "cash"
    BEFOREHAND = "beforehand"


class TokenScope(StrEnum):
    """What a host's token for other apps may do."""

    READ = "read"
    DOOR = "door"
