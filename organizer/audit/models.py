"""The audit log: rows are added, never changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from organizer.db import Base, UtcDateTime

BigId = BigInteger().with_variant(Integer, "sqlite")


class AuditEntry(Base):
    """One act that matters: who (a person's id, or nobody for the software itself), what, on which row.

    `facts` holds ids and codes, never names or free text. No foreign keys: an entry outlives what it speaks of.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_subject", "subject", "subject_id"),
        Index("ix_audit_entry_circle", "circle_id", "at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    circle_id: Mapped[int | None]
    actor_id: Mapped[int | None]
    act: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int | None] = mapped_column(BigId)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
