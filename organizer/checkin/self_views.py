"""Checking oneself in: the tablet's changing code, and what it opens on the phone of whoever scans it."""

from datetime import UTC, datetime

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from organizer.checkin import self_entry, service
from organizer.checkin.device_forms import NumberForm, digits_only
from organizer.checkin.forms import CheckInForm
from organizer.checkin.room_views import DOOR, blueprint
from organizer.checkin.scanning import Answer, KeyReused
from organizer.checkin.self_wording import refused_words, tablet_words
from organizer.clock import now
from organizer.domain import rotating
from organizer.domain.lifecycle import Mode
from organizer.domain.ticketing import CheckInMethod, ScanResult
from organizer.errors import NotFound
from organizer.events.models import Event
from organizer.events.service import public_event
from organizer.registrations import phones
from organizer.registrations.models import Registration
from organizer.registrations.tickets import qr_data_url
from organizer.web.access import me_or_none, public
from organizer.web.bearer import at_door, door_of
from organizer.web.limits import caller, limited
from organizer.web.unit import config, db_session
from organizer.web.urls import external
from organizer.workflows.arriving import arrival

OPENED, CAME = "opened", "came"
OPENED_AT_MOST = 3
"""How many events' codes a phone remembers to have opened."""


@blueprint.get(f"{DOOR}/self")
@at_door
def self_tablet(event_id: str) -> ResponseReturnValue:
    """The changing code, large, for a tablet at the door."""
    event, asking = door_of(event_id)
    shown = {"words": tablet_words(), "code": changing_code(event), "menu": asking.by_id is not None}
    return render_template("checkin/self_tablet.html", event=event, **shown)


@blueprint.get(f"{DOOR}/self/code")
@at_door
def self_code(event_id: str) -> ResponseReturnValue:
    """The present code for that page's script."""
    event, _asking = door_of(event_id)
    return changing_code(event)


@blueprint.get("/s/<event_id>/<code>")
@public
def self_open(event_id: str, code: str) -> ResponseReturnValue:
    """What the tablet's code opens. The phone remembers when it was opened, and the address shows the code no more."""
    event = _public(event_id)
    if self_entry.is_good(event, code, now(), config().secret_key):
        opened = {key: at for key, at in session.get(OPENED, {}).items() if key != event_id}
        kept = dict(list(opened.items())[1 - OPENED_AT_MOST :])
        session[OPENED] = kept | {event_id: int(now().timestamp())}
    return redirect(url_for("checkin.self_page", event_id=event_id))


@blueprint.get("/s/<event_id>")
@public
def self_page(event_id: str) -> ResponseReturnValue:
    """One button for who is known on this phone, a form for who is not; or why it is not possible now."""
    event = _public(event_id)
    if (session.get(CAME) or {}).get("event") == event_id and "other" not in request.args:
        return redirect(url_for("checkin.self_done", event_id=event_id))
    if not _in_time(event):
        return _stale(event)
    return _page(event)


@blueprint.post("/s/<event_id>")
@public
@limited("300 per 10 minutes", by=caller)
@limited("120 per 10 minutes", by=lambda: _tried("caller", caller()))
@limited("6 per 10 minutes", by=lambda: _tried("number", _digits()))
def self_check_in(event_id: str) -> ResponseReturnValue:
    """Take in whoever holds this phone."""
    event = _public(event_id)
    if not _in_time(event):
        return _stale(event)
    if "number" in request.form:
        return _by_number(event)
    form, registration = CheckInForm(), _known(event)
    if registration is None or not form.validate():
        return _page(event), 422
    return _take_in(event, registration, form.key.data)


@blueprint.get("/s/<event_id>/done")
@public
def self_done(event_id: str) -> ResponseReturnValue:
    """That one has arrived: at which table one sits, and what there is to pay."""
    event, came = _public(event_id), session.get(CAME) or {}
    if came.get("event") != event_id:
        return redirect(url_for("checkin.self_page", event_id=event_id, other=1))
    row = service.registration_of(db_session(), event, str(came.get("registration")))
    registration = self_entry.of_person(db_session(), event, row.person_id)
    arrived = arrival(db_session(), registration, now()) if registration else None
    if registration is None or arrived is None:
        del session[CAME]  # taken back at the door meanwhile
        return redirect(url_for("checkin.self_page", event_id=event_id))
    shown = {"registration": registration, "arrived": arrived, "just_now": came.get("just_now", False)}
    shown["in_time"] = _in_time(event)
    return render_template("checkin/self_done.html", event=event, **shown)


