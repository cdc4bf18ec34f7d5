"""The calendar file, read back by the library that calendars use."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest

from organizer.circles.models import Circle
from organizer.domain.lifecycle import EventState, Mode
from organizer.events.calendar import Method, ics
from organizer.events.models import Event

URL = "https://enishi.example/e/abcdefghijklmnopqrstuv"
STARTS = datetime(2026, 12, 2, 22, 30, tzinfo=UTC)


def an_event(**values: object) -> Event:
    event = Event(
        **(
            {
                "public_id": "abcdefghijklmnopqrstuv",
                "title": "第12回 朝の会; 「採用」, その1",
                "state": EventState.PUBLISHED,
                "mode": Mode.VENUE,
                "place": "丸の内ビル 5 階",
                "address": "東京都千代田区丸の内 2-4-1",
                "online_url": "https://meet.example/secret",
                "sequence": 0,
                "starts_at": STARTS,
                "ends_at": STARTS + timedelta(minutes=90),
                "created_at": STARTS - timedelta(days=30),
                "published_at": STARTS - timedelta(days=20),
            }
            | values
        )
    )
    event.circle = Circle(name="朝の会", time_zone="Asia/Tokyo")
    return event


def read(content: bytes) -> tuple[icalendar.Calendar, icalendar.Event]:
    calendar = icalendar.Calendar.from_ical(content)
    (entry,) = calendar.walk("VEVENT")
    return calendar, entry


def test_what_is_in_the_file_is_the_event() -> None:
    calendar, entry = read(ics(an_event(), base_url_of_event=URL))
    assert calendar["METHOD"] == "PUBLISH"
    assert entry["SUMMARY"] == "第12回 朝の会; 「採用」, その1"
    assert entry["LOCATION"] == "丸の内ビル 5 階\n東京都千代田区丸の内 2-4-1"
    assert entry["URL"] == URL
    assert entry.decoded("DTSTART") == STARTS
    assert entry["DTSTART"].params["TZID"] == "Asia/Tokyo"
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Asia/Tokyo"]
    assert "ATTENDEE" not in entry


def test_the_uid_stays_while_the_sequence_grows() -> None:
    _, first = read(ics(an_event(), base_url_of_event=URL))
    _, second = read(ics(an_event(sequence=3, title="別の題"), base_url_of_event=URL, method="REQUEST"))
    assert first["UID"] == second["UID"] == "abcdefghijklmnopqrstuv@enishi"
    assert (first["SEQUENCE"], second["SEQUENCE"]) == (0, 3)


def test_a_cancelled_event_outranks_what_went_before() -> None:
    event = an_event(sequence=2, state=EventState.CANCELLED, cancelled_at=STARTS - timedelta(days=1))
    calendar, entry = read(
        ics(event, base_url_of_event=URL, method="CANCEL", attendee=("田中 一郎", "t@example.jp"))
    )
    assert (calendar["METHOD"], entry["STATUS"], entry["SEQUENCE"]) == ("CANCEL", "CANCELLED", 3)
    assert entry.decoded("DTSTAMP") == STARTS - timedelta(days=1)


def test_one_who_gives_the_place_back_can_be_asked_again() -> None:
    _, entry = read(
        ics(an_event(), base_url_of_event=URL, method="CANCEL", attendee=("田中", "t@example.jp"))
    )
    assert (entry["STATUS"], entry["SEQUENCE"]) == ("CANCELLED", 0)


def test_an_attendee_and_the_organizer_stand_in_a_request() -> None:
    _, entry = read(
        ics(an_event(), base_url_of_event=URL, method="REQUEST", attendee=("田中 一郎", "t@example.jp"))
    )
    assert str(entry["ATTENDEE"]) == "mailto:t@example.jp"
    assert entry["ATTENDEE"].params["CN"] == "田中 一郎"
    assert str(entry["ORGANIZER"]) == "mailto:enishi@enishi.example"
    assert entry["ORGANIZER"].params["CN"] == "朝の会"


@pytest.mark.parametrize("method", ["PUBLISH", "REQUEST", "CANCEL"])
def test_the_link_of_an_online_event_is_in_no_file(method: Method) -> None:
    content = ics(an_event(mode=Mode.ONLINE), base_url_of_event=URL, method=method)
    assert b"meet.example" not in content
    assert b"LOCATION" not in content


@pytest.mark.parametrize("evil", ["a\r\nATTENDEE:mailto:evil@example", "a\nEND:VEVENT", 'a";X=1:', "\u2028x"])
def test_nothing_that_people_write_becomes_a_line_of_its_own(evil: str) -> None:
    event = an_event(title=evil, place=evil, address=evil)
    event.circle.name = evil
    content = ics(event, base_url_of_event=URL, method="REQUEST", attendee=(evil, "t@example.jp"))
    calendar, entry = read(content)
    assert len(calendar.walk("VEVENT")) == 1
    assert str(entry["ATTENDEE"]) == "mailto:t@example.jp"
    lines = content.decode().replace("\r\n ", "").split("\r\n")
    assert sum(line.startswith("ATTENDEE") for line in lines) == 1
    assert sum(line.startswith("END:VEVENT") for line in lines) == 1


def test_it_is_the_same_bytes_each_time() -> None:
    assert ics(an_event(), base_url_of_event=URL) == ics(an_event(), base_url_of_event=URL)


def test_summer_time_comes_along() -> None:
    event = an_event()
    event.circle.time_zone = "America/New_York"
    calendar, entry = read(ics(event, base_url_of_event=URL))
    assert entry["DTSTART"].params["TZID"] == "America/New_York"
    assert calendar.walk("DAYLIGHT")
    assert entry.decoded("DTSTART") == STARTS
