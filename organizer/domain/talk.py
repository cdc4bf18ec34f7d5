"""What to talk about at a table: questions that ask how the others decide, for ten minutes each.

They are codes; the sentences are labels. An evening opens with what is easily said, goes on to decisions, and
ends with what comes next.
"""

import hashlib
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from organizer.domain.vocabulary import EventKind, known_one


class Prompt(StrEnum):
    """One question for a table, to be answered from one's own experience."""

    FIRST_DAY = "first_day"
    GLAD_WORK = "glad_work"
    WHO_TAUGHT = "who_taught"
    CUSTOMERS_WORD = "customers_word"
    COMPANY_NAME = "company_name"
    UNPROFITABLE = "unprofitable"
    THIS_WEEK = "this_week"
    HARDEST_DECISION = "hardest_decision"
    ALONE_OR_ASK = "alone_or_ask"
    WHAT_STOPPED = "what_stopped"
    CHANGED_MIND = "changed_mind"
    SLEEPLESS = "sleepless"
    TURNED_DOWN = "turned_down"
    PRICE = "price"
    HIRING = "hiring"
    HANDING_OVER = "handing_over"
    DECIDE_AGAIN = "decide_again"
    MONEY_SHORT = "money_short"
    GUT_OR_FIGURES = "gut_or_figures"
    BAD_NEWS = "bad_news"
    HARD_TO_SAY = "hard_to_say"
    NEVER_MOVED = "never_moved"
    TIME_TO_THINK = "time_to_think"
    OPEN_QUESTION = "open_question"
    WHAT_REMAINS = "what_remains"
    WEAK_SIDE = "weak_side"
    OWN_TRADE = "own_trade"
    BEGUN_SMALL = "begun_small"
    GENERATION = "generation"
    SOMEONE_LEFT = "someone_left"
    TOMORROW = "tomorrow"
    HELP_WANTED = "help_wanted"
    OF_USE = "of_use"
    TO_INTRODUCE = "to_introduce"
    IN_A_YEAR = "in_a_year"
    TO_TAKE_HOME = "to_take_home"
    THIS_WEEK_DECIDED = "this_week_decided"
    LEARNED_AND_USED = "learned_and_used"
    AT_OUR_PLACE = "at_our_place"
    READ_AGAIN = "read_again"
    TEACH_ONE_THING = "teach_one_thing"
    SEEN_DIFFERENTLY = "seen_differently"
    UNLEARNED = "unlearned"
    TELL_FIRST = "tell_first"
    ODD_CUSTOM = "odd_custom"
    WHY_CUSTOMERS_CHOOSE = "why_customers_choose"
    BORROWED = "borrowed"
    LONGEST_CUSTOMER = "longest_customer"
    MISUNDERSTOOD = "misunderstood"
    TRADE_IN_TEN_YEARS = "trade_in_ten_years"
    TRADES_TOGETHER = "trades_together"
    FIRST_THOUGHT = "first_thought"
    TO_DECIDE_TODAY = "to_decide_today"
    IN_THE_MORNING = "in_the_morning"
    YESTERDAY = "yesterday"
    ONE_HOUR_MORE = "one_hour_more"
    FIRST_TO_ARRIVE = "first_to_arrive"
    BY_TONIGHT = "by_tonight"
    MEAL_WITH_STAFF = "meal_with_staff"
    MEAL_REMEMBERED = "meal_remembered"
    PLACE_TO_THINK = "place_to_think"
    OUTSIDE_WORK = "outside_work"
    REST = "rest"
    THIS_TOWN = "this_town"
    NEXT_MEAL = "next_meal"
    WITHIN_REACH = "within_reach"
    FAR_AWAY = "far_away"
    FACE_TO_FACE = "face_to_face"
    LOCAL_CUSTOM = "local_custom"
    TOOL_DROPPED = "tool_dropped"
    IN_WRITING = "in_writing"
    ONE_DAY_IN_PERSON = "one_day_in_person"


NO_PROMPT: Final = "none"
"""What a round keeps instead of a code when its host wants no question shown."""

_OPENING: Final = (
    Prompt.FIRST_DAY,
    Prompt.GLAD_WORK,
    Prompt.WHO_TAUGHT,
    Prompt.CUSTOMERS_WORD,
    Prompt.COMPANY_NAME,
    Prompt.UNPROFITABLE,
    Prompt.THIS_WEEK,
)

_THINKING: Final = (
    Prompt.HARDEST_DECISION,
    Prompt.ALONE_OR_ASK,
    Prompt.WHAT_STOPPED,
    Prompt.CHANGED_MIND,
    Prompt.SLEEPLESS,
    Prompt.TURNED_DOWN,
    Prompt.PRICE,
    Prompt.HIRING,
    Prompt.HANDING_OVER,
    Prompt.DECIDE_AGAIN,
    Prompt.MONEY_SHORT,
    Prompt.GUT_OR_FIGURES,
    Prompt.BAD_NEWS,
    Prompt.HARD_TO_SAY,
    Prompt.NEVER_MOVED,
    Prompt.TIME_TO_THINK,
    Prompt.OPEN_QUESTION,
    Prompt.WHAT_REMAINS,
    Prompt.WEAK_SIDE,
    Prompt.OWN_TRADE,
    Prompt.BEGUN_SMALL,
    Prompt.GENERATION,
    Prompt.SOMEONE_LEFT,
)

