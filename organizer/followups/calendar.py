"""The rhythm of a person: their hour, their zone, and the public holidays of Japan."""

from datetime import date, datetime
from functools import cache

import jpholiday

from organizer.domain.cadence import Rhythm
from organizer.i18n import DEFAULT_ZONE
from organizer.people.models import Person

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
