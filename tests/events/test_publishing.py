"""Publishing, closing, reopening: state, seats and planned work together."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.domain.lifecycle import Admission, Barrier, EventState, Mode
from organizer.errors import Refused
from organizer.events import publishing, readiness, schedule, seats, writing
from organizer.events.contents import of
from organizer.events.models import Event
from organizer.events.readiness import Gap
from organizer.jobs.models import Task, TaskState
from organizer.people.models import Person
from tests.factories import NOW, make_circle, make_event, make_person, make_target


def a_draft(session: Session, **values: object) -> tuple[Person, Event]:
    host = make_person(session)
    circle = make_circle(session, host, sender_name="朝の会", sender_address="東京都千代田区")
    starts = {"starts_at": NOW + timedelta(days=20)} | values
    return host, make_event(session, circle, **({"state": EventState.DRAFT, "published_at": None} | starts))


def waiting(session: Session, event: Event) -> dict[str, datetime]:
    query = select(Task).where(
        Task.subject_id == event.id, Task.state == TaskState.WAITING, Task.name.in_(schedule.WORK)
    )
    return {task.name: task.due_at for task in session.scalars(query)}


def test_publishing_sets_the_seats_and_plans_the_work(session: Session) -> None:
    host, event = a_draft(session, capacity=20, overbooking=2)
    target = make_target(session, event, ceiling=4)
    publishing.publish(session, event, by=host, now=NOW)
    assert (event.state, event.published_at) == (EventState.PUBLISHED, NOW)
    caps = {key: (row.taken, row.cap) for key, row in seats.counts(session, event.id).items()}
    assert caps == {"event": (0, 22), seats.key_of(target.id): (0, 4)}
    starts = event.starts_at
    assert waiting(session, event) == {
        "reminder_three_days": datetime(2026, 12, 18, 0, tzinfo=UTC),
        "reminder_day_before": datetime(2026, 12, 20, 3, tzinfo=UTC),
        "deadline_near": event.deadline_at - timedelta(days=1),
        "closing_opens": starts + timedelta(minutes=75),
        "make_matches": datetime(2026, 12, 21, 11, tzinfo=UTC),
    }


def test_work_that_would_lie_in_the_past_is_not_planned(session: Session) -> None:
    host, event = a_draft(session, starts_at=NOW + timedelta(hours=20), deadline_at=NOW + timedelta(hours=10))
    publishing.publish(session, event, by=host, now=NOW)
    assert set(waiting(session, event)) == {"closing_opens", "make_matches"}


def test_a_moved_event_takes_its_work_along_and_reminds_again(session: Session) -> None:
    host, event = a_draft(session)
    publishing.publish(session, event, by=host, now=NOW)
    reminder = session.scalars(select(Task).where(Task.name == "reminder_three_days")).one()
    reminder.state = TaskState.DONE
    session.flush()
    written = of(event)
    later = {
        name: getattr(written, name) + timedelta(days=7)
        for name in ("starts_at", "ends_at", "doors_open_at", "deadline_at")
    }
    writing.edit(
        session,
        event,
        type(written)(**({name: getattr(written, name) for name in writing.FIELDS} | later)),
        by=host,
        now=NOW,
    )
    due = waiting(session, event)
    assert due["reminder_three_days"] == datetime(2026, 12, 25, 0, tzinfo=UTC)
    assert due["closing_opens"] == event.ends_at - timedelta(minutes=15)
    rows = session.scalars(select(Task).where(Task.name == "reminder_day_before").order_by(Task.id)).all()
    assert [row.state for row in rows] == [TaskState.DROPPED, TaskState.WAITING]


def test_planning_twice_plans_once(session: Session) -> None:
    host, event = a_draft(session)
    publishing.publish(session, event, by=host, now=NOW)
    before = waiting(session, event)
    schedule.plan_work(session, event, NOW)
    assert waiting(session, event) == before
    assert len(session.scalars(select(Task).where(Task.subject_id == event.id)).all()) == 5


def test_closing_takes_no_more_applications_and_asks_no_more_about_the_deadline(session: Session) -> None:
    host, event = a_draft(session)
    publishing.publish(session, event, by=host, now=NOW)
    publishing.close(session, event, by=host, now=NOW)
    assert (event.state, event.closed_at) == (EventState.CLOSED, NOW)
    assert "deadline_near" not in waiting(session, event)
    publishing.reopen(session, event, by=host, now=NOW)
    assert (event.state, event.closed_at) == (EventState.PUBLISHED, None)
    assert "deadline_near" in waiting(session, event)


@pytest.mark.parametrize(
    ("values", "gap"),
    [
        ({"place": ""}, Gap.NO_PLACE),
        ({"mode": Mode.ONLINE, "online_url": ""}, Gap.NO_LINK),
        ({"starts_at": NOW - timedelta(days=1)}, Gap.STARTS_IN_PAST),
        ({"deadline_at": NOW - timedelta(minutes=1)}, Gap.DEADLINE_PASSED),
    ],
)
def test_what_is_needed_stands_against_publishing(
    session: Session, values: dict[str, object], gap: Gap
) -> None:
    host, event = a_draft(session, **values)
    assert readiness.needed(event, NOW) == [gap]
    with pytest.raises(Refused) as refused:
        publishing.publish(
            session,
            event,
            by=host,
            now=min(NOW, event.ends_at - timedelta(hours=1)) if gap is Gap.STARTS_IN_PAST else NOW,
        )
    assert refused.value.reason in (gap, Barrier.EVENT_OVER)
    assert (event.state, event.published_at) == (EventState.DRAFT, None)


def test_advice_stands_against_nothing(session: Session) -> None:
    host, event = a_draft(session)
    event.circle.sender_name = ""
    assert readiness.gaps(event, NOW) == [Gap.NO_DESCRIPTION, Gap.NO_TARGETS, Gap.NO_SENDER]
    publishing.publish(session, event, by=host, now=NOW)
    assert event.state is EventState.PUBLISHED


def test_by_invitation_it_asks_whether_anybody_is_invited(session: Session) -> None:
    _, event = a_draft(session, admission=Admission.INVITATION, description="x")
    assert readiness.gaps(event, NOW, targets=1) == [Gap.NOBODY_INVITED]
    assert readiness.gaps(event, NOW, targets=1, invited=1) == []


def test_a_step_that_was_taken_already_is_refused_and_changes_nothing(session: Session) -> None:
    host, event = a_draft(session)
    publishing.publish(session, event, by=host, now=NOW)
    with pytest.raises(Refused) as refused:
        publishing.publish(session, event, by=host, now=NOW + timedelta(hours=1))
    assert refused.value.reason is Barrier.ALREADY_SO
    assert event.published_at == NOW
    with pytest.raises(Refused) as refused:
        publishing.reopen(session, event, by=host, now=NOW)
    assert refused.value.reason is Barrier.ALREADY_SO


def test_nothing_is_reopened_when_it_is_over(session: Session) -> None:
    host, event = a_draft(session, state=EventState.CLOSED)
    with pytest.raises(Refused) as refused:
        publishing.reopen(session, event, by=host, now=event.ends_at)
    assert refused.value.reason is Barrier.EVENT_OVER
