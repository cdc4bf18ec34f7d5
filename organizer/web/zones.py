"""The time zones one can choose, named in the reader's language."""

from babel.dates import get_timezone_location
from wtforms import SelectChoice

from organizer.i18n import current_locale

ZONES = (
    "Asia/Tokyo",
    "Asia/Seoul",
    "Asia/Taipei",
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Asia/Singapore",
    "Asia/Manila",
    "Asia/Bangkok",
    "Asia/Ho_Chi_Minh",
    "Asia/Jakarta",
    "Asia/Kolkata",
    "Asia/Dubai",
    "Australia/Sydney",
    "Pacific/Auckland",
    "Pacific/Honolulu",
    "Europe/London",
    "Europe/Paris",
    "Europe/Berlin",
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "America/Sao_Paulo",
)


def zone_choices() -> list[SelectChoice]:
    """The zones for a select, each by its place; Japan first."""
    return [SelectChoice(zone, get_timezone_location(zone, locale=current_locale())) for zone in ZONES]
