"""From a filled-in form to a registration: profile, consents, first time or not; and the way back."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from organizer.checkin.models import CheckIn
from organizer.domain.lifecycle import Actor
from organizer.errors import Refused
from organizer.events.models import Event
from organizer.people.models import Person, Profile
from organizer.registrations import applying, drafts
from organizer.registrations.admitting import lock
from organizer.registrations.answers import About, Application, about_of, application_of
from organizer.registrations.cancelling import cancel
from organizer.registrations.models import ApplicationDraft, Registration


def apply(
    session: Session,
    event: Event,
    person: Person,
    about: About | None,
    application: Application,
    now: datetime,
) -> Registration:
    """The registration of a confirmed person. `about`, just written, replaces what the profile said.

    Raises Refused(Barrier).
    """
    if about is not None:
        describe(person, about, now, only_empty=False)
    return applying.apply(
        session,
        event,
        person,
        application,
        now=now,
        invited=applying.is_invited(session, event, person.email_folded),
        first_time=not attended_before(session, event.circle_id, person.id),
    )


def confirm(
    session: Session, draft_id: int, email_folded: str, person: Person, now: datetime
) -> Event | None:
    """Make the registration of a draft whose address has just been confirmed; gives its event, None for another's.

    What the person had said before is not overwritten. A draft that was changed after it had been sent stays a draft,
    now the person's; so does one for an event that takes no more applications.
    """
    draft = session.scalar(select(ApplicationDraft).where(ApplicationDraft.id == draft_id).with_for_update())
    if draft is None or draft.email_folded != email_folded or draft.person_id not in (None, person.id):
        return None
    event = session.scalars(
        select(Event).options(joinedload(Event.circle)).where(Event.id == draft.event_id)
    ).one()
    if draft.confirmed_at is not None:
        return event
    draft.person_id = person.id
    if draft.sent_at is not None:
        describe(person, about_of(draft.answers), now, only_empty=True)
        with suppress(Refused):
            _apply_in_time(session, event, person, draft, now)
            drafts.finish(draft, person, now)
    return event


def give_up(
    session: Session,
    registration: Registration,
    *,
    by: Person | None,
    now: datetime,
    actor: Actor = Actor.APPLICANT,
) -> bool:
    """Cancel a registration, one's own or as a host; False when it was cancelled already. Raises Refused(Barrier).

    It is held before it is asked who has arrived: who comes in at this instant either has, or is not let in any more.
    """
    lock(session, registration)
    arrived = has_arrived(session, registration.id)
    return cancel(session, registration, by=by, now=now, actor=actor, arrived=arrived)


def describe(person: Person, about: About, now: datetime, *, only_empty: bool) -> None:
    """Write what somebody says of themself into their profile; with `only_empty`, only where nothing stood before.

    The profile must be loaded.
    """
    for name in ("name", "reading"):
        _fill(person, name, getattr(about, name), only_empty)
    for name in ("company", "title", "role", "authority", "industry", "size", "region"):
        _fill(person.profile, name, getattr(about, name), only_empty)
    _fill(person.profile, "intents", [intent.value for intent in about.intents], only_empty)
    _fill(person.profile, "challenges", _with_others(about, person.profile), only_empty)
    person.profile.updated_at = now


def attended_before(session: Session, circle_id: int, person_id: int, *, but: int | None = None) -> bool:
    """Whether a person has arrived at an event of the circle; `but`: at another one than this."""
    arrived = exists().where(
        CheckIn.circle_id == circle_id,
        CheckIn.event_id.is_distinct_from(but),
        CheckIn.voided_at.is_(None),
        CheckIn.registration_id == Registration.id,
        Registration.person_id == person_id,
    )
    return bool(session.scalar(select(arrived)))


def has_arrived(session: Session, registration_id: int) -> bool:
    """Whether a check-in of this registration stands."""
    standing = exists().where(CheckIn.registration_id == registration_id, CheckIn.voided_at.is_(None))
    return bool(session.scalar(select(standing)))


def _with_others(about: About, profile: Profile) -> list[dict[str, Any]]:
    """The challenges as said now, and those in own words of which the form shows only the first."""
    said = [challenge.to_data() for challenge in about.challenges]
    own_words = [row for row in profile.challenges if row.get("words")]
    return said + own_words[1:] if said else []


def _fill(row: Person | Profile, name: str, said: object, only_empty: bool) -> None:
    """An answer left empty takes nothing away that stood there before."""
    if said and not (only_empty and getattr(row, name)):
        setattr(row, name, said)


def _apply_in_time(
    session: Session, event: Event, person: Person, draft: ApplicationDraft, now: datetime
) -> Registration:
    """Apply as of when the form was sent, so that no deadline passes between sending it and opening the mail."""
    application = application_of(draft.answers)
    in_time = draft.sent_at is not None and draft.sent_at <= event.deadline_at
    return applying.apply(
        session,
        event,
        person,
        application,
        now=now,
        deadline=max(event.deadline_at, now) if in_time else event.deadline_at,
        invited=applying.is_invited(session, event, person.email_folded),
        first_time=not attended_before(session, event.circle_id, person.id),
    )
