"""The forms of the door list."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SearchField, SelectMultipleField, TextAreaField
from wtforms.validators import Length, Optional, Regexp

from organizer.checkin.notes import LONGEST
from organizer.checkin.walk_in_forms import on_one_line
from organizer.domain.names import LONGEST_QUERY
from organizer.web.forms import Form


class SearchForm(Form):
    """Who is meant: a name, a reading, a company or the number on the ticket. Sent by GET."""

    class Meta(Form.Meta):
        csrf = False

    q = SearchField(_l("Name, reading, company or number"), [Optional(), Length(max=LONGEST_QUERY)])


class CheckInForm(Form):
    """Taking somebody in by a press of a button; the key makes the second press the same as the first."""

    key = HiddenField(validators=[Regexp(r"[A-Za-z0-9_-]{16,64}\Z")])


class TickedField(SelectMultipleField):  # type: ignore[misc]
    """Any number of registrations by their public ids; the service knows which are of the event."""

    def pre_validate(self, form: Any) -> None:
        """There is no list to choose from."""


class PartyForm(CheckInForm):
    """Taking in everybody who was ticked."""

    who = TickedField(validate_choice=False)


class NoteForm(Form):
    """What the door is to know of somebody."""

    words = TextAreaField(_l("Note for the door"), [Length(max=LONGEST)], filters=[on_one_line])
