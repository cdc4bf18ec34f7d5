"""The walk-in's own link: name, company and address on one's own phone, and the place is one's own.

Known addresses and unknown ones are answered alike: what follows is in the mail.
"""

from datetime import datetime

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from organizer.checkin import claims
from organizer.checkin.models import Claim
from organizer.clock import now
from organizer.errors import NotFound, Refused
from organizer.i18n import current_locale
from organizer.people import signing
from organizer.people.models import ConsentKind, Person, SignInPurpose, SignInRequest
from organizer.registrations.answers import typed_about
from organizer.registrations.claim_forms import ClaimForm
from organizer.registrations.labels import agreements, privacy_words, rule_words
from organizer.registrations.models import Registration
from organizer.registrations.queries import registration_of_person
from organizer.registrations.room import blueprint
from organizer.web.access import by_link, me, me_or_none, signed_in
from organizer.web.browser import browser
from organizer.web.limits import caller, everybody, limited
from organizer.web.unit import config, db_session
from organizer.workflows import claiming


@blueprint.get("/claim/<token>")
@by_link
def claim(token: str) -> ResponseReturnValue:
    """What was said at the door, to be completed. Opening it does nothing."""
    found = _claim(token)
    if not claims.is_open(found, now()):
        return _over()
    registration = claims.registration_claimed(db_session(), found)
    typed = typed_about(registration.person) | {
        "wish_words": registration.answers.get("wish", {}).get("words", "")
    }
    return _page(found, registration, ClaimForm(formdata=None, data=typed))


@blueprint.post("/claim/<token>")
@by_link
@limited("30 per 10 minutes", by=caller)
@limited("2000 per hour", by=everybody)
def send_claim(token: str) -> ResponseReturnValue:
    """Keep it, and have the address confirmed: whether anybody has it makes no difference here."""
    found, form = _claim(token), ClaimForm()
    if not claims.is_open(found, now()):
        return _over()
    session = db_session()
    registration = claims.registration_claimed(session, found)
    if not form.validate():
        return _page(found, registration, form), 422
    typed = form.typed() | {"agreed": agreements(registration.event), "agreed_in": current_locale()}
    claiming.say(session, found, typed.pop("email"), typed)
    try:
        asked = signing.ask(
            session,
            found.email,
            purpose=SignInPurpose.CLAIM,
            subject_id=found.id,
            browser=browser(),
            next_path=url_for("registrations.claim", token=token),
            locale=current_locale(),
            now=now(),
            secret_key=config().secret_key,
        )
    except Refused:
        abort(429)
    return redirect(url_for("people.wait", public_id=asked.public_id), 303)


@blueprint.post("/claim/<token>/mine")
@signed_in
def claim_as_me(token: str) -> ResponseReturnValue:
    """Somebody who is signed in already is asked at once."""
    found = _claim(token)
    if claiming.ask(db_session(), found, me(), now()) is None:
        return _over()
    return redirect(url_for("registrations.is_it_you", public_id=found.public_id), 303)


@blueprint.get("/claim/asked/<public_id>")
@signed_in
def is_it_you(public_id: str) -> ResponseReturnValue:
    """The one question: was it you who came?"""
    found = _asked(public_id)
    if not claims.is_open(found, now()):
        return _over()
    registration = claims.registration_claimed(db_session(), found)
    rule, privacy = rule_words(registration.event), privacy_words(registration.event.circle)
    shown = {"claim": found, "registration": registration, "rule": rule, "privacy": privacy}
    return render_template("registrations/is_it_you.html", person=me(), **shown)


@blueprint.post("/claim/asked/<public_id>")
@signed_in
def answer_claim(public_id: str) -> ResponseReturnValue:
    """Yes makes one of the two, and agrees to what stands on the page."""
    found = _asked(public_id)
    agreed = agreements(claims.registration_claimed(db_session(), found).event)
    agreed.pop(ConsentKind.LISTED)  # that is a tick of its own, which is not on this page
    if not claiming.agree(db_session(), found, me(), agreed, current_locale(), now()):
        return _over()
    return redirect(_done_url(db_session(), found), 303)


@blueprint.post("/claim/asked/<public_id>/no")
@signed_in
def decline_claim(public_id: str) -> ResponseReturnValue:
    """It was somebody else: both stay as they are."""
    if not claiming.decline(db_session(), _asked(public_id), me(), now()):
        return _over()
    flash(_("Thank you. Nothing of yours was changed, and the link does nothing any more."), "safe")
    return redirect(url_for("home.index"), 303)


@blueprint.get("/claim/done/<public_id>")
@signed_in
def claimed(public_id: str) -> ResponseReturnValue:
    """The place is one's own: the ticket, and more to say of oneself."""
    registration = registration_of_person(db_session(), me(), public_id)
    return render_template("registrations/claimed.html", registration=registration, event=registration.event)


@signing.adopts(SignInPurpose.CLAIM)
def walk_in_of(session: Session, asked: SignInRequest, moment: datetime) -> Person | None:
    """The walk-in who gets an address that is nobody's."""
    return claiming.who_gets(session, asked.subject_id or 0, asked.email_folded, moment)


@signing.on_confirmed(SignInPurpose.CLAIM)
def follow_claim(session: Session, asked: SignInRequest, person: Person, moment: datetime) -> str | None:
    """On to one's own place, or to the question whether it was oneself."""
    found = claiming.confirm(session, asked.subject_id or 0, asked.email_folded, person, moment)
    if found is None:
        return url_for("home.index")
    if found.settled_at is None:
        return url_for("registrations.is_it_you", public_id=found.public_id)
    return _done_url(session, found)


def _done_url(session: Session, found: Claim) -> str:
    public_id = claims.registration_claimed(session, found).public_id
    return url_for("registrations.claimed", public_id=public_id)


def _claim(token: str) -> Claim:
    found = claims.find(db_session(), token)
    if found is None:
        raise NotFound
    return found


def _asked(public_id: str) -> Claim:
    found = claims.find_for(db_session(), me(), public_id)
    if found is None:
        raise NotFound
    return found


def _page(found: Claim, registration: Registration, form: ClaimForm) -> str:
    event = registration.event
    return render_template(
        "registrations/claim.html",
        claim=found,
        registration=registration,
        event=event,
        form=form,
        person=me_or_none(),
        rule=rule_words(event),
        privacy=privacy_words(event.circle),
    )


def _over() -> ResponseReturnValue:
    return render_template("registrations/claim_over.html"), 410
