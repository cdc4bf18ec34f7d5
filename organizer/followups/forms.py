"""The forms of a prompt."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from organizer.domain.delivery import PromptAnswer
from organizer.web.forms import CodeField, Form

LONGEST = 4000


class DraftForm(Form):
    """The letter as its person wants it; empty: written afresh."""

    words = TextAreaField(_l("Your draft"), validators=[Length(max=LONGEST)])


class LetterForm(Form):
    """The letter to be sent."""

    words = TextAreaField(_l("Your draft"), validators=[DataRequired(), Length(max=LONGEST)])


class AnswerForm(Form):
    """What somebody answers to a prompt."""

    answer = CodeField(_l("Your answer"), PromptAnswer, validators=[InputRequired()])