def changing_code(event: Event) -> dict[str, object]:
    """The picture of the present code, and for how long it is the present one."""
    moment = now()
    code = self_entry.code(event, moment, config().secret_key)
    address = external("checkin.self_open", event_id=event.public_id, code=code)
    left = rotating.changes_in(moment)
    return {"picture": qr_data_url(address), "left_ms": int(left.total_seconds() * 1000)}


def _public(event_id: str) -> Event:
    event = public_event(db_session(), event_id)
    if event.mode is not Mode.VENUE:
        raise NotFound
    return event


def _in_time(event: Event) -> bool:
    """Whether this phone has opened the event's code while it was good, and not long ago."""
    at = (session.get(OPENED) or {}).get(event.public_id)
    return isinstance(at, int) and rotating.is_in_time(datetime.fromtimestamp(at, UTC), now())


def _known(event: Event) -> Registration | None:
    """Who holds this phone: by the sign-in, or by the ticket that was opened on it."""
    person = me_or_none()
    own = self_entry.of_person(db_session(), event, person.id) if person else None
    kept = request.cookies.get(phone_cookie(), "")
    return own or (phones.find(db_session(), event, kept, config().secret_key) if kept else None)


def phone_cookie() -> str:
    """Under which name a phone keeps the pass of the ticket that was opened on it."""
    return phones.cookie_name(config().https)


def _page(event: Event, form: NumberForm | None = None) -> str:
    somebody_else = form is not None or "other" in request.args
    registration = None if somebody_else else _known(event)
    foreseen = self_entry.foresee(db_session(), event, registration, now())
    if foreseen.decision.result is ScanResult.ADMITTED:
        form = form or (CheckInForm if registration else NumberForm)(formdata=None, key=service.new_key())
        return render_template("checkin/self_page.html", event=event, registration=registration, form=form)
    refused = refused_words(foreseen.decision, foreseen.opens_at, event.circle.time_zone)
    return render_template(
        "checkin/self_refused.html", event=event, registration=registration, refused=refused
    )


def _by_number(event: Event) -> ResponseReturnValue:
    form = NumberForm()
    if not form.validate():
        return _page(event, form), 422
    found = self_entry.of_number_and_reading(db_session(), event, form.number.data, form.reading.data)
    if found is None:
        form.number.errors = [NumberForm.NO_SUCH]
        return _page(event, form), 422
    return _take_in(event, found, form.key.data)


def _take_in(event: Event, registration: Registration, key: str) -> ResponseReturnValue:
    method = CheckInMethod.SELF
    try:
        answer = service.check_in(
            db_session(), event, registration.public_id, now=now(), by=None, key=key, method=method
        )
    except KeyReused:
        return _page(event), 422
    if answer.result is ScanResult.REFUSED:
        return _refused(event, registration, answer), 409
    just_now = answer.result is ScanResult.ADMITTED
    session[CAME] = {"event": event.public_id, "registration": registration.public_id, "just_now": just_now}
    return redirect(url_for("checkin.self_done", event_id=event.public_id), 303)


def _refused(event: Event, registration: Registration, answer: Answer) -> str:
    opens_at = self_entry.foresee(db_session(), event, registration, now()).opens_at
    refused = refused_words(answer, opens_at, event.circle.time_zone)
    return render_template(
        "checkin/self_refused.html", event=event, registration=registration, refused=refused
    )


def _stale(event: Event) -> ResponseReturnValue:
    return render_template("checkin/self_stale.html", event=event), 410


def _digits() -> str:
    """The number as the form reads it, however it is written: one number is counted as one."""
    return str(digits_only(request.form.get("number", "")))


def _tried(what: str, value: str) -> str:
    """What tries at a number are counted by: for each event by itself. Not counted where no number was typed."""
    event_id = (request.view_args or {}).get("event_id", "")
    return f"{what}:{event_id}:{value}" if value and "number" in request.form else ""
