"""Reminders to the admitted, and what hosts hear: each at its time, once, and only while it is true."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.circles.models import Membership
from organizer.domain.delivery import NotifyChoice, SuppressionReason
from organizer.domain.lifecycle import EventState, RegistrationState, RegistrationStep
from organizer.domain.profiles import Challenge, Give, Wish
from organizer.domain.vocabulary import GiveKind, Industry, Topic
from organizer.events.schedule import plan_work
from organizer.i18n import speaking
from organizer.jobs.models import Task
from organizer.jobs.tasks import DOERS
from organizer.mail.compose import compose
from organizer.mail.letters import COMPOSERS, Letter
from organizer.mail.models import Message
from organizer.people.blocks import block
from organizer.people.models import Person
from organizer.registrations import news
from organizer.registrations.admitting import decide
from organizer.registrations.cancelling import cancel
from organizer.registrations.models import Registration
from organizer.registrations.news import News, tell_hosts
from organizer.registrations.reminder_mails import not_to_miss
from organizer.web.unit import App
from organizer.worker import gather_work
from tests.factories import NOW, make_member, make_person
from tests.registrations.rooms import Room, make_room

S, Step = RegistrationState, RegistrationStep
TOKYO = ZoneInfo("Asia/Tokyo")
gather_work()


@pytest.fixture
def hall(rows: Session) -> Room:
    """An event in five days, on the app's database."""
    return make_room(rows, starts_at=NOW + timedelta(days=5), capacity=5)


def _task(room: Room, name: str) -> Task:
    plan_work(room.session, room.event, NOW)
    return room.session.scalars(select(Task).where(Task.name == name, Task.subject_id == room.event.id)).one()


def _do(room: Room, task: Task, now: datetime | None = None) -> bool:
    return DOERS[task.name](room.session, task, now or task.due_at)


def _write(
    app: App, room: Room, message: Message, locale: str = "ja", now: datetime = NOW
) -> str | SuppressionReason:
    """The subject and the plain text of a mail, or why it is not sent."""
    person = room.session.get_one(Person, message.person_id)
    with app.app_context(), speaking(locale, "Asia/Tokyo"):
        letter = COMPOSERS[message.kind](room.session, message, now)
        if not isinstance(letter, Letter):
            return letter
        context = {"circle": room.circle, "person": person, "stop_url": None} | letter.context
        mail = compose(
            app.jinja_env,
            message,
            replace(letter, context=context),
            to="a@example.jp",
            sender="e@example.jp",
            host="x",
            locale=locale,
            now=now,
        )
    body = mail.get_body(("plain",))
    html = mail.get_body(("html",))
    assert body is not None
    assert html is not None
    assert "</html>" in html.get_content()
    return f"{mail['Subject']}\n{body.get_content()}"


def _message(room: Room, kind: str, person_id: int | None = None) -> Message:
    query = select(Message).where(Message.kind == kind, Message.circle_id == room.circle.id)
    if person_id is not None:
        query = query.where(Message.person_id == person_id)
    return room.session.scalars(query.order_by(Message.id)).one()


@pytest.mark.parametrize(
    ("name", "days", "hour"), [("reminder_three_days", 3, 9), ("reminder_day_before", 1, 12)]
)
def test_everybody_admitted_is_reminded_once_at_the_right_hour(
    session: Session, name: str, days: int, hour: int
) -> None:
    room = make_room(session, starts_at=NOW + timedelta(days=5), capacity=5)
    admitted = [room.applies(S.ADMITTED) for _ in range(2)]
    room.applies(S.WAITLISTED)
    task = _task(room, name)
    local = task.due_at.astimezone(TOKYO)
    assert local.date() == room.event.starts_at.astimezone(TOKYO).date() - timedelta(days=days)
    assert local.hour == hour
    assert _do(room, task)
    assert _do(room, task)
    assert [(kind, person) for kind, person, _ in room.letters()] == [
        (name, one.person_id) for one in admitted
    ]


