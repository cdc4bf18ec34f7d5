"""The forms of fees and receipts."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length

from organizer.domain.door import PaymentWay
from organizer.web.forms import CodeField, Form

LANGUAGES = (SelectChoice("ja", "日本語"), SelectChoice("en", "English"))


class PaidForm(Form):
    """How a fee was paid."""

    way = CodeField(_l("How it was paid"), PaymentWay, default=PaymentWay.CASH)


class BeforehandForm(Form):
    """Who has paid beforehand: ids of registrations, as many as were ticked; ids of other events are passed over."""

    paid = SelectMultipleField(_l("Paid beforehand"), validate_choice=False)


class AddresseeForm(Form):
    """What an attendee may say of their own receipt."""

    addressee = StringField(
        _l("Made out to"), [DataRequired(_l("Please say to whom it is made out.")), Length(max=120)]
    )
    language = RadioField(_l("Language of the receipt"), choices=list(LANGUAGES), default="ja")


class ReceiptForm(AddresseeForm):
    """What the host may say of a receipt."""

    proviso = StringField(
        _l("What the money was for"),
        [DataRequired(_l("Please say what the money was for.")), Length(max=80)],
    )
