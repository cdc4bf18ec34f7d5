"""All pages of the door: scanner, list, board, and the way into an online event."""

from organizer.checkin import door_views, list_views, online_views
from organizer.checkin.room_views import blueprint

__all__ = ["blueprint", "door_views", "list_views", "online_views"]
