"""Cards for the tables and slips for those without a phone, as PDFs."""

from flask import Response, request
from flask.typing import ResponseReturnValue

from organizer.domain.roles import Right
from organizer.domain.rounds import RoundBarrier
from organizer.errors import NotFound, Refused
from organizer.rounds import hall as halls
from organizer.rounds import papers, queries
from organizer.rounds.room_views import ROUNDS, blueprint, event_in_room
from organizer.web.access import signed_in
from organizer.web.unit import db_session


@blueprint.get(f"{ROUNDS}/tables.pdf")
@signed_in
def cards_pdf(event_id: str) -> ResponseReturnValue:
    """A card for each table, to be folded: its number, and who sits there in each round; `round` chooses one."""
    from organizer.rounds import table_pdf  # noqa: PLC0415  heavy, and few pages need it

    event = event_in_room(event_id, Right.SCAN)
    evening = halls.evening_of(db_session(), event)
    if evening.plan is None:
        raise Refused(RoundBarrier.NOT_PUBLISHED)
    number = _number(request.args.get("round", ""), evening.plan.rounds)
    seats = queries.seats_of(db_session(), evening.plan.id)
    cards = papers.cards(seats, queries.faces(db_session(), event.id), number)
    return _pdf(table_pdf.cards(event, cards), "tables.pdf")


@blueprint.get(f"{ROUNDS}/routes.pdf")
@signed_in
def routes_pdf(event_id: str) -> ResponseReturnValue:
    """A slip for each person with their table in every round; `person` asks for that of one latecomer."""
    from organizer.rounds import table_pdf  # noqa: PLC0415  heavy, and few pages need it

    event = event_in_room(event_id, Right.SCAN)
    evening = halls.evening_of(db_session(), event)
    if evening.plan is None:
        raise Refused(RoundBarrier.NOT_PUBLISHED)
    seats = queries.seats_of(db_session(), evening.plan.id)
    slips = papers.slips(seats, queries.faces(db_session(), event.id), evening.plan.rounds)
    wanted = request.args.get("person")
    chosen = [slip for slip in slips if wanted in (None, slip.face.public_id)]
    if wanted is not None and not chosen:
        raise NotFound
    return _pdf(table_pdf.routes(event, chosen), "routes.pdf")


def _number(text: str, rounds: int) -> int | None:
    """The round asked for; None for all of them."""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= rounds):
        raise NotFound
    return int(text)


def _pdf(content: bytes, name: str) -> Response:
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