@pytest.mark.parametrize("name", ["reminder_three_days", "reminder_day_before"])
@pytest.mark.parametrize("change", ["cancelled", "moved", "begun", "nobody"])
def test_a_reminder_that_is_no_longer_true_is_not_made(session: Session, name: str, change: str) -> None:
    room = make_room(session, starts_at=NOW + timedelta(days=5), capacity=5)
    if change != "nobody":
        room.applies(S.ADMITTED)
    task = _task(room, name)
    if change == "cancelled":
        room.event.state = EventState.CANCELLED
    if change == "moved":
        room.event.ends_at += timedelta(days=7)
        room.event.starts_at += timedelta(days=7)
    assert not _do(room, task, room.event.starts_at if change == "begun" else None)
    assert room.kinds() == []


def _reminded(room: Room, name: str) -> Message:
    _do(room, _task(room, name))
    return _message(room, name)


@pytest.mark.parametrize("name", ["reminder_three_days", "reminder_day_before"])
def test_who_has_cancelled_meanwhile_is_not_reminded(hall: Room, app: App, name: str) -> None:
    one = hall.applies(S.ADMITTED)
    message = _reminded(hall, name)
    cancel(hall.session, one, by=one.person, now=NOW)
    assert _write(app, hall, message) is SuppressionReason.NO_LONGER_TRUE


@pytest.mark.parametrize("name", ["reminder_three_days", "reminder_day_before"])
def test_nobody_is_reminded_of_an_event_that_was_cancelled_or_has_begun(
    hall: Room, app: App, name: str
) -> None:
    hall.applies(S.ADMITTED)
    message = _reminded(hall, name)
    assert _write(app, hall, message, now=hall.event.starts_at) is SuppressionReason.TOO_LATE
    hall.event.state = EventState.CANCELLED
    assert _write(app, hall, message) is SuppressionReason.EVENT_CANCELLED


@pytest.mark.parametrize(
    ("given", "button"), [([], "提供できることを書く"), (["a", "b", "c"], "もう一度見直す")]
)
def test_three_days_before_the_gives_are_asked_for(
    hall: Room, app: App, given: list[str], button: str
) -> None:
    gives = [Give(GiveKind.EXPERIENCE, words).to_data() for words in given]
    hall.applies(S.ADMITTED, answers={"gives": gives})
    text = _write(app, hall, _reminded(hall, "reminder_three_days"))
    assert isinstance(text, str)
    assert text.startswith("第12回 朝の会：提供できることを三つ\n")
    assert f"{button}: http://localhost/t/" in text
    assert "/edit" in text


def test_the_day_before_names_place_number_and_whom_not_to_miss(hall: Room, app: App) -> None:
    me = hall.applies(
        S.ADMITTED, profile={"challenges": [Challenge("人が採れない", (Topic.HIRING,)).to_data()]}
    )
    helps = {"gives": [Give(GiveKind.EXPERIENCE, "採用広報の経験", (Topic.HIRING,)).to_data()]}
    hall.applies(S.ADMITTED, name="高橋 玲子", answers=helps)
    hall.applies(S.ADMITTED, name="載らない 人", answers=helps, listed=False)
    _do(hall, _task(hall, "reminder_day_before"))
    text = _write(app, hall, _message(hall, "reminder_day_before", me.person_id))
    assert isinstance(text, str)
    for words in (
        "明日お待ちしています",
        "丸の内ビル 5 階",
        "ぜひ話していただきたい方",
        "高橋 玲子",
        "採用広報の経験",
        "/t/",
    ):
        assert words in text, words
    assert "載らない" not in text


def test_whom_one_is_apart_from_is_never_named(session: Session) -> None:
    room = make_room(session, capacity=5)
    me, other, third = (room.applies(S.ADMITTED, answers={"wish": Wish("社長").to_data()}) for _ in range(3))
    assert {one.id for one in not_to_miss(session, me)} == {other.id, third.id}
    block(session, other.person_id, me.person_id, NOW)
    assert [one.id for one in not_to_miss(session, me)] == [third.id]
    assert [one.id for one in not_to_miss(session, other)] == [third.id]


def test_at_most_three_are_named_the_best_first(session: Session) -> None:
    room = make_room(session, capacity=9)
    me = room.applies(S.ADMITTED, answers={"wish": Wish("", industries=(Industry.FINANCE,)).to_data()})
    for industry in [*[Industry.MANUFACTURING] * 4, Industry.FINANCE]:
        room.applies(S.ADMITTED, profile={"industry": industry})
    found = not_to_miss(session, me)
    assert len(found) <= 3
    assert found[0].id == room.people[-1].id


