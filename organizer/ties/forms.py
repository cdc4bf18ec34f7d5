"""The forms of the book of ties."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from organizer.domain.trust import ContactKind, TiePurpose
from organizer.web.forms import CodeField, Form

BY_HAND = tuple(kind for kind in ContactKind if kind is not ContactKind.EVENT)
FIRST_YEAR = 2000


class NoteForm(Form):
    """What one privately notes about another, and what the tie is for."""

    note = TextAreaField(_l("My private note"), validators=[Length(max=2000)])
    purpose = CodeField(
        _l("What this tie is for"), TiePurpose, blank=_l("Not decided"), validators=[Optional()]
    )


class ContactForm(Form):
    """A touch that happened elsewhere."""

    kind = CodeField(_l("What was it"), ContactKind, validators=[InputRequired()])
    day = DateField(_l("On which day"), validators=[InputRequired()])

    def validate_kind(self, field: CodeField) -> None:
        """Meeting at an event is noted by the door alone."""
        if field.data == ContactKind.EVENT.value:
            raise ValidationError(_l("Choose one of these."))

    def validate_day(self, field: DateField) -> None:
        """Not before anybody could have met here."""
        if field.data is not None and field.data.year < FIRST_YEAR:
            raise ValidationError(_l("This day is too long ago."))


class PromiseForm(Form):
    """A promise to somebody, with the day by which it is kept."""

    words = StringField(_l("What I promise"), validators=[DataRequired(), Length(max=200)])
    due_on = DateField(_l("By when"), validators=[Optional()])


class InsightForm(Form):
    """How one would decide today."""

    today_words = TextAreaField(_l("How would you decide today?"), validators=[Length(max=400)])


class ProgressForm(Form):
    """How far a goal has come."""

    progress = SelectField(
        _l("How far have you come?"),
        choices=lambda: [
            SelectChoice("0", _l("Not begun")),
            SelectChoice("25", _l("A first step")),
            SelectChoice("50", _l("Half way")),
            SelectChoice("75", _l("Almost there")),
            SelectChoice("100", _l("Reached")),
        ],
    )
