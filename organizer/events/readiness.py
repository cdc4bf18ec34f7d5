"""What is still missing before an event can be published, and what would help."""

from datetime import datetime
from enum import StrEnum

from organizer.domain.lifecycle import Admission, Mode
from organizer.events.models import Event


class Gap(StrEnum):
    """One thing that is missing; those in NEEDED stand against publishing, the others are advice."""

    NO_PLACE = "no_place"
    NO_LINK = "no_link"
    STARTS_IN_PAST = "starts_in_past"
    DEADLINE_PASSED = "deadline_passed"
    NO_DESCRIPTION = "no_description"
    NO_TARGETS = "no_targets"
    NOBODY_INVITED = "nobody_invited"
    NO_SENDER = "no_sender"


NEEDED = frozenset({Gap.NO_PLACE, Gap.NO_LINK, Gap.STARTS_IN_PAST, Gap.DEADLINE_PASSED})


def gaps(event: Event, now: datetime, *, targets: int = 0, invited: int = 0) -> list[Gap]:
    """What is missing in an event (circle loaded), what is needed first."""
    found = {
        Gap.NO_PLACE: event.mode is Mode.VENUE and not event.place,
        Gap.NO_LINK: event.mode is Mode.ONLINE and not event.online_url,
        Gap.STARTS_IN_PAST: event.starts_at <= now,
        Gap.DEADLINE_PASSED: event.starts_at > now >= event.deadline_at,
        Gap.NO_DESCRIPTION: not event.description,
        Gap.NO_TARGETS: not targets,
        Gap.NOBODY_INVITED: event.admission is Admission.INVITATION and not invited,
        Gap.NO_SENDER: not (event.circle.sender_name and event.circle.sender_address),
    }
    return [gap for gap, missing in found.items() if missing]


def needed(event: Event, now: datetime) -> list[Gap]:
    """What stands against publishing."""
    return [gap for gap in gaps(event, now) if gap in NEEDED]
