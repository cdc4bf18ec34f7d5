"""The word a page shows for each member of an enum."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import LazyString

from organizer.web.approach_labels import APPROACH_LABELS
from organizer.web.door_labels import DOOR_LABELS
from organizer.web.event_labels import EVENT_LABELS
from organizer.web.lifecycle_labels import LIFECYCLE_LABELS
from organizer.web.matches_labels import MATCHES_LABELS
from organizer.web.people_labels import PEOPLE_LABELS
from organizer.web.rounds_labels import ROUNDS_LABELS
from organizer.web.talk_labels import TALK_LABELS
from organizer.web.tie_labels import TIE_LABELS
from organizer.web.vocabulary_labels import VOCABULARY_LABELS

LABELS: dict[type[StrEnum], Mapping[StrEnum, LazyString]] = {
    **VOCABULARY_LABELS,
    **APPROACH_LABELS,
    **LIFECYCLE_LABELS,
    **TIE_LABELS,
    **EVENT_LABELS,
    **PEOPLE_LABELS,
    **MATCHES_LABELS,
    **ROUNDS_LABELS,
    **TALK_LABELS,
    **DOOR_LABELS,
}


def label(member: StrEnum) -> LazyString:
    """The word for a member, in the reader's language; raises KeyError when it has none."""
    return LABELS[type(member)][member]


def choices(enum: type[StrEnum]) -> list[tuple[str, LazyString]]:
    """The (value, word) pairs of an enum in its own order, as form fields want them."""
    return [(member.value, label(member)) for member in enum]


def add_labels(labels: Mapping[type[StrEnum], Mapping[StrEnum, LazyString]]) -> None:
    """Take in the words for enums a feature keeps for itself, such as the reasons its service refuses with."""
    LABELS.update(labels)
