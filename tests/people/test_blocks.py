"""Blocks: silent, and everywhere."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from organizer.audit.service import entries
from organizer.domain.lifecycle import RunState
from organizer.matches.models import Again, ContactConsent, Match, MatchRun
from organizer.people import blocks
from organizer.people.models import Block
from organizer.workflows.blocking import block_person, has_met, unblock_person
from tests.factories import NOW, make_circle, make_event, make_person, make_registration


def test_a_block_holds_both_ways(session: Session) -> None:
    one, other, third = (make_person(session) for _ in range(3))
    assert blocks.block(session, one.id, other.id, NOW)
    assert blocks.blocked(session, one.id, other.id)
    assert blocks.blocked(session, other.id, one.id)
    assert not blocks.blocked(session, one.id, third.id)
    assert blocks.blocked_pairs(session, [one.id, other.id, third.id]) == {(one.id, other.id)}
    assert blocks.blocked_with(session, other.id) == {one.id}
    assert blocks.blocked_pairs(session, []) == set()


def test_blocking_twice_is_one_block(session: Session) -> None:
    one, other = make_person(session), make_person(session)
    blocks.block(session, one.id, other.id, NOW)
    assert not blocks.block(session, one.id, other.id, NOW)
    assert session.scalar(select(func.count()).select_from(Block).where(Block.person_id == one.id)) == 1


def test_nobody_blocks_oneself(session: Session) -> None:
    person = make_person(session)
    with pytest.raises(ValueError, match="oneself"):
        blocks.block(session, person.id, person.id, NOW)


def test_lifting_ones_own_block_leaves_the_others(session: Session) -> None:
    one, other = make_person(session), make_person(session)
    block_person(session, one, other, NOW)
    block_person(session, other, one, NOW)
    assert unblock_person(session, one, other, NOW)
    assert blocks.blocked(session, one.id, other.id)
    assert not unblock_person(session, one, other, NOW)
    assert blocks.blocked_by(session, other.id) == [one]


def test_blocking_takes_back_what_was_hoped_for(session: Session) -> None:
    one, other = make_person(session), make_person(session)
    event = make_event(session, make_circle(session))
    session.add(Again(event_id=event.id, person_id=one.id, other_id=other.id, at=NOW))
    session.add(Again(event_id=event.id, person_id=other.id, other_id=one.id, at=NOW))
    session.add(ContactConsent(person_id=one.id, other_id=other.id, at=NOW))
    session.flush()
    block_person(session, one, other, NOW)
    assert session.scalars(select(Again.person_id)).all() == [other.id]
    assert session.scalar(select(func.count()).select_from(ContactConsent)) == 0


@pytest.mark.parametrize(("state", "removed"), [(RunState.HELD, True), (RunState.PUBLISHED, False)])
def test_a_match_not_yet_sent_loses_the_pair(session: Session, state: RunState, removed: bool) -> None:
    one, other = make_person(session), make_person(session)
    event = make_event(session, make_circle(session))
    at_event = {"circle_id": event.circle_id, "event_id": event.id, "generation": 1}
    run = MatchRun(**at_event, state=state, weights_version=1, made_at=NOW)
    session.add(run)
    session.flush()
    match = Match(**at_event, run_id=run.id, a_id=one.id, b_id=other.id, score=500)
    session.add(match)
    session.flush()
    block_person(session, other, one, NOW)
    session.expire_all()
    assert (match.removed_at is not None) is removed


def test_a_block_is_audited_without_a_circle(session: Session) -> None:
    one, other = make_person(session), make_person(session)
    block_person(session, one, other, NOW)
    [entry] = entries(session, "person", other.id)
    assert (entry.act, entry.actor_id, entry.circle_id) == ("person.blocked", one.id, None)


def test_one_has_met_those_of_the_same_event(session: Session) -> None:
    circle = make_circle(session)
    event, elsewhere = make_event(session, circle), make_event(session, circle)
    one, other, stranger = (make_person(session) for _ in range(3))
    make_registration(session, event, one)
    make_registration(session, event, other)
    make_registration(session, elsewhere, stranger)
    assert has_met(session, one, other)
    assert not has_met(session, one, stranger)
