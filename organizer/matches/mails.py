"""The mails of the end of an evening. None says what only one of two people wants."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from organizer.domain.delivery import SuppressionReason
from organizer.domain.lifecycle import EventState, RunState
from organizer.domain.reasons import Reason, ReasonKind
from organizer.events.models import Event
from organizer.mail.letters import Letter, composes
from organizer.mail.models import Message
from organizer.matches.models import Closing, MatchRun, Reveal
from organizer.matches.queries import (
    Told,
    matches_of_run,
    newest_run,
    own_matches,
    own_reveals,
    partner,
    published_match,
    reasons_of,
    told,
)
from organizer.matches.wording import reason_texts
from organizer.people import links
from organizer.people.models import LinkPurpose
from organizer.registrations.models import Registration
from organizer.registrations.queries import live_registration
from organizer.web.urls import external
from organizer.workflows.looking_back import gone_for

TITLE_WIDTH = 36
NAME_WIDTH = 30


@dataclass(frozen=True, slots=True)
class Introduced:
    """One match in a letter: the person, and the two best reasons as sentences."""

    person: Told
    reasons: list[str]


@composes("closing_opens")
def closing_opens(session: Session, message: Message, now: datetime) -> Letter | SuppressionReason:
    """That the closing is open: one minute, and why."""
    found = _attended(session, message)
    if isinstance(found, SuppressionReason):
        return found
    event, registration = found
    done = select(Closing.finished_at).where(
        Closing.event_id == event.id, Closing.person_id == registration.person_id
    )
    if session.scalar(done) is not None or newest_run(session, event.id) is not None:
        return SuppressionReason.NO_LONGER_TRUE
    return _letter(session, event, registration, now, page="closing")


@composes("matches")
def matches(session: Session, message: Message, now: datetime) -> Letter | SuppressionReason:
    """Who one's matches are, with the reasons."""
    found = _attended(session, message)
    if isinstance(found, SuppressionReason):
        return found
    event, registration = found
    me = registration.person_id
    pairs = own_matches(session, event.id, me)
    others = {partner(match, me) for match in pairs}
    gone = gone_for(session, me, others)
    pairs = [match for match in pairs if partner(match, me) not in gone]
    people = told(session, event.id, {me, *others})
    if not pairs:
        return SuppressionReason.NO_LONGER_TRUE
    introduced = [
        Introduced(people[partner(match, me)], reason_texts(reasons_of(match), me, people, limit=2))
        for match in pairs
    ]
    return _letter(session, event, registration, now, page="matches", introduced=introduced)


@composes("mutual_again")
def mutual_again(session: Session, message: Message, now: datetime) -> Letter | SuppressionReason:
    """That both of two want to meet again: the same letter to both."""
    found = _attended(session, message)
    if isinstance(found, SuppressionReason):
        return found
    event, registration = found
    me = registration.person_id
    mine = {reveal.id: reveal for reveal in own_reveals(session, event.id, me)}
    reveal = mine.get(message.refs["subject_id"])
    if reveal is None:
        return SuppressionReason.BLOCKED
    if gone_for(session, me, {partner(reveal, me)}):
        return SuppressionReason.LET_GO
    people = told(session, event.id, {reveal.a_id, reveal.b_id})
    other = people[partner(reveal, me)]
    shown = {"other": other, "other_name": short(other.name, NAME_WIDTH)}
    reasons = _known(session, reveal, me, people)
    return _letter(session, event, registration, now, page="matches", reasons=reasons, **shown)


@composes("matches_held")
def matches_held(session: Session, message: Message, now: datetime) -> Letter | SuppressionReason:
    """To a host: matches wait for a look. How many pairs, and nothing about anybody."""
    event = _event(session, message)
    run = session.get(MatchRun, message.refs["subject_id"])
    if event is None or run is None or run.state is RunState.PUBLISHED:
        return SuppressionReason.NO_LONGER_TRUE
    if event.state is EventState.CANCELLED:
        return SuppressionReason.EVENT_CANCELLED
    context: dict[str, object] = {
        "event": event,
        "title": short(event.title, TITLE_WIDTH),
        "pairs": len(matches_of_run(session, run.id)),
        "url": external("matches.after", event_id=event.public_id),
    }
    return Letter(context, sender_name=event.circle.name)


def short(text: str, width: int) -> str:
    """Text for a subject, cut where it grows too wide; full-width signs count double."""
    used = 0
    for index, sign in enumerate(text):
        used += 2 if unicodedata.east_asian_width(sign) in "WFA" else 1
        if used > width:
            return text[:index].rstrip() + "…"
    return text


def _known(session: Session, reveal: Reveal, me: int, people: dict[int, Told]) -> list[str]:
    """The reasons beside the wish, where the two are on each other's list as well."""
    match = published_match(session, reveal.event_id, reveal.a_id, reveal.b_id)
    kept: list[Reason] = []
    if match is not None:
        kept = [reason for reason in reasons_of(match) if reason.kind is not ReasonKind.MUTUAL_AGAIN]
    return reason_texts(kept, me, people, limit=2)


def _attended(session: Session, message: Message) -> tuple[Event, Registration] | SuppressionReason:
    event = _event(session, message)
    if event is None or message.person_id is None:
        return SuppressionReason.NO_LONGER_TRUE
    if event.state is EventState.CANCELLED:
        return SuppressionReason.EVENT_CANCELLED
    registration = live_registration(session, event.id, message.person_id)
    return (event, registration) if registration else SuppressionReason.NO_LONGER_TRUE


def _event(session: Session, message: Message) -> Event | None:
    query = select(Event).options(joinedload(Event.circle)).where(Event.id == message.event_id)
    return session.scalar(query)


def _letter(
    session: Session, event: Event, registration: Registration, now: datetime, page: str, **shown: object
) -> Letter:
    """A letter whose button leads to one of the two pages, by the ticket's link and six digits."""
    token = links.issue(session, LinkPurpose.TICKET, registration.person_id, registration.id, now=now)
    context: dict[str, object] = {
        "event": event,
        "title": short(event.title, TITLE_WIDTH),
        "url": external("matches.enter", token=token, page=page),
        **shown,
    }
    return Letter(context, sender_name=event.circle.name)
