"""The forms of the profile, one for each of its sections."""

from typing import Any

import phonenumbers
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, IntegerField, StringField, TextAreaField
from wtforms.validators import URL, DataRequired, Length, NumberRange, Optional, ValidationError

from organizer.clock import now
from organizer.domain.vocabulary import (
    Authority,
    GiveKind,
    Horizon,
    Industry,
    Intent,
    Region,
    Role,
    SizeBand,
    Topic,
    Value,
)
from organizer.web.forms import CodeField, CodesField, Form
from organizer.web.text import clean

GIVES = 5
CHALLENGE_WORDS = 3


class Inner(Form):
    """A form inside a form: the outer one carries the token."""

    class Meta(Form.Meta):
        csrf = False


class AboutForm(Form):
    """The person and the company."""

    name = StringField(_l("Name"), [DataRequired(_l("Please write your name.")), Length(max=80)])
    reading = StringField(_l("Reading"), [Length(max=80)])
    company = StringField(_l("Company"), [Length(max=120)])
    title = StringField(_l("Title"), [Length(max=80)])
    role = CodeField(_l("Position"), Role, blank=_l("Not chosen"))
    authority = CodeField(_l("How far you decide"), Authority, blank=_l("Not chosen"))
    industry = CodeField(_l("Industry"), Industry, blank=_l("Not chosen"))
    industry_words = StringField(_l("Your business in your own words"), [Length(max=80)])
    size = CodeField(_l("Employees"), SizeBand, blank=_l("Not chosen"))
    founded_year = IntegerField(_l("Founded in"), [Optional()])
    region = CodeField(_l("Region"), Region, blank=_l("Not chosen"))

    def validate_founded_year(self, field: IntegerField) -> None:
        """A year that can be, up to the present one."""
        year = now().year
        NumberRange(1000, year, _l("A year up to %(year)s, please.", year=year))(self, field)


class ThoughtsForm(Form):
    """What one holds dear, struggles with, and comes for."""

    values = CodesField(_l("What you hold dear"), Value, at_most=5)
    value_words = StringField(_l("In your own words"), [Length(max=200)])
    challenges = CodesField(_l("Challenges of today"), Topic, at_most=6)
    challenge_words = FieldList(
        StringField(_l("A challenge in your own words"), [Length(max=120)], filters=[clean], default=""),
        min_entries=CHALLENGE_WORDS,
        max_entries=CHALLENGE_WORDS,
    )
    intents = CodesField(_l("What you come to meetups for"), Intent)


class GiveForm(Inner):
    """One thing somebody can offer."""

    kind = CodeField(_l("Kind"), GiveKind, blank=_l("Not chosen"))
    words = StringField(_l("What you can give"), [Length(max=80)])
    tags = CodesField(_l("Topics"), Topic, at_most=3)

    def validate_words(self, field: StringField) -> None:
        """A kind or topics alone say nothing yet."""
        if not field.data and (self.kind.data or self.tags.data):
            raise ValidationError(_l("Please say in a few words what it is."))


class GivesForm(Form):
    """Up to five standing gives."""

    gives = FieldList(FormField(GiveForm), min_entries=GIVES, max_entries=GIVES)


class WishForm(Inner):
    """A kind of person."""

    words = TextAreaField(_l("In your own words"), [Length(max=200)])
    industries = CodesField(_l("Industries"), Industry)
    sizes = CodesField(_l("Employees"), SizeBand)
    roles = CodesField(_l("Positions"), Role)
    topics = CodesField(_l("Topics"), Topic, at_most=6)


class WishesForm(Form):
    """Both ways: whom I want to meet, whom I can serve best."""

    wish = FormField(WishForm)
    serve = FormField(WishForm)


class GoalsForm(Form):
    """A goal at each of three horizons; the fields bear the horizons' codes."""

    short = StringField(_l("At the next meetup"), [Length(max=200)])
    middle = StringField(_l("In three to six months"), [Length(max=200)])
    long = StringField(_l("In a year and more"), [Length(max=200)])

    def words(self) -> dict[Horizon, str]:
        """What was said, by horizon."""
        return {horizon: self[horizon.value].data or "" for horizon in Horizon}


class ContactForm(Form):
    """What is handed over when two people exchange contact data."""

    mail = BooleanField(_l("My mail address"))
    phone = StringField(_l("Phone"), [Length(max=40)])
    share_phone = BooleanField(_l("Hand over my phone number"))
    line = StringField(_l("LINE ID"), [Length(max=40)])
    web = StringField(
        _l("Website"),
        [Optional(), Length(max=200), URL(message=_l("An address that begins with https://, please."))],
    )

    def validate_phone(self, field: StringField) -> None:
        """A number that exists in its country; Japan's when it has no country code."""
        if field.data and parsed_phone(field.data) is None:
            raise ValidationError(_l("This does not look like a phone number. Example: 03-1234-5678"))

    def validate_share_phone(self, field: BooleanField) -> None:
        """Nothing is handed over that is not there."""
        if field.data and not self.phone.data:
            raise ValidationError(_l("Please write the number that is to be handed over."))

    def validate_web(self, field: StringField) -> None:
        """Only an address that a browser opens as a page."""
        if field.data and not field.data.startswith(("https://", "http://")):
            raise ValidationError(_l("An address that begins with https://, please."))


def parsed_phone(text: str) -> str | None:
    """The number as it is kept (`+81312345678`), or None when it can be nobody's."""
    try:
        number: Any = phonenumbers.parse(text, "JP")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
