"""When a prompt is due: working days, the person's hour in their zone, three a day, postponed, too late."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from organizer.domain.delivery import SuppressionReason

PER_DAY = 3
"""How many prompts a person gets on one day, over all circles."""

DEFAULT_HOUR = 9
QUIET_FROM = 21
"""From this hour of the evening on no prompt leaves, unless the person chose a later hour."""

_DAY = timedelta(days=1)
_NIGHT_ENDS = timedelta(hours=4)
_MATCHES_AT = time(20)
_MATCHES_AFTER = timedelta(hours=2)
_PATIENCE = timedelta(days=7)
_LONGEST_WAIT = timedelta(days=60)


class FollowUpStep(StrEnum):
    """Which prompt it is."""

    NEXT_DAY = "next_day"
    MONTH = "month"
    QUARTER = "quarter"
    PROMISE_DUE = "promise_due"
    THANKS = "thanks"


_PRIORITY = {
    FollowUpStep.PROMISE_DUE: 0,
    FollowUpStep.NEXT_DAY: 1,
    FollowUpStep.MONTH: 2,
    FollowUpStep.QUARTER: 3,
    FollowUpStep.THANKS: 4,
}
_LATEST = {
    FollowUpStep.NEXT_DAY: timedelta(days=7),
    FollowUpStep.PROMISE_DUE: timedelta(days=14),
    FollowUpStep.MONTH: timedelta(days=21),
    FollowUpStep.THANKS: timedelta(days=21),
    FollowUpStep.QUARTER: timedelta(days=45),
}
_LATER = {
    FollowUpStep.NEXT_DAY: timedelta(days=2),
    FollowUpStep.PROMISE_DUE: timedelta(days=2),
    FollowUpStep.MONTH: timedelta(days=7),
    FollowUpStep.THANKS: timedelta(days=14),
    FollowUpStep.QUARTER: timedelta(days=14),
}


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a person wants to be prompted: the hour (0–23) in their zone, never on these holidays."""

    hour: int = DEFAULT_HOUR
    zone: str = "Asia/Tokyo"
    holidays: frozenset[date] = frozenset()

    def local(self, instant: datetime) -> datetime:
        """The person's own clock at an instant."""
        return instant.astimezone(ZoneInfo(self.zone))

    def works(self, day: date) -> bool:
        """Whether it is a working day: neither a weekend nor a holiday."""
        return day.weekday() < 5 and day not in self.holidays

    def working_day(self, day: date) -> date:
        """The day itself, or the next one that is a working day."""
        while not self.works(day):
            day += _DAY
        return day

    def at_hour(self, day: date) -> datetime:
        """The person's hour on a day, in UTC; an hour that the clock skips counts as the one after."""
        return self._instant(day, self.hour)

    def quiet_from(self, day: date) -> datetime:
        """The instant from which nothing more is sent on a day: 21 h, or two hours after a late hour."""
        until = max(QUIET_FROM, min(self.hour + 2, 24))
        return self._instant(day, until) if until < 24 else self._instant(day + _DAY, 0)

    def _instant(self, day: date, hour: int) -> datetime:
        return datetime.combine(day, time(hour), ZoneInfo(self.zone)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Due:
    """When a prompt is due (`at` in UTC, `day` in the person's zone) and the period that keeps it single.

    The natural key of a prompt is (person, other, step, period).
    """

    at: datetime
    day: date
    period: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A prompt that has no slot yet; `day`: the local date on which it is due."""

    id: int
    step: FollowUpStep
    day: date


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of a prompt: number 1 to 3 of a local date, and the person's hour on it in UTC."""

    at: datetime
    day: date
    number: int


def next_due(step: FollowUpStep, anchor: datetime, rhythm: Rhythm, not_before: datetime) -> Due:
    """When the prompt of a step is due, never before `not_before` (when matches are out, or now).

    `anchor`: for the next day the event's end, for a promise its date (any instant of it), else the last real
    contact, or the event's end before there is one. After a quarter without contact comes the next quarter:
    there `not_before` is the time of the last prompt.
    """
    not_before = max(not_before, anchor) if step is not FollowUpStep.PROMISE_DUE else not_before
    turn = 1
    nominal = _nominal(step, anchor, rhythm, turn)
    while step is FollowUpStep.QUARTER and rhythm.at_hour(rhythm.working_day(nominal)) < not_before:
        turn += 1
        nominal = _nominal(step, anchor, rhythm, turn)
    day = _working_day_not_before(nominal, not_before, rhythm)
    return Due(rhythm.at_hour(day), day, period(step, nominal))


def period(step: FollowUpStep, day: date) -> str:
    """The span of time in which a pair gets one prompt of this step at most, for a step due on a day."""
    if step is FollowUpStep.MONTH:
        return f"{day.year}-{day.month:02}"
    if step is FollowUpStep.QUARTER:
        return f"{day.year}-Q{(day.month + 2) // 3}"
    if step is FollowUpStep.THANKS:
        return f"{day.year}-H{(day.month + 5) // 6}"
    return day.isoformat()


def following(step: FollowUpStep) -> FollowUpStep:
    """The step of the steady rhythm that comes after a contact made at this one."""
    return FollowUpStep.MONTH if step is FollowUpStep.NEXT_DAY else FollowUpStep.QUARTER


def postpone(step: FollowUpStep, period: str, now: datetime, rhythm: Rhythm) -> Due:
    """The prompt that takes the place of one answered "later": each time twice as far, sixty days at most.

    It is a prompt of its own, because a prompt is mailed once: its period is the old one with a count (`+1`).
    """
    base, _, count = period.partition("+")
    times = int(count or 0)
    wait = min(_LATER[step] * 2 ** min(times, 8), _LONGEST_WAIT)
    day = _working_day_not_before(rhythm.local(now).date() + wait, now, rhythm)
    return Due(rhythm.at_hour(day), day, f"{base}+{times + 1}")


def assign_slots(
    waiting: Iterable[Waiting], taken: Mapping[date, Collection[int]], now: datetime, rhythm: Rhythm
) -> dict[int, Slot]:
    """A slot for each prompt of one person, on its day or, when that day is full, on the next working day.

    `taken`: the numbers given away already, by local date. A promise goes first, then the morning after, the
    month, the quarter, thanks; one that has been carried along for a week goes before all of them.
    """
    left = sorted(waiting, key=lambda prompt: (prompt.day, prompt.id))
    slots: dict[int, Slot] = {}
    day = _first_day(now, rhythm)
    while left:
        day = rhythm.working_day(max(day, left[0].day))
        free = [number for number in range(1, PER_DAY + 1) if number not in taken.get(day, ())]
        ready = sorted((prompt for prompt in left if prompt.day <= day), key=lambda p: _urgency(p, day))
        for prompt, number in zip(ready, free, strict=False):
            slots[prompt.id] = Slot(rhythm.at_hour(day), day, number)
        left = [prompt for prompt in left if prompt.id not in slots]
        day += _DAY
    return slots


def send_at(step: FollowUpStep, due: datetime, now: datetime, rhythm: Rhythm) -> datetime | SuppressionReason:
    """When a prompt that is due may leave (now, when that is not after `now`), or that it is too late for it.

    What was held up leaves between the person's hour and the evening of a working day.
    """
    if now <= due:
        return due
    day = _first_day(now, rhythm)
    if day - rhythm.local(due).date() > _LATEST[step]:
        return SuppressionReason.TOO_LATE
    return max(rhythm.at_hour(day), now)


def matches_due(starts_at: datetime, ends_at: datetime, zone: str) -> datetime:
    """When matches are made at the latest, in UTC: at 20 h that day, or two hours after the end if later."""
    evening = datetime.combine(starts_at.astimezone(ZoneInfo(zone)).date(), _MATCHES_AT, ZoneInfo(zone))
    return max(evening.astimezone(UTC), ends_at.astimezone(UTC) + _MATCHES_AFTER)


def _nominal(step: FollowUpStep, anchor: datetime, rhythm: Rhythm, turn: int) -> date:
    """The local date a step falls on, working day or not; `turn`: which quarter since the anchor."""
    local = rhythm.local(anchor)
    if step is FollowUpStep.NEXT_DAY:
        # An event that ends after midnight belongs to the evening before: its next morning is close.
        return (local.replace(tzinfo=None) - _NIGHT_ENDS).date() + _DAY
    if step is FollowUpStep.MONTH:
        return local.date() + timedelta(days=30)
    if step is FollowUpStep.QUARTER:
        return _months_later(local.date(), 3 * turn)
    if step is FollowUpStep.THANKS:
        return local.date() + timedelta(days=45)
    return local.date()


def _months_later(day: date, months: int) -> date:
    """The same day some months later, or the last of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    next_first = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), next_first - _DAY)


def _working_day_not_before(day: date, not_before: datetime, rhythm: Rhythm) -> date:
    """The first working day from `day` on whose hour is not before an instant."""
    day = rhythm.working_day(max(day, rhythm.local(not_before).date()))
    while rhythm.at_hour(day) < not_before:
        day = rhythm.working_day(day + _DAY)
    return day


def _first_day(now: datetime, rhythm: Rhythm) -> date:
    """The first local date on which something can still be sent."""
    day = rhythm.working_day(rhythm.local(now).date())
    return day if now < rhythm.quiet_from(day) else rhythm.working_day(day + _DAY)


def _urgency(prompt: Waiting, day: date) -> tuple[bool, int, date, int]:
    """What goes first among the prompts that could have a day's slots."""
    carried = day - prompt.day >= _PATIENCE
    return not carried, _PRIORITY[prompt.step], prompt.day, prompt.id
