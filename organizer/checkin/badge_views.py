"""Badges for the whole event or one latecomer: choices, a look beforehand, and the PDF."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from organizer.checkin.badge_forms import AWAITED, EVERYBODY, BadgesForm
from organizer.checkin.badge_wording import (
    Missing,
    Picture,
    badge_of,
    headings,
    picture_of,
    printable_badges,
)
from organizer.checkin.queries import present_ids
from organizer.checkin.room_views import DOOR, blueprint, door_page
from organizer.domain.badges import Badge, lay_out
from organizer.domain.folding import fold
from organizer.domain.lifecycle import RegistrationState
from organizer.domain.roles import Right
from organizer.errors import NotFound
from organizer.events.models import Event
from organizer.events.way import way
from organizer.registrations.models import Registration
from organizer.registrations.queries import registrations_of
from organizer.web.bearer import at_door
from organizer.web.unit import db_session
from organizer.web.urls import external


@dataclass(frozen=True, slots=True)
class Stack:
    """The badges that are to be printed, and who could be chosen for one."""

    badges: list[Badge]
    missing: list[Missing]
    unlisted: int
    people: list[Registration]


@blueprint.get(f"{DOOR}/badges")
@at_door
def badges(event_id: str) -> ResponseReturnValue:
    """What to print on, for whom, how it will look, and what cannot be printed."""
    (event, caller), form = door_page(event_id, Right.SEE_DOOR), BadgesForm(request.args)
    stack = _stack(event, form)
    form.person.choices = [
        SelectChoice(EVERYBODY, _("Everybody who comes")),
        SelectChoice(AWAITED, _("Those who have not come yet")),
        *(SelectChoice(row.public_id, row.person.name or _("(name not given yet)")) for row in stack.people),
    ]
    return render_template(
        "checkin/badges.html",
        event=event,
        form=form,
        stack=stack,
        way=way(event, "door") if caller.is_host and caller.device is None else None,
        picture=_picture(stack, form),
    )


@blueprint.get(f"{DOOR}/badges.pdf")
@at_door
def badges_pdf(event_id: str) -> ResponseReturnValue:
    """The badges on their sheets."""
    from organizer.checkin import badge_pdf  # noqa: PLC0415  heavy, and few pages need it

    (event, _caller), form = door_page(event_id, Right.SEE_DOOR), BadgesForm(request.args)
    stack = _stack(event, form)
    title = f"{_('Badges')} {event.title}"
    content = badge_pdf.draw(stack.badges, form.kind, form.first, headings(), title)
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="badges.pdf"'
    return answer


def _stack(event: Event, form: BadgesForm) -> Stack:
    """Everybody admitted by reading, or those who were chosen. NotFound for somebody who is none of them."""
    from organizer.checkin.badge_pdf import known  # noqa: PLC0415  heavy, and few pages need it

    everybody = registrations_of(db_session(), event.id, [RegistrationState.ADMITTED])
    everybody.sort(key=lambda row: (fold(row.person.reading or row.person.name), row.id))
    is_meant = _is_meant(event, form)
    chosen = [row for row in everybody if is_meant(row)]
    wanted = form.person.data or EVERYBODY
    if wanted not in (EVERYBODY, AWAITED) and not chosen:
        raise NotFound
    drawn = [badge_of(row, event, _address) for row in chosen]
    kept, missing = printable_badges(drawn, known)
    return Stack(kept, missing, sum(not row.listed for row in chosen), everybody)


def _is_meant(event: Event, form: BadgesForm) -> Callable[[Registration], bool]:
    wanted = form.person.data or EVERYBODY
    if wanted == EVERYBODY:
        return lambda row: True
    if wanted == AWAITED:
        present = set(present_ids(db_session(), event.id))
        return lambda row: row.person_id not in present
    return lambda row: row.public_id == wanted


def _picture(stack: Stack, form: BadgesForm) -> Picture | None:
    """The badge with the most on it, as an example."""
    from organizer.checkin.badge_pdf import measure  # noqa: PLC0415  heavy, and few pages need it

    if not stack.badges:
        return None
    shown = max(stack.badges, key=lambda badge: bool(badge.url) + len(badge.tags) + len(badge.gives))
    return picture_of(shown, form.kind, lay_out(shown, form.kind, headings(), measure))


def _address(registration: str) -> str:
    return external("checkin.card", code=registration)
