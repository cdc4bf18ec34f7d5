"""The register of personal data: each column that says something about somebody, with its rule for merging
two people and for erasing one.

Merging and erasing read this table alone; a test fails on a column that is neither here nor declared impersonal.
"""

from dataclasses import dataclass
from enum import StrEnum


class Merge(StrEnum):
    """What happens to a column when one person turns out to be another."""

    KEEP = "keep"  # the surviving person's value stands
    FILL = "fill"  # taken over where the surviving person has none
    MOVE = "move"  # points to the surviving person; a doubled row is joined with its twin
    STAY = "stay"  # belongs to its row, whoever the row belongs to


class Erase(StrEnum):
    """What happens to a column when a person is erased."""

    BLANK = "blank"  # emptied
    ROW = "row"  # the whole row goes
    FORGET = "forget"  # the link to the person is cut, the row stays as "a former attendee"
    KEEP = "keep"  # ids and codes that are kept as long as the law wants them


@dataclass(frozen=True)
class Rule:
    """How one column is merged and erased."""

    merge: Merge
    erase: Erase


_OWN = Rule(Merge.FILL, Erase.BLANK)
_PART = Rule(Merge.STAY, Erase.ROW)
_LINK = Rule(Merge.MOVE, Erase.ROW)
_BY = Rule(Merge.MOVE, Erase.FORGET)
_LOGGED = Rule(Merge.STAY, Erase.KEEP)
_SECRET = Rule(Merge.KEEP, Erase.ROW)

_COLUMNS: dict[str, dict[Rule, str]] = {
    "person": {
        _OWN: "email email_folded name reading phone password_hash source source_id time_zone",
        Rule(Merge.KEEP, Erase.BLANK): "public_id locale",
        Rule(Merge.STAY, Erase.FORGET): "merged_into_id",
    },
    "profile": {
        _LINK: "person_id",
        _OWN: "company title role authority industry industry_words size region values value_words"
        " challenges gives wish serve intents contact",
    },
    "audit_entry": {_LOGGED: "actor_id facts"},
    "message": {_LINK: "person_id", _PART: "address refs once"},
    "rate_hit": {_PART: "key"},
    "sign_in_request": {_PART: "email email_folded browser_hash link_hash digits_hash next_path"},
    "sign_in": {_LINK: "person_id", _SECRET: "public_id reference_hash browser"},
    "address_change": {_LINK: "person_id", _PART: "email email_folded old_hash new_hash"},
    "mail_link": {_LINK: "person_id", _SECRET: "token_hash"},
    "consent": {Rule(Merge.MOVE, Erase.KEEP): "person_id"},
    "block": {_LINK: "person_id other_id"},
    "membership": {_LINK: "person_id"},
    "circle_approach": {_BY: "made_by_id", _LOGGED: "data"},
    "circle_invitation": {_PART: "email email_folded link_hash", _BY: "invited_by_id accepted_by_id"},
    "exclusion": {_LINK: "person_id", _BY: "by_id", _PART: "note"},
    "report": {_LINK: "reporter_id reported_id", _BY: "closed_by_id", _PART: "words"},
    "event_invitation": {_PART: "email email_folded", _BY: "invited_by_id"},
    "application_draft": {_LINK: "person_id", _PART: "browser_hash email_folded answers"},
    "registration": {
        Rule(Merge.MOVE, Erase.FORGET): "person_id decided_by_id",
        Rule(
            Merge.STAY, Erase.BLANK
        ): "public_id answers profile introducer topic copy_to before source source_id",
    },
    "ticket": {_SECRET: "code_hash code_sealed"},
    "device": {
        _LINK: "person_id",
        _BY: "made_by_id revoked_by_id",
        _SECRET: "token_hash pin_hash public_id",
        _PART: "name browser",
    },
    "device_link": {_BY: "made_by_id", _SECRET: "token_hash public_id", _PART: "name"},
    "api_token": {_LINK: "person_id", _SECRET: "token_hash public_id", _PART: "name"},
    "scan": {_BY: "by_id annulled_by_id", Rule(Merge.STAY, Erase.BLANK): "card", _LOGGED: "facts"},
    "check_in": {_BY: "by_id voided_by_id"},
    "fee_payment": {_BY: "by_id"},
    "receipt": {_BY: "by_id", _LOGGED: "addressee proviso issuer issuer_address invoice_number"},
    "absence": {_BY: "by_id"},
    "door_note": {_BY: "by_id", _PART: "words"},
    "claim": {_LINK: "person_id other_id", _PART: "token_hash email said"},
    "seating_plan": {_BY: "asked_by_id published_by_id", _LOGGED: "weights room facts"},
    "seat": {_LINK: "person_id"},
    "seating_mark": {_LINK: "person_id", _BY: "by_id"},
    "encounter": {_LINK: "a_id b_id"},
    "closing": {_LINK: "person_id"},
    "talk": {_LINK: "person_id other_id"},
    "again": {_LINK: "person_id other_id"},
    "reveal": {_LINK: "a_id b_id"},
    "match_run": {_BY: "published_by_id", _LOGGED: "weights"},
    "match": {_LINK: "a_id b_id", _BY: "added_by_id", _PART: "reasons"},
    "contact_consent": {_LINK: "person_id other_id"},
    "tie": {_LINK: "person_id other_id", _PART: "purpose note"},
    "contact": {_LINK: "a_id b_id", _BY: "by_id"},
    "promise": {_LINK: "person_id other_id", _PART: "words"},
    "insight": {_LINK: "person_id", _PART: "words today_words"},
    "goal": {_LINK: "person_id", _PART: "words"},
    "follow_up": {_LINK: "person_id other_id", _PART: "draft"},
    "personal_letter": {_LINK: "person_id other_id", _PART: "words"},
}

REGISTER: dict[str, Rule] = {
    f"{table}.{column}": rule
    for table, rules in _COLUMNS.items()
    for rule, columns in rules.items()
    for column in columns.split()
}
"""`table.column` → its rule."""

IMPERSONAL_TABLES = frozenset(
    {"circle", "event", "event_change", "target_profile", "seat_count", "task", "promotion", "round"}
)
"""Tables that say nothing about a person (a circle's own contact lines are its publication)."""

IMPERSONAL_COLUMNS = frozenset(
    [
        "act",
        "subject",
        "kind",
        "state",
        "reason",
        "claimed_by",
        "locale",
        "purpose",
        "way",
        "notify",
        "role",
        "version",
        "public_id",
        "step",
        "due_period",
        "answer",
        "key",
        "method",
        "door",
        "result",
        "request_hash",
        "flagged",
        "counted",
        "work",
        "horizon",
        "scope",
    ]
)
"""Columns of codes, states and random names, in whichever table, unless the register says otherwise."""