_ONWARD: Final = (
    Prompt.TOMORROW,
    Prompt.HELP_WANTED,
    Prompt.OF_USE,
    Prompt.TO_INTRODUCE,
    Prompt.IN_A_YEAR,
    Prompt.TO_TAKE_HOME,
    Prompt.THIS_WEEK_DECIDED,
)

_OF_KIND: Final[dict[EventKind, tuple[Prompt, ...]]] = {
    EventKind.STUDY: (
        Prompt.LEARNED_AND_USED,
        Prompt.AT_OUR_PLACE,
        Prompt.READ_AGAIN,
        Prompt.TEACH_ONE_THING,
        Prompt.SEEN_DIFFERENTLY,
        Prompt.UNLEARNED,
        Prompt.TELL_FIRST,
    ),
    EventKind.CROSS_INDUSTRY: (
        Prompt.ODD_CUSTOM,
        Prompt.WHY_CUSTOMERS_CHOOSE,
        Prompt.BORROWED,
        Prompt.LONGEST_CUSTOMER,
        Prompt.MISUNDERSTOOD,
        Prompt.TRADE_IN_TEN_YEARS,
        Prompt.TRADES_TOGETHER,
    ),
    EventKind.MORNING: (
        Prompt.FIRST_THOUGHT,
        Prompt.TO_DECIDE_TODAY,
        Prompt.IN_THE_MORNING,
        Prompt.YESTERDAY,
        Prompt.ONE_HOUR_MORE,
        Prompt.FIRST_TO_ARRIVE,
        Prompt.BY_TONIGHT,
    ),
    EventKind.LUNCH: (
        Prompt.MEAL_WITH_STAFF,
        Prompt.MEAL_REMEMBERED,
        Prompt.PLACE_TO_THINK,
        Prompt.OUTSIDE_WORK,
        Prompt.REST,
        Prompt.THIS_TOWN,
        Prompt.NEXT_MEAL,
    ),
    EventKind.ONLINE: (
        Prompt.WITHIN_REACH,
        Prompt.FAR_AWAY,
        Prompt.FACE_TO_FACE,
        Prompt.LOCAL_CUSTOM,
        Prompt.TOOL_DROPPED,
        Prompt.IN_WRITING,
        Prompt.ONE_DAY_IN_PERSON,
    ),
}
"""The kind's own, each to be asked at any time but the last, which looks ahead."""


def prompts_for(kind: EventKind) -> tuple[Prompt, ...]:
    """Every prompt fit for an event of this kind, its own first: what a host may choose from."""
    return (*_OF_KIND[kind], *_OPENING, *_THINKING, *_ONWARD)


def plan_prompts(kind: EventKind, rounds: int, seed: str) -> tuple[Prompt, ...]:
    """One prompt for each round, none twice, the same for the same kind and seed.

    The first opens, the last (of three and more) looks ahead, the others ask for decisions; of every
    three of these one is the kind's own. Where rounds outnumber prompts the rest gets none.
    """
    *own, own_onward = _OF_KIND[kind]
    opening, *openings = _shuffled(_OPENING, seed)
    onward, *onwards = _shuffled((*_ONWARD, own_onward), seed)
    middle = (*_mixed(_shuffled(_THINKING, seed), _shuffled(own, seed)), *openings, *onwards)
    if rounds < 3:
        return (opening, *middle)[: max(rounds, 0)]
    return (*(opening, *middle)[: rounds - 1], onward)


def prompts_of(kind: EventKind, kept: Sequence[str], seed: str) -> tuple[Prompt | None, ...]:
    """The prompt of each round, in order, by what the rounds keep: a code, `NO_PROMPT`, or empty for their turn's.

    What a host has chosen for one round is nobody's turn any more. A code no longer known counts as empty.
    """
    chosen = [known_one(Prompt, code) for code in kept]
    turns = plan_prompts(kind, len(kept), seed)
    spare = (one for one in plan_prompts(kind, len(Prompt), seed) if one not in (*chosen, *turns))
    own = (turn if turn not in chosen else next(spare, None) for turn in turns)
    return tuple(
        None if code == NO_PROMPT else choice or turn
        for code, choice, turn in zip(kept, chosen, own, strict=True)
    )


def _mixed(thinking: Sequence[Prompt], own: Sequence[Prompt]) -> list[Prompt]:
    """The kind's own first, then one after every two others."""
    mixed: list[Prompt] = []
    for place, prompt in enumerate(own):
        mixed += [prompt, *thinking[2 * place : 2 * place + 2]]
    return [*mixed, *thinking[2 * len(own) :]]


def _shuffled(prompts: Sequence[Prompt], seed: str) -> list[Prompt]:
    """In an order that depends on the seed alone, on every machine."""
    return sorted(prompts, key=lambda prompt: hashlib.sha256(f"{seed}/{prompt.value}".encode()).digest())
