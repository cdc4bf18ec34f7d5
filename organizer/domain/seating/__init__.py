"""Who sits with whom, round by round: the room, its judge, the search, its bound, and plans known from designs."""

from organizer.domain.seating.best_plan import Answer, NoLawfulPlan, seat, work_of
from organizer.domain.seating.impossible import Clash, Collision
from organizer.domain.seating.judge import Fault, Verdict, judge
from organizer.domain.seating.room import Plan, Room

__all__ = [
    "Answer",
    "Clash",
    "Collision",
    "Fault",
    "NoLawfulPlan",
    "Plan",
    "Room",
    "Verdict",
    "judge",
    "seat",
    "work_of",
]
