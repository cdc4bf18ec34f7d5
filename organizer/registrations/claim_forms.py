"""What somebody who walked in adds on their own phone."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import DataRequired

from organizer.domain.vocabulary import Industry, Role
from organizer.registrations.forms import NOT_CHOSEN, AddressField, TypedForm, line
from organizer.registrations.labels import LISTED_WORDS
from organizer.web.forms import CodeField


class ClaimForm(TypedForm, AddressField):
    """The address, the essentials of a profile, and what one agrees to."""

    name = line(_l("Name"), 80, DataRequired(_l("Please write your name.")))
    reading = line(_l("Reading"), 80)
    company = line(_l("Company"), 120)
    title = line(_l("Title"), 80)
    role = CodeField(_l("Position"), Role, blank=NOT_CHOSEN)
    industry = CodeField(_l("Industry"), Industry, blank=NOT_CHOSEN)
    give1_words = line(_l("One thing you can give"), 80)
    wish_words = line(_l("Whom you would like to meet"), 200)
    listed = BooleanField(LISTED_WORDS)
    agree_rule = BooleanField(
        _l("I agree to the sharing rule"), [DataRequired(_l("Please read it, and agree."))]
    )
    agree_privacy = BooleanField(
        _l("I agree to the privacy notice"), [DataRequired(_l("Please read it, and agree."))]
    )
