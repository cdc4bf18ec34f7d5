"""The scanner as an app on the phone: its manifest, its service worker, its scripts, and being let in as a device."""

import json
from pathlib import Path

from flask import Response, abort, current_app, request, send_from_directory, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from organizer.checkin import own_device
from organizer.checkin.models import Device
from organizer.checkin.room_views import DOOR, blueprint, door_page
from organizer.clock import now
from organizer.people.sessions import describe_browser
from organizer.web import door_app, login
from organizer.web.access import me_or_none, public
from organizer.web.bearer import at_door, carried, device_cookie
from organizer.web.json_body import read
from organizer.web.unit import db_session
from organizer.web.urls import asset

PAPER = "#fbf9f5"
FOR_EVER = 31_536_000
ICONS = (("img/icon-192.png", "192x192", "any"), ("img/icon-512.png", "512x512", "any"))
MASKABLE = ("img/icon-maskable-512.png", "512x512", "maskable")


@blueprint.get(f"{DOOR}/door/manifest.webmanifest")
@at_door
def door_manifest(event_id: str) -> ResponseReturnValue:
    """What the phone needs to know to keep the scanner as an app. It names the event, and nobody."""
    event, _caller = door_page(event_id)
    page = url_for("checkin.door", event_id=event.public_id)
    icons = [
        {"src": asset(name), "sizes": sizes, "type": "image/png", "purpose": purpose}
        for name, sizes, purpose in (*ICONS, MASKABLE)
    ]
    told = {
        "id": page,
        "name": _("Door · %(title)s", title=event.title),
        "short_name": _("Door"),
        "start_url": page,
        "scope": page,
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": icons,
    }
    return Response(json.dumps(told, ensure_ascii=False), mimetype="application/manifest+json")


@blueprint.get(f"{DOOR}/door/worker.js")
@public
def door_worker(event_id: str) -> ResponseReturnValue:
    """The service worker, allowed to answer for this page alone. It holds addresses, and nothing of the event."""
    page = url_for("checkin.door", event_id=event_id)
    answer = Response(door_app.worker(page), mimetype="text/javascript")
    answer.headers["Service-Worker-Allowed"] = page
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@blueprint.get("/door-app/<version>/<name>")
@public
def door_module(version: str, name: str) -> ResponseReturnValue:
    """A script of the page; only of the version that is here, so that no two versions are mixed."""
    if version != door_app.version() or name not in door_app.modules():
        abort(404)
    answer = send_from_directory(Path(str(current_app.static_folder)) / "js" / "door", name, max_age=FOR_EVER)
    answer.headers["Cache-Control"] = f"public, max-age={FOR_EVER}, immutable"
    return answer


@blueprint.post(f"{DOOR}/door/device")
@at_door
def door_device(event_id: str) -> ResponseReturnValue:
    """The token with which this phone speaks to the API: a member's phone becomes a device, a paired one is told its
    own again.
    """
    read(request, {})
    event, caller = door_page(event_id)
    device, token = caller.device, carried() or device_cookie()
    if device is None or token is None:
        person = me_or_none()
        if person is None:
            abort(403)  # another app's token makes no device
        browser = describe_browser(request.headers.get("User-Agent", ""))
        device, token = own_device.renew(db_session(), event, person, login.present(), browser, now())
    return {"token": token, "device": _said(device), "wipe_at": device.expires_at.isoformat()}


def _said(device: Device) -> dict[str, str]:
    return {"id": device.public_id, "kind": device.kind.value, "name": device.name}
