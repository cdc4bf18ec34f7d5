"""What anybody may see of events: the public page, lists, the calendar file, the share picture."""

import hashlib
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select

from organizer import i18n
from organizer.clock import now
from organizer.domain.lifecycle import LIVE, EventState, Mode
from organizer.domain.roles import Right, may
from organizer.domain.vocabulary import EventKind, Region, known_one
from organizer.errors import NotFound
from organizer.events import calendar, queries, service, wording
from organizer.events.models import Event
from organizer.events.pictures import share_picture as draw_share_picture
from organizer.events.queries import Listed
from organizer.events.room_views import blueprint
from organizer.people.models import Person
from organizer.registrations.models import Registration
from organizer.web.access import me_or_none, public
from organizer.web.text import markdown
from organizer.web.unit import db_session
from organizer.web.urls import external

SUMMARY_LENGTH = 200


@blueprint.get("/e/<event_id>")
@public
def show(event_id: str) -> ResponseReturnValue:
    """What it is, for whom, when and where, and how to take part."""
    person, moment = me_or_none(), now()
    look = queries.look_at(db_session(), event_id, person.id if person else None)
    event = look.event
    targets = service.domain_targets(service.targets_of(db_session(), event.id))
    html = render_template(
        "events/show.html",
        look=look,
        event=event,
        targets=targets,
        words=wording,
        barrier=look.barrier(moment),
        over=moment >= event.ends_at,
        mine=_registration_of(event, person),
        hosting=may(look.role, Right.MANAGE_EVENT),
        summary=_summary(event),
        structured=_structured(look),
    )
    return _revalidated(html)


@blueprint.get("/events")
@public
def public_list() -> ResponseReturnValue:
    """Events to come, of every circle."""
    region, kind = _filters()
    page = max(1, min(request.args.get("page", 1, type=int), 1000))
    listed, more = queries.coming_up(db_session(), now(), region=region, kind=kind, page=page)
    pages = {
        "newer": _page_url(page - 1) if page > 1 else None,
        "older": _page_url(page + 1) if more else None,
    }
    return render_template(
        "events/public_list.html",
        listed=listed,
        regions=Region,
        kinds=EventKind,
        region=region,
        kind=kind,
        pages=pages,
    )


@blueprint.get("/c/<slug>")
@public
def of_circle(slug: str) -> ResponseReturnValue:
    """What a circle is, its events to come, and its last ones."""
    circle = queries.find_circle(db_session(), slug)
    if circle is None:
        raise NotFound
    region, kind = _filters()
    ahead, past = queries.of_circle(db_session(), circle.id, now(), region=region, kind=kind)
    lists = {"ahead": ahead, "past": past}
    return render_template(
        "events/of_circle.html",
        circle=circle,
        regions=Region,
        kinds=EventKind,
        region=region,
        kind=kind,
        **lists,
    )


@blueprint.get("/e/<event_id>/event.ics", endpoint="calendar")
@public
def calendar_file(event_id: str) -> ResponseReturnValue:
    """The calendar entry, for everybody's own calendar."""
    event = service.public_event(db_session(), event_id)
    response = Response(calendar.ics(event, base_url_of_event=_url_of(event)), mimetype=calendar.MIME)
    response.headers["Content-Disposition"] = 'attachment; filename="event.ics"'
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    return response.make_conditional(request)


@blueprint.get("/e/<event_id>/share.png")
@public
def share_picture(event_id: str) -> ResponseReturnValue:
    """The picture beside a shared link; drawn only when the asker has an older one."""
    event = service.public_event(db_session(), event_id)
    lines = [_when(event), _where(event)]
    facts = "\n".join(["2", event.title, *lines, event.circle.name])
    etag = hashlib.sha256(facts.encode()).hexdigest()[:32]
    response = Response(mimetype="image/png")
    response.set_etag(etag)
    if not request.if_none_match.contains(etag):
        response.set_data(
            draw_share_picture(event.title, [line for line in lines if line], event.circle.name)
        )
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.vary.update(("Accept-Language", "Cookie"))
    return response.make_conditional(request)


def _registration_of(event: Event, person: Person | None) -> Any:
    """The reader's own live registration: its public id and state."""
    if person is None:
        return None
    query = select(Registration.public_id, Registration.state).where(
        Registration.event_id == event.id, Registration.person_id == person.id, Registration.state.in_(LIVE)
    )
    return db_session().execute(query).first()


def _revalidated(html: str) -> ResponseReturnValue:
    """The page with a tag of what it says, so that a browser that has it already is told so in a word.

    Tokens differ at each request although they mean the same: the secret of the session stands in for them.
    """
    said = html.replace(generate_csrf(), session.get("csrf_token", ""))
    response = Response(html)
    response.set_etag(hashlib.sha256(said.encode()).hexdigest()[:32], weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.update(("Accept-Language", "Cookie"))
    return response.make_conditional(request)


def _filters() -> tuple[Region | None, EventKind | None]:
    return known_one(Region, request.args.get("region")), known_one(EventKind, request.args.get("kind"))


def _page_url(page: int) -> str:
    region, kind = _filters()
    return url_for("events.public_list", region=region, kind=kind, page=page)


def _url_of(event: Event) -> str:
    return external("events.show", event_id=event.public_id)


def _when(event: Event) -> str:
    zone = event.circle.time_zone
    hours = f"{i18n.clock_time(event.starts_at, zone)}–{i18n.clock_time(event.ends_at, zone)}"
    return f"{i18n.long_day(event.starts_at, zone)} {hours}"


def _where(event: Event) -> str:
    return str(_("Online")) if event.mode is Mode.ONLINE else event.place


def _summary(event: Event) -> str:
    """The first words of the description, without marks; or when and where."""
    words = " ".join(markdown(event.description).striptags().split())
    return words[:SUMMARY_LENGTH] or " · ".join(filter(None, (_when(event), _where(event))))


def _structured(look: Listed) -> dict[str, object]:
    """The event as schema.org describes events. The link of an online event is not in it."""
    event, url = look.event, _url_of(look.event)
    state = "EventCancelled" if event.state is EventState.CANCELLED else "EventScheduled"
    if state == "EventScheduled" and event.sequence:
        state = "EventRescheduled"
    online = event.mode is Mode.ONLINE
    offer = {
        "@type": "Offer",
        "price": event.fee_yen,
        "priceCurrency": "JPY",
        "url": url,
        "validThrough": _iso(event.deadline_at, event),
        "availability": f"https://schema.org/{'InStock' if look.left else 'SoldOut'}",
    }
    place = {"@type": "Place", "name": event.place, "address": event.address or event.place}
    return {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": event.title,
        "description": _summary(event),
        "startDate": _iso(event.starts_at, event),
        "endDate": _iso(event.ends_at, event),
        "doorTime": _iso(event.doors_open_at, event),
        "eventStatus": f"https://schema.org/{state}",
        "eventAttendanceMode": f"https://schema.org/{'Online' if online else 'Offline'}EventAttendanceMode",
        "location": {"@type": "VirtualLocation", "url": url} if online else place,
        "organizer": {
            "@type": "Organization",
            "name": event.circle.name,
            "url": external("events.of_circle", slug=event.circle.slug),
        },
        "image": external("events.share_picture", event_id=event.public_id),
        "url": url,
        "isAccessibleForFree": not event.fee_yen,
        "maximumAttendeeCapacity": event.capacity,
        "remainingAttendeeCapacity": look.left,
        "offers": offer,
    }


def _iso(moment: datetime, event: Event) -> str:
    return moment.astimezone(ZoneInfo(event.circle.time_zone)).isoformat()
