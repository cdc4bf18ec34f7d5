"""The list on paper, typed in afterwards: present, absent, absent with notice; and beforehand, who let know."""

from collections import Counter

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from organizer.checkin import attendance as sheets
from organizer.checkin.attendance import Marked
from organizer.checkin.attendance_undo import take_back
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

FIELD, SEEN = "state-", "seen-"
"""How somebody is to stand, and how they stood when the page was opened, each with the registration's id behind it."""


@blueprint.get(f"{DOOR}/attendance")
@signed_in
def attendance(event_id: str) -> ResponseReturnValue:
    """Everybody by reading, with how they stand, and what marking changes by now."""
    event, session = _event(event_id), db_session()
    lines = sheets.sheet(session, event)
    run = newest_run(session, event.id)
    possible = sheets.markable(event, now())
    return render_template(
        "checkin/attendance.html",
        event=event,
        way=way(event, "after" if now() >= event.ends_at else "door"),
        lines=lines,
        counts=Counter(line.state for line in lines),
        states=possible,
        begun=Attendance.PRESENT in possible,
        run=run,
        sent=run is not None and run.state is RunState.PUBLISHED,
        field=FIELD,
        seen=SEEN,
    )


@blueprint.post(f"{DOOR}/attendance")
@signed_in
def mark_attendance(event_id: str) -> ResponseReturnValue:
    """Have everybody stand as chosen for whom something was chosen; the others stand as they do by now."""
    event, chosen, seen = _event(event_id), _said(FIELD), _said(SEEN)
    marks = {who: state for who, state in chosen.items() if state is not seen.get(who)}
    return _done(event, sheets.mark(db_session(), event, marks, by_id=me().id, now=now(), seen=seen))


@blueprint.post(f"{DOOR}/attendance/rest")
@signed_in
def mark_rest(event_id: str) -> ResponseReturnValue:
    """Mark everybody as absent of whom nobody has said anything."""
    event = _event(event_id)
    marked = sheets.mark_rest(db_session(), event, Attendance.ABSENT, by_id=me().id, now=now())
    return _done(event, marked)


@blueprint.post(f"{DOOR}/attendance/<int:entry_id>/undo")
@signed_in
def undo_attendance(event_id: str, entry_id: int) -> ResponseReturnValue:
    """Take one act of marking back."""
    event = _event(event_id)
    if take_back(db_session(), event, entry_id, by_id=me().id, now=now()):
        flash(_("It stands as before."), "safe")
    else:
        flash(_("This has been taken back already."), "info")
    return redirect(url_for("checkin.attendance", event_id=event.public_id), 303)


def _event(event_id: str) -> Event:
    return event_at_door(event_id, Right.MANAGE_EVENT)


def _said(field: str) -> dict[str, Attendance | None]:
    """What was sent of whom under this name, as far as it has a meaning."""
    known = {state.value: state for state in Attendance} | {"": None}
    sent = {name.removeprefix(field): said for name, said in request.form.items() if name.startswith(field)}
    return {who: known[said] for who, said in sent.items() if said in known}


def _done(event: Event, marked: Marked) -> ResponseReturnValue:
    if marked.entry_id is not None:
        text = ngettext("%(num)s person marked.", "%(num)s people marked.", marked.people)
        back = url_for("checkin.undo_attendance", event_id=event.public_id, entry_id=marked.entry_id)
        flash({"text": text, "url": back}, "undo")  # type: ignore[arg-type]
    if marked.overtaken:
        names = str(_(", ")).join(marked.overtaken)
        flash(
            _("Left as it stands, for it has changed since you opened the list: %(names)s.", names=names),
            "act",
        )
    elif marked.entry_id is None:
        flash(_("Everybody stood so already."), "info")
    return redirect(url_for("checkin.attendance", event_id=event.public_id), 303)
