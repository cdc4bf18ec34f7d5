"""What is asked of somebody who comes to the door unexpected."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, Length, Regexp

from organizer.web.forms import Form


def on_one_line(value: object) -> object:
    """Line breaks and tabs have no place in a name or a short answer."""
    return " ".join(value.split()) if isinstance(value, str) else value


class WalkInForm(Form):
    """Name, company and one wish; `sure`: it is nobody of those shown; `over`: a host says yes to one seat more."""

    name = StringField(
        _l("Name"), [DataRequired(_l("Please write the name.")), Length(max=80)], filters=[on_one_line]
    )
    reading = StringField(_l("Reading (if you can ask)"), [Length(max=80)], filters=[on_one_line])
    company = StringField(_l("Company"), [Length(max=120)], filters=[on_one_line])
    wish = StringField(_l("Whom would you like to meet today?"), [Length(max=200)], filters=[on_one_line])
    key = HiddenField(validators=[Regexp(r"[A-Za-z0-9_-]{16,64}\Z")])
    sure = HiddenField()
    over = HiddenField()
