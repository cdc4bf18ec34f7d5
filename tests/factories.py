"""Rows for tests, with everything filled in that a test does not care about."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from organizer.circles.models import Circle, Membership
from organizer.domain.lifecycle import Admission, EventState, Mode, RegistrationState
from organizer.domain.profiles import Give, Wish
from organizer.domain.roles import CircleRole
from organizer.domain.vocabulary import (
    Authority,
    EventKind,
    GiveKind,
    Industry,
    Region,
    Role,
    SharingRule,
    SizeBand,
    Topic,
)
from organizer.events.models import Event, SeatCount, TargetProfile
from organizer.people.models import Person, Profile
from organizer.registrations.models import Registration

NOW = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)  # Tuesday noon in Tokyo
_numbers = count(1)


def make_person(session: Session, **values: Any) -> Person:
    """A person with a confirmed address and a profile; `profile` may be a dict of its columns."""
    n = next(_numbers)
    profile = {
        "company": f"第{n}商事株式会社",
        "title": "代表取締役",
        "role": Role.OWNER_PRESIDENT,
        "authority": Authority.DECIDES,
        "industry": Industry.MANUFACTURING,
        "size": SizeBand.UP_TO_50,
        "region": Region.TOKYO,
        "gives": [Give(GiveKind.EXPERIENCE, "採用広報の経験", (Topic.HIRING,)).to_data()],
        "wish": Wish("製造業の社長").to_data(),
    } | values.pop("profile", {})
    values = {
        "name": f"田中 {n}郎",
        "reading": f"たなか {n}ろう",
        "email": f"tanaka{n}@example.jp",
        "email_confirmed_at": NOW,
        "created_at": NOW,
    } | values
    values.setdefault("email_folded", values["email"])
    person = Person(**values)
    person.profile = Profile(**profile)
    session.add(person)
    session.flush()
    return person


def make_circle(session: Session, owner: Person | None = None, **values: Any) -> Circle:
    """A circle; with an owner, if one is given."""
    n = next(_numbers)
    circle = Circle(**({"slug": f"asa-{n}", "name": f"朝の会 {n}", "created_at": NOW} | values))
    session.add(circle)
    session.flush()
    if owner is not None:
        make_member(session, circle, owner, CircleRole.OWNER)
    return circle


def make_member(
    session: Session, circle: Circle, person: Person, role: CircleRole = CircleRole.HOST
) -> Membership:
    """A member who runs the circle in that role."""
    member = Membership(circle_id=circle.id, person_id=person.id, role=role, created_at=NOW)
    session.add(member)
    session.flush()
    return member


def make_event(session: Session, circle: Circle, **values: Any) -> Event:
    """A published event two days from NOW, 90 minutes long, 24 seats, with its seat counter."""
    starts = values.pop("starts_at", NOW + timedelta(days=2))
    event = Event(
        **(
            {
                "circle_id": circle.id,
                "state": EventState.PUBLISHED,
                "title": "第12回 朝の会",
                "kind": EventKind.MORNING,
                "mode": Mode.VENUE,
                "starts_at": starts,
                "ends_at": starts + timedelta(minutes=90),
                "doors_open_at": starts - timedelta(minutes=20),
                "deadline_at": starts - timedelta(days=1),
                "region": Region.TOKYO,
                "place": "丸の内ビル 5 階",
                "address": "東京都千代田区丸の内 2-4-1",
                "capacity": 24,
                "admission": Admission.APPROVAL,
                "sharing_rule": SharingRule.NO_NAMES,
                "created_at": NOW,
                "published_at": NOW,
            }
            | values
        )
    )
    event.circle = circle
    session.add(event)
    session.flush()
    cap = event.capacity + event.overbooking
    session.add(SeatCount(circle_id=circle.id, event_id=event.id, key="event", taken=0, cap=cap))
    session.flush()
    return event


def make_target(session: Session, event: Event, **values: Any) -> TargetProfile:
    """A target profile of an event."""
    target = TargetProfile(
        **({"circle_id": event.circle_id, "event_id": event.id, "name": "製造業の決裁者"} | values)
    )
    session.add(target)
    session.flush()
    return target


def make_registration(session: Session, event: Event, person: Person, **values: Any) -> Registration:
    """A registration; an admitted one takes a seat."""
    registration = Registration(
        **(
            {
                "circle_id": event.circle_id,
                "event_id": event.id,
                "person_id": person.id,
                "state": RegistrationState.APPLIED,
                "applied_at": NOW,
            }
            | values
        )
    )
    registration.person, registration.event = person, event
    session.add(registration)
    if registration.state is RegistrationState.ADMITTED:
        counter = session.query(SeatCount).filter_by(event_id=event.id, key="event").one()
        counter.taken += 1
        registration.counted = ["event"]
    session.flush()
    return registration
