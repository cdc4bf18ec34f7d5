"""All pages of the rounds: the host's plan and its changes, the clock, the hall, the phones and the papers."""

from organizer.rounds import clock_views, hall_views, paper_views, phone_views, plan_views, swap_views
from organizer.rounds.room_views import blueprint

__all__ = [
    "blueprint",
    "clock_views",
    "hall_views",
    "paper_views",
    "phone_views",
    "plan_views",
    "swap_views",
]
