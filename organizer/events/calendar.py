"""The calendar entry of an event (RFC 5545)."""

from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from icalendar import Calendar, Component, vCalAddress, vText
from icalendar import Event as Entry

from organizer.domain.lifecycle import EventState, Mode
from organizer.events.models import Event

Method = Literal["PUBLISH", "REQUEST", "CANCEL"]
MIME = "text/calendar"
PRODUCT = "-//Enishi//Enishi//JA"


def ics(
    event: Event,
    *,
    base_url_of_event: str,
    method: Method = "PUBLISH",
    attendee: tuple[str, str] | None = None,
    stamp: datetime | None = None,
) -> bytes:
    """The calendar file of an event (circle loaded), in the circle's time zone.

    `base_url_of_event` is the address of its public page, `attendee` a name and a mail address. The UID is the
    same for ever; SEQUENCE grows with each change of date or place, and by one more when the event is cancelled.
    The link of an online event is in none.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(_entry(event, base_url_of_event, method, attendee, stamp))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _entry(
    event: Event, url: str, method: Method, attendee: tuple[str, str] | None, stamp: datetime | None
) -> Component:
    zone = ZoneInfo(event.circle.time_zone)
    cancelled = method == "CANCEL" or event.state is EventState.CANCELLED
    entry = Entry()
    entry.add("uid", f"{event.public_id}@enishi")
    entry.add("sequence", event.sequence + int(event.state is EventState.CANCELLED))
    entry.add("dtstamp", stamp or event.cancelled_at or event.published_at or event.created_at)
    entry.add("dtstart", event.starts_at.astimezone(zone))
    entry.add("dtend", event.ends_at.astimezone(zone))
    entry.add("summary", event.title)
    entry.add("description", url)
    entry.add("url", url)
    entry.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    where = "\n".join(part for part in (event.place, event.address) if part)
    if event.mode is Mode.VENUE and where:
        entry.add("location", where)
    entry.add("organizer", _organizer(event, url))
    if attendee is not None:
        entry.add("attendee", _attendee(*attendee))
    return entry


def _organizer(event: Event, url: str) -> vCalAddress:
    host = urlsplit(url).hostname or "localhost"
    organizer = vCalAddress(f"mailto:enishi@{host}")
    organizer.params["CN"] = vText(event.circle.name)
    return organizer


def _attendee(name: str, address: str) -> vCalAddress:
    attendee = vCalAddress(f"mailto:{address}")
    attendee.params["CN"] = vText(name)
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText("ACCEPTED")
    attendee.params["RSVP"] = vText("FALSE")
    return attendee
