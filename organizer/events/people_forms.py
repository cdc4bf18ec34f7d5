"""The forms about people: whom an event is for, who is invited, and what those hear whose event is cancelled."""

import re
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from organizer.domain.profiles import Criterion, TargetProfile
from organizer.domain.vocabulary import CriterionField, SizeBand, bands_between, known_one
from organizer.events.forms import CHOOSE, NumberField
from organizer.web.forms import CodeField, CodesField, Form
from organizer.web.labels import label

ADDRESS_BREAKS = re.compile(r"[\s,;、，；]+")
SEATS, LIMIT = "seats", "limit"
TICKED = tuple(field for field in CriterionField if field is not CriterionField.SIZE)
WEIGHTS = {
    1: _l("Nice to have"),
    2: _l("Rather important"),
    3: _l("Important"),
    4: _l("Very important"),
    5: _l("What this event is for"),
}


class TargetForm(Form):
    """One kind of people: a criterion for each field of a profile, and the seats meant for them."""

    name = StringField(_l("What you call them"), [Optional(), Length(max=60)])
    use = RadioField(
        _l("What it is for"),
        [InputRequired(CHOOSE)],
        choices=[SelectChoice(SEATS, _l("Seats for these people")), SelectChoice(LIMIT, _l("A limit only"))],
        default=SEATS,
    )
    floor = NumberField(_l("Seats, at least"), 0, 300, required=False)
    ceiling = NumberField(_l("Seats, at most"), 0, 300, required=False)
    weight = SelectField(
        _l("How much it matters"),
        choices=[SelectChoice(weight, words) for weight, words in WEIGHTS.items()],
        coerce=int,
        default=3,
    )
    size_from = CodeField(_l("Employees, from"), SizeBand, blank=_l("No lower end"), validators=[Optional()])
    size_to = CodeField(_l("Employees, to"), SizeBand, blank=_l("No upper end"), validators=[Optional()])
    size_must = BooleanField(_l("A must"), default=True)

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """The criteria that were chosen, in the order of the vocabulary."""
        found = []
        for field in CriterionField:
            values = self._sizes() if field is CriterionField.SIZE else self[field.value].members
            if values:
                codes = tuple(value.value for value in values)
                found.append(Criterion(field, codes, bool(self[f"{field.value}_must"].data)))
        return tuple(found)

    def target(self, name: str) -> TargetProfile:
        """The target profile that was described; `name` is used where none was written."""
        return TargetProfile(
            id=0,
            name=self.name.data or name[:60],
            criteria=self.criteria,
            floor=self.floor.data or 0,
            ceiling=self.ceiling.data,
            weight=self.weight.data,
            is_ceiling=self.use.data == LIMIT,
        )

    def show(self, target: TargetProfile) -> None:
        """Fill the fields with a target profile."""
        self.name.data, self.weight.data = target.name, target.weight
        self.use.data = LIMIT if target.is_ceiling else SEATS
        self.floor.data, self.ceiling.data = target.floor, target.ceiling
        for criterion in target.criteria:
            self[f"{criterion.field.value}_must"].data = criterion.must
            if criterion.field is CriterionField.SIZE:
                bands = sorted((SizeBand(code) for code in criterion.values), key=lambda band: band.rank)
                self.size_from.data, self.size_to.data = bands[0].value, bands[-1].value
            else:
                self[criterion.field.value].data = list(criterion.values)

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself; then: somebody must be meant, and floor and ceiling agree."""
        fine: bool = super().validate(extra_validators)
        return self._somebody_is_meant() and fine if fine else False

    def validate_ceiling(self, field: NumberField) -> None:
        """A ceiling is not below its floor."""
        if field.data is not None and field.data < (self.floor.data or 0) and self.use.data == SEATS:
            raise ValidationError(_l("Please choose a number that is not below “at least”."))

    def validate_size_to(self, field: CodeField) -> None:
        """The upper end is not below the lower."""
        low, high = (known_one(SizeBand, end.data) for end in (self.size_from, field))
        if low is not None and high is not None and high.rank < low.rank:
            raise ValidationError(_l("Please choose a band that is not below the lower end."))

    def _somebody_is_meant(self) -> bool:
        if not self.criteria:
            self.form_errors = [_l("Please choose at least one thing by which you would know these people.")]
            return False
        if self.use.data == LIMIT and self.ceiling.data is None:
            self.ceiling.errors = [_l("A limit needs its number.")]
            return False
        return True

    def _sizes(self) -> tuple[SizeBand, ...]:
        low, high = self.size_from.member, self.size_to.member
        if low is None and high is None:
            return ()
        return bands_between(low.low if low else 1, high.high if high else None)


for _field in TICKED:
    setattr(TargetForm, _field.value, CodesField(label(_field), _field.words))
    setattr(TargetForm, f"{_field.value}_must", BooleanField(_l("A must"), default=True))


class CancelForm(Form):
    """Why an event does not take place: words that everyone who has applied will read."""

    words = TextAreaField(
        _l("What you want to tell them"),
        [DataRequired(_l("Please write a few words to those who have applied.")), Length(max=400)],
    )


class InvitedForm(Form):
    """Addresses to invite, one a line."""

    addresses = TextAreaField(
        _l("Mail addresses"), [DataRequired(_l("Please write at least one address.")), Length(max=20_000)]
    )

    def validate_addresses(self, field: TextAreaField) -> None:
        """Every one of them is an address; the first that is none is named."""
        for address in self.listed():
            try:
                validate_email(address, check_deliverability=False)
            except EmailNotValidError:
                raise ValidationError(_l("“%(text)s” is no mail address.", text=address[:60])) from None

    def listed(self) -> list[str]:
        """The addresses, without repeats."""
        return list(dict.fromkeys(filter(None, ADDRESS_BREAKS.split(self.addresses.data or ""))))


class SendForm(Form):
    """The yes that must stand before invitations leave."""

    agreed = BooleanField(
        _l(
            "These people have agreed to get invitations from us, or gave us their address, for example on a card"
        ),
        [InputRequired(_l("Invitations may go only to people for whom this is true."))],
    )
