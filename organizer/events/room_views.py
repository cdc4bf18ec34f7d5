"""What all pages of events share: the blueprint they hang in, the frame of a host's page."""

from flask import Blueprint, render_template, url_for

from organizer.events.models import Event
from organizer.events.way import way
from organizer.web.navigation import has_page

blueprint = Blueprint("events", __name__)


def page_of(event: Event, template: str, step: str, **context: object) -> str:
    """A host's page of an event: the template with the way of the event and where its circle's events are."""
    events = url_for("circles.index") if has_page("circles.index") else url_for("home.index")
    return render_template(
        template, event=event, circle=event.circle, way=way(event, step), events_url=events, **context
    )
