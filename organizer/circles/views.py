"""Every page of this room: the hosts' start page, circles, their members, invitations, tokens, and conduct."""

from organizer.circles import (
    approach_views,
    circle_views,
    conduct_views,
    invitation_views,
    member_views,
    token_views,
)
from organizer.circles.pages import blueprint

__all__ = [
    "approach_views",
    "blueprint",
    "circle_views",
    "conduct_views",
    "invitation_views",
    "member_views",
    "token_views",
]
