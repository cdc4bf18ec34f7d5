"""What a host writes about an event, and what a new one begins with."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from organizer.circles.models import Circle
from organizer.domain.lifecycle import Admission, Mode, WaitingOrder
from organizer.domain.vocabulary import EventKind, Region, SharingRule
from organizer.events.models import Event

DOORS_LEAD = timedelta(minutes=20)
DEADLINE_AT = time(20)
FOUR_WEEKS = timedelta(weeks=4)
LONGEST_NIGHT = timedelta(hours=8)
HOURS = {
    EventKind.STUDY: (time(18, 30), time(20, 30)),
    EventKind.CROSS_INDUSTRY: (time(18, 30), time(20, 30)),
    EventKind.MORNING: (time(7, 30), time(9)),
    EventKind.LUNCH: (time(12), time(13, 30)),
    EventKind.ONLINE: (time(19), time(20, 30)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """Every field of an event that its host fills in, under the names of the columns."""

    title: str
    kind: EventKind
    mode: Mode
    starts_at: datetime
    ends_at: datetime
    doors_open_at: datetime
    deadline_at: datetime
    sharing_rule: SharingRule
    description: str = ""
    region: Region | None = None
    place: str = ""
    address: str = ""
    online_url: str = ""
    phone: str = ""
    capacity: int = 24
    overbooking: int = 0
    fee_yen: int = 0
    admission: Admission = Admission.APPROVAL
    waiting_order: WaitingOrder = WaitingOrder.BY_FIT
    promotes: bool = True
    holds_matches: bool = False
    rounds: int = 4
    round_minutes: int = 10
    table_size: int = 4


FIELDS = tuple(field.name for field in fields(Contents))


def of(event: Event) -> Contents:
    """What stands in an event now."""
    return Contents(**{name: getattr(event, name) for name in FIELDS})


def beginning(circle: Circle, kind: EventKind, last: Event | None, now: datetime) -> Contents:
    """What the form of a new event shows: the usual hours of its kind, and the habits of the circle's last event."""
    zone = ZoneInfo(circle.time_zone)
    day = (now.astimezone(zone) + FOUR_WEEKS).date()
    starts, ends = moments(day, *HOURS[kind], zone)
    fresh = Contents(
        title="",
        kind=kind,
        mode=Mode.ONLINE if kind is EventKind.ONLINE else Mode.VENUE,
        starts_at=starts,
        ends_at=ends,
        doors_open_at=starts - DOORS_LEAD,
        deadline_at=usual_deadline(starts, zone, now),
        sharing_rule=circle.sharing_rule,
        region=circle.region,
    )
    if last is None:
        return fresh
    kept = (
        "region",
        "place",
        "address",
        "phone",
        "capacity",
        "overbooking",
        "fee_yen",
        "admission",
        "sharing_rule",
    )
    habits = ("waiting_order", "promotes", "holds_matches", "rounds", "round_minutes", "table_size")
    return replace(fresh, **{name: getattr(last, name) for name in kept + habits})


def moments(day: date, start: time, end: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Beginning and end of an event on a day; an end that is not after the start is one of the next morning."""
    starts = datetime.combine(day, start, zone)
    ends = datetime.combine(day, end, zone)
    return starts, ends if ends > starts else datetime.combine(day + timedelta(days=1), end, zone)


def usual_deadline(starts_at: datetime, zone: ZoneInfo, now: datetime) -> datetime:
    """The evening before, or the start itself when that evening has passed."""
    local = starts_at.astimezone(zone)
    evening = datetime.combine(local.date() - timedelta(days=1), DEADLINE_AT, zone)
    return evening if evening > now else starts_at


def shifted(contents: Contents, zone: ZoneInfo, now: datetime) -> Contents:
    """The same contents at the same hours, as many times four weeks later as it takes to lie ahead."""
    weeks = timedelta(0)
    while not weeks or contents.starts_at + weeks <= now:
        weeks += FOUR_WEEKS
    moved = {
        name: (getattr(contents, name).astimezone(zone).replace(tzinfo=None) + weeks).replace(tzinfo=zone)
        for name in ("starts_at", "ends_at", "doors_open_at", "deadline_at")
    }
    return replace(contents, **moved)
