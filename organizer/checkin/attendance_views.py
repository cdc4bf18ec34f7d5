"""The list on paper, typed in afterwards: present, absent, absent with notice."""

from collections import Counter

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from organizer.checkin import attendance as sheets
from organizer.checkin.room_views import DOOR, blueprint, event_at_door
from organizer.clock import now
from organizer.domain.door import Attendance
from organizer.domain.lifecycle import RunState
from organizer.domain.roles import Right
from organizer.events.models import Event
from organizer.events.way import way
from organizer.matches.queries import newest_run
from organizer.web.access import me, signed_in
from organizer.web.unit import db_session

FIELD = "state-"


@blueprint.get(f"{DOOR}/attendance")
@signed_in
def attendance(event_id: str) -> ResponseReturnValue:
    """Everybody by reading, with how they stand, and what marking changes by now."""
    event, session = _event(event_id), db_session()
    lines = sheets.sheet(session, event)
    run = newest_run(session, event.id)
    return render_template(
        "checkin/attendance.html",
        event=event,
        way=way(event, "after" if now() >= event.ends_at else "door"),
        lines=lines,
        counts=Counter(line.state for line in lines),
        states=list(Attendance),
        begun=sheets.has_begun(event, now()),
        run=run,
        sent=run is not None and run.state is RunState.PUBLISHED,
        field=FIELD,
    )


@blueprint.post(f"{DOOR}/attendance")
@signed_in
def mark_attendance(event_id: str) -> ResponseReturnValue:
    """Have everybody stand as chosen."""
    event = _event(event_id)
    entry_id = sheets.mark(db_session(), event, _marks(), by_id=me().id, now=now())
    return _done(event, entry_id)


@blueprint.post(f"{DOOR}/attendance/rest")
@signed_in
def mark_rest(event_id: str) -> ResponseReturnValue:
    """Mark everybody as absent of whom nobody has said anything."""
    event = _event(event_id)
    entry_id = sheets.mark_rest(db_session(), event, Attendance.ABSENT, by_id=me().id, now=now())
    return _done(event, entry_id)


@blueprint.post(f"{DOOR}/attendance/<int:entry_id>/undo")
@signed_in
def undo_attendance(event_id: str, entry_id: int) -> ResponseReturnValue:
    """Take one act of marking back."""
    event = _event(event_id)
    if sheets.take_back(db_session(), event, entry_id, by_id=me().id, now=now()):
        flash(_("It stands as before."), "safe")
    else:
        flash(_("This has been taken back already."), "info")
    return redirect(url_for("checkin.attendance", event_id=event.public_id), 303)


def _event(event_id: str) -> Event:
    return event_at_door(event_id, Right.MANAGE_EVENT)


def _marks() -> dict[str, Attendance | None]:
    """What was chosen for whom, as far as it has a meaning."""
    known = {state.value: state for state in Attendance} | {"": None}
    sent = {name.removeprefix(FIELD): said for name, said in request.form.items() if name.startswith(FIELD)}
    return {who: known[said] for who, said in sent.items() if said in known}


def _done(event: Event, entry_id: int | None) -> ResponseReturnValue:
    if entry_id is None:
        flash(_("Everybody stood so already."), "info")
    else:
        number = sheets.people_of(db_session(), entry_id)
        text = ngettext("%(num)s person marked.", "%(num)s people marked.", number)
        back = url_for("checkin.undo_attendance", event_id=event.public_id, entry_id=entry_id)
        flash({"text": text, "url": back}, "undo")  # type: ignore[arg-type]
    return redirect(url_for("checkin.attendance", event_id=event.public_id), 303)
