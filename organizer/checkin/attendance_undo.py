"""Taking an act of marking back: whoever it was about stands as before, as far as nothing newer stands."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from organizer.audit.models import AuditEntry
from organizer.audit.service import record
from organizer.checkin import late
from organizer.checkin.attendance import MARKED, standing
from organizer.checkin.models import Absence, CheckIn, Scan
from organizer.domain.lifecycle import RegistrationState
from organizer.errors import NotFound
from organizer.events.models import Event
from organizer.registrations.models import Registration

TAKEN_BACK = "attendance.taken_back"


def take_back(session: Session, event: Event, entry_id: int, *, by_id: int, now: datetime) -> bool:
    """Take an act back by its entry in the log; False where that has been done. NotFound for other entries.

    What the act annulled counts again only with the arrival that it ended: where somebody has come since by another
    way, that stands, and the scans of before stay annulled.
    """
    entry = session.get(AuditEntry, entry_id)
    if entry is None or (entry.act, entry.subject, entry.subject_id) != (MARKED, "event", event.id):
        raise NotFound
    facts = entry.facts
    held = select(Registration.id).where(Registration.id.in_(facts["people"])).order_by(Registration.id)
    session.execute(held.with_for_update(key_share=True))
    if _was_taken_back(session, event, entry_id):
        return False
    ended = update(Absence).where(Absence.id.in_(facts["absences"]), Absence.voided_at.is_(None))
    session.execute(ended.values(voided_at=now))
    _end_on_paper(session, facts["check_ins"], by_id, now)
    back = _let_stand(session, CheckIn, facts["voided_check_ins"])
    _let_stand(session, Absence, facts["voided_absences"])
    mine = Scan.id.in_(facts["annulled"]), Scan.registration_id.in_(back), Scan.annulled_at == entry.at
    session.execute(update(Scan).where(*mine).values(annulled_at=None, annulled_by_id=None))
    about = {"actor_id": by_id, "circle_id": event.circle_id}
    record(session, TAKEN_BACK, "event", event.id, at=now, entry=entry_id, **about)
    session.flush()
    session.expire_all()
    return True


def _was_taken_back(session: Session, event: Event, entry_id: int) -> bool:
    done = select(AuditEntry).where(AuditEntry.act == TAKEN_BACK, AuditEntry.subject_id == event.id)
    return any(one.facts["entry"] == entry_id for one in session.scalars(done))


def _end_on_paper(session: Session, ids: Sequence[int], by_id: int, now: datetime) -> None:
    """End what was there on paper alone. Who was let in at a door, as a phone reported since, is in by that."""
    still = select(CheckIn.registration_id).where(
        CheckIn.id.in_(ids), CheckIn.scan_id.is_(None), CheckIn.voided_at.is_(None)
    )
    for registration_id in session.scalars(still).all():
        late.settle_arrival(session.connection(), registration_id, None, now=now, by_id=by_id)


def _let_stand(session: Session, table: type[CheckIn | Absence], ids: Sequence[int]) -> list[int]:
    """Have rows of the admitted stand again where no other stands by now; gives the registrations of those that do."""
    query = (
        select(table.id, table.registration_id)
        .join(Registration, Registration.id == table.registration_id)
        .where(table.id.in_(ids), Registration.state == RegistrationState.ADMITTED)
    )
    rows = session.execute(query.order_by(table.id)).all()
    free = [row for row in rows if not standing(session, table, row.registration_id)]
    again: dict[str, None] = {"voided_at": None} | ({"voided_by_id": None} if table is CheckIn else {})
    session.execute(update(table).where(table.id.in_([row.id for row in free])).values(**again))
    return [row.registration_id for row in free]
