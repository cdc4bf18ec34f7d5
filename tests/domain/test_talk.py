"""Questions for the tables: enough, none twice, the same everywhere, in the order an evening wants."""

import pytest

from organizer.domain.talk import NO_PROMPT, Prompt, plan_prompts, prompts_for, prompts_of
from organizer.domain.vocabulary import EventKind

SEEDS = [f"event-{number}" for number in range(40)]
GOLDEN = (Prompt.GLAD_WORK, Prompt.PLACE_TO_THINK, Prompt.OPEN_QUESTION, Prompt.THIS_WEEK_DECIDED)


@pytest.mark.parametrize("kind", EventKind)
def test_each_kind_has_forty_and_its_own(kind: EventKind) -> None:
    mine = prompts_for(kind)
    assert len(mine) == len(set(mine)) >= 40
    others = {prompt for other in EventKind if other is not kind for prompt in prompts_for(other)}
    assert len(set(mine) - others) >= 5


def test_every_prompt_belongs_to_some_kind() -> None:
    assert {prompt for kind in EventKind for prompt in prompts_for(kind)} == set(Prompt)


@pytest.mark.parametrize("kind", EventKind)
@pytest.mark.parametrize("rounds", [0, 1, 2, 3, 4, 8, 12])
def test_one_for_each_round_and_none_twice(kind: EventKind, rounds: int) -> None:
    for seed in SEEDS:
        planned = plan_prompts(kind, rounds, seed)
        assert len(set(planned)) == len(planned) == rounds
        assert set(planned) <= set(prompts_for(kind))


def test_more_rounds_than_questions_leave_the_rest_without() -> None:
    for kind in EventKind:
        assert len(plan_prompts(kind, 500, "x")) == len(prompts_for(kind))


def test_an_evening_opens_lightly_decides_and_looks_ahead() -> None:
    for kind in EventKind:
        for seed in SEEDS:
            first, second, *_, last = plan_prompts(kind, 4, seed)
            assert first in prompts_for(kind)[7:14]
            assert second in prompts_for(kind)[:6], "the kind's own comes second"
            assert last in (*prompts_for(kind)[-7:], prompts_for(kind)[6])


def test_the_same_evening_asks_the_same_and_others_ask_others() -> None:
    assert plan_prompts(EventKind.MORNING, 4, "a") == plan_prompts(EventKind.MORNING, 4, "a")
    assert len({plan_prompts(EventKind.MORNING, 4, seed) for seed in SEEDS}) > 30


def test_this_order_is_the_same_on_every_machine() -> None:
    assert plan_prompts(EventKind.LUNCH, 4, "enishi") == GOLDEN


def test_the_hosts_choice_wins_and_is_nobodys_turn_any_more() -> None:
    kind, seed = EventKind.STUDY, "x"
    turns = plan_prompts(kind, 4, seed)
    kept = [turns[3].value, "", NO_PROMPT, ""]
    first, second, third, fourth = prompts_of(kind, kept, seed)
    assert (first, second, third) == (turns[3], turns[1], None)
    assert fourth not in (None, *turns)


def test_a_choice_changes_no_other_round() -> None:
    kind, seed = EventKind.STUDY, "x"
    turns = plan_prompts(kind, 4, seed)
    free = next(prompt for prompt in prompts_for(kind) if prompt not in turns)
    assert prompts_of(kind, ["", free.value, "", ""], seed) == (turns[0], free, turns[2], turns[3])


def test_an_unknown_code_is_as_good_as_none_kept() -> None:
    kind = EventKind.ONLINE
    assert prompts_of(kind, ["gone", ""], "x") == plan_prompts(kind, 2, "x")
    assert prompts_of(kind, [], "x") == ()


@pytest.mark.parametrize("kind", EventKind)
def test_no_question_twice_whatever_is_chosen_once(kind: EventKind) -> None:
    for chosen in prompts_for(kind):
        for place in range(4):
            kept = ["", "", "", ""]
            kept[place] = chosen.value
            asked = prompts_of(kind, kept, "seed")
            assert len(set(asked)) == 4
            assert asked[place] is chosen
