"""Every page of this room: signing in and out, one's profile, one's account, the people one has blocked."""

from organizer.people import account_views, address_views, block_views, profile_views, signing_views
from organizer.people.pages import blueprint

__all__ = ["account_views", "address_views", "block_views", "blueprint", "profile_views", "signing_views"]
