"""Contact data: what a person hands over when two exchange it, and nothing else."""

from enum import StrEnum

import phonenumbers

from organizer.people.models import Person


class ContactItem(StrEnum):
    """One way to reach a person."""

    MAIL = "mail"
    PHONE = "phone"
    LINE = "line"
    WEB = "web"


def shared(person: Person) -> dict[ContactItem, str]:
    """What this person hands over, ready to be shown; the mail address when nothing was ever chosen. Profile loaded."""
    said = person.profile.contact
    offered = {
        ContactItem.MAIL: (person.email or "") if said.get("mail", True) else "",
        ContactItem.PHONE: shown_phone(person.phone) if said.get("phone") else "",
        ContactItem.LINE: str(said.get("line", "")),
        ContactItem.WEB: str(said.get("web", "")),
    }
    return {item: text for item, text in offered.items() if text}


def shown_phone(kept: str) -> str:
    """A kept number as one writes it: `03-1234-5678` in Japan, with its country code elsewhere."""
    try:
        number = phonenumbers.parse(kept, "JP")
    except phonenumbers.NumberParseException:
        return kept
    style = (
        phonenumbers.PhoneNumberFormat.NATIONAL
        if number.country_code == 81
        else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return str(phonenumbers.format_number(number, style))
