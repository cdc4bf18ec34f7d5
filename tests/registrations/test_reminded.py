"""The reminders as they arrive: the clock moves on, and the worker does the rest."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from organizer.config import Config
from organizer.domain.lifecycle import RegistrationState
from organizer.domain.profiles import Wish
from organizer.domain.trust import ContactKind
from organizer.events.schedule import plan_work
from organizer.registrations.copies import COPIES_A_DAY, copy_for
from organizer.registrations.reminder_mails import not_to_miss
from organizer.ties import service as ties
from organizer.web.unit import App
from tests.factories import NOW
from tests.mailbox import delivered, words
from tests.registrations.rooms import Room, make_room

S = RegistrationState
CALL = ContactKind.CALL


@pytest.fixture
def hall(rows: Session) -> Room:
    """An event in five days, with two who come and one who waits."""
    room = make_room(rows, starts_at=NOW + timedelta(days=5), capacity=5)
    room.applies(S.ADMITTED, name="高橋 玲子", copy_to="hisho@example.jp")
    english = room.applies(S.ADMITTED, name="Ken Abe")
    english.person.locale = "en"
    room.applies(S.WAITLISTED, name="待つ 方")
    plan_work(rows, room.event, NOW)
    rows.commit()
    return room


def test_both_reminders_arrive_in_each_ones_language(
    hall: Room, app: App, config: Config, stand_still: Callable[[datetime], None]
) -> None:
    assert delivered(app, config) == []
    told: dict[str, list[str]] = {}
    for days in (3, 1):
        day = hall.event.starts_at.astimezone(ZoneInfo("Asia/Tokyo")).replace(hour=18) - timedelta(days=days)
        stand_still(day)
        for letter in delivered(app, config):
            subjects = told.setdefault(str(letter["To"]), [])
            if letter["Subject"] not in subjects:
                subjects.append(letter["Subject"])
        before = len(delivered(app, config))
        assert len(delivered(app, config)) == before, "once is enough"
    japanese, english, waiting = (one.person.email or "" for one in hall.people)
    assert set(told) == {japanese, english}
    assert waiting not in told
    assert [len(subjects) for subjects in told.values()] == [2, 2]
    assert not any(sign > "⺀" for subject in told[english] for sign in subject.replace(hall.event.title, ""))
    assert all(subject.startswith(hall.event.title) for subject in told[japanese])


def test_the_secretary_gets_the_same_and_the_words_are_whole(
    hall: Room, app: App, config: Config, stand_still: Callable[[datetime], None]
) -> None:
    stand_still(hall.event.starts_at - timedelta(hours=20))
    letters = {str(letter["To"]): letter for letter in delivered(app, config)}
    japanese, english, _ = (one.person.email or "" for one in hall.people)
    assert letters[japanese]["Cc"] == "hisho@example.jp"
    assert letters[english]["Cc"] is None
    assert not [letter for letter in letters.values() if letter["List-Unsubscribe"]], "for prompts alone"
    assert "丸の内ビル 5 階" in words(letters[japanese])
    assert "Dear Ken Abe" in words(letters[english])
    assert "We meet tomorrow" in words(letters[english])


def test_copies_to_an_address_nobody_confirmed_have_an_end(session: Session) -> None:
    one = make_room(session).applies(S.ADMITTED, copy_to="hisho@example.jp")
    copies = [copy_for(session, one, NOW) for _ in range(COPIES_A_DAY + 2)]
    assert copies == ["hisho@example.jp"] * COPIES_A_DAY + [None, None]
    one.copy_to = "ＨＩＳＨＯ@example.jp".upper()
    assert copy_for(session, one, NOW + timedelta(hours=23)) is None, "however it is written"
    assert copy_for(session, one, NOW + timedelta(hours=25)) == one.copy_to
    one.copy_to = ""
    assert copy_for(session, one, NOW) is None


def test_whom_one_has_let_go_is_not_named_and_they_notice_nothing(session: Session) -> None:
    room = make_room(session, capacity=5)
    me, other = (room.applies(S.ADMITTED, answers={"wish": Wish("社長").to_data()}) for _ in range(2))
    ties.meet(session, me.person_id, other.person_id, event_id=None, kind=CALL, key="call", at=NOW)
    ties.let_go(session, me.person_id, other.person_id, NOW)
    assert not_to_miss(session, me) == []
    assert not_to_miss(session, other) == [me]
