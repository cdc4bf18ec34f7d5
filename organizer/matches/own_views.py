"""One's own matches: who, why, what first; contact data when both say so; and not this person."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from organizer.clock import now
from organizer.domain.cadence import matches_due
from organizer.domain.reasons import Reason, ReasonKind
from organizer.errors import NotFound
from organizer.matches import closing, consents, queries
from organizer.matches.consents import Exchange
from organizer.matches.models import Match
from organizer.matches.places import Place, place_of
from organizer.matches.queries import Told
from organizer.matches.room_views import blueprint
from organizer.matches.wording import first_step, reason_texts
from organizer.people.blocks import blocked
from organizer.people.contact import ContactItem, shared
from organizer.people.models import Person
from organizer.people.service import find_by_public_id
from organizer.ties.models import Promise
from organizer.ties.service import tie_between
from organizer.web.access import me, signed_in
from organizer.web.unit import db_session
from organizer.web.urls import safe_next
from organizer.workflows.looking_back import gone_for, let_go, promises_made


@dataclass(frozen=True)
class Card:
    """One person among my matches. `contact` is theirs, once both have exchanged."""

    person: Told
    mutual: bool
    reasons: list[str]
    first_step: str
    promise: Promise | None
    exchange: Exchange
    contact: Mapping[ContactItem, str]


@blueprint.get("/e/<event_id>/matches")
@signed_in
def mine(event_id: str) -> ResponseReturnValue:
    """My matches of this event, and the wishes to meet again that are mutual."""
    place = place_of(db_session(), me().id, event_id)
    closing.admit(place, now(), writes=False)
    cards = _cards(place)
    event = place.event
    return render_template(
        "matches/mine.html",
        event=event,
        cards=cards,
        published=place.published,
        due=matches_due(event.starts_at, event.ends_at, event.circle.time_zone),
        finished=place.closing is not None and place.closing.finished_at is not None,
        changeable=not closing.read_only(event, now()),
    )


@blueprint.post("/people/<public_id>/exchange")
@signed_in
def exchange(public_id: str) -> ResponseReturnValue:
    """Offer one's contact data to somebody, or take the offer back. The answer does not tell whether they did."""
    other = _other(public_id)
    if request.form.get("take_back"):
        consents.take_back(db_session(), me().id, other.id)
    else:
        consents.offer(db_session(), me().id, other.id, now())
    return redirect(safe_next(request.form.get("next"), url_for("home.index")), 303)


@blueprint.post("/e/<event_id>/matches/<public_id>/let-go")
@signed_in
def not_this_person(event_id: str, public_id: str) -> ResponseReturnValue:
    """Let somebody of my matches go, unseen by them."""
    place = place_of(db_session(), me().id, event_id)
    closing.admit(place, now(), writes=False)
    other = _other(public_id)
    let_go(db_session(), place, other.id, now())
    flash(_("%(name)s is no longer among your matches. They are not told.", name=other.name), "safe")
    return redirect(url_for("matches.mine", event_id=event_id), 303)


def _other(public_id: str) -> Person:
    """Somebody to whom one has a tie. NotFound for all else, and where one of the two has blocked the other."""
    session = db_session()
    other = find_by_public_id(session, public_id)
    tie = tie_between(session, me().id, other.id) if other else None
    if other is None or tie is None or tie.let_go_at is not None or blocked(session, me().id, other.id):
        raise NotFound
    return other


def _cards(place: Place) -> list[Card]:
    """Those on my list first, then those who are there by a mutual wish alone."""
    session, my_id, event_id = db_session(), place.person_id, place.event.id
    listed = {queries.partner(match, my_id): match for match in queries.own_matches(session, event_id, my_id)}
    revealed = [queries.partner(row, my_id) for row in queries.own_reveals(session, event_id, my_id)]
    wanted = list(dict.fromkeys([*listed, *revealed]))
    gone = gone_for(session, my_id, wanted)
    people = queries.told(session, event_id, {my_id, *wanted})
    shown = [other for other in wanted if other not in gone and other in people]
    exchanged = consents.exchanges(session, my_id, shown)
    promises = promises_made(session, place) if shown else {}
    return [
        _card(
            people, my_id, other, listed.get(other), other in revealed, exchanged[other], promises.get(other)
        )
        for other in shown
    ]


def _card(
    people: Mapping[int, Told],
    my_id: int,
    other: int,
    match: Match | None,
    mutual: bool,
    exchanged: Exchange,
    promise: Promise | None,
) -> Card:
    reasons = [reason for reason in _reasons(match) if reason.kind is not ReasonKind.MUTUAL_AGAIN]
    contact: Mapping[ContactItem, str] = {}
    row = people[other].row
    if exchanged is Exchange.DONE and row is not None:
        contact = shared(row)
    return Card(
        people[other],
        mutual,
        reason_texts(reasons, my_id, people),
        first_step(reasons, my_id, people),
        promise,
        exchanged,
        contact,
    )


def _reasons(match: Match | None) -> tuple[Reason, ...]:
    return queries.reasons_of(match) if match is not None else ()
