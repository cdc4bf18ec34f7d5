"""The matches of an evening: made once, lawful, held or sent; and mutual wishes, told to both in one commit."""

import json
import random
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from organizer.audit.models import AuditEntry
from organizer.checkin.models import CheckIn
from organizer.circles import approach
from organizer.circles.models import Circle, Exclusion, Membership
from organizer.domain.approach import FIRST_APPROACH, WEIGHTS, Step
from organizer.domain.delivery import NotifyChoice
from organizer.domain.lifecycle import EventState, RunState
from organizer.domain.pairing import pair, score_pairs, verify_pairing
from organizer.domain.reasons import ReasonKind, seen_by
from organizer.domain.roles import CircleRole
from organizer.domain.trust import ContactKind
from organizer.domain.weights import WEIGHTS_V1, Aspect
from organizer.errors import Refused
from organizer.events.schedule import MAKE_MATCHES
from organizer.followups.models import FollowUp
from organizer.jobs.models import Task
from organizer.mail.models import Message
from organizer.matches import making
from organizer.matches.closing import ClosingBarrier
from organizer.matches.models import Again, Encounter, Match, MatchRun, Reveal
from organizer.matches.places import registrations_present
from organizer.matches.queries import mutual_pairs, reasons_of
from organizer.people.blocks import block
from organizer.people.models import Person
from organizer.registrations.queries import profile_of
from organizer.ties.models import Contact, Insight, Promise, Tie
from organizer.ties.service import let_go, meet
from organizer.workflows import looking_back
from organizer.workflows.closing import make_matches, publish_matches
from organizer.workflows.looking_back import Kept
from tests.factories import NOW, make_event, make_member, make_person
from tests.matches.rows import LATER, Evening, arrive, make_evening, make_guest


def pairs(session: Session, evening: Evening) -> set[tuple[int, int]]:
    query = select(Match.a_id, Match.b_id).where(
        Match.event_id == evening.event.id, Match.removed_at.is_(None)
    )
    return {(a, b) for a, b in session.execute(query)}


def mails(session: Session, kind: str) -> set[int | None]:
    return set(session.scalars(select(Message.person_id).where(Message.kind == kind)))


def say_again(session: Session, evening: Evening, one: Person, *others: Person) -> None:
    looking_back.say_again(session, evening.place(session, one), {other.id for other in others}, NOW)


def mutual(session: Session, evening: Evening, one: Person, other: Person) -> None:
    say_again(session, evening, one, other)
    say_again(session, evening, other, one)


