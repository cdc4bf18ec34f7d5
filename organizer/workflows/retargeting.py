"""Describing anew whom an event is for, once people have been admitted: the counters follow."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from organizer.domain import profiles as domain
from organizer.domain.admission import ordinary
from organizer.domain.lifecycle import EventState, RegistrationState
from organizer.events import seats, targeting
from organizer.events.models import Event, TargetProfile
from organizer.events.service import domain_targets, targets_of
from organizer.people.models import Person
from organizer.registrations.placing import always
from organizer.registrations.queries import registrations_of


def add(
    session: Session, event: Event, described: Iterable[domain.TargetProfile], *, by: Person, now: datetime
) -> None:
    """Put target profiles at the end of the list."""
    targeting.add(session, event, described, by=by, now=now)
    recount(session, event)


def change(
    session: Session,
    event: Event,
    row: TargetProfile,
    described: domain.TargetProfile,
    *,
    by: Person,
    now: datetime,
) -> None:
    """Describe a target profile anew."""
    targeting.change(session, event, row, described, by=by, now=now)
    recount(session, event)


def remove(session: Session, event: Event, row: TargetProfile, *, by: Person, now: datetime) -> None:
    """Take a target profile away; its people keep their places in the event."""
    targeting.remove(session, event, row, by=by, now=now)
    recount(session, event)


def recount(session: Session, event: Event) -> None:
    """Count everyone admitted in the target profile they are assigned to and under each limit they meet now.

    A ceiling that more people meet than it allows stays full; nobody loses a place. The counters are locked before
    the registrations are read, so that who is admitted meanwhile is counted by one of the two.
    """
    if event.state is EventState.DRAFT:
        return
    rows = targets_of(session, event.id)
    seats.set_caps(session, event, rows)
    targets = domain_targets(rows)
    assignable = {target.id for target in ordinary(targets)}
    taken = Counter({seats.key_of(target.id): 0 for target in targets})
    for registration in registrations_of(session, event.id, [RegistrationState.ADMITTED]):
        if registration.target_profile_id not in assignable:
            registration.target_profile_id = None
        keys = always(registration, targets)
        if registration.target_profile_id is not None:
            keys.append(seats.key_of(registration.target_profile_id))
        registration.counted = keys
        taken.update(key for key in keys if key != seats.WHOLE)
    seats.set_taken(session, event.id, taken)
