"""The forms of the rounds: what a button sends along, and what the host says of the tables and of somebody's seat."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from organizer.web.forms import Form

MOST_ROUNDS = 12
LARGEST_TABLE = 12
MOST_TABLES = 150


class ClockForm(Form):
    """A button of the clock: the page it stands on, and the round's version that it saw."""

    back = HiddenField(default="plan", validators=[Optional(), AnyOf(("plan", "hall", "timer"))])
    version = IntegerField(validators=[Optional(), NumberRange(min=0)], widget=HiddenInput())


class AskForm(Form):
    """Tables for those who are there; `after` is the generation the page knew, so that two presses ask once."""

    after = IntegerField(validators=[InputRequired(), NumberRange(min=0)], widget=HiddenInput())
    rounds = IntegerField(_l("Rounds"), [Optional(), NumberRange(min=1, max=MOST_ROUNDS)])
    table_size = IntegerField(_l("People at a table"), [Optional(), NumberRange(min=2, max=LARGEST_TABLE)])


class PlanForm(Form):
    """A plan exactly as the page showed it."""

    generation = IntegerField(validators=[InputRequired(), NumberRange(min=1)], widget=HiddenInput())
    revision = IntegerField(validators=[InputRequired(), NumberRange(min=0)], widget=HiddenInput())


class SwapForm(PlanForm):
    """Two people of a plan, by public id."""

    one = HiddenField(validators=[Length(min=22, max=22)])
    other = HiddenField(validators=[Length(min=22, max=22)])


class MarkForm(Form):
    """What the host says of one person's seats."""

    table = IntegerField(_l("Always at table number"), [Optional(), NumberRange(min=1, max=MOST_TABLES)])
    first_round = IntegerField(
        _l("Comes for round"), [Optional(), NumberRange(min=1, max=MOST_ROUNDS)], default=1
    )
    last_round = IntegerField(_l("Leaves after round"), [Optional(), NumberRange(min=0, max=MOST_ROUNDS)])
