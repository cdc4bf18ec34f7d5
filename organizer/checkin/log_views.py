"""The log of scans for hosts: what happened at the door, what to look at, and the whole as a file."""

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from organizer.checkin import annulling, conflicts, log
from organizer.checkin.callers import Caller
from organizer.checkin.log import Wanted
from organizer.checkin.log_wording import device_words, outcome, table_headings, table_row, trouble
from organizer.checkin.room_views import DOOR, blueprint, event_at_door
from organizer.clock import now
from organizer.domain.door import LogPart
from organizer.domain.roles import Right
from organizer.domain.ticketing import Flag
from organizer.events.models import Event
from organizer.events.way import way
from organizer.web.access import me, signed_in
from organizer.web.labels import label
from organizer.web.tables import csv_file
from organizer.web.unit import db_session


@blueprint.get(f"{DOOR}/scans")
@signed_in
def scans(event_id: str) -> ResponseReturnValue:
    """Every try at the door, the newest first, in parts and pages; what contradicts itself stands above."""
    event, session, wanted = _event(event_id), db_session(), _wanted()
    shown = log.page(session, event, wanted, _number())
    return render_template(
        "checkin/scans.html",
        event=event,
        way=way(event, "door"),
        page=shown,
        conflicts=conflicts.conflicts(session, event.id),
        trouble=trouble,
        flag_label=lambda flag: label(Flag(flag)),
        wanted=wanted,
        parts=list(LogPart),
        devices=log.devices(session, event.id),
        doors=log.doors(session, event.id),
        outcome=outcome,
        device_words=device_words,
        newer=_url(event, wanted, shown.number - 1) if shown.number > 1 else None,
        older=_url(event, wanted, shown.number + 1) if shown.number < shown.last else None,
    )


@blueprint.post(f"{DOOR}/scans/<key>/annul")
@signed_in
def annul_scan(event_id: str, key: str) -> ResponseReturnValue:
    """Have a scan count no more; its row stays."""
    event = _event(event_id)
    host = Caller(me().id, None, sees_list=True, is_host=True)
    if annulling.annul(db_session(), event, key, host, now()):
        flash(_("The scan is annulled. It stays in the log."), "safe")
    else:
        flash(_("This scan was annulled before."), "info")
    return redirect(url_for("checkin.scans", event_id=event.public_id), 303)


@blueprint.post(f"{DOOR}/scans.csv")
@signed_in
def scans_file(event_id: str) -> Response:
    """The log as a file."""
    event = event_at_door(event_id, Right.EXPORT)
    rows = [table_row(line, event) for line in log.lines(db_session(), event, _wanted())]
    return csv_file("scans", event, table_headings(), rows)


def _event(event_id: str) -> Event:
    return event_at_door(event_id, Right.MANAGE_EVENT)


def _wanted() -> Wanted:
    """What the address asks for; a part there is none of is a wrong address."""
    part = request.args.get("part", LogPart.ALL)
    if part not in set(LogPart):
        abort(404)
    device, door = request.args.get("device", "")[:22], request.args.get("door", "")[:40]
    return Wanted(LogPart(part), "".join(device.split("\0")), "".join(door.split("\0")))


def _number() -> int:
    asked = request.args.get("page", "1")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 7 else 1


def _url(event: Event, wanted: Wanted, number: int) -> str:
    asked = {"part": wanted.part.value, "device": wanted.device, "door": wanted.door, "page": str(number)}
    default = {"part": LogPart.ALL.value, "device": "", "door": "", "page": "1"}
    changed = {name: said for name, said in asked.items() if said != default[name]}
    return url_for("checkin.scans", event_id=event.public_id, **changed)  # type: ignore[arg-type]
