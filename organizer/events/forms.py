"""The forms of an event's host: its contents, its target profiles, the invited, the reason for cancelling."""

import re
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    StringField,
    TextAreaField,
    TimeField,
    URLField,
)
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    Regexp,
    ValidationError,
)

from organizer.domain.lifecycle import Admission, Mode, WaitingOrder
from organizer.domain.vocabulary import EventKind, Region, SharingRule
from organizer.events.contents import DOORS_LEAD, LONGEST_NIGHT, Contents, moments, usual_deadline
from organizer.web.forms import CodeField, Form, LocalDateTimeField, choices

EARLIEST = date(2020, 1, 1)
FURTHEST = timedelta(days=3 * 365)
CHOOSE = _l("Please choose one.")


class CodeCards(RadioField):  # type: ignore[misc]
    """One member of an enum, shown as cards."""

    def __init__(self, label: object, enum: type[StrEnum], **kwargs: Any) -> None:
        self.enum = enum
        super().__init__(label, [InputRequired(CHOOSE)], choices=lambda: choices(enum), coerce=str, **kwargs)

    @property
    def member(self) -> Any:
        """The chosen member, or None."""
        return self.enum(self.data) if self.data else None


class NumberField(IntegerField):  # type: ignore[misc]
    """A whole number between two bounds; with `required=False` it may be left empty."""

    def __init__(self, label: object, low: int, high: int, required: bool = True, **kwargs: Any) -> None:
        wrong = _l("Please write a number from %(low)s to %(high)s.", low=f"{low:,}", high=f"{high:,}")
        first = InputRequired(wrong) if required else Optional()
        super().__init__(label, [first, NumberRange(low, high, wrong)], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read digits, also full-width ones and those with thousands separators; anything else counts as no number."""
        digits = valuelist[0].strip().replace(",", "").replace("，", "") if valuelist else ""
        self.data = int(digits) if re.fullmatch(r"\d{1,9}", digits) else None


class EventForm(Form):
    """Everything a host says about an event. `zone`, `now` and what cannot be changed any more are set by `prepare`."""

    title = StringField(
        _l("Title of the event"), [DataRequired(_l("Please give the event a title.")), Length(max=80)]
    )
    kind = CodeField(_l("Kind of meetup"), EventKind)
    date = DateField(_l("Day of the event"), [InputRequired(_l("Please choose the day."))])
    start = TimeField(_l("Starts at"), [InputRequired(_l("Please write when it starts."))])
    end = TimeField(_l("Ends at"), [InputRequired(_l("Please write when it ends."))])
    mode = CodeCards(_l("Where people meet"), Mode)
    place = StringField(_l("Name of the place"), [Optional(), Length(max=120)])
    address = StringField(_l("Address of the place"), [Optional(), Length(max=200)])
    region = CodeField(_l("Prefecture"), Region, blank=_l("Not chosen"), validators=[Optional()])
    online_url = URLField(_l("Link for taking part"), [Optional(), Length(max=500)])
    capacity = NumberField(_l("Capacity"), 2, 300)
    fee_yen = NumberField(_l("Fee at the door"), 0, 1_000_000)
    admission = CodeCards(_l("Who may apply"), Admission)
    description = TextAreaField(_l("What it is about"), [Optional(), Length(max=4000)])
    doors = TimeField(_l("Doors open at"), [Optional()])
    deadline = LocalDateTimeField(_l("Apply by"), validators=[Optional()])
    overbooking = NumberField(_l("Extra seats"), 0, 50)
    waiting_order = CodeCards(_l("Who moves up from the waiting list"), WaitingOrder)
    promotes = BooleanField(_l("A seat that becomes free goes to the next on the waiting list by itself"))
    holds_matches = BooleanField(_l("I want to look at the matches before they are sent"))
    sharing_rule = CodeCards(_l("Sharing rule"), SharingRule)
    rounds = NumberField(_l("Rounds of talk"), 1, 12)
    round_minutes = NumberField(_l("Minutes a round"), 3, 60)
    table_size = NumberField(_l("People at a table"), 2, 10)
    phone = StringField(
        _l("Phone number for the day"),
        [
            Optional(),
            Length(max=20),
            Regexp(r"[0-9+() \-]*\Z", message=_l("Please use digits, + and - only.")),
        ],
    )

    def prepare(
        self,
        zone: ZoneInfo,
        now: datetime,
        *,
        published: bool = False,
        taken: int = 0,
        starts_at: datetime | None = None,
    ) -> "EventForm":
        """Say what the checks need: the circle's zone and the time; of a standing event its start, its taken seats."""
        self.zone, self.now, self.published, self.taken, self.stands_at = (
            zone,
            now,
            published,
            taken,
            starts_at,
        )
        self.deadline.zone = zone
        return self

    def show(self, contents: Contents) -> None:
        """Fill the fields with contents."""
        for name in _PLAIN:
            self[name].data = getattr(contents, name)
        for name in _CODES:
            member = getattr(contents, name)
            self[name].data = member.value if member is not None else ""
        starts = contents.starts_at.astimezone(self.zone)
        self.date.data, self.start.data = starts.date(), starts.time()
        self.end.data = contents.ends_at.astimezone(self.zone).time()
        # What is as usual stays empty, so that it moves along when the day or the hour is changed.
        if contents.doors_open_at != contents.starts_at - DOORS_LEAD:
            self.doors.data = contents.doors_open_at.astimezone(self.zone).time()
        if contents.deadline_at != usual_deadline(contents.starts_at, self.zone, self.now):
            self.deadline.show(contents.deadline_at)

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself, then what they say together; the words stand at the field where it is put right."""
        fine: bool = super().validate(extra_validators)
        if fine and self.date.data and self.start.data and self.end.data:
            fine = self._times_agree() and fine
        if self.published:
            fine = self._keeps_promises() and fine
        return fine

    def validate_online_url(self, field: URLField) -> None:
        """A link people can follow."""
        if not re.match(r"https?://[^\s/]+", field.data or ""):
            raise ValidationError(_l("Please give the whole link, beginning with https://."))

    def validate_date(self, field: DateField) -> None:
        """A day one can plan for."""
        if field.data and not EARLIEST <= field.data <= self.now.date() + FURTHEST:
            raise ValidationError(_l("Please choose a day within the next three years."))

    def validate_deadline(self, field: LocalDateTimeField) -> None:
        """A moment that a calendar knows."""
        if field.data and not EARLIEST <= field.data.date() <= self.now.date() + FURTHEST:
            raise ValidationError(_l("Please choose a day within the next three years."))

    def contents(self) -> Contents:
        """What was written. Only after `validate` said yes."""
        starts, ends = moments(self.date.data, self.start.data, self.end.data, self.zone)
        plain = {name: self[name].data for name in _PLAIN}
        codes = {name: self[name].member for name in _CODES}
        return Contents(
            **plain,
            **codes,
            starts_at=starts,
            ends_at=ends,
            doors_open_at=self._doors(starts),
            deadline_at=self.deadline.instant or usual_deadline(starts, self.zone, self.now),
        )

    def _doors(self, starts: datetime) -> datetime:
        if self.doors.data is None:
            return starts - DOORS_LEAD
        opens = datetime.combine(starts.date(), self.doors.data, self.zone)
        return opens if opens <= starts else opens - timedelta(days=1)

    def _times_agree(self) -> bool:
        starts, ends = moments(self.date.data, self.start.data, self.end.data, self.zone)
        deadline = self.deadline.instant
        return all(
            [
                starts > self.now
                or starts == self.stands_at
                or _fault(self.date, _l("This moment has passed.")),
                ends - starts <= LONGEST_NIGHT
                or _fault(self.end, _l("Please choose an end after the start.")),
                starts - self._doors(starts) <= LONGEST_NIGHT
                or _fault(self.doors, _l("Please open the doors before the start.")),
                deadline is None
                or deadline <= starts
                or _fault(self.deadline, _l("Please choose a moment before the start.")),
            ]
        )

    def _keeps_promises(self) -> bool:
        seats = (self.capacity.data or 0) + (self.overbooking.data or 0)
        held = ngettext(
            "%(num)s person has a confirmed place already. Please leave as many seats.",
            "%(num)s people have a confirmed place already. Please leave as many seats.",
            self.taken,
        )
        return all(
            [
                self.mode.data != Mode.VENUE
                or bool(self.place.data)
                or _fault(self.place, _l("The event is published. Please name the place.")),
                self.mode.data != Mode.ONLINE
                or bool(self.online_url.data)
                or _fault(self.online_url, _l("The event is published. Please give the link.")),
                self.capacity.data is None or seats >= self.taken or _fault(self.capacity, held),
            ]
        )


_PLAIN = (
    "title",
    "description",
    "place",
    "address",
    "online_url",
    "phone",
    "capacity",
    "overbooking",
    "fee_yen",
    "promotes",
    "holds_matches",
    "rounds",
    "round_minutes",
    "table_size",
)
_CODES = ("kind", "mode", "region", "admission", "waiting_order", "sharing_rule")


def _fault(field: Any, words: object) -> bool:
    field.errors = [*field.errors, words]
    return False
