"""All pages of registrations: applying, one's own registration by link and signed in."""

from organizer.registrations import apply_views, link_views, my_views
from organizer.registrations.room import blueprint

__all__ = ["apply_views", "blueprint", "link_views", "my_views"]
