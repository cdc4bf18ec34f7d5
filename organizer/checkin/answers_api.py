"""What the door's API answers, field by field: for its description, and for the test that holds answers against it."""

from enum import StrEnum
from typing import Final

from flask_babel import lazy_gettext as _l

from organizer.checkin.answers import DOUBLE_ENTRY
from organizer.domain.door import DeviceKind
from organizer.domain.lifecycle import EventState, RegistrationState
from organizer.domain.ticketing import Flag as Flagged
from organizer.domain.ticketing import RefusalReason, ScanResult
from organizer.web.openapi import IN_ADDRESSES, PUBLIC_ID
from organizer.web.rules import Choice, Either, Fields, Flag, Moment, Number, Rows, Rule, Text


class Twice(StrEnum):
    """The conflict that is no flag of a single scan."""

    DOUBLE_ENTRY = DOUBLE_ENTRY


FIRST: Final[dict[str, Rule]] = {
    "first_at": Moment(says=_l("When this person came in first")),
    "first_door": Text(40, required=False, says=_l("By which door")),
}
OF_HOW_MANY: Final[dict[str, Rule]] = {
    "arrived": Number(says=_l("How many have come in")),
    "expected": Number(says=_l("How many are admitted, whether they have come or not")),
}
COUNT: Final = Fields(
    OF_HOW_MANY,
    name="Count",
    says=_l("How many have arrived, of how many; just after this, and of more than 500 at most a second old"),
)
PERSON: Final[dict[str, Rule]] = {
    "name": Text(80, shortest=0, says=_l("Their name, as they write it")),
    "reading": Text(80, shortest=0, says=_l("How it is read; empty where they have not said")),
    "company": Text(120, shortest=0, says=_l("Where they work; empty where they have not said")),
}
CARD: Final[dict[str, Rule]] = {
    "id": Text(22, PUBLIC_ID, says=_l("The registration's id")),
    **PERSON,
    "first_time": Flag(says=_l("Whether they have never attended this circle before")),
    "introducer": Text(80, shortest=0, says=_l("Who introduced them, as they wrote it")),
    "fee_due": Number(says=_l("What is still to be paid, in yen")),
    "number": Number(required=False, says=_l("The ticket's short number")),
    "table": Number(required=False, says=_l("Where they are to sit now or next, once tables are given out")),
    "note": Text(120, shortest=0, says=_l("What the host wants the door to know")),
}
CONFLICT: Final = Fields(
    {"kind": Choice((*Twice, *Flagged), says=_l("What a host should look at")), **FIRST},
    required=False,
    says=_l("An entry that happened although something spoke against it"),
)
DECISION: Final = Fields(
    {
        "result": Choice(ScanResult, says=_l("What the door says")),
        "reason": Choice(RefusalReason, required=False, says=_l("Why not, where the result is refused")),
        **FIRST,
        "registration": Fields(
            CARD,
            required=False,
            name="Card",
            says=_l(
                "Who it is; null where nobody of this event is meant, or who it was has been erased since"
            ),
        ),
        "conflict": CONFLICT,
        "count": COUNT,
    },
    name="Decision",
)
ALWAYS_NULL: Final = _l("Always null here")
NO_SCAN: Final = Fields(
    {
        "result": Choice((ScanResult.REFUSED,), says=_l("What the door says")),
        "reason": Choice((RefusalReason.MALFORMED,), says=_l("Why not, where the result is refused")),
        **FIRST,
        "registration": Fields(CARD, required=False, name="Card", says=ALWAYS_NULL),
        "conflict": CONFLICT,
        "count": Fields(COUNT.rules, required=False, says=ALWAYS_NULL),
        "problem": Text(40, says=_l("The code of what is wrong with it")),
        "field": Text(40, required=False, says=_l("The field meant, if it is one")),
    },
    name="Malformed",
    says=_l("In place of the decision on an item that is no scan"),
)
RESULTS: Final = Fields(
    {"results": Rows(Either((DECISION, NO_SCAN)), says=_l("In the order in which the scans were sent"))},
    name="Decisions",
)
ANNULLED: Final = Fields(
    {"annulled": Flag(says=_l("False when it was annulled before")), "count": COUNT}, name="Annulled"
)
UNDONE: Final = Fields(
    {"undone": Flag(says=_l("False when there was none to take back")), "count": COUNT}, name="Undone"
)
FEE_TAKEN: Final = Fields(
    {"fee_taken": Number(says=_l("What stands as taken afterwards, in yen"))}, name="FeeTaken"
)
FOUND: Final = Fields(
    {
        **{name: CARD[name] for name in ("id", "name", "reading", "company", "first_time", "introducer")},
        "fee_due": CARD["fee_due"],
        "number": CARD["number"],
        "arrived_at": Moment(says=_l("When they came in; null while they have not")),
        "door": Text(40, required=False, says=_l("By which door")),
    },
    name="Found",
)
PEOPLE_FOUND: Final = Fields({"people": Rows(FOUND, says=_l("Best first"))}, name="SearchResult")

