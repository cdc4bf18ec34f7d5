"""Registration, the draft before it, its ticket, and who moved up into whose seat."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from organizer.db import Base, Code, UtcDateTime, one_of
from organizer.domain.lifecycle import RegistrationState
from organizer.events.models import Event, TargetProfile
from organizer.people.models import Person
from organizer.tokens import new_public_id

LIVE = "state IN ('applied', 'waitlisted', 'admitted')"
STANDING = "revoked_at IS NULL"


class ApplicationDraft(Base):
    """What somebody has typed into the application form, before it counts.

    Found again by the browser (`browser_hash`) or the person. Once sent by somebody whose address is not
    confirmed it waits here,
    unseen by the host and without a seat. `answers` holds the whole form, profile included, as typed.
    """

    __tablename__ = "application_draft"
    __table_args__ = (
        Index("ix_application_draft_browser", "event_id", "browser_hash"),
        Index("ix_application_draft_person", "event_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    browser_hash: Mapped[str] = mapped_column(String(64))
    email_folded: Mapped[str | None] = mapped_column(String(254))
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    locale: Mapped[str] = mapped_column(String(2), default="ja")
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Registration(Base):
    """A person's application to an event, and its state. Presence is no state: it follows from check-ins.

    `answers` holds this event's gives, wish, goal and topic (`registrations.answers`), `profile` the
    profile as it was when applying, both
    in the shape of `domain.profiles`. `letter_due_at` is when the decision's mail may leave; until then it
    can be undone,
    and `before` holds the state to return to.
    """

    __tablename__ = "registration"
    __table_args__ = (
        one_of("state", RegistrationState),
        Index(
            "uq_registration_live",
            "circle_id",
            "event_id",
            "person_id",
            unique=True,
            sqlite_where=text(LIVE),
            postgresql_where=text(LIVE),
        ),
        Index("ix_registration_event", "event_id", "state"),
        Index("ix_registration_person", "person_id"),
        Index("ix_registration_source", "source", "source_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    state: Mapped[RegistrationState] = mapped_column(Code(RegistrationState))
    target_profile_id: Mapped[int | None] = mapped_column(
        ForeignKey("target_profile.id", ondelete="SET NULL")
    )
    target_by_host: Mapped[bool] = mapped_column(default=False, comment="the host chose the target profile")
    counted: Mapped[list[str]] = mapped_column(
        JSON, default=list, comment="keys of the seat counters it is counted in"
    )
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    profile: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    vocabulary_version: Mapped[int] = mapped_column(default=1)
    introducer: Mapped[str] = mapped_column(String(80), default="", comment="who introduced me, as typed")
    topic: Mapped[str] = mapped_column(
        String(400), default="", comment="to discuss in confidence: for one's table only"
    )
    listed: Mapped[bool] = mapped_column(default=True, comment="others of this event may see me listed")
    first_time: Mapped[bool] = mapped_column(default=True, comment="no event of this circle attended before")
    copy_to: Mapped[str] = mapped_column(
        String(254), default="", comment="a secretary who gets the mails in copy"
    )
    waiting_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fit: Mapped[float | None] = mapped_column(comment="of the best target profile when applying, 0 to 1")
    applied_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    letter_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    source: Mapped[str | None] = mapped_column(String(20))
    source_id: Mapped[str | None] = mapped_column(String(80))

    person: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[person_id])
    event: Mapped[Event] = relationship(lazy="raise_on_sql")
    target_profile: Mapped[TargetProfile | None] = relationship(lazy="raise_on_sql")


class Ticket(Base):
    """The QR of an admitted registration: found by its code's hash, redrawn from its encrypted code.

    `number` is short (four digits while there are enough of them), large on the ticket, and unique among the standing
    tickets of the event.
    """

    __tablename__ = "ticket"
    __table_args__ = (
        Index(
            "uq_ticket_standing",
            "circle_id",
            "registration_id",
            unique=True,
            sqlite_where=text(STANDING),
            postgresql_where=text(STANDING),
        ),
        Index(
            "uq_ticket_number",
            "circle_id",
            "event_id",
            "number",
            unique=True,
            sqlite_where=text(STANDING),
            postgresql_where=text(STANDING),
        ),
        CheckConstraint("number BETWEEN 1000 AND 9999999", name="number_sane"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    registration_id: Mapped[int] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), index=True
    )
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    code_sealed: Mapped[str] = mapped_column(String(200), comment="the code, encrypted with the app's secret")
    number: Mapped[int]
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Promotion(Base):
    """Who moved up from the waiting list: one for each seat that another gave back by cancelling (`freed_id`).

    Without `freed_id`: into a seat that came free in another way.
    """

    __tablename__ = "promotion"
    __table_args__ = (UniqueConstraint("circle_id", "freed_id"), UniqueConstraint("circle_id", "promoted_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    freed_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"))
    promoted_id: Mapped[int] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
