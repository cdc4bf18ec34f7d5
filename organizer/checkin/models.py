"""The devices at the door, every scan, who has arrived and who has not, the fees taken and their receipts."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from organizer.db import Base, Code, UtcDateTime, one_of
from organizer.domain.door import Away, DeviceKind, PaymentWay
from organizer.domain.ticketing import CheckInMethod, Flag, ScanResult
from organizer.registrations.models import Registration, Ticket  # noqa: F401  (their tables are pointed to)
from organizer.tokens import new_public_id

STANDING = "voided_at IS NULL"


class Device(Base):
    """A phone or tablet at the door of one event. Its token is its only key, kept as a hash.

    A member's `own` device counts only as long as that sign-in lives and the member may scan; a paired one
    (`staff`, `guest`) and a `kiosk` until they are revoked or expire. `unsent` is what it last told us of.
    """

    __tablename__ = "device"
    __table_args__ = (
        one_of("kind", DeviceKind),
        CheckConstraint("kind <> 'own' OR person_id IS NOT NULL", name="own_has_an_owner"),
        Index("ix_device_event", "event_id", "revoked_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    kind: Mapped[DeviceKind] = mapped_column(Code(DeviceKind))
    name: Mapped[str] = mapped_column(String(40), default="")
    browser: Mapped[str] = mapped_column(String(80), default="")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), comment="whose own device it is"
    )
    sign_in_id: Mapped[int | None] = mapped_column(
        ForeignKey("sign_in.id", ondelete="CASCADE"), comment="an own device ends with it"
    )
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    pin_hash: Mapped[str | None] = mapped_column(String(200), comment="with which a kiosk is left")
    pin_tries: Mapped[int] = mapped_column(default=0)
    pin_tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    unsent: Mapped[int] = mapped_column(default=0)
    clock_offset_ms: Mapped[int | None] = mapped_column(BigInteger, comment="server's clock minus its own")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class DeviceLink(Base):
    """A link that pairs one device with one event, once."""

    __tablename__ = "device_link"
    __table_args__ = (one_of("kind", DeviceKind), Index("ix_device_link_event", "event_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    kind: Mapped[DeviceKind] = mapped_column(Code(DeviceKind))
    name: Mapped[str] = mapped_column(String(40), default="")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Scan(Base):
    """One try at the door, admitted or refused, kept for ever.

    The row is inserted before anything is decided; `key` (of this event) tells a repeated request from a new one.
    `request_hash` is that of code and method: the same key with another request is a fault. `facts` and `card` are the
    answer as it was given, to be given again word for word: codes and figures the one, the person the other.
    `entered`: somebody walked in on it, as far as the phone knew; two such scans of one registration are a conflict to
    look at.
    """

    __tablename__ = "scan"
    __table_args__ = (
        UniqueConstraint("circle_id", "event_id", "key"),
        one_of("result", ScanResult),
        one_of("method", CheckInMethod),
        one_of("flagged", Flag),
        Index("ix_scan_event", "event_id", "at"),
        Index("ix_scan_entered", "registration_id", "entered"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(64))
    request_hash: Mapped[str] = mapped_column(String(64))
    method: Mapped[CheckInMethod] = mapped_column(Code(CheckInMethod))
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id", ondelete="SET NULL"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    door: Mapped[str] = mapped_column(String(40), default="")
    result: Mapped[ScanResult | None] = mapped_column(Code(ScanResult))
    reason: Mapped[str | None] = mapped_column(String(40))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    card: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    offline: Mapped[bool] = mapped_column(default=False)
    confirmed: Mapped[bool] = mapped_column(default=False, comment="somebody looked at the card and tapped")
    entered: Mapped[bool] = mapped_column(default=False)
    flagged: Mapped[Flag | None] = mapped_column(Code(Flag))
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, comment="when it happened, by the phone")
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="when the server heard of it")
    annulled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    annulled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class CheckIn(Base):
    """The fact that somebody has arrived; at most one that stands for each registration."""

    __tablename__ = "check_in"
    __table_args__ = (
        Index(
            "uq_check_in_standing",
            "circle_id",
            "registration_id",
            unique=True,
            sqlite_where=text(STANDING),
            postgresql_where=text(STANDING),
        ),
        Index(
            "ix_check_in_event",
            "event_id",
            "at",
            sqlite_where=text(STANDING),
            postgresql_where=text(STANDING),
        ),
        one_of("method", CheckInMethod),
        one_of("flagged", Flag),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    registration_id: Mapped[int] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), index=True
    )
    scan_id: Mapped[int | None] = mapped_column(ForeignKey("scan.id", ondelete="SET NULL"))
    method: Mapped[CheckInMethod] = mapped_column(Code(CheckInMethod))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id", ondelete="SET NULL"), index=True)
    door: Mapped[str] = mapped_column(String(40), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    flagged: Mapped[Flag | None] = mapped_column(Code(Flag), comment="a code: what a host should look at")
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    voided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class FeePayment(Base):
    """The fee taken at the door, in yen."""

    __tablename__ = "fee_payment"
    __table_args__ = (
        Index(
            "uq_fee_payment_standing",
            "circle_id",
            "registration_id",
            unique=True,
            sqlite_where=text(STANDING),
            postgresql_where=text(STANDING),
        ),
        CheckConstraint("yen > 0", name="yen_positive"),
        one_of("way", PaymentWay),
        Index("ix_fee_payment_event", "event_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    registration_id: Mapped[int] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), index=True
    )
    yen: Mapped[int]
    way: Mapped[PaymentWay] = mapped_column(Code(PaymentWay), default=PaymentWay.CASH)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Receipt(Base):
    """A receipt for a fee, numbered within the circle; it stands as it was written, whatever changes later.

    `issuer` and `invoice_number` are the circle's registered name and number when it was written.
    """

    __tablename__ = "receipt"
    __table_args__ = (
        UniqueConstraint("circle_id", "number"),
        UniqueConstraint("circle_id", "payment_id"),
        CheckConstraint("number >= 1", name="numbered_from_one"),
        Index("ix_receipt_event", "event_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    payment_id: Mapped[int] = mapped_column(ForeignKey("fee_payment.id", ondelete="CASCADE"))
    number: Mapped[int]
    addressee: Mapped[str] = mapped_column(String(120))
    proviso: Mapped[str] = mapped_column(String(80), comment="what the money was for: the 但し書き")
    issuer: Mapped[str] = mapped_column(String(120))
    issuer_address: Mapped[str] = mapped_column(String(160), default="")
    invoice_number: Mapped[str] = mapped_column(String(14), default="")
    yen: Mapped[int]
    printed: Mapped[int] = mapped_column(
        default=0, comment="times it was drawn: the second is marked as a copy"
    )
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Absence(Base):
    """That somebody who was expected did not come, as a host marked it; at most one that stands for a registration."""

    __tablename__ = "absence"
    __table_args__ = (
        one_of("kind", Away),
        Index(
            "uq_absence_standing",
            "circle_id",
            "registration_id",
            unique=True,
            sqlite_where=text(STANDING),
            postgresql_where=text(STANDING),
        ),
        Index("ix_absence_event", "event_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    registration_id: Mapped[int] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[Away] = mapped_column(Code(Away))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DoorNote(Base):
    """What the host wants the door to know of somebody. Rows are never changed: a new one replaces."""

    __tablename__ = "door_note"
    __table_args__ = (
        Index(
            "uq_door_note_standing",
            "circle_id",
            "registration_id",
            unique=True,
            sqlite_where=text(STANDING),
            postgresql_where=text(STANDING),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    registration_id: Mapped[int] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), index=True
    )
    words: Mapped[str] = mapped_column(String(120))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Claim(Base):
    """A walk-in's link to their own registration, to complete it with an address; good once.

    `said` is what they typed with the address (`email`), until that is confirmed. `other_id` is who has the address
    already: the two become one person after that person's own yes.
    """

    __tablename__ = "claim"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    registration_id: Mapped[int] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), index=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    other_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(254), default="")
    said: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
