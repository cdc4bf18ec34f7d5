"""Event, what changed in it, its target profiles, its invited addresses and its seat counters."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from organizer.circles.models import Circle
from organizer.db import Base, Code, UtcDateTime, one_of
from organizer.domain.lifecycle import Admission, EventState, Mode, WaitingOrder
from organizer.domain.vocabulary import EventKind, Region, SharingRule
from organizer.tokens import new_public_id


class Event(Base):
    """One meetup of a circle. Whether it has begun or ended is told by the clock, not by `state`."""

    __tablename__ = "event"
    __table_args__ = (
        one_of("state", EventState),
        one_of("kind", EventKind),
        one_of("mode", Mode),
        one_of("admission", Admission),
        one_of("waiting_order", WaitingOrder),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("capacity BETWEEN 2 AND 300", name="capacity_sane"),
        CheckConstraint("overbooking BETWEEN 0 AND 50", name="overbooking_sane"),
        Index("ix_event_circle", "circle_id", "starts_at"),
        Index("ix_event_public", "state", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    state: Mapped[EventState] = mapped_column(Code(EventState), default=EventState.DRAFT)
    title: Mapped[str] = mapped_column(String(80))
    kind: Mapped[EventKind] = mapped_column(Code(EventKind))
    description: Mapped[str] = mapped_column(Text, default="", comment="Markdown")
    mode: Mapped[Mode] = mapped_column(Code(Mode))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    doors_open_at: Mapped[datetime] = mapped_column(UtcDateTime)
    region: Mapped[Region | None] = mapped_column(Code(Region))
    place: Mapped[str] = mapped_column(String(120), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    online_url: Mapped[str] = mapped_column(String(500), default="", comment="shown to the admitted only")
    phone: Mapped[str] = mapped_column(String(20), default="", comment="whom to call on the day")
    capacity: Mapped[int]
    overbooking: Mapped[int] = mapped_column(
        default=0, comment="seats promised beyond capacity, for those who will not come"
    )
    fee_yen: Mapped[int] = mapped_column(default=0, comment="paid at the door")
    deadline_at: Mapped[datetime] = mapped_column(UtcDateTime)
    admission: Mapped[Admission] = mapped_column(Code(Admission), default=Admission.APPROVAL)
    waiting_order: Mapped[WaitingOrder] = mapped_column(Code(WaitingOrder), default=WaitingOrder.BY_FIT)
    promotes: Mapped[bool] = mapped_column(
        default=True, comment="a freed seat goes to the waiting list by itself"
    )
    holds_matches: Mapped[bool] = mapped_column(
        default=False, comment="the host looks at matches before they go out"
    )
    sharing_rule: Mapped[SharingRule] = mapped_column(Code(SharingRule))
    rounds: Mapped[int] = mapped_column(default=4)
    round_minutes: Mapped[int] = mapped_column(default=10)
    table_size: Mapped[int] = mapped_column(default=4)
    sequence: Mapped[int] = mapped_column(
        default=0, comment="of the calendar entry; grows when date or place change"
    )
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="SET NULL"))
    cancel_words: Mapped[str] = mapped_column(String(400), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    circle: Mapped[Circle] = relationship(lazy="raise_on_sql")


class EventChange(Base):
    """When and where an event was to be before its calendar entry got `sequence`: the "until now" of letters."""

    __tablename__ = "event_change"
    __table_args__ = (UniqueConstraint("circle_id", "event_id", "sequence"), one_of("mode", Mode))

    id: Mapped[int] = mapped_column(primary_key=True)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    sequence: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    mode: Mapped[Mode] = mapped_column(Code(Mode))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    place: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(200))
    link_moved: Mapped[bool] = mapped_column(
        default=False, comment="the link of an online event became another one"
    )


class TargetProfile(Base):
    """One kind of attendee the host wants in the room, with the seats meant for it (`domain.profiles.TargetProfile`).

    With `ceiling_only`, it holds no seats of its own: everyone who meets its criteria counts against `ceiling`.
    """

    __tablename__ = "target_profile"
    __table_args__ = (
        CheckConstraint("floor >= 0 AND (ceiling IS NULL OR ceiling >= floor)", name="seats_sane"),
        CheckConstraint("weight BETWEEN 1 AND 5", name="weight_sane"),
        Index("ix_target_profile_event", "event_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(60))
    criteria: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    floor: Mapped[int] = mapped_column(default=0)
    ceiling: Mapped[int | None]
    weight: Mapped[int] = mapped_column(default=3)
    ceiling_only: Mapped[bool] = mapped_column(default=False)


class SeatCount(Base):
    """How many seats are taken of how many: of a whole event, or of one target profile with a ceiling.

    `taken <= cap` is the guard that two hosts clicking at once cannot get past. `cap` includes the stated overbooking;
    an explicit yes beyond it raises `cap`, and leaves an audit entry. Rows are locked in the order of their ids.
    """

    __tablename__ = "seat_count"
    __table_args__ = (
        CheckConstraint("taken >= 0 AND taken <= cap", name="taken_within_cap"),
        UniqueConstraint("circle_id", "event_id", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(String(30), comment="'event', or 'target:<id>'")
    taken: Mapped[int] = mapped_column(default=0)
    cap: Mapped[int]


class EventInvitation(Base):
    """An address that may apply to an event by invitation only."""

    __tablename__ = "event_invitation"
    __table_args__ = (UniqueConstraint("circle_id", "event_id", "email_folded"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    email_folded: Mapped[str] = mapped_column(String(254))
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