@pytest.mark.parametrize(
    ("name", "words"),
    [("reminder_three_days", "in three days"), ("reminder_day_before", "We meet tomorrow.")],
)
def test_reminders_speak_english(hall: Room, app: App, name: str, words: str) -> None:
    hall.applies(S.ADMITTED, name="Sato Miwa")
    text = _write(app, hall, _reminded(hall, name), "en")
    assert isinstance(text, str)
    assert words in text


def _membership(room: Room, notify: NotifyChoice) -> Membership:
    membership = room.session.scalars(select(Membership).where(Membership.person_id == room.host.id)).one()
    membership.notify = notify
    room.session.flush()
    return membership


@pytest.mark.parametrize(
    ("notify", "mails", "tasks"),
    [(NotifyChoice.AT_ONCE, 1, 0), (NotifyChoice.DAILY, 0, 1), (NotifyChoice.NEVER, 0, 0)],
)
@pytest.mark.parametrize("what", list(News))
def test_hosts_hear_as_they_choose(
    session: Session, notify: NotifyChoice, mails: int, tasks: int, what: News
) -> None:
    room = make_room(session)
    _membership(room, notify)
    one = room.applies()
    tell_hosts(session, one, what, NOW)
    tell_hosts(session, one, what, NOW)
    assert room.kinds() == [what.value] * mails
    assert len(session.scalars(select(Task).where(Task.name == news.DAILY)).all()) == tasks


def test_staff_and_the_applicant_themself_hear_nothing(session: Session) -> None:
    room = make_room(session)
    _membership(room, NotifyChoice.AT_ONCE)
    own = room.applies()
    own.person_id = room.host.id
    tell_hosts(session, own, News.APPLICATION, NOW)
    assert room.kinds() == []


@pytest.mark.parametrize(
    ("now", "zone", "expected"),
    [
        (datetime(2026, 12, 1, 7, 59, tzinfo=TOKYO), "Asia/Tokyo", date(2026, 12, 1)),
        (datetime(2026, 12, 1, 8, 0, tzinfo=TOKYO), "Asia/Tokyo", date(2026, 12, 2)),
        (datetime(2026, 12, 31, 23, 0, tzinfo=TOKYO), "Asia/Tokyo", date(2027, 1, 1)),
        (
            datetime(2026, 3, 8, 0, 0, tzinfo=ZoneInfo("America/New_York")),
            "America/New_York",
            date(2026, 3, 8),
        ),
    ],
)
def test_the_letter_of_the_day_comes_at_eight_by_the_circles_clock(
    now: datetime, zone: str, expected: date
) -> None:
    morning = news.next_morning(now, ZoneInfo(zone))
    assert (morning.date(), morning.hour, morning.tzinfo) == (expected, 8, ZoneInfo(zone))
    assert news.day_before(morning, ZoneInfo(zone)).hour == 8


def _daily(room: Room) -> Task:
    return room.session.scalars(select(Task).where(Task.name == news.DAILY)).one()


def test_one_letter_tells_the_whole_day(hall: Room, app: App) -> None:
    _membership(hall, NotifyChoice.DAILY)
    for name in ("高橋 玲子", "村上 健太"):
        tell_hosts(hall.session, hall.applies(name=name, applied_at=NOW), News.APPLICATION, NOW)
    gone = hall.applies(S.ADMITTED, name="小川 真")
    cancel(hall.session, gone, by=gone.person, now=NOW)
    task = _daily(hall)
    assert _do(hall, task)
    assert _do(hall, task)
    text = _write(app, hall, _message(hall, news.DAILY), now=task.due_at)
    assert isinstance(text, str)
    for words in (
        "昨日からの動き",
        "申込　高橋 玲子さん",
        "申込　村上 健太さん",
        "キャンセル　小川 真さん",
        "/admission",
    ):
        assert words in text, words
    assert "@example.jp" not in text.replace("a@example.jp", "")


def test_with_nothing_to_tell_there_is_no_letter(session: Session) -> None:
    room = make_room(session)
    _membership(room, NotifyChoice.DAILY)
    one = room.applies(applied_at=NOW)
    tell_hosts(session, one, News.APPLICATION, NOW)
    session.delete(one)
    session.flush()
    assert not _do(room, _daily(room))
    assert news.DAILY not in room.kinds()


