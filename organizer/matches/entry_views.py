"""From the link of a mail to one's closing or matches.

Six digits lie between: these pages are more private than a ticket.
"""

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from organizer.clock import now
from organizer.errors import Refused
from organizer.i18n import current_locale
from organizer.matches.room_views import blueprint
from organizer.people import signing
from organizer.registrations.models import Registration
from organizer.registrations.queries import registration_of_link
from organizer.web.access import by_link, me_or_none, remember_language
from organizer.web.browser import browser
from organizer.web.limits import limited
from organizer.web.unit import config, db_session

PAGES = "<any(closing, matches):page>"


def _target(registration: Registration, page: str) -> str:
    endpoint = "matches.closing" if page == "closing" else "matches.mine"
    return url_for(endpoint, event_id=registration.event.public_id)


def _is_me(registration: Registration) -> bool:
    person = me_or_none()
    return person is not None and person.id == registration.person_id


@blueprint.get(f"/t/<token>/{PAGES}")
@by_link
def enter(token: str, page: str) -> ResponseReturnValue:
    """One button that sends six digits to the address of the ticket; who is signed in already goes straight on."""
    registration = registration_of_link(db_session(), token, now())
    if _is_me(registration):
        return redirect(_target(registration, page))
    remember_language(registration.person)
    return render_template("matches/enter.html", event=registration.event, page=page, token=token)


@blueprint.post(f"/t/<token>/{PAGES}")
@by_link
@limited("30 per 10 minutes")
def send_digits(token: str, page: str) -> ResponseReturnValue:
    """Send the six digits, and wait for them."""
    registration = registration_of_link(db_session(), token, now())
    if _is_me(registration):
        return redirect(_target(registration, page), 303)
    if registration.person.email is None:
        abort(404)
    try:
        asked = signing.ask(
            db_session(),
            registration.person.email,
            browser=browser(),
            next_path=_target(registration, page),
            locale=current_locale(),
            now=now(),
            secret_key=config().secret_key,
        )
    except Refused:
        abort(429)
    return redirect(url_for("people.wait", public_id=asked.public_id), 303)
