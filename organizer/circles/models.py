"""Circle, its members, invitations, exclusions and reports."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from organizer.db import Base, Code, UtcDateTime, one_of
from organizer.domain.delivery import NotifyChoice
from organizer.domain.door import TokenScope
from organizer.domain.roles import CircleRole
from organizer.domain.vocabulary import Region, SharingRule
from organizer.people.models import Person
from organizer.tokens import new_public_id


class Circle(Base):
    """A community that holds meetups; the tenant of the system."""

    __tablename__ = "circle"
    __table_args__ = (one_of("sharing_rule", SharingRule),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True, comment="its name in addresses")
    name: Mapped[str] = mapped_column(String(60))
    description: Mapped[str] = mapped_column(Text, default="")
    region: Mapped[Region | None] = mapped_column(Code(Region))
    time_zone: Mapped[str] = mapped_column(String(40), default="Asia/Tokyo")
    sharing_rule: Mapped[SharingRule] = mapped_column(Code(SharingRule), default=SharingRule.NO_NAMES)
    sender_name: Mapped[str] = mapped_column(
        String(80), default="", comment="who sends the mails, as the law wants it"
    )
    sender_address: Mapped[str] = mapped_column(String(160), default="")
    sender_contact: Mapped[str] = mapped_column(String(160), default="")
    privacy_notice: Mapped[str] = mapped_column(Text, default="", comment="empty: our standard text")
    legal_name: Mapped[str] = mapped_column(String(120), default="", comment="registered name, for receipts")
    invoice_number: Mapped[str] = mapped_column(
        String(14), default="", comment="T and 13 digits; empty: not registered for invoices"
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CircleApproach(Base):
    """How a circle brings people together, as its hosts set it (`domain.approach`): a row for each version.

    The newest counts; a circle without any counts as one that has changed nothing.
    """

    __tablename__ = "circle_approach"
    __table_args__ = (
        UniqueConstraint("circle_id", "version"),
        CheckConstraint("version >= 1", name="numbered_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    version: Mapped[int]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class ApiToken(Base):
    """A host's token for other apps, of one circle; shown once, kept as a hash. It can never do more than its host."""

    __tablename__ = "api_token"
    __table_args__ = (one_of("scope", TokenScope), Index("ix_api_token_circle", "circle_id", "person_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(40))
    scope: Mapped[TokenScope] = mapped_column(Code(TokenScope))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Membership(Base):
    """That a person runs a circle: as owner, host or staff (staff: the door only)."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("circle_id", "person_id"),
        one_of("role", CircleRole),
        one_of("notify", NotifyChoice),
        Index("ix_membership_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    role: Mapped[CircleRole] = mapped_column(Code(CircleRole))
    notify: Mapped[NotifyChoice] = mapped_column(Code(NotifyChoice), default=NotifyChoice.DAILY)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    circle: Mapped[Circle] = relationship(lazy="raise_on_sql")
    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class CircleInvitation(Base):
    """An invitation by mail to help run a circle."""

    __tablename__ = "circle_invitation"
    __table_args__ = (
        one_of("role", CircleRole),
        Index(
            "uq_circle_invitation_open",
            "circle_id",
            "email_folded",
            unique=True,
            sqlite_where=text("accepted_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=text("accepted_at IS NULL AND withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(254))
    email_folded: Mapped[str] = mapped_column(String(254))
    role: Mapped[CircleRole] = mapped_column(Code(CircleRole))
    locale: Mapped[str] = mapped_column(String(2), default="ja")
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    link_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Exclusion(Base):
    """A person the circle no longer wants at its events; known to its hosts only."""

    __tablename__ = "exclusion"
    __table_args__ = (UniqueConstraint("circle_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(String(400), default="", comment="for the hosts")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReportState(StrEnum):
    """How far the hosts have got with a report."""

    OPEN = "open"
    CLOSED = "closed"


class Report(Base):
    """What a person tells a circle's hosts about another person's conduct; the one reported never sees it."""

    __tablename__ = "report"
    __table_args__ = (
        one_of("state", ReportState),
        CheckConstraint("reporter_id <> reported_id", name="not_oneself"),
        Index("ix_report_circle", "circle_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    reporter_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    reported_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    event_id: Mapped[int | None]
    words: Mapped[str] = mapped_column(Text)
    state: Mapped[ReportState] = mapped_column(Code(ReportState), default=ReportState.OPEN)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
