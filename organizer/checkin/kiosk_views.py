"""The tablet that people use themselves: it takes tickets and shows nothing else until it is left by its PIN."""

import json
import re

from flask import Response, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from organizer.checkin import kiosk as kiosks
from organizer.checkin import self_entry, service
from organizer.checkin.device_forms import LeaveForm, PinForm
from organizer.checkin.kiosk_wording import Said, ask, said, unknown_number
from organizer.checkin.models import Device
from organizer.checkin.room_views import DOOR, blueprint, event_at_door
from organizer.checkin.scanning import Answer, Asked, KeyReused, Place, scan_at
from organizer.checkin.self_views import changing_code
from organizer.checkin.self_wording import kiosk_words
from organizer.clock import now
from organizer.domain.ticketing import LONGEST_SCAN, CheckInMethod
from organizer.errors import NotFound
from organizer.events.models import Event
from organizer.people import passwords, sessions
from organizer.people.sessions import describe_browser
from organizer.tokens import digest
from organizer.web import login
from organizer.web.access import me, signed_in
from organizer.web.bearer import at_door, device_cookie, reject
from organizer.web.device_cookie import drop_device, keep_kiosk, kiosk_name
from organizer.web.json_body import read
from organizer.web.limits import limited
from organizer.web.problems import Unfit
from organizer.web.rules import Flag, Rule, Text
from organizer.web.unit import database, db_session
from organizer.workflows.arriving import arrival

OPEN = frozenset(
    {
        "static",
        "checkin.kiosk",
        "checkin.kiosk_read",
        "checkin.kiosk_leave",
        "checkin.kiosk_left",
        "checkin.self_code",
        "web.set_language",
    }
)
"""All that a kiosk's browser opens."""

LARGEST = 16 * 1024
READ: dict[str, Rule] = {
    "key": Text(64, re.compile(r"[A-Za-z0-9_-]{16,64}")),
    "code": Text(LONGEST_SCAN, required=False),
    "number": Text(4, re.compile(r"[0-9]{4}"), required=False),
    "sure": Flag(required=False),
}


@blueprint.before_app_request
def stay_at_the_kiosk() -> ResponseReturnValue | None:
    """A kiosk shows its own pages alone, whatever address is typed into it."""
    if kiosk_name() not in request.cookies or request.endpoint in OPEN or request.path.startswith("/api/"):
        return None
    return redirect(url_for("checkin.kiosk"), 303)


@blueprint.get(f"{DOOR}/kiosk/start")
@signed_in
def kiosk_offer(event_id: str) -> ResponseReturnValue:
    """What the tablet will do, and the PIN with which it is left."""
    event = event_at_door(event_id)
    return render_template("checkin/kiosk_start.html", event=event, form=PinForm(formdata=None))


@blueprint.post(f"{DOOR}/kiosk/start")
@signed_in
@limited("30 per hour")
def kiosk_start(event_id: str) -> ResponseReturnValue:
    """Make this browser a kiosk, and sign it out."""
    event, form = event_at_door(event_id), PinForm()
    if not form.validate():
        return render_template("checkin/kiosk_start.html", event=event, form=form), 422
    by, moment = me(), now()
    pin, agent = passwords.hashed(form.pin.data), describe_browser(request.user_agent.string)
    device, token = kiosks.start(db_session(), event, pin, by=by, browser=agent, now=moment)
    sessions.end(db_session(), by.id, moment, public_id=login.present().public_id)
    login.end()
    answer = make_response(redirect(url_for("checkin.kiosk"), 303))
    answer.headers["Clear-Site-Data"] = '"cache"'
    return keep_kiosk(answer, device, token)


@blueprint.get("/kiosk")
@at_door
def kiosk() -> ResponseReturnValue:
    """Camera, number pad and changing code; nothing that leads elsewhere."""
    found = kiosks.find(db_session(), _token(), now())
    if found is None:
        return _ended()
    event = found[1]
    return render_template("checkin/kiosk.html", event=event, words=kiosk_words(), code=changing_code(event))


