"""Asking for tables, and what the host says of somebody's seats."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from organizer.audit.models import AuditEntry
from organizer.checkin import service as door
from organizer.domain.lifecycle import EventState
from organizer.domain.rounds import PlanState, RoundBarrier
from organizer.errors import NotFound, Refused
from organizer.people.blocks import block
from organizer.registrations.models import Registration
from organizer.rounds import planning, queries, solving
from organizer.rounds.models import SeatingPlan
from organizer.workflows import rounds
from tests.domain.crowds import crowd
from tests.factories import NOW, make_person
from tests.rounds.rows import arrive, make_draft, make_meetup, publish_plan, together


def acts(session: Session) -> list[str]:
    session.flush()
    return [row.act for row in session.query(AuditEntry).order_by(AuditEntry.id)]


def test_those_who_are_there_get_tables(session: Session) -> None:
    meetup = make_meetup(session, 13)
    plan = make_draft(session, meetup)
    assert plan.state is PlanState.DRAFT
    seats = queries.seats_of(session, plan.id)
    for number in (1, 2, 3):
        assert sorted(person for round_, _, person in seats if round_ == number) == sorted(meetup.ids)
        assert {len(people) for people in queries.tables_in(session, plan.id, number).values()} <= {4, 5}
    assert acts(session) == ["seating.asked"]


def test_two_presses_ask_once(session: Session) -> None:
    meetup = make_meetup(session)
    first = planning.ask(session, meetup.event, after=0, by=meetup.host, now=NOW)
    again = planning.ask(session, meetup.event, after=0, by=meetup.helper, now=NOW)
    assert again.id == first.id
    assert acts(session) == ["seating.asked"]


def test_asking_again_takes_the_place_of_the_draft(session: Session) -> None:
    meetup = make_meetup(session)
    first = make_draft(session, meetup)
    second = make_draft(session, meetup)
    session.refresh(first)
    assert (first.state, second.state) == (PlanState.SUPERSEDED, PlanState.DRAFT)
    assert second.generation == first.generation + 1
    assert second.seed != first.seed, "another look, not the same one"


def test_one_alone_is_no_evening(session: Session) -> None:
    meetup = make_meetup(session, 1)
    with pytest.raises(Refused) as refused:
        planning.ask(session, meetup.event, after=0, by=meetup.host, now=NOW)
    assert refused.value.reason is RoundBarrier.TOO_FEW


@pytest.mark.parametrize("state", [EventState.DRAFT, EventState.CANCELLED])
def test_no_tables_for_what_does_not_take_place(session: Session, state: EventState) -> None:
    meetup = make_meetup(session, state=state)
    with pytest.raises(Refused) as refused:
        planning.ask(session, meetup.event, after=0, by=meetup.host, now=NOW)
    assert refused.value.reason is RoundBarrier.EVENT_CLOSED


def test_no_tables_long_after_the_end(session: Session) -> None:
    meetup = make_meetup(session)
    late = meetup.event.ends_at + planning.LASTS + timedelta(minutes=1)
    with pytest.raises(Refused):
        planning.ask(session, meetup.event, after=0, by=meetup.host, now=late)


def test_who_has_not_come_has_no_seat(session: Session) -> None:
    meetup = make_meetup(session)
    gone = session.query(Registration).filter_by(person_id=meetup.ids[0]).one()
    door.undo(session, meetup.event, gone.public_id, now=NOW, by=meetup.host)
    plan = make_draft(session, meetup)
    assert meetup.ids[0] not in {person for _, _, person in queries.seats_of(session, plan.id)}


def test_blocked_people_never_share_a_table(session: Session) -> None:
    meetup = make_meetup(session, 8)
    a, b = meetup.ids[:2]
    block(session, b, a, NOW)
    plan = make_draft(session, meetup)
    assert not any((a, b) in together(session, plan, number) for number in (1, 2, 3))


def test_colleagues_sit_apart_if_they_can(session: Session) -> None:
    meetup = make_meetup(session, 8)
    rows = session.query(Registration).filter(Registration.person_id.in_(meetup.ids[:2])).all()
    for row in rows:
        row.profile = row.profile | {"company": "同じ会社"}
    session.flush()
    a, b = meetup.ids[:2]
    plan = make_draft(session, meetup)
    assert not plan.relaxed
    assert not any((a, b) in together(session, plan, number) for number in (1, 2, 3))


def test_too_many_colleagues_share_tables_and_it_is_said(session: Session) -> None:
    meetup = make_meetup(session, 8)
    for row in session.query(Registration).filter(Registration.person_id.in_(meetup.ids[:5])):
        row.profile = row.profile | {"company": "同じ会社"}
    session.flush()
    assert make_draft(session, meetup).relaxed


def test_a_fixed_table_is_kept_in_every_round(session: Session) -> None:
    meetup = make_meetup(session, 12)
    host = meetup.people[3]
    planning.mark(
        session, meetup.event, host, table=2, first_round=1, last_round=None, by=meetup.host, now=NOW
    )
    plan = make_draft(session, meetup)
    mine = [table for _, table, person in queries.seats_of(session, plan.id) if person == host.id]
    assert mine == [2, 2, 2]


def test_late_comers_and_early_leavers_sit_when_they_are_there(session: Session) -> None:
    meetup = make_meetup(session, 12)
    late, early = meetup.people[:2]
    planning.mark(
        session, meetup.event, late, table=None, first_round=2, last_round=None, by=meetup.host, now=NOW
    )
    planning.mark(
        session, meetup.event, early, table=None, first_round=1, last_round=2, by=meetup.host, now=NOW
    )
    seats = queries.seats_of(session, make_draft(session, meetup).id)
    assert [number for number, _, person in seats if person == late.id] == [2, 3]
    assert [number for number, _, person in seats if person == early.id] == [1, 2]


def test_newcomers_sit_beside_whom_they_named(session: Session) -> None:
    meetup = make_meetup(session, 11)
    for row in session.query(Registration).filter_by(event_id=meetup.event.id):
        row.first_time = False
    guide = meetup.people[4]
    newcomer = arrive(session, meetup.event, crowd(9, 20)[19], first_time=True, introducer=guide.name)
    plan = make_draft(session, meetup)
    assert plan.facts["introduced"]
    assert (guide.id, newcomer.id) in together(session, plan, 1)


def test_who_leaves_has_no_coming_seat_and_may_return(session: Session) -> None:
    meetup = make_meetup(session)
    person = meetup.people[0]
    assert planning.leaves(session, meetup.event, person, by=meetup.host, now=NOW)
    assert not planning.leaves(session, meetup.event, person, by=meetup.host, now=NOW), "said already"
    plan = make_draft(session, meetup)
    assert person.id not in {one for _, _, one in queries.seats_of(session, plan.id)}
    assert planning.returns(session, meetup.event, person, by=meetup.host, now=NOW)
    assert not planning.returns(session, meetup.event, person, by=meetup.host, now=NOW)
    plan = make_draft(session, meetup)
    assert person.id in {one for _, _, one in queries.seats_of(session, plan.id)}


def test_a_draft_is_put_away_by_its_generation_alone(session: Session) -> None:
    meetup = make_meetup(session)
    plan = make_draft(session, meetup)
    assert not planning.discard(session, meetup.event, generation=7, by=meetup.host, now=NOW)
    assert planning.discard(session, meetup.event, generation=plan.generation, by=meetup.host, now=NOW)
    session.refresh(plan)
    assert plan.state is PlanState.SUPERSEDED
    assert queries.open_plan(session, meetup.event.id) is None


def test_only_those_of_this_event_are_found(session: Session) -> None:
    meetup = make_meetup(session)
    stranger = make_person(session)
    assert planning.attendee(session, meetup.event, meetup.people[0].public_id).id == meetup.ids[0]
    with pytest.raises(NotFound):
        planning.attendee(session, meetup.event, stranger.public_id)


def test_nothing_of_the_room_names_who_blocked_whom(session: Session) -> None:
    meetup = make_meetup(session, 8)
    block(session, *meetup.ids[:2], NOW)
    plan = make_draft(session, meetup)
    session.refresh(plan, ["room"])
    assert plan.room["room"]["blocked"] == []


class TestReplanning:
    """Rounds that have begun stay; of the coming ones as little changes as can be."""

    def test_begun_rounds_stay_and_few_seats_move(self, session: Session) -> None:
        meetup = make_meetup(session, 24)
        first = publish_plan(session, meetup)
        before = queries.seats_of(session, first.id)
        rounds.start(session, meetup.event, 1, by=meetup.host, now=NOW)
        gone = meetup.people[5]
        planning.leaves(session, meetup.event, gone, by=meetup.host, now=NOW)
        second = publish_plan(session, meetup)
        after = queries.seats_of(session, second.id)
        assert [seat for seat in after if seat[0] == 1] == [seat for seat in before if seat[0] == 1]
        assert gone.id not in {person for number, _, person in after if number > 1}
        coming = {seat for seat in before if seat[0] > 1 and seat[2] != gone.id}
        moved = len(coming - set(after))
        assert moved <= len(coming) // 3
        assert second.from_round == 2

    def test_a_late_arrival_gets_a_seat_in_the_coming_rounds(self, session: Session) -> None:
        meetup = make_meetup(session, 11)
        publish_plan(session, meetup)
        rounds.start(session, meetup.event, 1, by=meetup.host, now=NOW)
        late = arrive(session, meetup.event, crowd(5, 30)[29])
        plan = publish_plan(session, meetup)
        mine = [number for number, _, person in queries.seats_of(session, plan.id) if person == late.id]
        assert mine == [2, 3]

    def test_who_missed_a_round_and_came_back_sits_again(self, session: Session) -> None:
        meetup = make_meetup(session, 12)
        person = meetup.people[2]
        publish_plan(session, meetup)
        rounds.start(session, meetup.event, 1, by=meetup.host, now=NOW)
        planning.leaves(session, meetup.event, person, by=meetup.host, now=NOW)
        publish_plan(session, meetup)
        rounds.start(session, meetup.event, 2, by=meetup.host, now=NOW)
        planning.returns(session, meetup.event, person, by=meetup.host, now=NOW)
        plan = publish_plan(session, meetup)
        mine = [number for number, _, one in queries.seats_of(session, plan.id) if one == person.id]
        assert mine == [1, 3]

    def test_nothing_is_made_anew_when_every_round_has_begun(self, session: Session) -> None:
        meetup = make_meetup(session, 8, rounds=1)
        publish_plan(session, meetup)
        rounds.start(session, meetup.event, 1, by=meetup.host, now=NOW)
        with pytest.raises(Refused) as refused:
            planning.ask(session, meetup.event, after=1, by=meetup.host, now=NOW)
        assert refused.value.reason is RoundBarrier.ALL_ROUNDS_BEGUN
        assert rounds.renew(session, meetup.event, by=meetup.host, now=NOW) is None

    def test_nothing_is_renewed_before_anything_was_made(self, session: Session) -> None:
        meetup = make_meetup(session)
        assert rounds.renew(session, meetup.event, by=meetup.host, now=NOW) is None


class TestClaims:
    """A plan is solved by one worker at a time, and by another when that one dies."""

    def ask(self, session: Session) -> SeatingPlan:
        meetup = make_meetup(session)
        return planning.ask(session, meetup.event, after=0, by=meetup.host, now=NOW)

    def test_one_worker_takes_it(self, session: Session) -> None:
        plan = self.ask(session)
        assert solving.due(session, NOW) == plan.id
        first = solving.claim(session, "one", NOW)
        assert first is not None
        session.flush()
        assert solving.due(session, NOW) is None
        assert solving.claim(session, "other", NOW) is None

    def test_a_dead_worker_s_plan_is_taken_over(self, session: Session) -> None:
        plan = self.ask(session)
        solving.claim(session, "one", NOW)
        later = NOW + solving.LEASE + timedelta(seconds=1)
        session.flush()
        taken = solving.claim(session, "other", later)
        assert taken is not None
        assert (taken.id, taken.claimed_by, taken.attempts) == (plan.id, "other", 2)
        session.flush()
        assert not solving.alive(session, plan.id, "one", None, later), "it is no longer its own"
        assert solving.alive(session, plan.id, "other", 12, later)

    def test_whose_solvers_always_die_is_given_up(self, session: Session) -> None:
        plan = self.ask(session)
        for _ in range(solving.MOST_ATTEMPTS):
            assert solving.claim(session, "one", NOW) is not None
            session.flush()
            solving.let_go(session, plan.id, "one")
            session.refresh(plan)
        assert solving.claim(session, "one", NOW) is None
        session.flush()
        assert plan.state is PlanState.FAILED
        assert plan.reason == solving.Trouble.SOLVER_DIED.value

    def test_a_plan_asked_for_anew_meanwhile_is_not_settled(self, session: Session) -> None:
        meetup = make_meetup(session)
        plan = planning.ask(session, meetup.event, after=0, by=meetup.host, now=NOW)
        solving.claim(session, "one", NOW)
        session.flush()
        planning.ask(session, meetup.event, after=1, by=meetup.host, now=NOW)
        nothing = solving.Solved([], {}, {}, 1, 1, 1, relaxed=False, facts={})
        assert not solving.settle(session, plan.id, "one", nothing, NOW)
        assert queries.seats_of(session, plan.id) == []
        assert not solving.alive(session, plan.id, "one", 5, NOW)

    def test_a_bound_comes_after_the_draft_and_is_never_below_it(self, session: Session) -> None:
        plan = make_draft(session, make_meetup(session))
        assert plan.score is not None
        solving.note_bound(session, plan.id, "test", plan.score - 1)
        session.refresh(plan)
        assert plan.bound is None
        assert solving.alive(session, plan.id, "test", None, NOW)
        solving.note_bound(session, plan.id, "test", plan.score + 5)
        session.refresh(plan)
        assert plan.bound == plan.score + 5
