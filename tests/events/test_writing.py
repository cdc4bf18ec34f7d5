"""Making, changing and copying events."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.audit.service import entries
from organizer.domain.lifecycle import Admission, Barrier, EventState, Mode, RegistrationState
from organizer.domain.vocabulary import EventKind, Region, SharingRule
from organizer.errors import Refused
from organizer.events import contents, seats, writing
from organizer.events.models import EventChange
from organizer.events.service import targets_of
from tests.factories import NOW, make_circle, make_event, make_person, make_registration, make_target

TOKYO = ZoneInfo("Asia/Tokyo")


def test_a_new_event_is_a_draft_that_is_noted(session: Session) -> None:
    host = make_person(session)
    circle = make_circle(session, host, region=Region.OSAKA, sharing_rule=SharingRule.OPEN)
    written = contents.beginning(circle, EventKind.MORNING, None, NOW)
    event = writing.create(session, circle, replace(written, title="朝の会"), by=host, now=NOW)
    assert event.state is EventState.DRAFT
    assert (event.region, event.sharing_rule, event.rounds, event.round_minutes) == (
        Region.OSAKA,
        SharingRule.OPEN,
        4,
        10,
    )
    assert contents.of(event) == replace(written, title="朝の会")
    assert [entry.act for entry in entries(session, "event", event.id)] == ["event.created"]


@pytest.mark.parametrize(
    ("kind", "start", "mode"),
    [
        (EventKind.MORNING, time(7, 30), Mode.VENUE),
        (EventKind.LUNCH, time(12), Mode.VENUE),
        (EventKind.STUDY, time(18, 30), Mode.VENUE),
        (EventKind.ONLINE, time(19), Mode.ONLINE),
    ],
)
def test_each_kind_begins_with_its_usual_hours(
    session: Session, kind: EventKind, start: time, mode: Mode
) -> None:
    written = contents.beginning(make_circle(session), kind, None, NOW)
    local = written.starts_at.astimezone(TOKYO)
    assert (local.date(), local.time(), written.mode) == (date(2026, 12, 29), start, mode)
    assert written.doors_open_at == written.starts_at - timedelta(minutes=20)
    assert written.deadline_at.astimezone(TOKYO) == datetime(2026, 12, 28, 20, tzinfo=TOKYO)


def test_the_habits_of_the_last_event_are_kept_but_not_its_words(session: Session) -> None:
    circle = make_circle(session)
    last = make_event(session, circle, capacity=40, fee_yen=3000, admission=Admission.EVERYONE, table_size=6)
    written = contents.beginning(circle, EventKind.MORNING, last, NOW)
    assert (written.capacity, written.fee_yen, written.place, written.table_size) == (40, 3000, last.place, 6)
    assert (written.title, written.description) == ("", "")


def test_an_end_that_is_not_after_the_start_is_of_the_next_morning() -> None:
    starts, ends = contents.moments(date(2026, 12, 31), time(22), time(0, 30), TOKYO)
    assert ends - starts == timedelta(hours=2, minutes=30)
    assert ends.date() == date(2027, 1, 1)


def test_a_deadline_on_an_evening_that_has_passed_becomes_the_start() -> None:
    starts = datetime(2026, 12, 2, 7, 30, tzinfo=TOKYO)
    assert contents.usual_deadline(starts, TOKYO, NOW) == datetime(2026, 12, 1, 20, tzinfo=TOKYO)
    assert contents.usual_deadline(starts, TOKYO, NOW + timedelta(hours=12)) == starts


def test_editing_a_draft_moves_no_calendar(session: Session) -> None:
    host = make_person(session)
    event = make_event(session, make_circle(session, host), state=EventState.DRAFT)
    written = replace(contents.of(event), starts_at=event.starts_at + timedelta(minutes=30), capacity=30)
    assert not writing.edit(session, event, written, by=host, now=NOW)
    assert (event.sequence, event.capacity) == (0, 30)
    assert session.scalar(select(EventChange)) is None


@pytest.mark.parametrize(
    "change",
    [
        {"starts_at": NOW + timedelta(days=3), "ends_at": NOW + timedelta(days=3, hours=2)},
        {"place": "大手町ビル 3 階"},
        {"address": "東京都千代田区大手町 1-6-1"},
        {"mode": Mode.ONLINE, "online_url": "https://meet.example/a"},
    ],
)
def test_a_published_event_that_moves_keeps_what_was_before(
    session: Session, change: dict[str, object]
) -> None:
    host = make_person(session)
    event = make_event(session, make_circle(session, host))
    before = contents.of(event)
    assert writing.edit(session, event, replace(before, **change), by=host, now=NOW)
    assert event.sequence == 1
    kept = session.scalars(select(EventChange)).one()
    assert (kept.sequence, kept.starts_at, kept.place, kept.mode) == (
        1,
        before.starts_at,
        before.place,
        before.mode,
    )


@pytest.mark.parametrize(
    "change", [{"title": "新しい名前"}, {"description": "x"}, {"capacity": 30}, {"fee_yen": 1}]
)
def test_other_changes_of_a_published_event_move_nothing(session: Session, change: dict[str, object]) -> None:
    host = make_person(session)
    event = make_event(session, make_circle(session, host))
    assert not writing.edit(session, event, replace(contents.of(event), **change), by=host, now=NOW)
    assert event.sequence == 0


def test_the_capacity_of_a_published_event_moves_its_counter_but_takes_nobodys_seat(session: Session) -> None:
    host = make_person(session)
    event = make_event(session, make_circle(session, host), capacity=3)
    for _ in range(3):
        make_registration(session, event, make_person(session), state=RegistrationState.ADMITTED)
    writing.edit(session, event, replace(contents.of(event), capacity=10, overbooking=2), by=host, now=NOW)
    assert seats.counts(session, event.id)["event"].cap == 12
    writing.edit(session, event, replace(contents.of(event), capacity=2, overbooking=0), by=host, now=NOW)
    counter = seats.counts(session, event.id)["event"]
    assert (counter.taken, counter.cap) == (3, 3)


@pytest.mark.parametrize(
    ("values", "barrier"),
    [
        ({"state": EventState.CANCELLED}, Barrier.EVENT_CANCELLED),
        ({"starts_at": NOW - timedelta(days=1)}, Barrier.EVENT_OVER),
    ],
)
def test_what_is_over_or_cancelled_stays_as_it_is(
    session: Session, values: dict[str, object], barrier: Barrier
) -> None:
    host = make_person(session)
    event = make_event(session, make_circle(session, host), **values)
    with pytest.raises(Refused) as refused:
        writing.edit(session, event, replace(contents.of(event), title="別名"), by=host, now=NOW)
    assert refused.value.reason is barrier
    assert event.title == "第12回 朝の会"


def test_the_audit_names_what_was_changed_and_nothing_of_it(session: Session) -> None:
    host = make_person(session)
    event = make_event(session, make_circle(session, host))
    writing.edit(session, event, replace(contents.of(event), title="秘密の題", fee_yen=500), by=host, now=NOW)
    entry = entries(session, "event", event.id)[-1]
    assert sorted(entry.facts["fields"]) == ["fee_yen", "title"]
    assert "秘密" not in str(entry.facts)


def test_a_copy_is_a_draft_weeks_later_with_its_targets_and_nobody(session: Session) -> None:
    host = make_person(session)
    event = make_event(session, make_circle(session, host), capacity=16, starts_at=NOW - timedelta(days=40))
    make_target(session, event, name="社長", floor=3, weight=5)
    make_registration(session, event, make_person(session), state=RegistrationState.ADMITTED)
    draft = writing.copy(session, event, by=host, now=NOW)
    assert (draft.state, draft.title, draft.capacity, draft.copied_from_id) == (
        "draft",
        "第13回 朝の会",
        16,
        event.id,
    )
    assert draft.starts_at - event.starts_at == timedelta(weeks=8)
    assert draft.starts_at > NOW
    assert [(target.name, target.floor, target.weight) for target in targets_of(session, draft.id)] == [
        ("社長", 3, 5)
    ]
    assert seats.counts(session, draft.id) == {}


def test_a_copy_keeps_the_hour_when_clocks_are_changed(session: Session) -> None:
    host = make_person(session)
    zone = ZoneInfo("America/New_York")
    circle = make_circle(session, host, time_zone="America/New_York")
    now = datetime(2026, 10, 20, 12, tzinfo=zone)
    event = make_event(session, circle, starts_at=datetime(2026, 10, 21, 8, tzinfo=zone))
    draft = writing.copy(session, event, by=host, now=now)
    assert draft.starts_at.astimezone(zone) == datetime(2026, 11, 18, 8, tzinfo=zone)


@pytest.mark.parametrize(
    ("title", "following"),
    [
        ("第12回 朝の会", "第13回 朝の会"),
        ("朝活 Vol.9", "朝活 Vol.10"),
        ("Breakfast #3", "Breakfast #4"),
        ("忘年会", "忘年会"),
        ("2026 年の会", "2026 年の会"),
    ],
)
def test_a_numbered_title_is_counted_up(title: str, following: str) -> None:
    assert writing.next_title(title) == following
