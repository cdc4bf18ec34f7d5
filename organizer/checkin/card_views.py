"""What the QR code on a badge opens."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from organizer.checkin.badge_wording import gives_of, tags_of, wish_words
from organizer.checkin.cards import card_for, event_of
from organizer.checkin.room_views import blueprint
from organizer.clock import now
from organizer.registrations import phones
from organizer.registrations.models import Registration
from organizer.registrations.queries import profile_of
from organizer.web.access import me_or_none, public
from organizer.web.labels import label
from organizer.web.unit import config, db_session


@blueprint.get("/p/<code>")
@public
def card(code: str) -> ResponseReturnValue:
    """Somebody's card, for who is at the same event; all others see the same page, whatever the code is."""
    viewer, signed_in = _viewer(code), me_or_none() is not None
    found = card_for(db_session(), viewer, code, now()) if viewer is not None else None
    if found is None:
        return render_template("checkin/card_closed.html", code=code), 404 if signed_in else 200
    return render_template("checkin/card.html", **_shown(found))


def _viewer(code: str) -> int | None:
    """Whose phone this is: by the sign-in, else by the ticket to that event that was opened on it."""
    person = me_or_none()
    if person is not None:
        return person.id
    event = event_of(db_session(), code)
    if event is None:
        return None
    kept = request.cookies.get(phones.card_cookie_name(config().https, event), "")
    holder = phones.find(db_session(), event, kept, config().secret_key)
    return holder.person_id if holder else None


def _shown(found: Registration) -> dict[str, object]:
    profile, said = profile_of(found), found.person.profile
    return {
        "event": found.event,
        "registration": found,
        "title": said.title or (label(said.role) if said.role else ""),
        "tags": tags_of(profile),
        "gives": gives_of(profile),
        "wish": wish_words(profile.wish),
    }
