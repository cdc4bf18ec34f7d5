"""The mails of the end of an evening, as the worker really writes them, in both languages."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.config import Config
from organizer.domain.delivery import MessageState
from organizer.domain.lifecycle import EventState
from organizer.events.schedule import CLOSING_OPENS, MAKE_MATCHES
from organizer.jobs import tasks
from organizer.jobs.models import Task, TaskState
from organizer.mail.models import Message
from organizer.matches import closing
from organizer.matches.mails import short
from organizer.matches.models import Again, MatchRun
from organizer.people.blocks import block
from organizer.people.models import Person
from organizer.web.unit import App
from organizer.workflows import looking_back
from organizer.workflows.closing import make_matches
from tests.factories import NOW
from tests.mailbox import delivered, words
from tests.matches.rows import Evening, make_evening

Move = Callable[[datetime], None]


def sent_to(mails: list[EmailMessage], person: Person) -> list[EmailMessage]:
    return [mail for mail in mails if mail["To"] == person.email]


def due(rows: Session, evening: Evening, name: str) -> Task:
    task = tasks.plan(rows, name, evening.event.id, NOW, now=NOW, circle_id=evening.circle.id)
    rows.commit()
    return task


def again(rows: Session, evening: Evening, one: Person, *others: Person) -> None:
    looking_back.say_again(rows, evening.place(rows, one), {other.id for other in others}, NOW)


def test_everybody_there_is_told_that_the_closing_is_open(
    app: App, config: Config, rows: Session, evening: Evening
) -> None:
    evening.people[1].locale = "en"
    due(rows, evening, CLOSING_OPENS)
    mails = delivered(app, config)
    assert {mail["To"] for mail in mails} == {person.email for person in evening.people}
    japanese, english = sent_to(mails, evening.people[0])[0], sent_to(mails, evening.people[1])[0]
    assert japanese["Subject"] == "第12回 朝の会：1 分のふりかえり"
    assert english["Subject"].endswith("one minute to look back")
    for mail in (japanese, english):
        assert "http://localhost/t/" in words(mail)
        assert "/closing" in words(mail)
    assert "おたがいに選んだときだけ" in words(japanese)
    assert "only when you have both chosen" in words(english)


def test_who_has_answered_is_not_asked(app: App, config: Config, rows: Session, evening: Evening) -> None:
    closing.finish(rows, evening.place(rows, evening.people[0]), NOW)
    due(rows, evening, CLOSING_OPENS)
    assert sent_to(delivered(app, config), evening.people[0]) == []


def test_the_mail_leads_in_without_a_session(
    app: App, config: Config, rows: Session, evening: Evening, client: object
) -> None:
    due(rows, evening, CLOSING_OPENS)
    mail = sent_to(delivered(app, config), evening.people[0])[0]
    path = next(line for line in words(mail).splitlines() if line.startswith("http")).removeprefix(
        "http://localhost"
    )
    page = client.get(path)  # type: ignore[attr-defined]
    assert page.status_code == 200
    assert "6 桁の番号を受け取る" in page.text


def test_when_due_the_matches_are_made_and_told(
    app: App, config: Config, rows: Session, evening: Evening
) -> None:
    evening.people[1].locale = "en"
    task = due(rows, evening, MAKE_MATCHES)
    mails = delivered(app, config)
    rows.expire_all()
    assert task.state is TaskState.DONE
    japanese, english = sent_to(mails, evening.people[0])[0], sent_to(mails, evening.people[1])[0]
    assert japanese["Subject"] == "第12回 朝の会：マッチのお知らせ"
    assert english["Subject"].endswith("your matches")
    for other in evening.people[1:]:
        assert other.name in words(japanese)
        assert other.email not in words(japanese)
    assert "課題『" in words(japanese)
    assert "can help with" in words(english)
    html = japanese.get_body(("html",))
    assert html is not None
    assert evening.people[1].name in html.get_content()


def test_a_task_that_is_due_twice_makes_them_once(
    app: App, config: Config, rows: Session, evening: Evening
) -> None:
    due(rows, evening, MAKE_MATCHES)
    delivered(app, config)
    rows.expire_all()
    task = rows.scalars(select(Task).where(Task.name == MAKE_MATCHES)).one()
    task.state, task.ended_at = TaskState.WAITING, None
    rows.commit()
    assert len(delivered(app, config)) == len(evening.people)
    assert len(rows.scalars(select(MatchRun.id)).all()) == 1


@pytest.mark.parametrize("name", [CLOSING_OPENS, MAKE_MATCHES])
def test_a_cancelled_event_sends_nothing(
    app: App, config: Config, rows: Session, evening: Evening, name: str
) -> None:
    evening.event.state = EventState.CANCELLED
    task = due(rows, evening, name)
    assert delivered(app, config) == []
    rows.expire_all()
    assert task.state is TaskState.DROPPED


def test_the_host_is_asked_to_look_and_told_no_name(app: App, config: Config, rows: Session) -> None:
    evening = make_evening(rows, 4, holds_matches=True)
    due(rows, evening, MAKE_MATCHES)
    (mail,) = delivered(app, config)
    assert mail["To"] == evening.host.email
    assert mail["Subject"] == "第12回 朝の会：マッチのご確認"
    assert "6 組のマッチ" in words(mail)
    assert f"/events/{evening.event.public_id}/after" in words(mail)
    assert all(person.name not in words(mail) for person in evening.people)


def test_a_mutual_wish_is_told_to_both_alike(
    app: App, config: Config, rows: Session, evening: Evening
) -> None:
    a, b = evening.people[:2]
    make_matches(rows, evening.event.id, NOW)
    again(rows, evening, a, b)
    again(rows, evening, b, a)
    b.locale = "en"
    rows.commit()
    mails = delivered(app, config)
    first = [mail for mail in sent_to(mails, a) if "もう一度" in mail["Subject"]]
    second = [mail for mail in sent_to(mails, b) if "say: again" in mail["Subject"]]
    assert len(first) == len(second) == 1
    assert first[0]["Subject"].startswith(b.name)
    assert b.email not in words(first[0])
    assert all(
        "もう一度" not in mail["Subject"] for person in evening.people[2:] for mail in sent_to(mails, person)
    )


def test_a_block_before_it_leaves_stops_the_mail(
    app: App, config: Config, rows: Session, evening: Evening
) -> None:
    a, b = evening.people[:2]
    make_matches(rows, evening.event.id, NOW)
    again(rows, evening, a, b)
    again(rows, evening, b, a)
    block(rows, b.id, a.id, NOW)
    rows.commit()
    mails = delivered(app, config)
    assert all("もう一度" not in mail["Subject"] for mail in mails)
    assert b.name not in "".join(words(mail) for mail in sent_to(mails, a))
    states = set(rows.scalars(select(Message.state).where(Message.kind == "mutual_again")))
    assert states == {MessageState.SUPPRESSED}


def test_no_mail_of_the_evening_holds_what_one_alone_wants(
    app: App, config: Config, rows: Session, evening: Evening, stand_still: Move
) -> None:
    a, b, *_ = evening.people
    again(rows, evening, a, b, *evening.people[2:])
    for person in evening.people:
        looking_back.finish(rows, evening.place(rows, person), looking_back.Kept(), NOW)
    rows.commit()
    mails = delivered(app, config)
    stand_still(NOW + timedelta(hours=9))
    mails = delivered(app, config)
    assert len(mails) >= len(evening.people)
    text = "".join(words(mail) + mail["Subject"] for mail in mails)
    assert "もう一度" not in text
    assert "選ばれました" not in text
    assert len(rows.scalars(select(Again.id)).all()) == 3


def test_a_long_title_leaves_room_for_the_rest() -> None:
    assert short("第12回 朝の会", 36) == "第12回 朝の会"
    assert short("あ" * 30, 36) == "あ" * 18 + "…"
    assert short("a" * 30, 36) == "a" * 30
