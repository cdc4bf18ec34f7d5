"""Sample forms for the page that shows every piece of the look."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    EmailField,
    FileField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import DataRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

TAGS = ("採用", "資金繰り", "事業承継", "販路開拓", "人材育成", "原価管理", "広報", "新規事業", "法務")
GROUPED = [SelectChoice(tag, optgroup="人") for tag in TAGS[:6]] + [
    SelectChoice(f"{tag}の相談", optgroup="しごと") for tag in TAGS
]

FILLED = {
    "name": "高橋 玲子",
    "email": "reiko@example.jp",
    "about": "はじめての採用を、どう決めたか",
    "way": "host",
    "few": ["採用", "資金繰り"],
    "many": ["採用", "広報の相談"],
    "seats": 24,
    "agreed": True,
}
WRONG = {"name": "", "email": "takahashi@", "about": "<b>採用</b> について", "size": "", "seats": 0}


class TicksField(SelectMultipleField):  # type: ignore[misc]
    """Any number of choices as ticks."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class PiecesForm(FlaskForm):  # type: ignore[misc]
    """One field of every kind."""

    name = StringField(_l("Name"), [DataRequired(_l("Please write your name.")), Length(max=40)])
    email = EmailField(_l("Mail address"), [DataRequired(_l("Please write your mail address."))])
    password = PasswordField(_l("Password"), [Optional()])
    about = TextAreaField(
        _l("A topic to talk about"), [DataRequired(_l("Please write a few words.")), Length(max=200)]
    )
    size = SelectField(_l("Employees"), choices=[SelectChoice("", "—"), SelectChoice("21-50", "21–50")])
    way = RadioField(
        _l("Who may apply"),
        [DataRequired(_l("Please choose one."))],
        choices=[
            SelectChoice("all", _l("Everyone")),
            SelectChoice("host", _l("The host decides")),
            SelectChoice("invited", _l("By invitation only")),
        ],
    )
    mode = RadioField(
        _l("Where"),
        choices=[SelectChoice("place", _l("At a place")), SelectChoice("online", _l("Online"))],
        default="place",
    )
    few = TicksField(_l("Topics"), choices=[SelectChoice(tag) for tag in TAGS[:5]])
    many = TicksField(_l("Challenges"), [DataRequired(_l("Please choose at least one."))], choices=GROUPED)
    seats = IntegerField(_l("Seats"), [Optional(), NumberRange(min=1, max=200)])
    day = DateField(_l("Day"), [Optional()])
    start = TimeField(_l("Start"), [Optional()])
    deadline = DateTimeLocalField(_l("Deadline"), [Optional()])
    picture = FileField(_l("Picture"))
    agreed = BooleanField(_l("I agree to the sharing rule"), [DataRequired(_l("Please read it, and agree."))])


def sample_forms() -> dict[str, PiecesForm]:
    """An empty form, a filled one, and one that was sent with faults."""
    wrong = PiecesForm(formdata=None, prefix="wrong", data=WRONG)
    wrong.validate()
    return {
        "empty": PiecesForm(formdata=None, prefix="empty"),
        "filled": PiecesForm(formdata=None, data=FILLED),
        "wrong": wrong,
    }
