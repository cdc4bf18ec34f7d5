"""One link makes one device, and five tries at a PIN are five, however many press at the same instant.

Each race has a twin with its guard taken away, and passes when the race notices.
"""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from organizer.checkin import kiosk, pairing
from organizer.checkin.models import Device
from organizer.db import Database
from organizer.domain.door import DeviceKind
from tests.checkin.rows import make_evening
from tests.factories import NOW
from tests.races.conftest import ROUNDS, assert_noticed, at_once

SECRET = "s" * 40


def race_for_one_link(database: Database, browser: Callable[[int], str] = str) -> None:
    """32 phones press the button of one link. Raises AssertionError unless it made one device."""
    with database.transaction() as session:
        evening = make_evening(session)
        link = pairing.invite(
            session, evening.event, DeviceKind.GUEST, "B", by=evening.owner, now=NOW, secret_key=SECRET
        )
        token, event_id = pairing.token_of(link, SECRET), evening.event.id

    def press(number: int) -> int | None:
        with database.transaction() as session:
            paired = pairing.pair(
                session, token, browser=browser(number), agent="", now=NOW, secret_key=SECRET
            )
            return paired[0].id if paired else None

    told = [device for device in at_once(press) if device is not None]
    with database.transaction(writes=False) as session:
        made = session.scalar(select(func.count(Device.id)).where(Device.event_id == event_id))
    assert made == 1
    assert len(set(told)) == 1
    if len({browser(number) for number in range(2)}) > 1:
        assert len(told) == 1


def race_to_guess_the_pin(database: Database) -> None:
    """32 guesses at one PIN. Raises AssertionError unless five of them were looked at, and no more."""
    with database.transaction() as session:
        evening = make_evening(session)
        device, _ = kiosk.start(session, evening.event, "hash", by=evening.owner, browser="", now=NOW)
        device_id = device.id

    def guess(_number: int) -> bool:
        with database.transaction() as session:
            return kiosk.note_try(session, device_id, NOW) is not None

    assert sum(at_once(guess)) == kiosk.TRIES


def test_one_link_pairs_one_phone(arena: Database) -> None:
    for _ in range(ROUNDS):
        race_for_one_link(arena)


def test_one_phone_that_presses_many_times_is_one_device(arena: Database) -> None:
    for _ in range(ROUNDS):
        race_for_one_link(arena, lambda _number: "the same phone")


def test_five_tries_at_a_pin_are_five(arena: Database) -> None:
    for _ in range(ROUNDS):
        race_to_guess_the_pin(arena)


def test_a_link_that_is_only_looked_at_pairs_many(
    broken_arena: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twin: the link is spent whatever has become of it."""
    monkeypatch.setattr(pairing, "_open", lambda _now: (true(),))
    assert_noticed(lambda _: race_for_one_link(broken_arena))


def test_tries_that_are_read_and_then_written_are_too_many(
    broken_arena: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twin: the count is read first and written afterwards."""

    def read_then_write(session: Session, device_id: int, now: datetime) -> str | None:
        with broken_arena.transaction(writes=False) as reading:
            tries = reading.get_one(Device, device_id).pin_tries
        if tries >= kiosk.TRIES:
            return None
        session.get_one(Device, device_id).pin_tries = tries + 1
        return "hash"

    monkeypatch.setattr(kiosk, "note_try", read_then_write)
    assert_noticed(lambda _: race_to_guess_the_pin(broken_arena))
