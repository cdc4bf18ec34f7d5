"""The choices before badges are printed."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField
from wtforms.validators import NumberRange, Optional

from organizer.domain.badges import SHEETS, SheetKind
from organizer.web.forms import CodeField, Form

EVERYBODY, AWAITED = "", "awaited"


class BadgesForm(Form):
    """On which sheets, for whom, and where to begin. Sent by GET; whatever does not fit becomes the usual."""

    class Meta(Form.Meta):
        csrf = False

    sheet = CodeField(_l("Sheet"), SheetKind, default=SheetKind.CARDS_10)
    person = SelectField(_l("For whom"), [Optional()], validate_choice=False, default=EVERYBODY)
    start = IntegerField(
        _l("First place on the sheet"),
        [Optional(), NumberRange(1, max(sheet.places for sheet in SHEETS.values()))],
        default=1,
    )

    @property
    def kind(self) -> SheetKind:
        """The sheet that was chosen, or the usual one."""
        return SheetKind(self.sheet.data) if self.sheet.data in list(SheetKind) else SheetKind.CARDS_10

    @property
    def first(self) -> int:
        """The place of the first badge, from 1; never past the sheet."""
        return min(max(self.start.data or 1, 1), SHEETS[self.kind].places)
