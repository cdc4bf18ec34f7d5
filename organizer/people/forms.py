"""The forms of signing in and of one's account."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, HiddenField, PasswordField, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, Email, EqualTo, Length, Regexp, ValidationError

from organizer.people import passwords
from organizer.web.forms import Form
from organizer.web.zones import zone_choices


def address_field(label: Any) -> EmailField:
    """A field for one mail address."""
    return EmailField(
        label,
        [
            DataRequired(_l("Please write your mail address.")),
            Length(max=254),
            Email(_l("This does not look like a mail address yet.")),
        ],
    )


def digits_only(text: object) -> object:
    """Six digits as people type them: with spaces, or in full width."""
    if not isinstance(text, str):
        return text
    return "".join(str(int(char)) for char in text if char.isdecimal())[:12]


class AskForm(Form):
    """Where the sign-in mail goes."""

    email = address_field(_l("Mail address"))
    next = HiddenField()


class DigitsForm(Form):
    """The six digits of the mail."""

    digits = StringField(
        _l("The six digits of the mail"),
        [Regexp(r"^\d{6}$", message=_l("Please type the six digits of the mail."))],
        filters=[digits_only],
    )


class PasswordSignInForm(Form):
    """Address and password."""

    email = address_field(_l("Mail address"))
    password = PasswordField(
        _l("Password"), [DataRequired(_l("Please type your password.")), Length(max=passwords.LONGEST)]
    )
    next = HiddenField()


class WelcomeForm(Form):
    """Who somebody new is, in three lines."""

    name = StringField(_l("Name"), [DataRequired(_l("Please write your name.")), Length(max=80)])
    reading = StringField(_l("Reading"), [Length(max=80)])
    company = StringField(_l("Company"), [Length(max=120)])
    next = HiddenField()


class AccountForm(Form):
    """In which language, zone and at what hour Enishi writes to a person."""

    locale = RadioField(_l("Language"), choices=[SelectChoice("ja", "日本語"), SelectChoice("en", "English")])
    time_zone = SelectField(
        _l("Time zone"), choices=lambda: [SelectChoice("", _l("That of the circle")), *zone_choices()]
    )
    prompt_hour = SelectField(
        _l("When follow-up prompts arrive"),
        coerce=int,
        choices=[SelectChoice(hour, f"{hour}:00") for hour in range(6, 22)],
    )


class NewPasswordForm(Form):
    """A new password, twice; and the present one where it is asked for."""

    current = PasswordField(_l("Present password"), [Length(max=passwords.LONGEST)])
    password = PasswordField(
        _l("New password"),
        [
            DataRequired(_l("Please type a new password.")),
            Length(
                min=passwords.SHORTEST,
                max=passwords.LONGEST,
                message=_l("Ten characters or more, please; a sentence is easy to keep in mind."),
            ),
        ],
    )
    again = PasswordField(
        _l("New password, once more"), [EqualTo("password", _l("The two do not agree yet."))]
    )

    def validate_password(self, field: PasswordField) -> None:
        """Ten characters are not enough when they are all the same."""
        if not passwords.is_varied(field.data or ""):
            raise ValidationError(_l("Please use more different characters."))


class AddressForm(Form):
    """The new mail address."""

    email = address_field(_l("New mail address"))
