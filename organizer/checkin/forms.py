"""The forms of the door: looking somebody up, taking them in, a note on them."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SearchField, SelectMultipleField, TextAreaField
from wtforms.validators import Length, Optional, Regexp

from organizer.checkin.notes import LONGEST
from organizer.domain.names import LONGEST_QUERY
from organizer.web.forms import Form
from organizer.web.text import on_one_line


class SearchForm(Form):
    """Who is meant: a name, a reading, a company or the number on the ticket. Sent by GET."""

    class Meta(Form.Meta):
        csrf = False

    q = SearchField(_l("Name, reading, company or number"), [Optional(), Length(max=LONGEST_QUERY)])


class CheckInForm(Form):
    """Taking somebody in by a press of a button; the key makes the second press the same as the first."""

    key = HiddenField(validators=[Regexp(r"[A-Za-z0-9_-]{16,64}\Z")])


class FoundForm(CheckInForm):
    """Taking in somebody who was looked up; `q` is what was looked for, to come back to."""

    q = HiddenField(validators=[Length(max=LONGEST_QUERY)])


class PartyForm(CheckInForm):
    """Taking in everybody who was ticked: registrations by public id; the service knows which are of the event."""

    who = SelectMultipleField(validate_choice=False)


class NoteForm(Form):
    """What the door is to know of somebody."""

    words = TextAreaField(_l("Note for the door"), [Length(max=LONGEST)], filters=[on_one_line])
