"""Afterwards, for the host: how many have answered, the look at held matches, and then figures only."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from organizer.clock import now
from organizer.domain.cadence import matches_due
from organizer.domain.lifecycle import EventState, RunState, closing_opens
from organizer.domain.reasons import ReasonKind
from organizer.domain.roles import Right
from organizer.errors import NotFound, Refused
from organizer.events.models import Event
from organizer.events.service import event_of_host
from organizer.events.way import way
from organizer.matches import queries, review
from organizer.matches.models import Match, MatchRun
from organizer.matches.places import answered
from organizer.matches.queries import Told
from organizer.matches.room_views import blueprint
from organizer.matches.wording import reason_texts
from organizer.people.service import find_by_public_id
from organizer.web.access import me, signed_in
from organizer.web.unit import db_session
from organizer.workflows import reviewing
from organizer.workflows.closing import make_matches, publish_matches

MANY = 8
"""From so many people on, how many wishes were mutual says nothing about anyone."""
STEPS = (20, 10, 5, 3)


@dataclass(frozen=True)
class Shown:
    """A pair as the host sees it: names, and reasons that stand in their profiles. No wish to meet again is in it."""

    public_id: str
    one: Told
    other: Told
    reasons: list[str]


def _event(event_id: str) -> Event:
    return event_of_host(db_session(), me(), event_id, Right.REVIEW_MATCHES)


@blueprint.get("/events/<event_id>/after")
@signed_in
def after(event_id: str) -> ResponseReturnValue:
    """What comes next, and the one thing to do."""
    event = _event(event_id)
    if event.state is EventState.DRAFT:
        raise NotFound
    run = queries.newest_run(db_session(), event.id)
    frame = {"event": event, "steps": way(event, "after"), "done": answered(db_session(), event.id)}
    if run is None:
        return _before(event, frame)
    if run.state is RunState.PUBLISHED:
        return _sent(event, run, frame)
    return _held(event, run, frame)


@blueprint.post("/events/<event_id>/after/make")
@signed_in
def make(event_id: str) -> ResponseReturnValue:
    """Make the matches now. Pressed twice, they are made once."""
    event = _event(event_id)
    run = make_matches(db_session(), event.id, now(), by_id=me().id)
    sent = run.state is RunState.PUBLISHED
    flash(
        _("The matches have gone out.") if sent else _("The matches are made. Please look them over."), "safe"
    )
    return _back(event)


@blueprint.post("/events/<event_id>/after/send")
@signed_in
def send(event_id: str) -> ResponseReturnValue:
    """Send the held matches. Pressed twice, they go out once."""
    event = _event(event_id)
    run = queries.newest_run(db_session(), event.id)
    if run is None:
        raise NotFound
    publish_matches(db_session(), run, now(), by_id=me().id)
    flash(_("The matches have gone out."), "safe")
    return _back(event)


@blueprint.post("/events/<event_id>/after/<match_id>/remove")
@signed_in
def remove(event_id: str, match_id: str) -> ResponseReturnValue:
    """Take a pair off the held list, with the way back."""
    event = _event(event_id)
    review.take_off(db_session(), event, match_id, by_id=me().id, now=now())
    undo = url_for("matches.restore", event_id=event_id, match_id=match_id)
    flash({"text": _("The pair is off the list."), "url": undo}, "undo")  # type: ignore[arg-type]
    return _back(event)


@blueprint.post("/events/<event_id>/after/<match_id>/restore")
@signed_in
def restore(event_id: str, match_id: str) -> ResponseReturnValue:
    """Put a pair back that was taken off."""
    event = _event(event_id)
    review.put_back(db_session(), event, match_id, by_id=me().id, now=now())
    return _back(event)


@blueprint.get("/events/<event_id>/after/add")
@signed_in
def propose(event_id: str) -> ResponseReturnValue:
    """Whom one person might meet besides: the best few, with reasons."""
    event, session = _event(event_id), db_session()
    run, listed = queries.run_with_matches(session, event.id)
    if run is None:
        raise NotFound
    if run.state is RunState.PUBLISHED:
        raise Refused(review.ReviewBarrier.NOT_HELD)
    present = queries.told_present(session, event.id)
    picked = next((one for one in present.values() if one.public_id == request.args.get("for")), None)
    if picked is None:
        raise NotFound
    found = reviewing.proposals(session, event, run, listed, present, picked.id)
    shown = [(present[proposal.other_id], _shown(proposal.match, present).reasons) for proposal in found]
    return render_template("matches/propose.html", event=event, picked=picked, proposals=shown)


@blueprint.post("/events/<event_id>/after/add")
@signed_in
def add(event_id: str) -> ResponseReturnValue:
    """Add one of the pairs proposed."""
    event = _event(event_id)
    ids = [find_by_public_id(db_session(), request.form.get(name, "")) for name in ("one", "other")]
    one, other = ids
    if one is None or other is None or one.id == other.id:
        raise NotFound
    reviewing.add(db_session(), event, one.id, other.id, by_id=me().id, now=now())
    flash(_("The pair is on the list."), "safe")
    return _back(event)


def _back(event: Event) -> ResponseReturnValue:
    return redirect(url_for("matches.after", event_id=event.public_id), 303)


def _before(event: Event, frame: Mapping[str, object]) -> str:
    opens = closing_opens(event.starts_at, event.ends_at)
    due = matches_due(event.starts_at, event.ends_at, event.circle.time_zone)
    return render_template("matches/after.html", opens=opens, open=now() >= opens, due=due, **frame)


def _held(event: Event, run: MatchRun, frame: Mapping[str, object]) -> str:
    """All pairs by the order of readings, so that the order tells nothing."""
    session = db_session()
    listed = queries.matches_of_run(session, run.id)
    present = queries.told_present(session, event.id)
    pairs = [_shown(match, present) for match in listed if match.a_id in present and match.b_id in present]
    paired = {one for match in listed for one in (match.a_id, match.b_id)}
    return render_template(
        "matches/held.html",
        pairs=sorted(pairs, key=lambda pair: (pair.one.reading or pair.one.name, pair.other.reading)),
        people=sorted(present.values(), key=lambda one: (one.reading or one.name, one.id)),
        alone=[one for one in present.values() if one.id not in paired],
        **frame,
    )


def _shown(match: Match, people: Mapping[int, Told]) -> Shown:
    reasons = [reason for reason in queries.reasons_of(match) if reason.kind is not ReasonKind.MUTUAL_AGAIN]
    return Shown(
        match.public_id or "", people[match.a_id], people[match.b_id], reason_texts(reasons, None, people)
    )


def _sent(event: Event, run: MatchRun, frame: Mapping[str, object]) -> str:
    matches = queries.matches_of_run(db_session(), run.id)
    people = {one for match in matches for one in (match.a_id, match.b_id)}
    mutual = queries.mutual_count(db_session(), event.id) if len(people) >= MANY else 0
    at_least = next((step for step in STEPS if mutual >= step), 0)
    return render_template(
        "matches/sent.html", run=run, pairs=len(matches), people=len(people), at_least=at_least, **frame
    )
