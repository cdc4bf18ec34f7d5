"""Every scan, who has arrived, and the fees taken."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from organizer.db import Base, Code, UtcDateTime, one_of
from organizer.domain.ticketing import CheckInMethod, ScanResult
from organizer.registrations.models import Registration, Ticket  # noqa: F401  (their tables are pointed to)

STANDING = "voided_at IS NULL"


class Scan(Base):
    """One try at the door, admitted or refused, kept for ever.

    The row is inserted before anything is decided; `key` (of this event) tells a repeated request from a new one.
    `request_hash` is that of code and method: the same key with another request is a fault. `facts` are the ids and
    figures from which the answer is rendered again.
    """

    __tablename__ = "scan"
    __table_args__ = (
        UniqueConstraint("circle_id", "event_id", "key"),
        one_of("result", ScanResult),
        one_of("method", CheckInMethod),
        Index("ix_scan_event", "event_id", "at"),
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
    offline: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime, comment="when it happened, by the phone")
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="when the server heard of it")


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
        Index("ix_check_in_event", "event_id", "at"),
        one_of("method", CheckInMethod),
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
    door: Mapped[str] = mapped_column(String(40), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    flagged: Mapped[str | None] = mapped_column(String(40), comment="a code: what a host should look at")
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
        Index("ix_fee_payment_event", "event_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    registration_id: Mapped[int] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), index=True
    )
    yen: Mapped[int]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
