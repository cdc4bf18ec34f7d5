"""Two people change places: known before it is done, done once, and never against the rules."""

import pytest
from sqlalchemy.orm import Session

from organizer.domain.rounds import PlanState, RoundBarrier
from organizer.errors import NotFound, Refused
from organizer.people.blocks import block
from organizer.rounds import changing, planning, queries
from organizer.rounds.changing import Change
from organizer.rounds.drafts import drawn
from organizer.rounds.models import SeatingPlan
from organizer.workflows import rounds
from tests.factories import NOW
from tests.rounds.rows import Meetup, make_draft, make_meetup, publish_plan


def apart(session: Session, plan: SeatingPlan, number: int = 1) -> tuple[int, int]:
    """One of the first table and one of the second."""
    tables = queries.tables_in(session, plan.id, number)
    return tables[1][0], tables[2][0]


def swap(
    session: Session,
    meetup: Meetup,
    plan: SeatingPlan,
    pair: tuple[int, int],
    revision: int = 0,
    number: int = 1,
) -> Change:
    barred = rounds.barred_of(session, meetup.ids)
    seen = {"generation": plan.generation, "revision": revision}
    one, other = pair
    where = {"number": number, "one": one, "other": other}
    return changing.swap(session, meetup.event, barred=barred, by=meetup.host, now=NOW, **seen, **where)


def test_two_change_places_and_the_score_is_the_judge_s(session: Session) -> None:
    meetup = make_meetup(session)
    plan = make_draft(session, meetup)
    one, other = apart(session, plan)
    before = plan.score
    change = swap(session, meetup, plan, (one, other))
    tables = queries.tables_in(session, plan.id, 1)
    assert other in tables[1]
    assert one in tables[2]
    assert plan.revision == 1
    assert before is not None
    assert plan.score == before + change.gain == drawn(session, plan, ()).verdict().score


def test_the_other_way_round_takes_it_back(session: Session) -> None:
    meetup = make_meetup(session)
    plan = make_draft(session, meetup)
    before, score = queries.seats_of(session, plan.id), plan.score
    pair = apart(session, plan)
    swap(session, meetup, plan, pair)
    swap(session, meetup, plan, pair, revision=1)
    assert queries.seats_of(session, plan.id) == before
    assert plan.score == score


def test_gains_are_what_each_change_would_bring(session: Session) -> None:
    meetup = make_meetup(session)
    plan = make_draft(session, meetup)
    draft = drawn(session, plan, ())
    one = queries.tables_in(session, plan.id, 2)[1][0]
    found = changing.gains(draft, 2, one)
    assert len(found) == 8, "everybody at another table"
    for other, change in found.items():
        assert change == changing.propose(draft, 2, one, other)


def test_a_second_press_changes_nothing(session: Session) -> None:
    meetup = make_meetup(session)
    plan = make_draft(session, meetup)
    pair = apart(session, plan)
    swap(session, meetup, plan, pair)
    with pytest.raises(Refused) as refused:
        swap(session, meetup, plan, pair)
    assert refused.value.reason is RoundBarrier.CHANGED_MEANWHILE


def test_no_rule_is_broken_by_hand(session: Session) -> None:
    meetup = make_meetup(session, 8)
    plan = make_draft(session, meetup)
    tables = queries.tables_in(session, plan.id, 1)
    block(session, tables[1][0], tables[2][0], NOW)
    with pytest.raises(Refused) as refused:
        swap(session, meetup, plan, (tables[1][1], tables[2][0]))
    assert refused.value.reason is RoundBarrier.UNLAWFUL


def test_a_fixed_seat_is_not_swapped_away(session: Session) -> None:
    meetup = make_meetup(session, 8)
    host = meetup.people[0]
    planning.mark(
        session, meetup.event, host, table=1, first_round=1, last_round=None, by=meetup.host, now=NOW
    )
    plan = make_draft(session, meetup)
    other = queries.tables_in(session, plan.id, 1)[2][0]
    with pytest.raises(Refused):
        swap(session, meetup, plan, (host.id, other))


def test_only_two_who_sit_in_that_round(session: Session) -> None:
    meetup = make_meetup(session)
    plan = make_draft(session, meetup)
    for pair in ((meetup.ids[0], meetup.ids[0]), (meetup.ids[0], meetup.host.id)):
        with pytest.raises(NotFound):
            swap(session, meetup, plan, pair)


def test_begun_rounds_stay_as_they_are(session: Session) -> None:
    meetup = make_meetup(session)
    publish_plan(session, meetup)
    rounds.start(session, meetup.event, 1, by=meetup.host, now=NOW)
    plan = make_draft(session, meetup)
    with pytest.raises(Refused) as refused:
        swap(session, meetup, plan, apart(session, plan))
    assert refused.value.reason is RoundBarrier.ROUND_OVER
    assert changing.gains(drawn(session, plan, ()), 1, meetup.ids[0]) == {}


def test_what_is_published_can_be_changed_by_hand(session: Session) -> None:
    meetup = make_meetup(session)
    published = publish_plan(session, meetup)
    rounds.start(session, meetup.event, 1, by=meetup.host, now=NOW)
    draft = changing.revise(session, meetup.event, after=1, by=meetup.host, now=NOW)
    assert changing.revise(session, meetup.event, after=1, by=meetup.host, now=NOW).id == draft.id
    assert (draft.state, draft.from_round, draft.base_id) == (PlanState.DRAFT, 2, published.id)
    assert queries.seats_of(session, draft.id) == queries.seats_of(session, published.id)
    pair = apart(session, draft, 2)
    change = swap(session, meetup, draft, pair, number=2)
    assert change.after.moved == 2
    again = rounds.publish(
        session, meetup.event, generation=draft.generation, revision=1, by=meetup.host, now=NOW
    )
    assert queries.own_tables(session, meetup.event.id, pair[0])[2] == 2
    assert again.id == draft.id


def test_nothing_published_nothing_to_revise(session: Session) -> None:
    meetup = make_meetup(session)
    with pytest.raises(Refused):
        changing.revise(session, meetup.event, after=0, by=meetup.host, now=NOW)
