"""All pages of events: those of everybody, those of the host, target profiles, invitations."""

from organizer.events import host_views, invited_views, public_views, target_views
from organizer.events.room_views import blueprint

__all__ = ["blueprint", "host_views", "invited_views", "public_views", "target_views"]
