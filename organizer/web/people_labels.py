"""The words a page shows for the parts of a profile, and for what stands in the way in the rooms people and circles."""

from enum import StrEnum
from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from organizer.circles.models import ReportState
from organizer.circles.refusals import CircleBarrier
from organizer.people.addresses import AddressBarrier
from organizer.people.completeness import Part, Section
from organizer.people.contact import ContactItem
from organizer.people.signing import SigningBarrier

PEOPLE_LABELS: Final[dict[type[StrEnum], dict[StrEnum, LazyString]]] = {
    Section: {
        Section.ABOUT: _l("You and your company"),
        Section.THOUGHTS: _l("Values and challenges"),
        Section.GIVES: _l("What you can give"),
        Section.WISHES: _l("Whom you want to meet, whom you can serve"),
        Section.GOALS: _l("Goals"),
        Section.CONTACT: _l("Contact data to exchange"),
    },
    Part: {
        Part.NAME: _l("Name"),
        Part.READING: _l("Reading"),
        Part.COMPANY: _l("Company"),
        Part.ROLE: _l("Position"),
        Part.AUTHORITY: _l("How far you decide"),
        Part.INDUSTRY: _l("Industry"),
        Part.SIZE: _l("Employees"),
        Part.REGION: _l("Region"),
        Part.VALUES: _l("What you hold dear"),
        Part.CHALLENGES: _l("Challenges of today"),
        Part.INTENTS: _l("What you come to meetups for"),
        Part.THREE_GIVES: _l("Three things you can give"),
        Part.WISH: _l("Whom you want to meet"),
        Part.SERVE: _l("Whom you can serve best"),
        Part.GOALS: _l("Goals"),
        Part.CONTACT: _l("Contact data to exchange"),
    },
    ContactItem: {
        ContactItem.MAIL: _l("Mail address"),
        ContactItem.PHONE: _l("Phone"),
        ContactItem.LINE: _l("LINE ID"),
        ContactItem.WEB: _l("Website"),
    },
    SigningBarrier: {
        SigningBarrier.TOO_MANY_ASKED: _l(
            "Many mails have gone to this address today. Please try again tomorrow."
        ),
    },
    AddressBarrier: {
        AddressBarrier.SAME_ADDRESS: _l("This is your address already."),
        AddressBarrier.ADDRESS_TAKEN: _l("This address cannot be used. Your address stays as it is."),
        AddressBarrier.TOO_MANY_CHANGES: _l(
            "The address can be changed five times a day. Please go on tomorrow."
        ),
    },
    ReportState: {
        ReportState.OPEN: _l("Not answered yet"),
        ReportState.CLOSED: _l("Settled"),
    },
    CircleBarrier: {
        CircleBarrier.LAST_OWNER: _l("A circle needs an owner. Please make somebody else owner first."),
        CircleBarrier.SLUG_TAKEN: _l("This address is taken already."),
        CircleBarrier.ALREADY_MEMBER: _l("This person helps to run the circle already."),
        CircleBarrier.ALREADY_INVITED: _l("An invitation to this address is on its way already."),
        CircleBarrier.NOT_YOURS_TO_GIVE: _l("This role is not yours to give."),
        CircleBarrier.INVITATION_OVER: _l(
            "This invitation has been taken up, taken back, or its time is over."
        ),
        CircleBarrier.OTHER_ADDRESS: _l(
            "This invitation is for another address than the one you are signed in with."
        ),
        CircleBarrier.RUNS_THE_CIRCLE: _l(
            "Somebody who runs the circle cannot be excluded. Please end the membership first."
        ),
        CircleBarrier.TOO_MANY_INVITED: _l("Many invitations have been sent today. Please go on tomorrow."),
        CircleBarrier.CHANGED_MEANWHILE: _l(
            "Somebody else has changed this meanwhile. This is how it stands now; please look again."
        ),
        CircleBarrier.NOTHING_COUNTS: _l("Something has to count: please leave at least one of them on."),
        CircleBarrier.TOO_MANY_TOKENS: _l("You have many tokens here already. Please revoke one first."),
    },
}
