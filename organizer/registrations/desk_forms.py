"""The forms of the admission desk: whom, which step, and the explicit second yes."""

import re
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from organizer.domain.lifecycle import RegistrationState, RegistrationStep
from organizer.registrations.admitting import OverReason
from organizer.web.forms import Form
from organizer.web.labels import label

STEPS = (RegistrationStep.ADMIT, RegistrationStep.WAITLIST, RegistrationStep.DECLINE)
MOST = 300
_CHOICE = re.compile(r"(?P<id>[A-Za-z0-9_-]{22}):(?P<seen>[a-z]{1,12})(?::(?P<target>\d{1,18}))?")


@dataclass(frozen=True, slots=True)
class Chosen:
    """One chosen registration: its public id, the state the host saw, and the target profile meant, if any."""

    public_id: str
    seen: RegistrationState
    target_id: int | None


class ChosenField(SelectMultipleField):  # type: ignore[misc]
    """Registrations, each as `public id:state seen[:target profile]`."""

    def __init__(self, text: object, **kwargs: object) -> None:
        super().__init__(text, coerce=str, validate_choice=False, choices=[], **kwargs)

    @property
    def chosen(self) -> list[Chosen]:
        """What was chosen, each registration once. Only after validation."""
        found = [_CHOICE.fullmatch(text) for text in self.data or ()]
        return list({one["id"]: _chosen(one) for one in found if one is not None}.values())

    def pre_validate(self, form: Form) -> None:
        """Refuse what no page of ours sends."""
        found = [_CHOICE.fullmatch(text) for text in self.data or ()]
        known = {state.value for state in RegistrationState}
        if len(found) > MOST or any(one is None or one["seen"] not in known for one in found):
            raise ValidationError(_l("Please choose on the page once more."))


class DecideForm(Form):
    """One step for one or many registrations."""

    step = SelectField(_l("Decision"), choices=[SelectChoice(step.value) for step in STEPS])
    chosen = ChosenField(
        _l("Applications"), validators=[DataRequired(_l("Choose at least one application."))]
    )

    @property
    def taken(self) -> RegistrationStep:
        """The step. Only after validation."""
        return RegistrationStep(self.step.data)


class OverForm(Form):
    """The explicit second yes: why, and where the person counts."""

    reason = RadioField(
        _l("Why all the same?"),
        choices=lambda: [SelectChoice(reason.value, label(reason)) for reason in OverReason],
        validators=[InputRequired(_l("Please choose a reason."))],
    )

    @property
    def why(self) -> OverReason:
        """The reason. Only after validation."""
        return OverReason(self.reason.data)


class TargetForm(Form):
    """In which target profile an admitted person counts; 0: in none."""

    target = SelectField(_l("Counts as"), coerce=int)


def _chosen(found: re.Match[str]) -> Chosen:
    target = found["target"]
    return Chosen(found["id"], RegistrationState(found["seen"]), int(target) if target is not None else None)
