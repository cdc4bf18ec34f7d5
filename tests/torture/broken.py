"""A door without its guards, run by the same server, to see that the races over HTTP notice."""

import secrets
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.engine import Connection

from organizer import create_app
from organizer.checkin import scanning, statements
from organizer.checkin.models import CheckIn
from organizer.checkin.scanning import Asked
from organizer.web.unit import App

COMMAND = "tests.torture.broken:create_careless_app()"


def create_careless_app() -> App:
    """It lets in by what it saw when it first met a ticket, and takes each key for a new one."""
    app = create_app()
    with app.extensions["enishi.database"].transaction() as session:
        session.execute(text("DROP INDEX IF EXISTS uq_check_in_standing"))
    returned = CheckIn.id, CheckIn.scan_id, CheckIn.at, CheckIn.door
    plain = statements.arriving(insert).returning(*returned)
    see, seen = scanning._see, {}
    row_of = scanning.row_of

    def once(connection: Connection, event_id: int, asked: Asked, *given: Any) -> Any:
        if asked.code not in seen:
            seen[asked.code] = see(connection, event_id, asked, *given)
        return seen[asked.code]

    def forgetful(*given: Any) -> dict[str, Any]:
        return row_of(*given) | {"key": secrets.token_hex(16)}

    statements.ARRIVE.update(sqlite=plain, postgresql=plain)
    scanning._see = once
    scanning.row_of = forgetful
    return app
