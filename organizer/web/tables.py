"""Tables of an event's that are saved and opened in a spreadsheet."""

from collections.abc import Sequence

from flask import Response

from organizer.audit.service import record
from organizer.clock import now
from organizer.events.models import Event
from organizer.registrations.export import csv_bytes, file_name
from organizer.web.access import me
from organizer.web.unit import db_session


def csv_file(what: str, event: Event, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Response:
    """A table as a file whose name begins with `what`. Circle loaded.

    That it was taken away, by whom and how long it was stands in the log: `what.exported`.
    """
    about = {"actor_id": me().id, "circle_id": event.circle_id}
    record(db_session(), f"{what}.exported", "event", event.id, at=now(), count=len(rows), **about)
    headers = {"Content-Disposition": f'attachment; filename="{file_name(what, event)}"'}
    return Response(csv_bytes(headings, rows), mimetype="text/csv", headers=headers)
