"""Applying to an event: one page, whoever comes."""

from datetime import datetime
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from organizer.clock import now
from organizer.domain.lifecycle import Admission, Barrier
from organizer.domain.profiles import Give, Wish
from organizer.errors import Refused
from organizer.events.models import Event
from organizer.events.service import public_event
from organizer.i18n import current_locale
from organizer.people import signing
from organizer.people.models import Person, SignInPurpose, SignInRequest
from organizer.registrations import drafts
from organizer.registrations.answers import (
    about_of,
    application_of,
    has_essentials,
    typed_about,
    typed_application,
)
from organizer.registrations.applying import barrier, is_invited
from organizer.registrations.forms import ApplicationForm, KnownForm, NewcomerForm, ProfileForm
from organizer.registrations.labels import agreements, privacy_words, rule_words
from organizer.registrations.queries import standing_registration, told_state
from organizer.registrations.room import blueprint
from organizer.web.access import me_or_none, public
from organizer.web.browser import browser
from organizer.web.limits import limited
from organizer.web.unit import config, db_session
from organizer.workflows import applying


@blueprint.get("/e/<event_id>/apply")
@public
def apply(event_id: str) -> ResponseReturnValue:
    """The form; for those who have applied already, how that stands."""
    session, person = db_session(), me_or_none()
    event = public_event(session, event_id)
    registration = standing_registration(session, event.id, person.id) if person else None
    if registration is not None:
        return redirect(url_for("registrations.my_ticket", public_id=registration.public_id))
    why = _barrier(session, event, person)
    if why is not None:
        return _closed(event, why)
    draft = drafts.find(session, event.id, browser=browser(), person=person, now=now())
    typed = draft.answers if draft is not None else _said_before(person)
    return _page(event, person, _form(person, data=typed), kept=draft is not None)


@blueprint.post("/e/<event_id>/apply")
@public
@limited("60 per 10 minutes")
def send_application(event_id: str) -> ResponseReturnValue:
    """Keep what was typed; when it is complete, make it a registration, or have the address confirmed first."""
    session, person = db_session(), me_or_none()
    event = public_event(session, event_id)
    registration = standing_registration(session, event.id, person.id) if person else None
    why = _barrier(session, event, person) if registration is None else None
    if why is not None:
        return _closed(event, why)
    form = _form(person)
    complete = form.validate_on_submit()
    typed = form.typed() | {"agreed": agreements(event), "agreed_in": current_locale()}
    draft = drafts.keep(
        session,
        event,
        typed,
        browser=browser(),
        person=person,
        locale=current_locale(),
        now=now(),
        sent=complete,
    )
    if not complete:
        return _page(event, person, form), 422
    if person is None:
        return _ask_to_confirm(session, event, typed["email"], draft.id)
    about = about_of(typed) if isinstance(form, ProfileForm) else None
    applying.apply(session, event, person, about, application_of(typed), now())
    drafts.finish(draft, person, now())
    return redirect(url_for("registrations.sent", event_id=event_id), 303)


@blueprint.get("/e/<event_id>/apply/sent")
@public
def sent(event_id: str) -> ResponseReturnValue:
    """What happens next."""
    session, person = db_session(), me_or_none()
    event = public_event(session, event_id)
    if person is None:
        return render_template("registrations/sent.html", event=event, registration=None, state=None)
    registration = standing_registration(session, event.id, person.id)
    if registration is None:
        return redirect(url_for("registrations.apply", event_id=event_id))
    state = told_state(registration, now())
    return render_template("registrations/sent.html", event=event, registration=registration, state=state)


@signing.on_confirmed(SignInPurpose.APPLY)
def follow(session: Session, asked: SignInRequest, person: Person, moment: datetime) -> str | None:
    """Where somebody goes on whose address has been confirmed along with an application."""
    event = (
        applying.confirm(session, asked.subject_id, asked.email_folded, person, moment)
        if asked.subject_id
        else None
    )
    return url_for("registrations.sent", event_id=event.public_id) if event is not None else None


def _ask_to_confirm(session: Session, event: Event, email: str, draft_id: int) -> ResponseReturnValue:
    try:
        asked = signing.ask(
            session,
            email,
            purpose=SignInPurpose.APPLY,
            subject_id=draft_id,
            browser=browser(),
            next_path=url_for("registrations.apply", event_id=event.public_id),
            locale=current_locale(),
            now=now(),
            secret_key=config().secret_key,
        )
    except Refused:
        abort(429)
    return redirect(url_for("people.wait", public_id=asked.public_id), 303)


def _barrier(session: Session, event: Event, person: Person | None) -> Barrier | None:
    """Why nothing can be sent now. Whether a guest is invited shows once the address is confirmed, to nobody else."""
    invited = person is None or is_invited(session, event, person.email_folded)
    return barrier(session, event, person, now(), invited=invited)


def _form(person: Person | None, data: dict[str, Any] | None = None) -> ApplicationForm:
    if person is None:
        return NewcomerForm(data=data)
    if "change" in request.args or not has_essentials(person):
        return ProfileForm(data=data)
    return KnownForm(data=data)


def _said_before(person: Person | None) -> dict[str, Any]:
    """What the profile knows already of the form's answers."""
    if person is None:
        return {}
    gives = tuple(Give.from_data(row) for row in person.profile.gives)
    return typed_about(person) | typed_application(gives, Wish.from_data(person.profile.wish))


def _page(event: Event, person: Person | None, form: ApplicationForm, kept: bool = False) -> str:
    return render_template(
        "registrations/apply.html",
        event=event,
        person=person,
        form=form,
        kept=kept,
        rule=rule_words(event),
        privacy=privacy_words(event.circle),
        asks_about=not isinstance(form, KnownForm),
        by_invitation=event.admission is Admission.INVITATION and person is None,
    )


def _closed(event: Event, why: Barrier) -> ResponseReturnValue:
    status = 200 if request.method in ("GET", "HEAD") else 409
    return render_template("registrations/closed.html", event=event, why=why), status