@pytest.mark.parametrize("change", ["never", "gone", "staff"])
def test_who_no_longer_wants_or_may_hear_gets_no_letter(session: Session, change: str) -> None:
    room = make_room(session)
    membership = _membership(room, NotifyChoice.DAILY)
    tell_hosts(session, room.applies(applied_at=NOW), News.APPLICATION, NOW)
    task = _daily(room)
    if change == "gone":
        session.delete(membership)
    else:
        _membership(room, NotifyChoice.NEVER)
    session.flush()
    assert not _do(room, task)


def test_a_mail_at_once_names_who_applied_and_how_they_fit(hall: Room, app: App) -> None:
    _membership(hall, NotifyChoice.AT_ONCE)
    hall.target("社長", [{"field": "role", "values": ["owner"], "must": True}])
    one = hall.applies(name="高橋 玲子", topic="カナリア")
    tell_hosts(hall.session, one, News.APPLICATION, NOW)
    message = _message(hall, News.APPLICATION.value)
    text = _write(app, hall, message)
    assert isinstance(text, str)
    for words in ("新しい申込", "高橋 玲子", "とてもよく合う", "/admission"):
        assert words in text, words
    assert "カナリア" not in text
    cancel(hall.session, one, by=one.person, now=NOW)
    assert _write(app, hall, message) is SuppressionReason.NO_LONGER_TRUE
    told = _write(app, hall, _message(hall, News.CANCELLATION.value))
    assert isinstance(told, str)
    assert "キャンセル" in told


def test_a_mail_to_somebody_who_is_no_host_any_more_is_not_sent(hall: Room, app: App) -> None:
    _membership(hall, NotifyChoice.AT_ONCE)
    tell_hosts(hall.session, hall.applies(), News.APPLICATION, NOW)
    message = _message(hall, News.APPLICATION.value)
    _membership(hall, NotifyChoice.NEVER)
    assert _write(app, hall, message) is SuppressionReason.UNSUBSCRIBED


def test_the_deadline_is_told_while_something_is_left_to_do(hall: Room, app: App) -> None:
    hall.applies()
    make_member(hall.session, hall.circle, make_person(hall.session)).notify = NotifyChoice.NEVER
    task = _task(hall, "deadline_near")
    assert task.due_at == hall.event.deadline_at - timedelta(hours=24)
    assert _do(hall, task)
    text = _write(app, hall, _message(hall, "deadline_near"), now=task.due_at)
    assert isinstance(text, str)
    for words in ("締切が近づいています", "お返事待ちの申込が 1 件あります。", "あと 5 席あります。"):
        assert words in text, words


def _prepare(room: Room, change: str) -> dict[str, Any]:
    if change == "full":
        for _ in range(room.event.capacity):
            room.applies(S.ADMITTED)
    if change == "closed":
        room.event.state = EventState.CLOSED
    return {"now": room.event.deadline_at} if change == "passed" else {}


@pytest.mark.parametrize("change", ["full", "closed", "passed"])
def test_the_deadline_is_not_told_when_nothing_is_left_to_do(session: Session, change: str) -> None:
    room = make_room(session, starts_at=NOW + timedelta(days=5), capacity=3)
    task = _task(room, "deadline_near")
    assert not _do(room, task, **_prepare(room, change))
    assert "deadline_near" not in room.kinds()


def test_the_promoted_get_their_ticket_and_can_say_no(hall: Room, app: App) -> None:
    one = hall.applies(S.WAITLISTED, name="高橋 玲子")
    decide(hall.session, hall.applies(S.ADMITTED), Step.DECLINE, by=hall.host, now=NOW)
    moved = _promoted(hall, one)
    text = _write(app, hall, moved)
    assert isinstance(text, str)
    for words in ("お席が空きました", "ご参加いただけることになりました", "/t/"):
        assert words in text, words
    cancel(hall.session, one, by=one.person, now=NOW)
    assert _write(app, hall, moved) is SuppressionReason.NO_LONGER_TRUE


def _promoted(room: Room, one: Registration) -> Message:
    for _ in range(room.event.capacity - room.seats()[0]):
        room.applies(S.ADMITTED)
    first = next(other for other in room.people if other.state is S.ADMITTED)
    cancel(room.session, first, by=first.person, now=NOW)
    return _message(room, "promoted", one.person_id)
