"""The clock of the rounds: started, paused, given a minute, ended; each step once, however often it is pressed."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from organizer.audit.service import record
from organizer.domain.rounds import BEGUN, NotAllowed, RoundBarrier, RoundClock, RoundState, RoundStep, after
from organizer.errors import NotFound, Refused
from organizer.events.models import Event
from organizer.people.models import Person
from organizer.rounds import queries
from organizer.rounds.models import Round
from organizer.rounds.planning import hold, put_away_open


def take(
    session: Session,
    event: Event,
    number: int,
    step: RoundStep,
    *,
    by: Person | None,
    now: datetime,
    version: int | None = None,
) -> bool:
    """Take a step of a round; False when it had been taken already. Raises Refused, NotFound for no such round.

    With `version`, only if the round still is as it was when that was read: a minute is added once by two clicks.
    """
    hold(session, event, now)
    rounds = queries.rounds_of(session, event.id)
    row = _round(rounds, number)
    if version is not None and row.version != version:
        return False
    if step is RoundStep.START and row.state is RoundState.PLANNED:
        _in_turn(rounds, number)
    clock = queries.clock_of(row)
    try:
        wanted = after(clock, step, now)
    except NotAllowed as barred:
        raise Refused(barred.why) from None
    if wanted == clock or not _set(session, row, wanted):
        return False
    if step is RoundStep.START:
        put_away_open(session, event.id, changes=number)
    _record(session, event, row, step, by, now)
    return True


def running_before(session: Session, event: Event, number: int) -> list[int]:
    """The numbers of the earlier rounds that have begun and not ended: they end when this one begins."""
    return [
        row.number
        for row in queries.rounds_of(session, event.id)
        if row.number < number and row.state in (RoundState.RUNNING, RoundState.PAUSED)
    ]


def _round(rounds: list[Round], number: int) -> Round:
    if not rounds:
        raise Refused(RoundBarrier.NOT_PUBLISHED)
    row = next((row for row in rounds if row.number == number), None)
    if row is None:
        raise NotFound
    return row


def _in_turn(rounds: list[Round], number: int) -> None:
    """A round begins after the one before it, and before the one after it."""
    for row in rounds:
        early, late = row.number < number, row.number > number
        if (early and row.state is RoundState.PLANNED) or (late and row.state in BEGUN):
            raise Refused(RoundBarrier.NOT_NEXT)


def _set(session: Session, row: Round, clock: RoundClock) -> bool:
    """Write a clock, if nobody else has written one since the row was read."""
    left = None if clock.left is None else round(clock.left.total_seconds())
    values = {
        "state": clock.state,
        "started_at": clock.started_at,
        "ends_at": clock.ends_at,
        "left_seconds": left,
        "ended_at": clock.ended_at,
        "version": row.version + 1,
    }
    setting = update(Round).where(Round.id == row.id, Round.version == row.version).values(values)
    done = bool(session.execute(setting).rowcount)  # type: ignore[attr-defined]
    session.refresh(row)
    return done


def _record(
    session: Session, event: Event, row: Round, step: RoundStep, by: Person | None, now: datetime
) -> None:
    record(
        session,
        f"round.{step.value}",
        "round",
        row.id,
        at=now,
        actor_id=by.id if by else None,
        circle_id=event.circle_id,
        event=event.id,
        number=row.number,
    )
