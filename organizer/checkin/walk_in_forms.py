"""What is asked of somebody who comes to the door unexpected."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, Length

from organizer.checkin.forms import CheckInForm
from organizer.web.text import on_one_line


class WalkInForm(CheckInForm):
    """Name, company and one wish; `sure`: it is nobody of those shown; `over`: a host says yes to one seat more."""

    name = StringField(
        _l("Name"), [DataRequired(_l("Please write the name.")), Length(max=80)], filters=[on_one_line]
    )
    reading = StringField(_l("Reading (if you can ask)"), [Length(max=80)], filters=[on_one_line])
    company = StringField(_l("Company"), [Length(max=120)], filters=[on_one_line])
    wish = StringField(_l("Whom would you like to meet today?"), [Length(max=200)], filters=[on_one_line])
    sure = HiddenField()
    over = HiddenField()
