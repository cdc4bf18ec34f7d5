"""Making a circle, and changing what it says of itself."""

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from organizer.audit.service import record
from organizer.circles.models import Circle, Membership
from organizer.circles.refusals import CircleBarrier
from organizer.domain.roles import CircleRole
from organizer.domain.vocabulary import Region, SharingRule
from organizer.errors import Refused
from organizer.people.models import Person

RESERVED_SLUGS = frozenset({"new", "edit", "settings"})
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class CircleContents:
    """Everything a circle says of itself. An empty `slug` has one made."""

    name: str
    slug: str = ""
    description: str = ""
    region: Region | None = None
    time_zone: str = "Asia/Tokyo"
    sharing_rule: SharingRule = SharingRule.NO_NAMES
    sender_name: str = ""
    sender_address: str = ""
    sender_contact: str = ""
    privacy_notice: str = ""
    legal_name: str = ""
    invoice_number: str = ""


def found(session: Session, person: Person, contents: CircleContents, now: datetime) -> Circle:
    """A new circle with `person` as its owner. Refused(SLUG_TAKEN)."""
    circle = Circle(**asdict(contents) | {"slug": contents.slug or free_slug()}, created_at=now)
    try:
        with session.begin_nested():
            session.add(circle)
    except IntegrityError:
        raise Refused(CircleBarrier.SLUG_TAKEN) from None
    session.add(Membership(circle_id=circle.id, person_id=person.id, role=CircleRole.OWNER, created_at=now))
    session.flush()
    record(session, "circle.founded", "circle", circle.id, at=now, actor_id=person.id, circle_id=circle.id)
    return circle


def change(session: Session, circle: Circle, person: Person, contents: CircleContents, now: datetime) -> None:
    """Take in what the circle says of itself now. Refused(SLUG_TAKEN)."""
    said = asdict(contents) | {"slug": contents.slug or circle.slug}
    changed = sorted(name for name, value in said.items() if getattr(circle, name) != value)
    try:
        with session.begin_nested():
            for name in changed:
                setattr(circle, name, said[name])
    except IntegrityError:
        raise Refused(CircleBarrier.SLUG_TAKEN) from None
    record(
        session,
        "circle.changed",
        "circle",
        circle.id,
        at=now,
        actor_id=person.id,
        circle_id=circle.id,
        fields=changed,
    )


def free_slug() -> str:
    """A name for addresses that nobody has: chosen at random, easy to read out."""
    return "kai-" + "".join(secrets.choice(_LETTERS) for _ in range(6))
