"""All pages of registrations: applying, one's own registration by link and signed in, and the host's desk."""

from organizer.registrations import (
    apply_views,
    attendee_views,
    claim_views,
    desk_views,
    link_views,
    my_views,
)
from organizer.registrations.room import blueprint

__all__ = [
    "apply_views",
    "attendee_views",
    "blueprint",
    "claim_views",
    "desk_views",
    "link_views",
    "my_views",
]
