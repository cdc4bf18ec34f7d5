"""The first page: for guests what Enishi is, for those signed in their next event and the one thing to do."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from organizer.circles.models import Membership
from organizer.clock import now
from organizer.domain.lifecycle import EventState, RegistrationState
from organizer.domain.ticketing import door_times
from organizer.events import queries as events
from organizer.events.models import Event
from organizer.followups import queries as followups
from organizer.matches import places as matches
from organizer.people.completeness import Completeness, completeness
from organizer.people.contact import shared
from organizer.people.models import Person
from organizer.people.service import domain_profile
from organizer.registrations import queries as registrations
from organizer.registrations.models import Registration
from organizer.ties import queries as ties
from organizer.web.access import me, me_or_none, public
from organizer.web.first_thing import Standing, first_thing
from organizer.web.unit import db_session

blueprint = Blueprint("home", __name__)

SHOWN_TO_GUESTS = 3
NEW_FOR = timedelta(days=3)
CLOSING_FIRST_FOR = timedelta(hours=12)
PROMISE_NEAR = timedelta(days=3)
TONIGHT = timedelta(hours=18)


@blueprint.get("/")
@public
def index() -> ResponseReturnValue:
    """What Enishi is; for those signed in, their next event and the one thing to do."""
    return _mine(me()) if me_or_none() else _guest()


def _guest() -> str:
    listed, more = events.coming_up(db_session(), now())
    return render_template(
        "home/guest.html", listed=listed[:SHOWN_TO_GUESTS], more=more or len(listed) > SHOWN_TO_GUESTS
    )


def _mine(person: Person) -> str:
    session, moment = db_session(), now()
    coming = registrations.coming(session, person.id, moment)
    tickets = [one for one in coming if _admitted(one, moment)]
    closing = matches.open_closing(session, person.id, moment)
    matched = matches.newest_matches(session, person.id, moment)
    prompts = followups.due_briefly(session, person.id, moment)
    today = moment.astimezone(ties.zone_of(person)).date()
    promises = ties.promises_near(session, person.id, today + PROMISE_NEAR)
    glance = ties.at_a_glance(session, person.id, moment - NEW_FOR)
    complete = _complete(person, glance.goals)
    tonight = _tonight(session, person, moment) if glance.circles else None
    standing = Standing(
        closing_open=closing is not None and moment < closing.ends_at + CLOSING_FIRST_FOR,
        door_tonight=tonight is not None,
        ticket_today=any(_is_today(one.event, moment) for one in tickets),
        prompts=len(prompts),
        new_matches=matched is not None and moment < matched.ends_at + NEW_FOR,
        promises=len(promises),
        profile_complete=not complete.missing,
    )
    return render_template(
        "home/index.html",
        first=first_thing(standing),
        ticket=next(iter(tickets), None),
        applied=[one for one in coming if one not in tickets],
        closing=closing,
        matched=matched,
        prompts=prompts,
        waiting=len({prompt.other_id for prompt in prompts}),
        promises=promises,
        glance=glance,
        complete=complete,
        tonight=tonight,
        states={one.id: registrations.told_state(one, moment) for one in coming},
    )


def _admitted(registration: Registration, moment: datetime) -> bool:
    return registrations.told_state(registration, moment) is RegistrationState.ADMITTED


def _is_today(event: Event, moment: datetime) -> bool:
    zone = ZoneInfo(event.circle.time_zone)
    return (
        event.starts_at.astimezone(zone).date() == moment.astimezone(zone).date() or event.starts_at <= moment
    )


def _complete(person: Person, goals: int) -> Completeness:
    return completeness(
        domain_profile(person),
        name=person.name,
        reading=person.reading,
        goals=range(goals),
        contact=shared(person),
    )


def _tonight(session: Session, person: Person, moment: datetime) -> Event | None:
    """The event at whose door this person may stand about now."""
    query = (
        select(Event)
        .join(Membership, Membership.circle_id == Event.circle_id)
        .options(joinedload(Event.circle))
        .where(Membership.person_id == person.id, Event.state.in_((EventState.PUBLISHED, EventState.CLOSED)))
        .where(Event.starts_at < moment + TONIGHT, Event.ends_at > moment - TONIGHT)
        .order_by(Event.starts_at, Event.id)
    )
    found = session.scalars(query)
    return next((event for event in found if moment < door_times(event.starts_at, event.ends_at)[1]), None)
