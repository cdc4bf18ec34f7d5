"""The list of attendees in words: what became of each mail, and the lines of the file."""

from typing import Final

import flask_babel
from flask_babel import lazy_gettext as _l

from organizer.domain.delivery import MessageState
from organizer.events.models import Event
from organizer.i18n import when
from organizer.mail.models import Message
from organizer.registrations.attending import Attendee
from organizer.registrations.wording import give_words, listed
from organizer.web.labels import label

MAILS: Final = {
    "applied": _l("Application received"),
    "waitlisted": _l("Waiting list"),
    "admitted": _l("Place confirmed, with ticket"),
    "promoted": _l("Moved up, with ticket"),
    "declined": _l("No place this time"),
    "ticket": _l("Ticket once more"),
    "event_changed": _l("Change of date or place"),
    "reminder_three_days": _l("Reminder, three days before"),
    "reminder_day_before": _l("Reminder, the day before"),
}


def _(msgid: str, **facts: object) -> str:
    return str(flask_babel.gettext(msgid, **facts))


def mail_words(message: Message, zone: str) -> tuple[str, str, str]:
    """What a mail was, what became of it and when, and the colour of its mark."""
    state, time = message.state, when(message.ended_at or message.due_at, zone)
    kind = str(MAILS.get(message.kind, message.kind))
    match state:
        case MessageState.SENT:
            return kind, _("sent %(time)s", time=time), "ok"
        case MessageState.FAILED:
            return kind, _("could not be delivered, %(time)s", time=time), "red"
        case MessageState.UNKNOWN:
            return kind, _("may not have arrived, %(time)s", time=time), "amber"
        case MessageState.SUPPRESSED:
            return kind, _("not sent, as it no longer applied"), ""
        case _:
            return kind, _("leaves %(time)s", time=when(message.due_at, zone)), ""


def table_headings() -> list[str]:
    """The first line of the list of attendees as a file."""
    return [
        _("Name"),
        _("Reading"),
        _("Company"),
        _("Title"),
        _("Job role"),
        _("Industry"),
        _("Number of employees"),
        _("Region"),
        _("Counts as"),
        _("Ticket number"),
        _("Attended before"),
        _("Can give"),
        _("Wants to meet"),
        _("Aim for the day"),
        _("Introduced by"),
        _("May be listed"),
        _("Applied"),
    ]


def table_row(one: Attendee, event: Event) -> list[str]:
    """One attendee's line. It holds no addresses: those are exchanged between people, and by nobody else."""
    person, profile, registration = one.registration.person, one.profile, one.registration
    coded = (profile.role, profile.industry, profile.size, profile.region)
    return [
        person.name,
        person.reading,
        person.profile.company,
        person.profile.title,
        *(str(label(member)) if member else "" for member in coded),
        one.target,
        str(one.ticket.number) if one.ticket else "",
        str(label(profile.attendance)) if profile.attendance else "",
        listed(give_words(profile.gives)),
        profile.wish.words,
        profile.today,
        registration.introducer,
        _("Yes") if registration.listed else _("No"),
        when(registration.applied_at, event.circle.time_zone),
    ]
