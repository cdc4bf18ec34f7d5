"""The words about fees and receipts, in the reader's language."""

from flask_babel import gettext as _

from organizer.checkin.money import FeeLine, Purse
from organizer.events.models import Event
from organizer.i18n import current_locale
from organizer.registrations.export import instant
from organizer.registrations.models import Registration
from organizer.web.labels import label

LONGEST_ADDRESSEE, LONGEST_PROVISO = 120, 80


def purse_words(purse: Purse) -> str:
    """Into whose hands money came."""
    if purse.kind is not None:
        return purse.device or str(label(purse.kind))
    return purse.person or str(_("Somebody who is no longer a member"))


def table_headings() -> list[str]:
    """The heads of the file's columns."""
    return [
        str(word)
        for word in (
            _("Name"),
            _("Reading"),
            _("Company"),
            _("Arrived"),
            _("Still due (yen)"),
            _("Paid (yen)"),
            _("How it was paid"),
            _("Noted at"),
            _("Taken by"),
            _("Receipt number"),
        )
    ]


def table_row(line: FeeLine, event: Event) -> list[str]:
    """One person's fee, in the order of the headings."""
    zone = event.circle.time_zone
    return [
        line.name,
        line.reading,
        line.company,
        str(_("has come")) if line.arrived else "",
        str(line.due),
        str(line.yen),
        str(label(line.way)) if line.way else "",
        instant(line.at, zone),
        purse_words(line.purse) if line.way else "",
        str(line.receipt or ""),
    ]


def usual_addressee(registration: Registration) -> str:
    """To whom a receipt is made out if nobody says otherwise: the company, else the person. Both loaded."""
    person = registration.person
    company, polite = person.profile.company, current_locale() == "ja"
    if company:
        return f"{company[: LONGEST_ADDRESSEE - 3]} 御中" if polite else company
    name = person.name or str(_("(name not given yet)"))
    return f"{name} 様" if polite else name


def usual_proviso(event: Event) -> str:
    """What a receipt says the money was for if nobody says otherwise."""
    around = _("Participation fee of “%(event)s”", event="")
    title = event.title[: LONGEST_PROVISO - len(around)]
    return str(_("Participation fee of “%(event)s”", event=title))
