"""The question of a round: the host's choice, none, or the one of its turn; never one that another round asks."""

import pytest
from sqlalchemy.orm import Session

from organizer.domain.talk import NO_PROMPT, plan_prompts, prompts_for
from organizer.errors import NotFound, Refused
from organizer.rounds import prompts, queries
from organizer.rounds.hall import evening_of
from organizer.rounds.prompts import PromptBarrier
from tests.rounds import tables
from tests.rounds.rows import Meetup, make_meetup


@pytest.fixture
def meetup(session: Session) -> Meetup:
    meetup = make_meetup(session, 8)
    tables.publish(session, meetup.event, tables.turning(meetup.people, 3, 4))
    return meetup


def test_each_round_asks_the_question_of_its_turn(session: Session, meetup: Meetup) -> None:
    planned = plan_prompts(meetup.event.kind, 3, meetup.event.public_id)
    assert tuple(evening_of(session, meetup.event).prompts.values()) == planned


def test_the_host_chooses_another_or_none_and_comes_back(session: Session, meetup: Meetup) -> None:
    event = meetup.event
    turn = evening_of(session, event).prompts
    other = prompts.choices(event, queries.rounds_of(session, event.id), 2)[0]
    prompts.choose(session, event, 2, other.value)
    assert evening_of(session, event).prompts == {**turn, 2: other}
    prompts.choose(session, event, 2, NO_PROMPT)
    assert evening_of(session, event).prompts == {**turn, 2: None}
    prompts.choose(session, event, 2, "")
    assert evening_of(session, event).prompts == turn


def test_what_another_round_asks_is_not_to_be_chosen(session: Session, meetup: Meetup) -> None:
    event = meetup.event
    rows = queries.rounds_of(session, event.id)
    theirs = evening_of(session, event).prompts[1]
    assert theirs is not None
    assert theirs not in prompts.choices(event, rows, 2)
    assert len(prompts.choices(event, rows, 2)) == len(prompts_for(event.kind)) - 2
    with pytest.raises(Refused) as refused:
        prompts.choose(session, event, 2, theirs.value)
    assert refused.value.reason is PromptBarrier.ASKED_ELSEWHERE


@pytest.mark.parametrize("code", ["nonsense", "odd_custom", "x" * 500, "None"])
def test_a_question_of_no_such_event_is_refused(session: Session, meetup: Meetup, code: str) -> None:
    with pytest.raises(Refused) as refused:
        prompts.choose(session, meetup.event, 1, code)
    assert refused.value.reason is PromptBarrier.UNKNOWN


def test_a_round_that_is_not_there(session: Session, meetup: Meetup) -> None:
    with pytest.raises(NotFound):
        prompts.choose(session, meetup.event, 4, "")
