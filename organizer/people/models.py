"""Person, Profile, and the rows of signing in, consenting and blocking."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from organizer.db import Base, Code, UtcDateTime, one_of
from organizer.domain.vocabulary import Authority, Industry, Region, Role, SizeBand
from organizer.tokens import new_public_id

Data = dict[str, Any]


class Person(Base):
    """One human with one address, across all circles: host or attendee or both.

    `email_folded` is the address as compared (lower case, NFKC); both are empty for somebody who came without one.
    """

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("email_folded"),
        Index("ix_person_source", "source", "source_id"),
        CheckConstraint("prompt_hour BETWEEN 6 AND 21", name="prompt_hour_awake"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    email: Mapped[str | None] = mapped_column(String(254))
    email_folded: Mapped[str | None] = mapped_column(String(254))
    email_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    name: Mapped[str] = mapped_column(String(80), default="")
    reading: Mapped[str] = mapped_column(String(80), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    locale: Mapped[str] = mapped_column(String(2), default="ja")
    time_zone: Mapped[str | None] = mapped_column(String(40), comment="empty: that of the circle")
    prompt_hour: Mapped[int] = mapped_column(
        default=9, comment="hour of the day, 6 to 21, in the person's zone"
    )
    password_hash: Mapped[str | None] = mapped_column(String(200))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    source: Mapped[str | None] = mapped_column(String(20))
    source_id: Mapped[str | None] = mapped_column(String(80))
    prompts_stopped_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="unsubscribed from prompts"
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    profile: Mapped["Profile"] = relationship(back_populates="person", lazy="raise_on_sql", uselist=False)


class Profile(Base):
    """What a person says of themself; lists are kept in the shape of `domain.profiles` (`to_data`)."""

    __tablename__ = "profile"
    __table_args__ = (CheckConstraint("founded_year BETWEEN 1000 AND 2200", name="founded_year_sane"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    company: Mapped[str] = mapped_column(String(120), default="")
    title: Mapped[str] = mapped_column(String(80), default="")
    role: Mapped[Role | None] = mapped_column(Code(Role))
    authority: Mapped[Authority | None] = mapped_column(Code(Authority))
    industry: Mapped[Industry | None] = mapped_column(Code(Industry))
    industry_words: Mapped[str] = mapped_column(String(80), default="")
    size: Mapped[SizeBand | None] = mapped_column(Code(SizeBand))
    founded_year: Mapped[int | None]
    region: Mapped[Region | None] = mapped_column(Code(Region))
    values: Mapped[list[str]] = mapped_column(JSON, default=list)
    value_words: Mapped[str] = mapped_column(String(200), default="")
    challenges: Mapped[list[Data]] = mapped_column(JSON, default=list)
    gives: Mapped[list[Data]] = mapped_column(JSON, default=list)
    wish: Mapped[Data] = mapped_column(JSON, default=dict, comment="whom I want to meet")
    serve: Mapped[Data] = mapped_column(JSON, default=dict, comment="whom I can serve best")
    intents: Mapped[list[str]] = mapped_column(JSON, default=list)
    contact: Mapped[Data] = mapped_column(
        JSON, default=dict, comment="what is handed over when contact is exchanged"
    )
    vocabulary_version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(back_populates="profile", lazy="raise_on_sql")


class SignInPurpose(StrEnum):
    """What a confirmed link does besides signing in."""

    SIGN_IN = "sign_in"
    APPLY = "apply"
    INVITATION = "invitation"
    CLAIM = "claim"


class SignInRequest(Base):
    """One asked-for link: single use, ten minutes, bound to the browser that asked.

    The worker makes link and six digits when it writes the mail; here stand their hashes. `email_folded` is the
    address asked for, whether anybody has it or not. `subject_id` is the draft, invitation or claim confirmed along
    with it.
    """

    __tablename__ = "sign_in_request"
    __table_args__ = (one_of("purpose", SignInPurpose), CheckConstraint("tries <= 5", name="tries_limited"))

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    purpose: Mapped[SignInPurpose] = mapped_column(Code(SignInPurpose), default=SignInPurpose.SIGN_IN)
    subject_id: Mapped[int | None]
    email: Mapped[str] = mapped_column(String(254))
    email_folded: Mapped[str] = mapped_column(String(254), index=True)
    locale: Mapped[str] = mapped_column(String(2), default="ja")
    browser_hash: Mapped[str] = mapped_column(String(64))
    link_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    digits_hash: Mapped[str | None] = mapped_column(String(64))
    next_path: Mapped[str] = mapped_column(String(300), default="/")
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SignIn(Base):
    """A signed-in browser; the cookie holds the reference, this row its hash, so that signing out really ends it."""

    __tablename__ = "sign_in"
    __table_args__ = (Index("ix_sign_in_person", "person_id", "ended_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    reference_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    way: Mapped[str] = mapped_column(String(20), comment="link, digits or password")
    browser: Mapped[str] = mapped_column(
        String(60), default="", comment="family and system, as shown in one's list"
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AddressChange(Base):
    """A wish to change one's address; it takes effect once the old and the new address have both said yes."""

    __tablename__ = "address_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    email_folded: Mapped[str] = mapped_column(String(254))
    old_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    new_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    old_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    new_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LinkPurpose(StrEnum):
    """What a link in a mail opens. A link opens only that, for one person and one row."""

    TICKET = "ticket"
    PROMPT = "prompt"
    STOP_PROMPTS = "stop_prompts"
    OFFER = "offer"


class MailLink(Base):
    """A long-lived link of a mail: the hash of its token, whose it is, what it opens.

    `subject_id` is a registration's id (ticket, offer) or a follow-up's (prompt); none for stop_prompts.
    Made by the worker while it composes.
    """

    __tablename__ = "mail_link"
    __table_args__ = (one_of("purpose", LinkPurpose), Index("ix_mail_link_subject", "purpose", "subject_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[LinkPurpose] = mapped_column(Code(LinkPurpose))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    subject_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ConsentKind(StrEnum):
    """What somebody agreed to."""

    SHARING_RULE = "sharing_rule"
    PRIVACY_NOTICE = "privacy_notice"
    LISTED = "listed"


class Consent(Base):
    """That a person agreed, when, and to which version of which words (`version`: a hash of the text shown)."""

    __tablename__ = "consent"
    __table_args__ = (one_of("kind", ConsentKind), Index("ix_consent_person", "person_id", "kind"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[ConsentKind] = mapped_column(Code(ConsentKind))
    circle_id: Mapped[int | None]
    event_id: Mapped[int | None]
    version: Mapped[str] = mapped_column(String(64))
    locale: Mapped[str] = mapped_column(String(2))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Block(Base):
    """One person wants nothing to do with another: silent, and it holds everywhere."""

    __tablename__ = "block"
    __table_args__ = (
        UniqueConstraint("person_id", "other_id"),
        CheckConstraint("person_id <> other_id", name="not_oneself"),
        Index("ix_block_other", "other_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RateHit(Base):
    """How often something was tried in a window of time; the key is hashed where it holds an address."""

    __tablename__ = "rate_hit"

    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    hits: Mapped[int]
    expires_at: Mapped[float] = mapped_column(index=True, comment="seconds since 1970")
