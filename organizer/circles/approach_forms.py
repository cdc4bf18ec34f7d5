"""The forms in which hosts set how their circle brings people together."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from organizer.circles.approach import Standing
from organizer.domain.approach import LEADABLE, Lead, Step
from organizer.domain.concerns import Concern
from organizer.domain.weights import ASPECTS, Aspect
from organizer.web.forms import CodeField, Form
from organizer.web.labels import label


class SeenForm(Form):
    """Which version the host has before them."""

    seen = IntegerField(validators=[InputRequired()], widget=HiddenInput())


class ApproachForm(SeenForm):
    """A step for each aspect (`step_…`), and whether today's problem changes them."""

    by_today = BooleanField(_l("Let today’s problem change what counts"))

    def steps(self) -> Mapping[Aspect, Step]:
        """What was chosen."""
        return {aspect: self[f"step_{aspect.value}"].member for aspect in ASPECTS}


class LeadForm(SeenForm):
    """What today's problem changes; blank leaves an aspect as it is."""

    active = BooleanField(_l("Use this rule"))

    def lead(self, concern: Concern) -> Lead:
        """What was chosen."""
        chosen = ((aspect, self[f"step_{aspect.value}"].member) for aspect in LEADABLE)
        return Lead(concern, tuple((aspect, step) for aspect, step in chosen if step), self.active.data)


for _aspect in ASPECTS:
    setattr(ApproachForm, f"step_{_aspect.value}", CodeField(label(_aspect), Step))
for _aspect in LEADABLE:
    field = CodeField(label(_aspect), Step, blank=_l("Leave as it is"))
    setattr(LeadForm, f"step_{_aspect.value}", field)


def approach_form(standing: Standing) -> ApproachForm:
    """The form, filled with what holds now."""
    approach = standing.approach
    steps = {f"step_{aspect.value}": approach.step(aspect).value for aspect in ASPECTS}
    return ApproachForm(formdata=None, seen=standing.version, by_today=approach.by_today, **steps)


def lead_form(standing: Standing, concern: Concern) -> LeadForm:
    """The form, filled with what a concern changes now."""
    lead = standing.approach.lead(concern)
    steps = {f"step_{aspect.value}": step.value for aspect, step in lead.steps}
    return LeadForm(formdata=None, seen=standing.version, active=lead.active, **steps)
