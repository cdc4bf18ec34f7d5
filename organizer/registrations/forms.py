"""The form of an application, whole for a newcomer and in parts for those who are known."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, Field, StringField, TextAreaField
from wtforms.validators import DataRequired, Email, Length, Optional

from organizer.domain.vocabulary import (
    Authority,
    GiveKind,
    Industry,
    Intent,
    Region,
    Role,
    SizeBand,
    Topic,
)
from organizer.registrations.answers import GIVES
from organizer.registrations.labels import LISTED_WORDS
from organizer.web.forms import CodeField, CodesField, Form
from organizer.web.text import on_one_line

NO_ADDRESS = _l("This does not look like a mail address yet.")
CHOOSE = _l("Please choose one.")
NOT_CHOSEN = _l("Not chosen")


def line(label: Any, longest: int, *validators: Any) -> StringField:
    return StringField(label, [*validators, Length(max=longest)], filters=[on_one_line])


def _essential(label: Any, enum: Any) -> CodeField:
    return CodeField(label, enum, blank=NOT_CHOSEN, validators=[DataRequired(CHOOSE)])


class AboutFields:
    """Who applies: the essentials of a profile."""

    name = line(_l("Name"), 80, DataRequired(_l("Please write your name.")))
    reading = line(_l("Reading"), 80)
    company = line(_l("Company"), 120, DataRequired(_l("Please write your company.")))
    title = line(_l("Title"), 80)
    role = _essential(_l("Position"), Role)
    authority = CodeField(_l("How far you decide"), Authority, blank=NOT_CHOSEN)
    industry = _essential(_l("Industry"), Industry)
    size = _essential(_l("Employees"), SizeBand)
    region = _essential(_l("Region"), Region)
    intents = CodesField(_l("What you come to meetups for"), Intent)
    challenge_topics = CodesField(_l("Challenges of today"), Topic, at_most=6)
    challenge_words = line(_l("A challenge in your own words"), 120)


class AddressField:
    """Where the mails go; for those who are not signed in."""

    email = EmailField(
        _l("Mail address"),
        [DataRequired(_l("Please write your mail address.")), Length(max=254), Email(NO_ADDRESS)],
    )


class AnswerFields:
    """What is new for this event."""

    give1_kind = CodeField(_l("Kind of the first"), GiveKind, default=GiveKind.INFORMATION.value)
    give1_words = line(
        _l("First thing you can give"), 80, DataRequired(_l("Please write one thing you can give."))
    )
    give2_kind = CodeField(_l("Kind of the second"), GiveKind, default=GiveKind.EXPERIENCE.value)
    give2_words = line(_l("Second thing you can give"), 80)
    give3_kind = CodeField(_l("Kind of the third"), GiveKind, default=GiveKind.INTRODUCTION.value)
    give3_words = line(_l("Third thing you can give"), 80)
    wish_words = line(
        _l("What kind of person?"), 200, DataRequired(_l("Please write whom you would like to meet."))
    )
    wish_industries = CodesField(_l("Their industries"), Industry, at_most=5)
    wish_roles = CodesField(_l("Their positions"), Role)
    today = line(_l("Your goal for this event"), 200)
    topic = TextAreaField(_l("A topic to discuss in confidence"), [Length(max=400)])
    introducer = line(_l("Who introduced you"), 80)
    listed = BooleanField(LISTED_WORDS, default=True)

    def give_rows(self) -> list[tuple[Field, Field]]:
        """The fields of the gives: kind and words."""
        return [(self[f"give{row}_kind"], self[f"give{row}_words"]) for row in range(1, GIVES + 1)]  # type: ignore[index]


class ConsentFields:
    """What an applicant agrees to, and who gets the mails in copy."""

    copy_to = EmailField(_l("Mail address for the copies"), [Optional(), Length(max=254), Email(NO_ADDRESS)])
    agree_rule = BooleanField(
        _l("I agree to the sharing rule"), [DataRequired(_l("Please read it, and agree."))]
    )
    agree_privacy = BooleanField(
        _l("I agree to the privacy notice"), [DataRequired(_l("Please read it, and agree."))]
    )


class TypedForm(Form):
    """A form whose contents can be kept as a draft."""

    def typed(self) -> dict[str, Any]:
        """What stands in the fields, apart from the consents: those are given anew each time."""
        left_out = {"csrf_token", "agree_rule", "agree_privacy"}
        return {field.short_name: field.data for field in self if field.short_name not in left_out}


class NewcomerForm(TypedForm, AboutFields, AddressField, AnswerFields, ConsentFields):
    """The application of somebody who is not signed in."""


class ProfileForm(TypedForm, AboutFields, AnswerFields, ConsentFields):
    """The application of somebody signed in whose profile lacks essentials, or is to be changed."""


class KnownForm(TypedForm, AnswerFields, ConsentFields):
    """The application of somebody whose profile need only be confirmed."""


class AnswersForm(TypedForm, AnswerFields):
    """What was said for this event, to be changed later."""


ApplicationForm = NewcomerForm | ProfileForm | KnownForm
