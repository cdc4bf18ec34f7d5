"""Drafts: what somebody has typed is kept from the first sending on, whether it was complete or not."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from organizer.events.models import Event
from organizer.people.models import Person
from organizer.people.service import fold_address
from organizer.registrations.models import ApplicationDraft
from organizer.tokens import digest

LASTS = timedelta(days=30)
LONGEST = 2_000  # characters of one field: more is a fault, and not kept


def keep(
    session: Session,
    event: Event,
    typed: Mapping[str, Any],
    *,
    browser: str,
    person: Person | None,
    locale: str,
    now: datetime,
    sent: bool,
) -> ApplicationDraft:
    """The draft of this browser or person for an event, holding what is in the form now.

    `sent`: the form was complete, and is meant.
    """
    draft = find(session, event.id, browser=browser, person=person, now=now)
    if draft is None:
        draft = ApplicationDraft(circle_id=event.circle_id, event_id=event.id)
        session.add(draft)
    email = str(typed.get("email") or "")[:254]
    draft.person_id = person.id if person else None
    draft.browser_hash = digest(browser)
    draft.email_folded = fold_address(email)[:254] or None
    draft.answers = {name: _short(value) for name, value in typed.items()}
    draft.locale, draft.updated_at, draft.expires_at = locale, now, now + LASTS
    draft.sent_at = now if sent else None
    session.flush()
    return draft


def find(
    session: Session, event_id: int, *, browser: str | None, person: Person | None, now: datetime
) -> ApplicationDraft | None:
    """The unfinished draft for an event: of the person, else of the browser as long as it is nobody else's."""
    whose = []
    if person is not None:
        whose.append(ApplicationDraft.person_id == person.id)
    if browser is not None:
        whose.append(
            (ApplicationDraft.browser_hash == digest(browser)) & ApplicationDraft.person_id.is_(None)
        )
    if not whose:
        return None
    query = select(ApplicationDraft).where(
        ApplicationDraft.event_id == event_id,
        ApplicationDraft.confirmed_at.is_(None),
        ApplicationDraft.expires_at > now,
        or_(*whose),
    )
    return session.scalar(
        query.order_by(ApplicationDraft.person_id.is_(None), ApplicationDraft.id.desc()).limit(1)
    )


def finish(draft: ApplicationDraft, person: Person, now: datetime) -> None:
    """The draft has become a registration; what was typed is not kept twice."""
    draft.person_id, draft.confirmed_at, draft.answers = person.id, now, {}


def _short(value: Any) -> Any:
    if isinstance(value, str):
        return value[:LONGEST]
    if isinstance(value, list):
        return [_short(one) for one in value[:100]]
    return value