def count(session: Session, table: type[object]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


# --- making ---------------------------------------------------------------------------------------------------------


def test_everybody_has_one_to_three_partners_and_is_told(session: Session) -> None:
    evening = make_evening(session, 8)
    run = make_matches(session, evening.event.id, LATER)
    ids = {person.id for person in evening.people}
    taken = [one for both in pairs(session, evening) for one in both]
    assert run.state is RunState.PUBLISHED
    assert set(taken) == ids
    assert max(taken.count(one) for one in ids) <= 3
    assert mails(session, "matches") == ids


def test_asked_for_twice_they_are_made_once(session: Session) -> None:
    evening = make_evening(session, 5)
    first = make_matches(session, evening.event.id, LATER)
    before = pairs(session, evening)
    arrive(session, evening.event, make_guest(session, 9))
    assert make_matches(session, evening.event.id, LATER, by_id=evening.host.id) is first
    assert pairs(session, evening) == before
    assert count(session, MatchRun) == 1
    assert len(mails(session, "matches")) == 5


def test_the_circle_s_weights_count_and_are_kept_with_the_run(session: Session) -> None:
    evening = make_evening(session, 3, holds_matches=True)
    circle = session.get_one(Circle, evening.event.circle_id)
    steps = {aspect: FIRST_APPROACH.step(aspect) for aspect in Aspect} | {Aspect.RHYTHM: Step.OFF}
    approach.set_steps(session, circle, evening.host, steps, by_today=False, seen=0, now=NOW)
    run = make_matches(session, evening.event.id, LATER)
    kept = making.weights_of_run(run)
    assert kept == approach.weights_of(session, circle.id) != WEIGHTS
    approach.reset(session, circle, evening.host, seen=1, now=NOW)
    assert making.weights_of_run(run) == kept
    run.weights = {}
    assert making.weights_of_run(run) == WEIGHTS_V1


def test_a_tie_that_grows_is_a_reason_for_the_two_alone(session: Session) -> None:
    evening = make_evening(session, 2)
    a, b = (person.id for person in evening.people)
    for day in (40, 20, 5):
        at = NOW - timedelta(days=day)
        meet(session, a, b, event_id=None, kind=ContactKind.MEAL, key=f"hand:{day}", at=at)
    make_matches(session, evening.event.id, LATER)
    reasons = reasons_of(session.scalars(select(Match)).one())
    growing = [reason for reason in reasons if reason.kind is ReasonKind.TIE_GROWING]
    assert [reason.contacts for reason in growing] == [3]
    assert growing[0] in seen_by(reasons, a, limit=99)
    assert growing[0] not in seen_by(reasons, evening.host.id, limit=99)


def test_a_published_pair_has_ties_and_prompts(session: Session) -> None:
    evening = make_evening(session, 2)
    a, b = evening.people
    make_matches(session, evening.event.id, LATER)
    assert {(tie.person_id, tie.other_id) for tie in session.scalars(select(Tie))} == {
        (a.id, b.id),
        (b.id, a.id),
    }
    assert count(session, Contact) == 0
    prompts = session.execute(select(FollowUp.person_id, FollowUp.other_id)).all()
    assert set(prompts) == {(a.id, b.id), (b.id, a.id)}


def test_who_talked_also_has_a_contact(session: Session) -> None:
    evening = make_evening(session, 2)
    a, b = evening.people
    looking_back.say_talked(session, evening.place(session, b), {a.id}, NOW)
    make_matches(session, evening.event.id, LATER)
    contact = session.scalars(select(Contact)).one()
    assert (contact.a_id, contact.b_id, contact.key) == (a.id, b.id, f"event:{evening.event.id}")


def test_a_talk_said_after_the_list_is_out_becomes_a_contact(session: Session) -> None:
    evening = make_evening(session, 2)
    a, b = evening.people
    make_matches(session, evening.event.id, LATER)
    looking_back.say_talked(session, evening.place(session, a), {b.id}, LATER)
    looking_back.say_talked(session, evening.place(session, b), {a.id}, LATER)
    assert count(session, Contact) == 1


@pytest.mark.parametrize("way", ["block", "let_go", "excluded"])
def test_no_list_brings_together_who_may_not_meet(session: Session, way: str) -> None:
    evening = make_evening(session, 4)
    a, b, *others = evening.people
    if way == "block":
        block(session, b.id, a.id, NOW)
    elif way == "let_go":
        let_go(session, a.id, b.id, NOW)
    else:
        out = Exclusion(circle_id=evening.circle.id, person_id=b.id, by_id=evening.host.id, created_at=NOW)
        session.add(out)
        session.flush()
    make_matches(session, evening.event.id, LATER)
    made = pairs(session, evening)
    assert (a.id, b.id) not in made
    assert {one for both in made for one in both} >= {a.id, *(other.id for other in others)}
    if way == "excluded":
        assert all(b.id not in both for both in made)


def test_colleagues_meet_only_when_there_is_nobody_else(session: Session) -> None:
    evening = make_evening(session, 2)
    a, b = evening.people
    for row in registrations_present(session, evening.event.id):
        row.profile = row.profile | {"company": "同じ会社"}
    session.flush()
    make_matches(session, evening.event.id, LATER)
    assert pairs(session, evening) == {(a.id, b.id)}


def test_colleagues_are_kept_apart_among_others(session: Session) -> None:
    evening = make_evening(session, 4)
    for row in registrations_present(session, evening.event.id)[:2]:
        row.profile = row.profile | {"company": "同じ会社"}
    session.flush()
    make_matches(session, evening.event.id, LATER)
    a, b, *_ = evening.people
    assert (a.id, b.id) not in pairs(session, evening)
    assert len(pairs(session, evening)) == 5


@pytest.mark.parametrize("people", [0, 1])
def test_with_nobody_to_pair_there_is_an_empty_list(session: Session, people: int) -> None:
    evening = make_evening(session, people, holds_matches=True)
    run = make_matches(session, evening.event.id, LATER)
    assert run.state is RunState.PUBLISHED
    assert pairs(session, evening) == set()
    assert mails(session, "matches") == mails(session, "matches_held") == set()


def test_with_no_lawful_partner_one_is_left_in_peace(session: Session) -> None:
    evening = make_evening(session, 3)
    alone, b, c = evening.people
    block(session, alone.id, b.id, NOW)
    block(session, c.id, alone.id, NOW)
    make_matches(session, evening.event.id, LATER)
    assert pairs(session, evening) == {(b.id, c.id)}
    assert mails(session, "matches") == {b.id, c.id}


def test_who_came_is_what_counts(session: Session) -> None:
    evening = make_evening(session, 3)
    gone = session.scalars(select(CheckIn).order_by(CheckIn.id.desc())).first()
    assert gone is not None
    gone.voided_at = NOW
    session.flush()
    make_matches(session, evening.event.id, LATER)
    a, b, _ = evening.people
    assert pairs(session, evening) == {(a.id, b.id)}


def test_it_is_too_early_before_the_closing_opens(session: Session) -> None:
    evening = make_evening(session, 2)
    with pytest.raises(Refused) as refused:
        make_matches(session, evening.event.id, NOW - timedelta(minutes=30))
    assert refused.value.reason is ClosingBarrier.NOT_OPEN_YET
    assert count(session, MatchRun) == 0


def test_a_cancelled_event_has_no_matches(session: Session) -> None:
    evening = make_evening(session, 2, state=EventState.CANCELLED)
    with pytest.raises(Refused):
        make_matches(session, evening.event.id, LATER)


def test_an_earlier_encounter_is_known_to_the_reasons(session: Session) -> None:
    evening = make_evening(session, 2)
    a, b = evening.people
    earlier = make_event(session, evening.circle, starts_at=NOW - timedelta(days=30))
    session.add(Encounter(circle_id=evening.circle.id, event_id=earlier.id, a_id=a.id, b_id=b.id, at=NOW))
    session.flush()
    make_matches(session, evening.event.id, LATER)
    kinds = {row["kind"] for row in session.scalars(select(Match.reasons)).one()}
    assert ReasonKind.NOT_MET_YET.value not in kinds


def test_the_run_keeps_its_figures_and_no_name(session: Session) -> None:
    evening = make_evening(session, 4)
    run = make_matches(session, evening.event.id, LATER)
    assert run.work["people"] == 4
    assert run.work["pairs"] == 6
    assert (run.weights_version, run.weights) == (2, WEIGHTS.to_data())
    assert all(isinstance(value, int | bool) for value in run.work.values())


@pytest.mark.parametrize("seed", range(12))
def test_any_room_is_paired_to_the_judges_content(rows: Session, seed: int) -> None:
    session, dice = rows, random.Random(seed)
    evening = make_evening(session, dice.randint(2, 9))
    for one in evening.people:
        for other in evening.people:
            if one is not other and dice.random() < 0.15:
                block(session, one.id, other.id, NOW)
            if one is not other and dice.random() < 0.2:
                session.add(Again(event_id=evening.event.id, person_id=one.id, other_id=other.id, at=NOW))
    session.flush()
    profiles = [profile_of(row) for row in registrations_present(session, evening.event.id)]
    room = making.room_of(session, evening.event, profiles, (), mutual_pairs(session, evening.event.id))
    scores = score_pairs(profiles, room.forbidden, room.histories)
    make_matches(session, evening.event.id, LATER)
    best = pair(room.ids, scores, 3, room.mutual, fair=True)
    assert pairs(session, evening) == set(best.pairs)
    assert not verify_pairing(best, room.ids, scores, 3, room.mutual)
    both = {(a, b) for a, b in session.execute(select(Reveal.a_id, Reveal.b_id))}
    assert both == room.mutual - room.forbidden


# --- holding and sending --------------------------------------------------------------------------------------------


def test_held_matches_wait_for_the_host(session: Session) -> None:
    evening = make_evening(session, 3, holds_matches=True)
    staff, quiet = make_person(session), make_person(session)
    make_member(session, evening.circle, staff, CircleRole.STAFF)
    make_member(session, evening.circle, quiet).notify = NotifyChoice.NEVER
    run = make_matches(session, evening.event.id, LATER)
    assert run.state is RunState.HELD
    assert mails(session, "matches_held") == {evening.host.id}
    assert mails(session, "matches") == set()
    assert count(session, Tie) == count(session, FollowUp) == 0


def test_sent_twice_they_go_out_once(session: Session) -> None:
    evening = make_evening(session, 3, holds_matches=True)
    run = make_matches(session, evening.event.id, LATER)
    assert publish_matches(session, run, LATER, by_id=evening.host.id)
    assert not publish_matches(session, run, LATER + timedelta(hours=1))
    assert (run.state, run.published_at, run.published_by_id) == (RunState.PUBLISHED, LATER, evening.host.id)
    assert count(session, Message) == 3 + 1


@pytest.mark.parametrize("way", ["block", "let_go"])
def test_the_last_look_takes_off_who_may_not_meet_any_more(session: Session, way: str) -> None:
    evening = make_evening(session, 3, holds_matches=True)
    a, b, c = evening.people
    run = make_matches(session, evening.event.id, LATER)
    act = block if way == "block" else let_go
    act(session, a.id, b.id, LATER)
    publish_matches(session, run, LATER)
    assert pairs(session, evening) == {(a.id, c.id), (b.id, c.id)}
    prompted = {(row.person_id, row.other_id) for row in session.scalars(select(FollowUp))}
    assert not prompted & {(a.id, b.id), (b.id, a.id)}


# --- wishes to meet again -------------------------------------------------------------------------------------------


def test_a_mutual_wish_before_the_run_enters_it(session: Session) -> None:
    evening = make_evening(session, 8)
    a, b = evening.people[0], evening.people[5]
    mutual(session, evening, a, b)
    assert count(session, Reveal) == count(session, Message) == 0
    make_matches(session, evening.event.id, LATER)
    match = session.scalars(select(Match).where(Match.a_id == a.id, Match.b_id == b.id)).one()
    assert match.mutual
    assert match.reasons[0]["kind"] == ReasonKind.MUTUAL_AGAIN.value
    assert count(session, Reveal) == 1
    assert mails(session, "mutual_again") == set()


def test_a_one_sided_wish_changes_nothing_at_all(session: Session) -> None:
    """The same room with and without it: same pairs, scores, reasons, mails and log."""
    evenings = [make_evening(session, 6), make_evening(session, 6)]
    for number, person in enumerate(evenings[1].people):
        say_again(session, evenings[1], person, *evenings[1].people[number + 1 :])
    pictures = []
    for evening in evenings:
        make_matches(session, evening.event.id, LATER)
        first = evening.people[0].id
        query = select(Match).where(Match.event_id == evening.event.id).order_by(Match.a_id, Match.b_id)
        rows = [
            (row.a_id - first, row.b_id - first, row.score, row.mutual, [one["kind"] for one in row.reasons])
            for row in session.scalars(query)
        ]
        run = session.scalars(select(MatchRun).where(MatchRun.event_id == evening.event.id)).one()
        log = [
            (entry.act, json.dumps(entry.facts, sort_keys=True))
            for entry in session.scalars(select(AuditEntry).where(AuditEntry.circle_id == evening.circle.id))
        ]
        posted = session.execute(
            select(Message.kind, Message.person_id - first).where(Message.event_id == evening.event.id)
        ).all()
        pictures.append((rows, run.work, log, sorted(posted)))
    assert pictures[0] == pictures[1]


def test_a_wish_that_becomes_mutual_later_is_told_to_both_at_once(session: Session) -> None:
    evening = make_evening(session, 2)
    a, b = evening.people
    make_matches(session, evening.event.id, LATER)
    listed = pairs(session, evening)
    say_again(session, evening, a, b)
    assert mails(session, "mutual_again") == set()
    say_again(session, evening, b, a)
    assert mails(session, "mutual_again") == {a.id, b.id}
    assert count(session, Reveal) == 1
    assert pairs(session, evening) == listed


def test_it_is_told_beyond_the_three_of_the_list(session: Session) -> None:
    evening = make_evening(session, 6)
    make_matches(session, evening.event.id, LATER)
    listed = pairs(session, evening)
    a, b = next(
        (one, other)
        for one in evening.people
        for other in evening.people
        if one.id < other.id and (one.id, other.id) not in listed
    )
    mutual(session, evening, a, b)
    assert pairs(session, evening) == listed
    assert mails(session, "mutual_again") == {a.id, b.id}
    held = {(tie.person_id, tie.other_id) for tie in session.scalars(select(Tie))}
    assert {(a.id, b.id), (b.id, a.id)} <= held
    prompted = {(row.person_id, row.other_id) for row in session.scalars(select(FollowUp))}
    assert {(a.id, b.id), (b.id, a.id)} <= prompted


def test_it_is_told_at_once_while_the_list_is_held(session: Session) -> None:
    evening = make_evening(session, 2, holds_matches=True)
    a, b = evening.people
    run = make_matches(session, evening.event.id, LATER)
    mutual(session, evening, a, b)
    assert mails(session, "mutual_again") == {a.id, b.id}
    publish_matches(session, run, LATER)
    assert count(session, Reveal) == 1
    assert session.scalar(select(func.count(Message.id)).where(Message.kind == "mutual_again")) == 2


def test_a_pair_taken_off_by_the_host_is_told_of_its_mutual_wish(session: Session) -> None:
    evening = make_evening(session, 2, holds_matches=True)
    a, b = evening.people
    mutual(session, evening, a, b)
    run = make_matches(session, evening.event.id, LATER)
    session.scalars(select(Match)).one().removed_at = LATER
    publish_matches(session, run, LATER)
    assert pairs(session, evening) == set()
    assert mails(session, "mutual_again") == {a.id, b.id}


def test_taken_back_while_held_it_leaves_no_trace(session: Session) -> None:
    evening = make_evening(session, 2, holds_matches=True)
    a, b = evening.people
    mutual(session, evening, a, b)
    run = make_matches(session, evening.event.id, LATER)
    say_again(session, evening, b)
    match = session.scalars(select(Match)).one()
    assert not match.mutual
    assert ReasonKind.MUTUAL_AGAIN.value not in {row["kind"] for row in match.reasons}
    publish_matches(session, run, LATER)
    assert count(session, Reveal) == 0
    assert mails(session, "mutual_again") == set()


def test_what_both_were_told_stands(session: Session) -> None:
    evening = make_evening(session, 2)
    a, b = evening.people
    make_matches(session, evening.event.id, LATER)
    mutual(session, evening, a, b)
    say_again(session, evening, a)
    assert count(session, Again) == 2
    say_again(session, evening, a, b)
    assert session.scalar(select(func.count(Message.id)).where(Message.kind == "mutual_again")) == 2


@pytest.mark.parametrize("way", ["block", "let_go"])
def test_nothing_is_revealed_between_two_who_may_not_meet(session: Session, way: str) -> None:
    evening = make_evening(session, 3)
    a, b, _ = evening.people
    say_again(session, evening, a, b)
    act = block if way == "block" else let_go
    act(session, a.id, b.id, NOW)
    make_matches(session, evening.event.id, LATER)
    say_again(session, evening, b, a)
    assert count(session, Reveal) == 0


# --- looking back ---------------------------------------------------------------------------------------------------


def end(session: Session, evening: Evening, person: Person, **kept: object) -> None:
    looking_back.finish(session, evening.place(session, person), Kept(**kept), NOW)  # type: ignore[arg-type]


def test_when_the_last_has_answered_the_matches_are_due_now(session: Session) -> None:
    evening = make_evening(session, 2)
    a, b = evening.people
    end(session, evening, a)
    assert count(session, Task) == 0
    end(session, evening, b)
    task = session.scalars(select(Task)).one()
    assert (task.name, task.subject_id, task.due_at) == (MAKE_MATCHES, evening.event.id, NOW)
    end(session, evening, b)
    assert count(session, Task) == 1


def test_one_alone_does_not_begin_the_matches(session: Session) -> None:
    evening = make_evening(session, 1)
    end(session, evening, evening.people[0])
    assert count(session, Task) == 0


def test_promise_and_insight_are_kept_with_a_prompt_for_the_day(session: Session) -> None:
    evening = make_evening(session, 3)
    a, b, _ = evening.people
    due = (NOW + timedelta(days=7)).date()
    end(session, evening, a, to_id=b.id, promise="例を送る", due_on=due, insight="小さく試す")
    promise = session.scalars(select(Promise)).one()
    assert (promise.person_id, promise.other_id, promise.words, promise.due_on) == (
        a.id,
        b.id,
        "例を送る",
        due,
    )
    assert session.scalars(select(Insight.words)).one() == "小さく試す"
    assert session.scalars(select(FollowUp.promise_id)).one() == promise.id


def test_a_promise_is_changed_and_given_up_without_a_second(session: Session) -> None:
    evening = make_evening(session, 3)
    a, b, c = evening.people
    due = (NOW + timedelta(days=7)).date()
    end(session, evening, a, to_id=b.id, promise="例を送る", due_on=due)
    end(session, evening, a, to_id=b.id, promise="例を 3 つ送る", due_on=due + timedelta(days=2))
    promise = session.scalars(select(Promise)).one()
    assert promise.words == "例を 3 つ送る"
    assert session.scalars(select(FollowUp.promise_id)).all() == [promise.id]
    end(session, evening, a, to_id=c.id, promise="お店を紹介する", due_on=due)
    standing = session.scalars(select(Promise).where(Promise.dropped_at.is_(None))).one()
    assert standing.other_id == c.id
    assert session.scalars(select(FollowUp.promise_id)).all() == [standing.id]
    end(session, evening, a)
    assert session.scalars(select(Promise).where(Promise.dropped_at.is_(None))).all() == []
    assert count(session, FollowUp) == 0


def test_nothing_is_promised_to_somebody_unseen(session: Session) -> None:
    evening = make_evening(session, 3)
    a, b, _ = evening.people
    block(session, b.id, a.id, NOW)
    end(session, evening, a, to_id=b.id, promise="例を送る", due_on=NOW.date())
    assert count(session, Promise) == 0


def test_letting_go_takes_the_wish_along_but_not_what_both_were_told(session: Session) -> None:
    evening = make_evening(session, 3)
    a, b, c = evening.people
    make_matches(session, evening.event.id, LATER)
    mutual(session, evening, a, b)
    say_again(session, evening, a, b, c)
    for other in (b, c):
        looking_back.let_go(session, evening.place(session, a), other.id, LATER)
    assert session.scalars(select(Again.other_id).where(Again.person_id == a.id)).all() == [b.id]
    assert looking_back.gone_for(session, a.id, {b.id, c.id}) == {b.id, c.id}
    assert looking_back.gone_for(session, b.id, {a.id}) == set()


def test_hosts_alone_are_told_of_held_matches(session: Session) -> None:
    evening = make_evening(session, 2, holds_matches=True)
    make_matches(session, evening.event.id, LATER)
    members = session.scalars(select(Membership.person_id)).all()
    assert mails(session, "matches_held") == set(members)
