"""The money of the day: who has paid, how, to whom, and who still owes the fee."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session, aliased

from organizer.checkin.models import CheckIn, Device, FeePayment, Receipt
from organizer.domain.door import DeviceKind, PaymentWay
from organizer.domain.folding import fold
from organizer.domain.lifecycle import RegistrationState
from organizer.events.models import Event
from organizer.people.models import Person, Profile
from organizer.registrations.models import Registration


@dataclass(frozen=True, slots=True)
class Purse:
    """Into whose hands money came: a device, by its name or kind, or a person without one. Neither: not known."""

    device: str = ""
    kind: DeviceKind | None = None
    person: str = ""


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One person and their fee. `due` and `yen` in yen, one of them 0; `expected`: still admitted."""

    id: str
    row_id: int
    name: str
    reading: str
    company: str
    expected: bool
    arrived: bool
    due: int
    yen: int
    way: PaymentWay | None
    at: datetime | None
    purse: Purse
    receipt: int | None


@dataclass(frozen=True, slots=True)
class Takings:
    """So many payments, together so many yen."""

    count: int
    yen: int


@dataclass(frozen=True, slots=True)
class DaysMoney:
    """Everybody's fee by reading, with its sums; `by_purse` is of the cash alone, most first."""

    lines: tuple[FeeLine, ...]

    @property
    def cash(self) -> Takings:
        """What was taken in cash, and so must lie in the boxes."""
        return _sum([line.yen for line in self.lines if line.way is PaymentWay.CASH])

    @property
    def beforehand(self) -> Takings:
        """What was paid beforehand."""
        return _sum([line.yen for line in self.lines if line.way is PaymentWay.BEFOREHAND])

    @property
    def due(self) -> Takings:
        """What is still owed, whether they have come or not."""
        return _sum([line.due for line in self.lines if line.due])

    @property
    def due_inside(self) -> Takings:
        """What is owed by those who have come already."""
        return _sum([line.due for line in self.lines if line.due and line.arrived])

    @property
    def by_purse(self) -> list[tuple[Purse, Takings]]:
        """The cash by the hands it came into."""
        count: Counter[Purse] = Counter()
        yen: Counter[Purse] = Counter()
        for line in self.lines:
            if line.way is PaymentWay.CASH:
                count[line.purse] += 1
                yen[line.purse] += line.yen
        ordered = sorted(yen, key=lambda purse: (-yen[purse], purse.device, purse.person))
        return [(purse, Takings(count[purse], yen[purse])) for purse in ordered]


def money_of(session: Session, event: Event) -> DaysMoney:
    """The fees of an event: of all who are admitted, and of those who paid and are no longer. One statement."""
    taker = aliased(Person)
    query = (
        select(
            Registration.public_id,
            Registration.id,
            Registration.state,
            Person.name,
            Person.reading,
            Profile.company,
            CheckIn.id.label("check_in_id"),
            FeePayment.yen,
            FeePayment.way,
            FeePayment.at,
            FeePayment.device_id,
            Device.name.label("device"),
            Device.kind,
            taker.name.label("taker"),
            Receipt.number,
        )
        .select_from(Registration)
        .join(Person, Person.id == Registration.person_id)
        .outerjoin(Profile, Profile.person_id == Person.id)
        .outerjoin(CheckIn, (CheckIn.registration_id == Registration.id) & CheckIn.voided_at.is_(None))
        .outerjoin(
            FeePayment, (FeePayment.registration_id == Registration.id) & FeePayment.voided_at.is_(None)
        )
        .outerjoin(Device, Device.id == FeePayment.device_id)
        .outerjoin(taker, taker.id == FeePayment.by_id)
        .outerjoin(Receipt, Receipt.payment_id == FeePayment.id)
        .where(Registration.event_id == event.id)
        .where(or_(Registration.state == RegistrationState.ADMITTED, FeePayment.id.is_not(None)))
    )
    lines = [_line(row, event.fee_yen) for row in session.execute(query)]
    return DaysMoney(tuple(sorted(lines, key=lambda line: (fold(line.reading or line.name), line.row_id))))


def _line(row: Row[*tuple[Any, ...]], fee: int) -> FeeLine:
    expected = row.state is RegistrationState.ADMITTED
    return FeeLine(
        id=row.public_id,
        row_id=row.id,
        name=row.name,
        reading=row.reading,
        company=row.company or "",
        expected=expected,
        arrived=row.check_in_id is not None,
        due=fee if expected and row.yen is None else 0,
        yen=row.yen or 0,
        way=row.way,
        at=row.at,
        purse=_purse(row),
        receipt=row.number,
    )


def _purse(row: Row[*tuple[Any, ...]]) -> Purse:
    """An own device is known by its person; another by its name, or its kind where it has none."""
    if row.device_id is None or row.kind is DeviceKind.OWN:
        return Purse(person=row.taker or "")
    return Purse(device=row.device or "", kind=row.kind)


def _sum(yens: Sequence[int]) -> Takings:
    return Takings(len(yens), sum(yens))
