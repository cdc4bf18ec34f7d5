"""What somebody wants to know who has just checked in: since when, at which table, what there is to pay."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.checkin.models import CheckIn, FeePayment
from organizer.registrations.models import Registration
from organizer.rounds import phone


@dataclass(frozen=True, slots=True)
class Arrival:
    """One arrival. `table`: the number of the table one goes to, once tables are published; `fee_due` in yen."""

    at: datetime
    table: int | None
    fee_due: int


def arrival(session: Session, registration: Registration, now: datetime) -> Arrival | None:
    """The standing arrival of a registration, person and event loaded; None of who has not come."""
    here = CheckIn.registration_id == registration.id, CheckIn.voided_at.is_(None)
    at = session.scalar(select(CheckIn.at).where(*here))
    if at is None:
        return None
    own = phone.mine(session, registration, True, now)
    paid = FeePayment.registration_id == registration.id, FeePayment.voided_at.is_(None)
    settled = session.scalar(select(FeePayment.id).where(*paid)) is not None
    return Arrival(at, own.table, 0 if settled else registration.event.fee_yen)
