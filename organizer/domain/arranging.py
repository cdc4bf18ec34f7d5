"""From a gathering to its tables: every rule kept if it can be, else the least of them given up, and said so."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from organizer.domain.gathering import Gathering, Tables
from organizer.domain.seatable import Seatable, seatable
from organizer.domain.seating import NoLawfulPlan, seat, work_of
from organizer.domain.seating.judge import Verdict
from organizer.domain.seating.room import Plan

OnBetter = Callable[[Plan, int], None]


@dataclass(frozen=True)
class Arrangement:
    """Tables for an evening, what they are worth, and which rules had to be given up for them."""

    seatable: Seatable
    plan: Plan
    verdict: Verdict
    work: int
    introduced: bool
    """All newcomers sit beside those who are to introduce them."""
    relaxed: bool
    """Colleagues may share a table."""

    @property
    def tables(self) -> Tables:
        """The plan in the ids of people."""
        return self.seatable.named(self.plan)


def arrange(
    gathering: Gathering, *, seconds: float, seed: int, on_better: OnBetter | None = None
) -> Arrangement:
    """The tables of a gathering, by a search of about so many CPU seconds of a plain machine.

    Who is to sit beside whom is given up first, then that colleagues sit apart; nothing else ever is.
    Raises NoLawfulPlan.
    """
    given_up = NoLawfulPlan()
    for introduced, relaxed in ((True, False), (False, False), (False, True)):
        if introduced and (gathering.begun or not gathering.introductions):
            continue
        there = seatable(gathering, introduced=introduced)
        if relaxed:
            there = replace(there, room=there.room.without_company_rule())
        try:
            answer = seat(there.room, work=work_of(seconds, there.room), seed=seed, on_better=on_better)
        except NoLawfulPlan as impossible:
            given_up = impossible
        else:
            all_beside = len(there.room.beside) == len(gathering.introductions)
            return Arrangement(there, answer.plan, answer.verdict, answer.work, all_beside, relaxed)
    raise given_up
