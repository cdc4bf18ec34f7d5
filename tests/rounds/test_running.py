"""The clock of the rounds, and who has met when a round ends."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from organizer.checkin import service as door
from organizer.domain.rounds import RoundBarrier, RoundState, RoundStep
from organizer.errors import NotFound, Refused
from organizer.matches import closing, encounters
from organizer.matches.models import Encounter
from organizer.matches.places import place_of
from organizer.registrations.models import Registration
from organizer.rounds import planning, publishing, queries, running
from organizer.rounds.models import Round, SeatingPlan
from organizer.workflows import rounds
from tests.factories import NOW
from tests.rounds.rows import Meetup, make_draft, make_meetup, publish_plan, together

MINUTE = timedelta(minutes=1)


def step(session: Session, meetup: Meetup, number: int, taken: RoundStep, minutes: float = 0) -> bool:
    now = NOW + minutes * MINUTE
    return running.take(session, meetup.event, number, taken, by=meetup.helper, now=now)


def row(session: Session, meetup: Meetup, number: int = 1) -> Round:
    return queries.rounds_of(session, meetup.event.id)[number - 1]


def met(session: Session, meetup: Meetup) -> dict[tuple[int, int], int]:
    session.expire_all()
    rows = session.query(Encounter).filter_by(event_id=meetup.event.id)
    return {(one.a_id, one.b_id): one.sat for one in rows}


def test_a_round_starts_pauses_goes_on_and_ends(session: Session) -> None:
    meetup = make_meetup(session)
    publish_plan(session, meetup)
    assert rounds.start(session, meetup.event, 1, by=meetup.helper, now=NOW)
    assert row(session, meetup).ends_at == NOW + 10 * MINUTE
    assert step(session, meetup, 1, RoundStep.PAUSE, minutes=4)
    assert row(session, meetup).left_seconds == 360
    assert step(session, meetup, 1, RoundStep.ADD_MINUTE, minutes=5)
    assert step(session, meetup, 1, RoundStep.RESUME, minutes=6)
    assert row(session, meetup).ends_at == NOW + 13 * MINUTE
    assert rounds.end(session, meetup.event, 1, by=meetup.helper, now=NOW + 13 * MINUTE)
    assert row(session, meetup).state is RoundState.ENDED


def test_each_step_is_taken_once(session: Session) -> None:
    meetup = make_meetup(session)
    publish_plan(session, meetup)
    assert rounds.start(session, meetup.event, 1, by=meetup.helper, now=NOW)
    assert not rounds.start(session, meetup.event, 1, by=meetup.helper, now=NOW + MINUTE)
    assert row(session, meetup).started_at == NOW
    assert step(session, meetup, 1, RoundStep.PAUSE)
    assert not step(session, meetup, 1, RoundStep.PAUSE)
    assert rounds.end(session, meetup.event, 1, by=meetup.helper, now=NOW)
    before = met(session, meetup)
    assert not rounds.end(session, meetup.event, 1, by=meetup.helper, now=NOW)
    assert met(session, meetup) == before


def test_a_minute_is_added_once_by_two_clicks(session: Session) -> None:
    meetup = make_meetup(session)
    publish_plan(session, meetup)
    rounds.start(session, meetup.event, 1, by=meetup.helper, now=NOW)
    seen = row(session, meetup).version
    asked = {"by": meetup.helper, "now": NOW, "version": seen}
    assert running.take(session, meetup.event, 1, RoundStep.ADD_MINUTE, **asked)
    assert not running.take(session, meetup.event, 1, RoundStep.ADD_MINUTE, **asked)
    assert row(session, meetup).ends_at == NOW + 11 * MINUTE


def test_a_minute_after_the_end_is_one_from_now(session: Session) -> None:
    meetup = make_meetup(session)
    publish_plan(session, meetup)
    rounds.start(session, meetup.event, 1, by=meetup.helper, now=NOW)
    assert step(session, meetup, 1, RoundStep.ADD_MINUTE, minutes=12)
    assert row(session, meetup).ends_at == NOW + 13 * MINUTE


def test_rounds_begin_in_their_order(session: Session) -> None:
    meetup = make_meetup(session)
    with pytest.raises(Refused) as refused:
        rounds.start(session, meetup.event, 1, by=meetup.helper, now=NOW)
    assert refused.value.reason is RoundBarrier.NOT_PUBLISHED
    publish_plan(session, meetup)
    with pytest.raises(Refused) as refused:
        rounds.start(session, meetup.event, 2, by=meetup.helper, now=NOW)
    assert refused.value.reason is RoundBarrier.NOT_NEXT
    with pytest.raises(NotFound):
        rounds.start(session, meetup.event, 9, by=meetup.helper, now=NOW)
    with pytest.raises(Refused) as refused:
        step(session, meetup, 1, RoundStep.PAUSE)
    assert refused.value.reason is RoundBarrier.NOT_BEGUN


def test_the_next_round_ends_the_one_before(session: Session) -> None:
    meetup = make_meetup(session)
    plan = publish_plan(session, meetup)
    rounds.start(session, meetup.event, 1, by=meetup.helper, now=NOW)
    rounds.start(session, meetup.event, 2, by=meetup.helper, now=NOW + 11 * MINUTE)
    first, second, _third = queries.rounds_of(session, meetup.event.id)
    assert (first.state, first.ended_at) == (RoundState.ENDED, NOW + 11 * MINUTE)
    assert second.state is RoundState.RUNNING
    assert met(session, meetup).keys() == together(session, plan, 1)
    with pytest.raises(Refused) as refused:
        rounds.start(session, meetup.event, 1, by=meetup.helper, now=NOW)
    assert refused.value.reason is RoundBarrier.ROUND_OVER


def test_a_round_started_by_mistake_is_put_back_for_a_while(session: Session) -> None:
    meetup = make_meetup(session)
    publish_plan(session, meetup)
    rounds.start(session, meetup.event, 1, by=meetup.helper, now=NOW)
    assert step(session, meetup, 1, RoundStep.TAKE_BACK, minutes=1)
    assert row(session, meetup).state is RoundState.PLANNED
    rounds.start(session, meetup.event, 1, by=meetup.helper, now=NOW)
    with pytest.raises(Refused) as refused:
        step(session, meetup, 1, RoundStep.TAKE_BACK, minutes=2)
    assert refused.value.reason is RoundBarrier.TOO_LATE_TO_TAKE_BACK
    assert met(session, meetup) == {}


def test_a_starting_round_puts_away_the_draft_that_would_change_it(session: Session) -> None:
    meetup = make_meetup(session)
    publish_plan(session, meetup)
    draft = make_draft(session, meetup)
    rounds.start(session, meetup.event, 1, by=meetup.helper, now=NOW)
    session.refresh(draft)
    with pytest.raises(Refused) as refused:
        rounds.publish(
            session, meetup.event, generation=draft.generation, revision=0, by=meetup.host, now=NOW
        )
    assert refused.value.reason is RoundBarrier.NO_DRAFT


class TestEncounters:
    """Who sat together and is there has met; who says they talked has talked."""

    def test_who_has_gone_home_has_met_nobody(self, session: Session) -> None:
        meetup = make_meetup(session, 8)
        publish_plan(session, meetup)
        rounds.start(session, meetup.event, 1, by=meetup.host, now=NOW)
        gone = session.query(Registration).filter_by(person_id=meetup.ids[0]).one()
        door.undo(session, meetup.event, gone.public_id, now=NOW, by=meetup.host)
        rounds.end(session, meetup.event, 1, by=meetup.host, now=NOW)
        assert not any(meetup.ids[0] in pair for pair in met(session, meetup))

    def test_who_meets_twice_has_sat_twice(self, session: Session) -> None:
        meetup = make_meetup(session, 4, rounds=2)
        publish_plan(session, meetup)
        for number in (1, 2):
            rounds.start(session, meetup.event, number, by=meetup.host, now=NOW)
            rounds.end(session, meetup.event, number, by=meetup.host, now=NOW)
        assert set(met(session, meetup).values()) == {2}

    def test_to_sit_together_is_not_to_have_talked(self, session: Session) -> None:
        meetup = make_meetup(session, 4, rounds=1)
        publish_plan(session, meetup)
        rounds.start(session, meetup.event, 1, by=meetup.host, now=NOW)
        rounds.end(session, meetup.event, 1, by=meetup.host, now=NOW)
        assert not session.query(Encounter).filter(Encounter.talked).count()
        late = meetup.event.ends_at
        place = place_of(session, meetup.ids[0], meetup.event.public_id)
        closing.save_talks(session, place, [meetup.ids[1]], late)
        session.expire_all()
        pair = session.query(Encounter).filter(Encounter.talked).one()
        assert ((pair.a_id, pair.b_id), pair.sat) == (tuple(meetup.ids[:2]), 1)
        closing.save_talks(session, place, [], late)
        session.expire_all()
        assert not session.query(Encounter).filter(Encounter.talked).count()
        assert len(met(session, meetup)) == 6, "they still sat together"

    def test_earlier_evenings_are_known_at_the_next(self, session: Session) -> None:
        meetup = make_meetup(session, 4, rounds=1)
        publish_plan(session, meetup)
        rounds.start(session, meetup.event, 1, by=meetup.host, now=NOW)
        rounds.end(session, meetup.event, 1, by=meetup.host, now=NOW)
        other = make_meetup(session, 2).event
        assert set(encounters.evenings_before(session, other, meetup.ids).values()) == {1}
        assert encounters.evenings_before(session, meetup.event, meetup.ids) == {}

    def test_sat_with_counts_begun_rounds_of_what_is_published(self, session: Session) -> None:
        meetup = make_meetup(session, 12)
        plan = publish_plan(session, meetup)
        one = meetup.ids[0]
        assert queries.sat_with(session, meetup.event.id, one) == {}
        rounds.start(session, meetup.event, 1, by=meetup.host, now=NOW)
        beside = {a + b - one for a, b in together(session, plan, 1) if one in (a, b)}
        assert queries.sat_with(session, meetup.event.id, one) == dict.fromkeys(beside, 1)
        assert set(queries.mates(session, meetup.event.id, one, 1)) == beside


class TestPublishing:
    """A draft goes to its people as the host saw it."""

    def publish(self, session: Session, meetup: Meetup, plan: SeatingPlan, revision: int = 0) -> SeatingPlan:
        seen = {"generation": plan.generation, "revision": revision}
        return rounds.publish(session, meetup.event, by=meetup.host, now=NOW, **seen)

    def test_it_is_done_once(self, session: Session) -> None:
        meetup = make_meetup(session)
        draft = make_draft(session, meetup)
        assert queries.published_plan(session, meetup.event.id) is None
        first = self.publish(session, meetup, draft)
        assert self.publish(session, meetup, draft).id == first.id
        assert [one.number for one in queries.rounds_of(session, meetup.event.id)] == [1, 2, 3]
        assert queries.own_tables(session, meetup.event.id, meetup.ids[0]).keys() == {1, 2, 3}

    def test_what_was_changed_meanwhile_is_not_published(self, session: Session) -> None:
        meetup = make_meetup(session)
        draft = make_draft(session, meetup)
        draft.revision += 1
        session.flush()
        with pytest.raises(Refused) as refused:
            self.publish(session, meetup, draft)
        assert refused.value.reason is RoundBarrier.CHANGED_MEANWHILE

    def test_who_blocks_after_the_draft_does_not_share_a_table(self, session: Session) -> None:
        from organizer.people.blocks import block

        meetup = make_meetup(session, 4, rounds=1)
        draft = make_draft(session, meetup)
        block(session, *meetup.ids[:2], NOW)
        with pytest.raises(Refused) as refused:
            self.publish(session, meetup, draft)
        assert refused.value.reason is RoundBarrier.UNLAWFUL

    def test_it_comes_back_before_the_first_round_alone(self, session: Session) -> None:
        meetup = make_meetup(session)
        plan = publish_plan(session, meetup)
        assert publishing.unpublish(session, meetup.event, by=meetup.host, now=NOW)
        assert not publishing.unpublish(session, meetup.event, by=meetup.host, now=NOW)
        assert queries.rounds_of(session, meetup.event.id) == []
        session.refresh(plan)
        self.publish(session, meetup, plan, plan.revision)
        rounds.start(session, meetup.event, 1, by=meetup.host, now=NOW)
        with pytest.raises(Refused) as refused:
            publishing.unpublish(session, meetup.event, by=meetup.host, now=NOW)
        assert refused.value.reason is RoundBarrier.ROUNDS_BEGUN

    def test_fewer_rounds_take_the_late_ones_away(self, session: Session) -> None:
        meetup = make_meetup(session)
        publish_plan(session, meetup)
        publish_plan(session, meetup, rounds=2)
        assert [one.number for one in queries.rounds_of(session, meetup.event.id)] == [1, 2]

    def test_without_a_draft_there_is_nothing_to_publish(self, session: Session) -> None:
        meetup = make_meetup(session)
        plan = planning.ask(session, meetup.event, after=0, by=meetup.host, now=NOW)
        with pytest.raises(Refused) as refused:
            self.publish(session, meetup, plan)
        assert refused.value.reason is RoundBarrier.NO_DRAFT
