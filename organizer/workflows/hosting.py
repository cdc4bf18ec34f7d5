"""What a host sees first: their circles, tonight's door, what waits for a decision, and the events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from organizer.circles.models import Membership
from organizer.circles.service import circles_of
from organizer.domain.lifecycle import EventState, RegistrationState
from organizer.domain.roles import CircleRole, Right, may
from organizer.events.queries import Listed, hosted
from organizer.people.models import Person
from organizer.registrations.models import Registration

DOOR_BEFORE = timedelta(hours=12)
DOOR_AFTER = timedelta(hours=3)
PAST_SHOWN = 5


@dataclass(frozen=True)
class HostedEvent:
    """An event of one's circles, with what waits there."""

    listed: Listed
    role: CircleRole
    waiting: int
    tonight: bool
    over: bool

    def may(self, right: Right) -> bool:
        """Whether the reader has this right there."""
        return may(self.role, right)


@dataclass(frozen=True)
class HostPage:
    """The places of a person, and the events of all their circles: those to come, then the last ones."""

    places: Sequence[Membership]
    events: Sequence[HostedEvent]

    @property
    def tonight(self) -> list[HostedEvent]:
        """The events whose door is used about now."""
        return [one for one in self.events if one.tonight]

    @property
    def ahead(self) -> list[HostedEvent]:
        """The events that are not over."""
        return [one for one in self.events if not one.over]

    @property
    def past(self) -> list[HostedEvent]:
        """The last events."""
        return [one for one in self.events if one.over]

    @property
    def managed(self) -> list[Membership]:
        """The places in which the person may make events."""
        return [place for place in self.places if may(place.role, Right.MANAGE_EVENT)]


def host_page(session: Session, person: Person, now: datetime) -> HostPage:
    """The start page of somebody who helps to run circles. Four statements, however many events."""
    places = circles_of(session, person)
    roles = {place.circle_id: place.role for place in places}
    listed = hosted(session, list(roles), now, past=PAST_SHOWN)
    waiting = _waiting(session, [one.event.id for one in listed])
    events = [_hosted(one, roles[one.event.circle_id], waiting.get(one.event.id, 0), now) for one in listed]
    drafts_hidden = [
        one for one in events if one.may(Right.MANAGE_EVENT) or one.listed.event.state is not EventState.DRAFT
    ]
    return HostPage(places, drafts_hidden)


def _waiting(session: Session, event_ids: Sequence[int]) -> dict[int, int]:
    """How many applications wait for a decision, by event."""
    query = (
        select(Registration.event_id, func.count())
        .where(Registration.event_id.in_(event_ids), Registration.state == RegistrationState.APPLIED)
        .group_by(Registration.event_id)
    )
    return dict(session.execute(query).all()) if event_ids else {}


def _hosted(one: Listed, role: CircleRole, waiting: int, now: datetime) -> HostedEvent:
    event = one.event
    held = event.state in (EventState.PUBLISHED, EventState.CLOSED)
    tonight = held and event.starts_at - DOOR_BEFORE <= now <= event.ends_at + DOOR_AFTER
    return HostedEvent(one, role, waiting, tonight, event.ends_at <= now)
