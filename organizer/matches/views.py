"""The pages of closings and matches: for attendees, for hosts, and by the link of a mail."""

from organizer.matches import closing_views, entry_views, host_views, own_views
from organizer.matches.room_views import blueprint

__all__ = ["blueprint", "closing_views", "entry_views", "host_views", "own_views"]
