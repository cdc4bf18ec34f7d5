"""The way of an event, as it stands above each of its host's pages."""

from flask import url_for
from flask_babel import gettext as _

from organizer.clock import now
from organizer.domain.lifecycle import EventState
from organizer.events.models import Event
from organizer.web.navigation import has_page

ENDPOINTS = {
    "content": "events.edit",
    "targets": "events.targets",
    "publish": "events.publish",
    "admit": "registrations.desk",
    "door": "checkin.door",
    "after": "matches.after",
}
PREPARING = ("content", "targets", "publish")


def way(event: Event | None, current: str) -> list[tuple[str, str | None, str]]:
    """The six steps for `ui.page_head(way=…)`: (words, url or None, "done" | "now" | "todo").

    `current` is one of content, targets, publish, admit, door, after; `event` None is one that has not been saved yet.
    """
    words = {
        "content": _("Contents"),
        "targets": _("Whom we want"),
        "publish": _("Publishing"),
        "admit": _("Choosing attendees"),
        "door": _("The day"),
        "after": _("Afterwards"),
    }
    done = _done(event, current)
    return [
        (text, _url(event, step), "now" if step == current else "done" if step in done else "todo")
        for step, text in words.items()
    ]


def _done(event: Event | None, current: str) -> set[str]:
    if event is None:
        return set()
    if event.state is EventState.DRAFT:
        return set(PREPARING[: PREPARING.index(current)]) if current in PREPARING else {"content"}
    done = set(PREPARING)
    moment = now()
    if moment >= event.starts_at:
        done.add("admit")
    if moment >= event.ends_at:
        done.add("door")
    return done


def _url(event: Event | None, step: str) -> str | None:
    if event is None or (event.state is EventState.DRAFT and step not in PREPARING):
        return None
    return url_for(ENDPOINTS[step], event_id=event.public_id) if has_page(ENDPOINTS[step]) else None
