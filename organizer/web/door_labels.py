"""The words a page shows for the door's devices, flags, absences and payments. Japanese: translations/ja/door.po."""

from enum import StrEnum
from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from organizer.checkin.receipts import ReceiptBarrier
from organizer.domain.badges import SheetKind
from organizer.domain.door import Attendance, Away, DeviceKind, LogPart, PaymentWay, TokenScope
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
    Attendance: {
        Attendance.PRESENT: _l("Present"),
        Attendance.ABSENT: _l("Absent"),
        Attendance.EXCUSED: _l("Absent, with notice"),
    },
    LogPart: {
        LogPart.ALL: _l("All scans"),
        LogPart.ENTERED: _l("Came in"),
        LogPart.REFUSED: _l("Turned away"),
        LogPart.OFFLINE: _l("Without a connection"),
        LogPart.FLAGGED: _l("To look at"),
        LogPart.ANNULLED: _l("Annulled"),
    },
    PaymentWay: {
        PaymentWay.CASH: _l("In cash"),
        PaymentWay.BEFOREHAND: _l("Paid beforehand"),
    },
    ReceiptBarrier: {
        ReceiptBarrier.NOT_PAID: _l("The fee has not been noted as paid yet."),
    },
    SheetKind: {
        SheetKind.CARDS_10: _l("Business-card size (91 × 55 mm), 10 on a sheet"),
        SheetKind.A6_4: _l("A6 (105 × 148 mm), 4 on a plain sheet, to be cut"),
        SheetKind.BOARD: _l("A4 board, one person a sheet, readable from two metres"),
    },
    TokenScope: {
        TokenScope.READ: _l("Read events and registrations"),
        TokenScope.DOOR: _l("Read, and check people in"),
    },
}
