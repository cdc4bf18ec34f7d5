"""The forms of the door list."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SearchField
from wtforms.validators import Length, Optional, Regexp

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
