"""One's own table on one's own phone: signed in, or by the link of the ticket's mail."""

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue

from organizer.clock import now
from organizer.domain.approach import WEIGHTS
from organizer.domain.lifecycle import closing_opens
from organizer.domain.weights import Weights
from organizer.rounds import phone as phones
from organizer.rounds.hall_views import clock_data, seconds_left, told
from organizer.rounds.hall_wording import words
from organizer.rounds.phone import Mine, Where
from organizer.rounds.phone_wording import card_of, neighbours_of
from organizer.rounds.room_views import blueprint
from organizer.web.access import by_link, me, remember_language, signed_in
from organizer.web.unit import db_session

TABLE = "/e/<event_id>/table"
LINK = "/t/<token>/table"


@blueprint.get(TABLE)
@signed_in
def my_table(event_id: str) -> ResponseReturnValue:
    """My table now and next, who sits there and why these people."""
    links = {
        "state": url_for("rounds.my_table_state", event_id=event_id),
        "closing": url_for("matches.closing", event_id=event_id),
    }
    own = _signed_in(event_id)
    links["ticket"] = url_for("registrations.my_ticket", public_id=own.registration.public_id)
    return _page(own, links)


@blueprint.get(f"{TABLE}/state")
@signed_in
def my_table_state(event_id: str) -> ResponseReturnValue:
    """What the clock shows and whether anything else of my table has changed; 304 while nothing has."""
    return _state(_signed_in(event_id))


@blueprint.get(LINK)
@by_link
def my_table_link(token: str) -> ResponseReturnValue:
    """The same by the link of the ticket's mail."""
    own = _by_link(token)
    links = {
        "state": url_for("rounds.my_table_link_state", token=token),
        "closing": url_for("matches.enter", token=token, page="closing"),
        "ticket": url_for("registrations.ticket", token=token),
    }
    return _page(own, links)


@blueprint.get(f"{LINK}/state")
@by_link
def my_table_link_state(token: str) -> ResponseReturnValue:
    """The same by the link of the ticket's mail."""
    return _state(_by_link(token))


def _signed_in(event_id: str) -> Mine:
    session = db_session()
    return phones.mine(session, *phones.registration_signed_in(session, me().id, event_id), now())


def _by_link(token: str) -> Mine:
    session = db_session()
    registration, present = phones.registration_by_link(session, token, now())
    remember_language(registration.person)
    return phones.mine(session, registration, present, now())


def _page(own: Mine, links: dict[str, str]) -> str:
    event = own.event
    others = phones.neighbours(db_session(), own)
    return render_template(
        "rounds/my_table.html",
        own=own,
        event=event,
        evening=own.evening,
        where=own.where,
        links=links,
        neighbours=neighbours_of(own.registration, others, _weights(own)),
        topics=phones.topics(own, others),
        card=card_of(own.registration) if own.where in _WITH_CARD else None,
        prompt=own.evening.prompts.get(own.shown.number) if own.shown else None,
        clock=_clock(own),
        now_ms=int(now().timestamp() * 1000),
        left=seconds_left(own.evening),
        closing=own.present and now() >= closing_opens(event.starts_at, event.ends_at),
        words=words(),
    )


_WITH_CARD = frozenset(Where) - {Where.CALLED_OFF, Where.GAVE_BACK, Where.NOT_ADMITTED, Where.EVENT_OVER}


def _weights(own: Mine) -> Weights:
    """What counted when these tables were made."""
    plan = own.evening.plan
    return Weights.from_data(plan.weights) if plan and plan.weights else WEIGHTS


def _state(own: Mine) -> Response:
    return told(_clock(own))


def _clock(own: Mine) -> dict[str, object]:
    return clock_data(own.evening, own.where.value, own.present, sorted(own.tables.items()))