@blueprint.post("/kiosk/read")
@at_door
@limited("200 per minute", by=lambda: _tablet())
@limited("60 per 10 minutes", by=lambda: _tablet() if _is_number() else "")
def kiosk_read() -> ResponseReturnValue:
    """What the tablet says to a ticket, or to a number; to a number it first asks whether that is the person."""
    device, event = _here()
    body = read(request, READ, LARGEST)
    if (body["code"] is None) == (body["number"] is None):
        raise Unfit(422, "wrong_field", "code")
    if body["code"] is not None:
        return _told(event, _scan(device, event, body["key"], body["code"]))
    found = self_entry.of_number(db_session(), event, body["number"])
    if found is None:
        return _json(unknown_number())
    if not body["sure"]:
        return _json(ask(kiosks.first_name(found.person.name)))
    return _told(event, _check_in(device, event, body["key"], found.public_id))


@blueprint.get("/kiosk/leave")
@at_door
def kiosk_leave() -> ResponseReturnValue:
    """The PIN is asked for."""
    found = kiosks.find(db_session(), _token(), now())
    return _ended() if found is None else _leave_page(*found, LeaveForm(formdata=None))


@blueprint.post("/kiosk/leave")
@at_door
@limited("60 per 10 minutes", by=lambda: _tablet())
def kiosk_left() -> ResponseReturnValue:
    """With the right PIN the tablet is an ordinary browser again, in which nobody is signed in."""
    form, token = LeaveForm(), _token()
    with database().transaction(writes=False) as reading:
        found = kiosks.find(reading, token, now())
    if found is None:
        return _ended()
    device, event = found
    if not form.validate():
        return _leave_page(device, event, form), 422
    with database().transaction() as counting:  # counted whatever becomes of this request
        kept = kiosks.note_try(counting, device.id, now())
    if kept is None:
        return _leave_page(device, event, form), 429
    if not passwords.matches(kept, form.pin.data):
        form.pin.errors = [_("This is not the PIN.")]
        return _leave_page(device, event, form), 422
    kiosks.end(db_session(), device.id, now())
    session.clear()
    flash(_("The tablet is an ordinary one again."), "safe")
    answer = make_response(redirect(url_for("people.sign_in"), 303))
    answer.headers["Clear-Site-Data"] = (
        '"cache"'  # scans that wait here to be sent stay, and leave from the scanner
    )
    return drop_device(answer)


def _token() -> str:
    return device_cookie() or ""


def _tablet() -> str:
    return digest(_token())[:32] if _token() else ""


def _is_number() -> bool:
    """Whether this may be a try at a number; what cannot be read is counted as one."""
    if request.content_length is None or request.content_length > LARGEST:
        return True
    try:
        body = json.loads(request.get_data())
    except (ValueError, RecursionError):
        return True
    return not isinstance(body, dict) or "number" in body


def _here() -> tuple[Device, Event]:
    found = kiosks.find(db_session(), _token(), now())
    if found is None:
        reject()
    return found


def _scan(device: Device, event: Event, key: str, code: str) -> Answer:
    place = Place(event.id, event.circle_id, None, device.id)
    try:
        return scan_at(db_session(), place, Asked(key, CheckInMethod.KIOSK, code=code), now())
    except KeyReused:
        raise Unfit(422, "key_reused", "key") from None


def _check_in(device: Device, event: Event, key: str, registration: str) -> Answer:
    method = CheckInMethod.KIOSK
    try:
        return service.check_in(
            db_session(), event, registration, now=now(), by=None, key=key, method=method, device=device
        )
    except KeyReused:
        raise Unfit(422, "key_reused", "key") from None


def _told(event: Event, answer: Answer) -> Response:
    """The answer in the words of the tablet: of the person their first name, their table and what there is to pay."""
    arrived, name = None, ""
    if answer.card is not None:
        row = service.registration_of(db_session(), event, answer.card.id)
        whole = self_entry.of_person(db_session(), event, row.person_id)
        arrived = arrival(db_session(), whole, now()) if whole else None
        name = kiosks.first_name(answer.card.name)
    return _json(said(event, answer, name, arrived))


def _json(words: Said) -> Response:
    return make_response(words)


def _leave_page(device: Device, event: Event, form: LeaveForm) -> str:
    left = kiosks.left(db_session(), device.id, now())
    return render_template("checkin/kiosk_leave.html", event=event, form=form, left=left, waits=kiosks.WAIT)


def _ended() -> ResponseReturnValue:
    """To a tablet that is a kiosk no more. Another phone of the door keeps what it is, and finds no such page."""
    if kiosk_name() not in request.cookies:
        raise NotFound
    return drop_device(make_response(render_template("checkin/kiosk_over.html"), 401))