TICKET: Final = Fields(
    {
        "hash": Text(64, says=_l("SHA-256 of its code, in hex")),
        "revoked": Flag(says=_l("Whether it lets nobody in any more")),
    }
)
STANDING: Final[dict[str, Rule]] = {
    "state": Choice(RegistrationState, says=_l("What has been decided on their application")),
    **FIRST,
    "tickets": Rows(TICKET, says=_l("Their tickets, never the codes themselves")),
}
LISTED: Final = Fields({**CARD, **STANDING}, name="Listed")
SEALED: Final = Fields(
    {
        **STANDING,
        "fee_due": CARD["fee_due"],
        "sealed": Fields(
            {"iv": Text(16, says=_l("Twelve bytes, in base64")), "data": Text(8000, says=_l("In base64"))},
            required=False,
            says=_l(
                "The card as JSON under AES-256-GCM, in base64; its key is SHA-256 of “enishi card”, a zero byte "
                "and the ticket's code"
            ),
        ),
    },
    name="Sealed",
    says=_l("What a guest's device gets: nobody's name without their ticket"),
)
DOOR_LIST: Final = Fields(
    {
        "version": Text(64, says=_l("Another one whenever anything has changed; also the ETag")),
        "now": Moment(required=True, says=_l("The server's clock")),
        "wipe_at": Moment(required=True, says=_l("When the list is to be forgotten")),
        "device": Fields(
            {
                "id": Text(22, PUBLIC_ID, says=_l("The device's id")),
                "kind": Choice(DeviceKind, says=_l("Whose it is, and so what it may see")),
                "name": Text(40, shortest=0, says=_l("What its host calls it")),
            },
            required=False,
            says=_l("The device that asks; null for anybody else"),
        ),
        "event": Fields(
            {
                "id": IN_ADDRESSES["event"],
                "title": Text(80, says=_l("The event's title")),
                "state": Choice(EventState, says=_l("A cancelled one lets nobody in")),
                "opens_at": Moment(required=True, says=_l("From when people are taken in")),
                "closes_at": Moment(required=True, says=_l("Until when people are taken in")),
                "fee_yen": Number(says=_l("Paid at the door, in yen")),
                "time_zone": Text(40, says=_l("In which its pages show the times")),
            },
            says=_l("What the door goes by"),
        ),
        "sees_list": Flag(says=_l("Whether people are listed by name")),
        "people": Rows(
            Either((LISTED, SEALED)), says=_l("Everybody admitted, and whoever else has a ticket")
        ),
    },
    name="DoorList",
)
COUNTS: Final = Fields(
    {
        "version": Text(64, says=_l("Another one whenever anything has changed; also the ETag")),
        **OF_HOW_MANY,
        "absent": Number(says=_l("Marked as absent")),
        "excused": Number(says=_l("Marked as absent, with notice")),
        "targets": Rows(
            Fields({"name": Text(80, says=_l("The target profile's name")), **OF_HOW_MANY}),
            says=_l("The same for each target profile"),
        ),
        "newest": Rows(
            Text(80, shortest=0), says=_l("The names of who came last, of those who agreed to be listed")
        ),
        "conflicts": Number(says=_l("How many entries a host should look at")),
    },
    name="Counts",
)
