"""What there is to say of each operation of the door's API, out of the rules by which its bodies are read."""

from typing import Final

from flask_babel import lazy_gettext as _l

from organizer.checkin import answers_api
from organizer.checkin.scans_api import BATCH, FEE, NOTHING, SCAN
from organizer.domain.names import LONGEST_QUERY
from organizer.web.openapi import Operation, Tag
from organizer.web.rules import Moment, Number, Rule, Text

CODE: Final = "7N2J0F4Q8Y6M1KX3PZ5RWB9TCD"
KEY: Final = "3f6c1f0e-8a51-4c55-9d0f-1f5d4a1b7c22"
ONE_SCAN: Final = {"code": CODE, "key": KEY, "door": "入口A"}
TELLS: Final[dict[str, Rule]] = {
    "X-Phone-Clock": Moment(
        says=_l(
            "What the sender's own clock shows now. Where it is far off, its scans are flagged; a time stands as it is "
            "sent, unless it cannot be"
        )
    ),
    "X-Unsent": Number(required=False, says=_l("How many scans the sender has still to send")),
}
SINCE: Final[dict[str, Rule]] = {
    "since": Text(64, required=False, says=_l("The version that is known already"))
}
UNLESS: Final[dict[str, Rule]] = {
    "If-None-Match": Text(100, required=False, says=_l("The ETag that is known already"))
}

SCAN_ONE: Final = Operation(
    Tag.DOOR,
    _l("Scan a ticket, or take in somebody found by name"),
    _l(
        "Every decision is 200. The same request with the same key gets the same answer again, byte for byte. "
        "A scan that a phone decided on without a network is sent with offline: what happened is kept, and "
        "flagged where something spoke against it."
    ),
    body=SCAN,
    answer=answers_api.DECISION,
    headers=TELLS,
    problems=("key_reused", "too_many_fields"),
    example=ONE_SCAN,
)
SCAN_MANY: Final = Operation(
    Tag.DOOR,
    _l("Send many scans at once"),
    _l(
        "Each is decided on its own, in its order; an item that is no scan is answered at its place. "
        "Up to 500 scans, 512 KB."
    ),
    body=BATCH,
    answer=answers_api.RESULTS,
    headers=TELLS,
    problems=("too_many",),
    example={"scans": [{**ONE_SCAN, "offline": True, "told": "admitted", "at": "2026-12-03T07:31:05+09:00"}]},
)
ANNUL: Final = Operation(
    Tag.DOOR,
    _l("Annul a scan"),
    _l("For the device that made it, and for hosts. Its row stays; the entry it made no longer counts."),
    answer=answers_api.ANNULLED,
    problems=("not_yours",),
)
LIST: Final = Operation(
    Tag.DOOR,
    _l("The door list"),
    _l(
        "All that a phone needs to decide alone: hashes of codes, never codes. "
        "A guest's device gets cards that only their tickets open."
    ),
    answer=answers_api.DOOR_LIST,
    query=SINCE,
    headers=UNLESS | TELLS,
    remembers=True,
)
SEARCH: Final = Operation(
    Tag.DOOR,
    _l("Find somebody by name"),
    _l(
        "By kanji, kana, romaji, company or ticket number, with one slip of the finger. "
        "A guest's device asks with one kanji or two other characters at least."
    ),
    answer=answers_api.PEOPLE_FOUND,
    query={"q": Text(LONGEST_QUERY, required=False, shortest=0, says=_l("What was typed"))},
    problems=("wrong_field", "too_short"),
)
UNDO: Final = Operation(
    Tag.DOOR,
    _l("Take a check-in back"),
    _l("Every entry of theirs is annulled, whichever door let them in; they are expected again."),
    body=NOTHING,
    answer=answers_api.UNDONE,
    example={},
)
TAKE_FEE: Final = Operation(
    Tag.DOOR,
    _l("Note the fee as taken, or take that note back"),
    _l("It is taken once, however often this is sent."),
    body=FEE,
    answer=answers_api.FEE_TAKEN,
    example={"taken": True, "way": "cash"},
)
COUNTS: Final = Operation(
    Tag.DOOR,
    _l("How many have come"),
    _l("For boards: made to be asked every two or three seconds. Not for guests' devices."),
    answer=answers_api.COUNTS,
    query=SINCE,
    headers=UNLESS,
    remembers=True,
)
