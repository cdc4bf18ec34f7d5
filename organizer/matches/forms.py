"""The three steps of the closing."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectChoice, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length, Optional, ValidationError

from organizer.matches.places import Other
from organizer.web.forms import Form

MOST_PEOPLE = 300
PROMISE_LENGTH = 200
INSIGHT_LENGTH = 400
A_YEAR = timedelta(days=366)


class PeopleForm(Form):
    """Some of the others, by public id; ids of nobody on the list are passed over by the service."""

    people = SelectMultipleField(_l("People"), validate_choice=False)

    def validate_people(self, field: SelectMultipleField) -> None:
        """No more than any room holds."""
        if len(field.data or ()) > MOST_PEOPLE:
            raise ValidationError(_l("Choose %(n)s at most.", n=MOST_PEOPLE))

    def chosen(self, others: Sequence[Other]) -> set[int]:
        """The ids of those chosen who are on the list."""
        picked = set(self.people.data or ())
        return {other.id for other in others if other.public_id in picked}


class KeepForm(Form):
    """What I promise to whom and by when, and what I take home."""

    to = SelectField(_l("To whom"), default="", coerce=str)
    words = StringField(_l("Promise"), validators=[Length(max=PROMISE_LENGTH)])
    due_on = DateField(_l("By when"), validators=[Optional()])
    insight = TextAreaField(_l("One thing I take home"), validators=[Optional(), Length(max=INSIGHT_LENGTH)])

    def __init__(self, others: Sequence[Other], today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        none = SelectChoice("", _("Nobody this time"))
        self.to.choices = [none, *(SelectChoice(other.public_id, other.name) for other in others)]

    def validate_to(self, field: SelectField) -> None:
        """A promise is made to somebody."""
        if self.words.data and not field.data:
            raise ValidationError(_l("Choose to whom you make this promise."))

    def validate_words(self, field: StringField) -> None:
        """Somebody is promised something."""
        if self.to.data and not field.data:
            raise ValidationError(_l("Write in a few words what you will do."))

    def validate_due_on(self, field: DateField) -> None:
        """A promise is for a day to come, within a year."""
        if self.words.data and field.data and not self.today <= field.data <= self.today + A_YEAR:
            raise ValidationError(_l("Choose a day from today on, within a year."))
