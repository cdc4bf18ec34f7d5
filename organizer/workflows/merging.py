"""Two people turn out to be one: everything that points to one of them points to the other from then on.

What happens to each column stands in the register alone; what may not stand twice is joined with its twin.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Table, select, update
from sqlalchemy.orm import Session

from organizer.audit.service import record
from organizer.checkin.models import Absence, CheckIn
from organizer.db import Base
from organizer.domain.delivery import MessageState
from organizer.mail import outbox
from organizer.mail.models import Message
from organizer.matches.models import Match
from organizer.people import sessions
from organizer.people.models import LinkPurpose, MailLink, Person
from organizer.people.service import people_by_id
from organizer.register import REGISTER, Merge
from organizer.registrations.models import Registration
from organizer.workflows.twins import Mover, rows_about

MERGED = "merged"
EMPTY: dict[str, Any] = {
    "name": "",
    "reading": "",
    "phone": "",
}
"""What stands in a column of the person that has gone, where it may not be missing."""
TO_REGISTRATIONS = (LinkPurpose.TICKET, LinkPurpose.OFFER)


def merge(session: Session, kept: Person, gone: Person, *, by: Person | None = None, now: datetime) -> None:
    """Have `gone` be `kept` with rows, links, blocks and all; `gone` is signed out and no more than a sign to `kept`.

    Merged a second time nothing changes. ValueError for somebody with themself or into one who is gone already.
    """
    if kept.id == gone.id:
        raise ValueError("nobody can be merged with themself")
    session.flush()
    locked = _lock(session, kept.id, gone.id)
    if locked[gone.id] == kept.id:
        return
    if locked[gone.id] is not None or locked[kept.id] is not None:
        raise ValueError("one of the two has gone into somebody else")
    sessions.end(session, gone.id, now)
    mover = Mover(session, now)
    for table in Base.metadata.sorted_tables:
        columns = _moving(table)
        for row in rows_about(session, table, columns, gone.id) if columns else ():
            mover.put(table, row, {one.name: kept.id for one in columns if row[one.name] == gone.id})
    _follow_joined(session, mover, now)
    _rename_in_reasons(session, kept.id, gone.id)
    session.expire_all()
    _take_over(session, kept.id, gone.id)
    record(session, "person.merged", "person", kept.id, at=now, actor_id=by.id if by else None, gone=gone.id)
    session.flush()


def _lock(session: Session, one: int, other: int) -> dict[int, int | None]:
    query = select(Person.id, Person.merged_into_id).where(Person.id.in_((one, other))).order_by(Person.id)
    return {row.id: row.merged_into_id for row in session.execute(query.with_for_update())}


def _moving(table: Table) -> list[Column[Any]]:
    """The columns of a table that point from one person to the other."""
    return [
        column
        for column in table.columns
        if (rule := REGISTER.get(f"{table.name}.{column.name}")) and rule.merge is Merge.MOVE
    ]


def _follow_joined(session: Session, mover: Mover, now: datetime) -> None:
    """What names a registration without pointing to it: links open its twin, letters that wait are not sent."""
    joined = {old: twin for table, old, twin in mover.joined if table == "registration"}
    for old, twin in joined.items():
        links = MailLink.subject_id == old, MailLink.purpose.in_(TO_REGISTRATIONS)
        session.execute(update(MailLink).where(*links).values(subject_id=twin))
    if joined:
        at = select(Registration.event_id).where(Registration.id.in_(joined.values()))
        queued = select(Message).where(Message.event_id.in_(at), Message.state == MessageState.QUEUED)
        waiting = session.scalars(queued)
        ended = [one.id for one in waiting if one.refs.get("registration_id") in joined]
        outbox.withdraw(session, ended, now, MERGED)
    absent = Absence.registration_id.in_(joined.values()), Absence.voided_at.is_(None)
    come = select(CheckIn.registration_id).where(CheckIn.voided_at.is_(None))
    there = update(Absence).where(*absent, Absence.registration_id.in_(come)).values(voided_at=now)
    session.execute(there, execution_options={"synchronize_session": False})


def _rename_in_reasons(session: Session, kept_id: int, gone_id: int) -> None:
    """Reasons of matches name their two people by id."""
    mine = (Match.a_id == kept_id) | (Match.b_id == kept_id)
    for match_id, reasons in session.execute(select(Match.id, Match.reasons).where(mine)).all():
        renamed = [
            {
                name: kept_id if name in ("subject", "other") and said == gone_id else said
                for name, said in one.items()
            }
            for one in reasons
        ]
        if renamed != reasons:
            session.execute(update(Match).where(Match.id == match_id).values(reasons=renamed))


def _take_over(session: Session, kept_id: int, gone_id: int) -> None:
    """Fill the kept person's gaps, and leave nothing of the other but a sign."""
    kept = people_by_id(session, [kept_id])[kept_id]
    gone = session.get_one(Person, gone_id)
    filled = [
        column.name
        for column in Person.__table__.columns
        if (rule := REGISTER.get(f"person.{column.name}")) and rule.merge is Merge.FILL
    ]
    had = {name: getattr(gone, name) for name in filled} | {"email_confirmed_at": gone.email_confirmed_at}
    for name in had:
        setattr(gone, name, EMPTY.get(name))
    gone.merged_into_id = kept_id
    earlier = update(Person).where(Person.merged_into_id == gone_id).values(merged_into_id=kept_id)
    session.execute(earlier)
    session.flush()
    if kept.email_folded is None:
        kept.email_confirmed_at = had["email_confirmed_at"]
    for name in filled:
        if not getattr(kept, name):
            setattr(kept, name, had[name])
    kept.prompts_stopped_at = kept.prompts_stopped_at or gone.prompts_stopped_at
