"""The rhythm of a person: their hour, their zone, and the public holidays of Japan."""

from collections.abc import Collection
from datetime import date, datetime
from functools import cache

import jpholiday
from sqlalchemy.orm import Session

from organizer.circles.models import Circle
from organizer.domain.cadence import Rhythm
from organizer.events.models import Event
from organizer.i18n import DEFAULT_ZONE
from organizer.people.models import Person
from organizer.people.service import people_by_id

YEARS_AHEAD = 2


@cache
def holidays_of(year: int) -> frozenset[date]:
    """Japan's public holidays of one year, substitutes included."""
    return frozenset(day for day, _name in jpholiday.year_holidays(year))


@cache
def _holidays_from(year: int) -> frozenset[date]:
    return frozenset().union(*(holidays_of(year + ahead) for ahead in range(-1, YEARS_AHEAD + 1)))


def rhythm_of(person: Person, circle_zone: str | None, now: datetime) -> Rhythm:
    """When this person is prompted: at their hour, in their zone or else the circle's, never on a holiday."""
    zone = person.time_zone or circle_zone or DEFAULT_ZONE
    return Rhythm(person.prompt_hour, zone, _holidays_from(now.year))


def rhythms_of(
    session: Session, ids: Collection[int], circle_id: int | None, now: datetime
) -> dict[int, Rhythm]:
    """The rhythm of each of these people; where they chose no zone, that of the circle."""
    circle = session.get(Circle, circle_id) if circle_id is not None else None
    zone = circle.time_zone if circle else None
    return {person.id: rhythm_of(person, zone, now) for person in people_by_id(session, ids).values()}


def rhythm_for(session: Session, person_id: int, event_id: int | None, now: datetime) -> Rhythm:
    """The rhythm of one person, in the zone of the circle whose event it is about where they chose none."""
    event = session.get(Event, event_id) if event_id else None
    return rhythms_of(session, {person_id}, event.circle_id if event else None, now)[person_id]
