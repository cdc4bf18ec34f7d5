"""The forms of devices, of the tablet people use themselves, and of checking oneself in."""

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, RadioField, StringField
from wtforms.validators import DataRequired, EqualTo, Length, Regexp

from organizer.checkin.forms import CheckInForm
from organizer.checkin.pairing import PAIRED
from organizer.domain.door import DeviceKind
from organizer.web.forms import Form, choices
from organizer.web.text import clean

NAME_SIGNS = 40
PIN = r"^[0-9]{4,8}\Z"
FOUR_TO_EIGHT = _l("Please choose four to eight digits.")
FOUR_DIGITS = _l("It has four digits, and stands large on the ticket.")


def digits_only(text: object) -> object:
    """Digits as people type them: with spaces, or in full width."""
    if not isinstance(text, str):
        return text
    return "".join(str(int(sign)) for sign in text if sign.isdecimal())[:12]


class LinkForm(Form):
    """Which phone is to be paired."""

    kind = RadioField(
        _l("What this phone may see"),
        [DataRequired(_l("Please choose one."))],
        choices=lambda: choices(PAIRED),
        default=DeviceKind.STAFF.value,
    )
    name = StringField(
        _l("A name for this phone"),
        [
            DataRequired(_l("Please write where it stands, or whose it is.")),
            Length(max=NAME_SIGNS, message=_l("Please write at most %(max)d characters.")),
        ],
    )


class NameForm(Form):
    """What a device is called."""

    name = StringField(_l("A name for this phone"), [Length(max=NAME_SIGNS)])


class PinForm(Form):
    """The PIN of a kiosk, typed twice: whoever forgets it cannot leave the tablet by themselves."""

    pin = PasswordField(
        _l("A PIN of four to eight digits"),
        [DataRequired(FOUR_TO_EIGHT), Regexp(PIN, message=FOUR_TO_EIGHT)],
        filters=[digits_only],
    )
    again = PasswordField(
        _l("The same PIN once more"),
        [EqualTo("pin", message=_l("The two are not the same. Please type both once more."))],
        filters=[digits_only],
    )


class LeaveForm(Form):
    """The PIN with which a kiosk is left."""

    pin = PasswordField(
        _l("PIN"),
        [Regexp(PIN, message=_l("Please type the PIN that was chosen at the start."))],
        filters=[digits_only],
    )


class NumberForm(CheckInForm):
    """Checking oneself in on a phone that does not know who holds it: by the ticket's short number, and one's name."""

    NO_SUCH = _l("Number and reading do not go together. Please look at both once more, or ask at the desk.")

    number = StringField(
        _l("The number on your ticket"),
        [DataRequired(FOUR_DIGITS), Regexp(r"^[0-9]{4}\Z", message=FOUR_DIGITS)],
        filters=[digits_only],
    )
    reading = StringField(
        _l("The reading of your name"),
        [DataRequired(_l("Please write your name as it is read.")), Length(max=80)],
        filters=[lambda text: clean(text) if isinstance(text, str) else text],
    )
