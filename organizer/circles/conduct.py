"""Reports on conduct, and exclusions from a circle: for its hosts, and never for those of whom they speak."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, delete, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from organizer.audit.service import record
from organizer.circles.models import Circle, Exclusion, Membership, Report, ReportState
from organizer.circles.refusals import CircleBarrier
from organizer.circles.service import holds, hosts_of, member
from organizer.domain.roles import Right
from organizer.errors import NotFound, Refused
from organizer.mail import outbox
from organizer.people.models import Person


def report(
    session: Session, circle: Circle, reporter: Person, reported: Person, words: str, now: datetime
) -> Report:
    """Tell a circle's hosts about somebody, and have each get a mail, except the one it is about.

    Where nobody else runs the circle, it waits for whoever runs the house.
    """
    told = Report(
        circle_id=circle.id, reporter_id=reporter.id, reported_id=reported.id, words=words, created_at=now
    )
    session.add(told)
    session.flush()
    for host in readers(session, circle, reported):
        if host.person_id != reporter.id:
            outbox.post(
                session,
                "report",
                now=now,
                person_id=host.person_id,
                circle_id=circle.id,
                once=f"report:{told.id}:{host.person_id}",
                report=told.id,
            )
    record(session, "report.made", "report", told.id, at=now, actor_id=reporter.id, circle_id=circle.id)
    return told


def readers(session: Session, circle: Circle, reported: Person) -> list[Membership]:
    """The hosts who can read what is told about somebody: all but that one."""
    return [host for host in hosts_of(session, circle.id) if host.person_id != reported.id]


def unread(session: Session) -> Sequence[Row[Report, str, str]]:
    """The open reports that no host can read, newest first: with the circle's slug and the name of who is reported."""
    reader = exists().where(
        Membership.circle_id == Report.circle_id,
        Membership.person_id != Report.reported_id,
        holds(Right.HANDLE_REPORTS),
    )
    query = (
        select(Report, Circle.slug, Person.name)
        .join(Circle, Circle.id == Report.circle_id)
        .join(Person, Person.id == Report.reported_id)
        .where(Report.state == ReportState.OPEN, ~reader)
    )
    return session.execute(query.order_by(Report.created_at.desc(), Report.id.desc())).all()


def settle_unread(session: Session, public_id: str, now: datetime) -> None:
    """Note that whoever runs the house has dealt with a report that no host can read. NotFound for any other."""
    told = next((row.Report for row in unread(session) if row.Report.public_id == public_id), None)
    if told is None:
        raise NotFound
    _settle(session, told, None, now)


def reports_for(session: Session, circle_id: int, reader: Person) -> Sequence[Report]:
    """The reports of a circle that `reader` may see: all but those about themself; open ones first, newest first."""
    query = select(Report).where(Report.circle_id == circle_id, Report.reported_id != reader.id)
    return session.scalars(
        query.order_by(Report.state.desc(), Report.created_at.desc(), Report.id.desc())
    ).all()


def close(session: Session, circle: Circle, reader: Person, public_id: str, now: datetime) -> None:
    """Note that a report has been dealt with. NotFound for one about the reader."""
    query = select(Report).where(
        Report.circle_id == circle.id, Report.public_id == public_id, Report.reported_id != reader.id
    )
    told = session.scalar(query)
    if told is None:
        raise NotFound
    if told.state is not ReportState.CLOSED:
        _settle(session, told, reader.id, now)


def _settle(session: Session, told: Report, by_id: int | None, now: datetime) -> None:
    told.state, told.closed_at, told.closed_by_id = ReportState.CLOSED, now, by_id
    record(session, "report.closed", "report", told.id, at=now, actor_id=by_id, circle_id=told.circle_id)


def exclude(
    session: Session, circle: Circle, person: Person, *, by: Person, note: str, now: datetime
) -> bool:
    """Have the circle want `person` no longer; gives whether that is new. Refused for those who run it."""
    if member(session, person, circle.id) is not None:
        raise Refused(CircleBarrier.RUNS_THE_CIRCLE)
    try:
        with session.begin_nested():
            session.add(
                Exclusion(circle_id=circle.id, person_id=person.id, by_id=by.id, note=note, created_at=now)
            )
    except IntegrityError:
        return False
    record(session, "person.excluded", "person", person.id, at=now, actor_id=by.id, circle_id=circle.id)
    return True


def readmit(session: Session, circle: Circle, person: Person, *, by: Person, now: datetime) -> bool:
    """Take an exclusion back; gives whether there was one."""
    lifting = delete(Exclusion).where(Exclusion.circle_id == circle.id, Exclusion.person_id == person.id)
    if session.execute(lifting).rowcount == 0:  # type: ignore[attr-defined]
        return False
    record(session, "person.readmitted", "person", person.id, at=now, actor_id=by.id, circle_id=circle.id)
    return True


def exclusions(session: Session, circle_id: int) -> list[tuple[Exclusion, Person]]:
    """Whom a circle has excluded, latest first, profiles loaded."""
    query = (
        select(Exclusion, Person)
        .join(Person, Person.id == Exclusion.person_id)
        .options(joinedload(Person.profile))
        .where(Exclusion.circle_id == circle_id)
        .order_by(Exclusion.created_at.desc(), Exclusion.id.desc())
    )
    return [(row.Exclusion, row.Person) for row in session.execute(query)]
