"""Many scans at once, as a phone sends them that was without a network: each is decided on its own."""

import logging
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from organizer.checkin import statements
from organizer.checkin.answers import Answer, Asked, Found, KeyReused
from organizer.checkin.models import Scan
from organizer.checkin.scanning import PLAIN, Place, claim_at, conclude, tell_again
from organizer.checkin.statements import Seeing
from organizer.errors import NotFound

log = logging.getLogger(__name__)
TURN = 0x656E6902
"""Which of PostgreSQL's advisory locks makes the batches of one event follow one another."""


def scan_all(
    session: Session, place: Place, asked: Sequence[Asked], now: datetime, seeing: Seeing = PLAIN
) -> list[Answer | KeyReused | NotFound]:
    """The answer to each, in their order; of one that cannot be decided what stands against it.

    Every key comes first, in one order, and only then is anybody looked at: so no two phones wait for each other.
    Scans that were answered before are put right before the others are decided: an entry that was none must not
    contradict one that was.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(TURN, place.event_id)))
    first = {one.key: one for one in reversed(asked)}
    claimed = {key: claim_at(connection, place, first[key], now) for key in sorted(first)}
    order = sorted(range(len(asked)), key=lambda turn: claimed[asked[turn].key] is not None)
    answers = {turn: _answer(session, place, asked[turn], claimed, now, seeing) for turn in order}
    return [answers[turn] for turn in range(len(asked))]


def _answer(
    session: Session,
    place: Place,
    asked: Asked,
    claimed: dict[str, Found | None],
    now: datetime,
    seeing: Seeing,
) -> Answer | KeyReused | NotFound:
    scan = claimed.pop(asked.key, None)
    try:
        with session.begin_nested():
            return _decide(session.connection(), place, scan, asked, now, seeing)
    except (KeyReused, NotFound) as error:
        problem: KeyReused | NotFound = error
    except OperationalError:
        raise
    except SQLAlchemyError as error:
        log.exception("a scan of a batch cannot be written: %s", type(error).__name__)
        problem = NotFound()
    if scan is not None:
        session.execute(delete(Scan).where(Scan.id == scan.id))
    return problem


def _decide(
    connection: Connection, place: Place, scan: Found | None, asked: Asked, now: datetime, seeing: Seeing
) -> Answer:
    if scan is not None:
        return conclude(connection, scan, asked, now, seeing)
    told = connection.execute(statements.TOLD, place.ids() | {"key": asked.key}).one_or_none()
    if told is None:
        raise NotFound
    return tell_again(connection, told, asked, now, seeing)
