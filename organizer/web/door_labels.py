"""The words a page shows for the door's devices, flags, absences and payments. Japanese: translations/ja/door.po."""

from enum import StrEnum
from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from organizer.domain.door import Away, DeviceKind, PaymentWay, TokenScope
from organizer.domain.ticketing import Flag

DOOR_LABELS: Final[dict[type[StrEnum], dict[StrEnum, LazyString]]] = {
    DeviceKind: {
        DeviceKind.OWN: _l("A member's own phone"),
        DeviceKind.STAFF: _l("A helper's phone, with the list"),
        DeviceKind.GUEST: _l("A guest's phone, search only"),
        DeviceKind.KIOSK: _l("The tablet people use themselves"),
    },
    Flag: {
        Flag.CLOCK: _l("The phone's clock was wrong"),
        Flag.CANCELLED: _l("Entered although cancelled"),
        Flag.NOT_ADMITTED: _l("Entered without a confirmed place"),
        Flag.REVOKED: _l("Entered with an old ticket"),
        Flag.EVENT_CANCELLED: _l("Entered although the event was cancelled"),
        Flag.HOURS: _l("Entered outside the hours of the door"),
    },
    Away: {
        Away.ABSENT: _l("Absent"),
        Away.EXCUSED: _l("Absent, with notice"),
    },
    PaymentWay: {
        PaymentWay.CASH: _l("In cash"),
        PaymentWay.BEFOREHAND: _l("Paid beforehand"),
    },
    TokenScope: {
        TokenScope.READ: _l("Read events and registrations"),
        TokenScope.DOOR: _l("Read, and check people in"),
    },
}
