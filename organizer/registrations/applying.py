"""Applying: one live registration for each event and person, whatever is pressed twice."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from organizer.audit.service import record
from organizer.circles.service import excluded
from organizer.domain.admission import fits
from organizer.domain.lifecycle import Admission, Barrier, RegistrationState, first_state, may_apply
from organizer.domain.vocabulary import VOCABULARY_VERSION
from organizer.errors import Refused
from organizer.events.models import Event, EventInvitation
from organizer.events.service import domain_targets, targets_of
from organizer.people.models import Consent, ConsentKind, Person
from organizer.people.service import domain_profile
from organizer.registrations import letters
from organizer.registrations.admitting import admit_at_once
from organizer.registrations.answers import Application
from organizer.registrations.models import Registration, Ticket
from organizer.registrations.news import News, tell_hosts
from organizer.registrations.queries import profile_of, standing_registration


def barrier(
    session: Session,
    event: Event,
    person: Person | None,
    now: datetime,
    *,
    invited: bool,
    deadline: datetime | None = None,
) -> Barrier | None:
    """Why this person cannot apply now; None when they can.

    Whom the circle has excluded is told what a closed event tells everybody.
    """
    deadline = deadline or event.deadline_at
    why = may_apply(
        event.state, event.admission, deadline=deadline, ends_at=event.ends_at, now=now, invited=invited
    )
    if why is None and person is not None and person.id in excluded(session, event.circle_id):
        return Barrier.APPLICATIONS_CLOSED
    return why


def is_invited(session: Session, event: Event, email_folded: str | None) -> bool:
    """Whether an address may apply to an event by invitation only."""
    if event.admission is not Admission.INVITATION or email_folded is None:
        return False
    query = select(EventInvitation.id).where(
        EventInvitation.event_id == event.id, EventInvitation.email_folded == email_folded
    )
    return session.scalar(query) is not None


def apply(
    session: Session,
    event: Event,
    person: Person,
    application: Application,
    *,
    now: datetime,
    invited: bool,
    first_time: bool = True,
    deadline: datetime | None = None,
) -> Registration:
    """A person's registration for an event: a new one, or the one by which they were answered already.

    `first_time`: they have attended no event of the circle before. `deadline`: in place of the event's own.
    The profile must be loaded. Raises Refused(Barrier) when the event takes no application of theirs.
    """
    standing = standing_registration(session, event.id, person.id)
    if standing is not None:
        return standing
    why = barrier(session, event, person, now, invited=invited, deadline=deadline)
    if why is not None:
        raise Refused(why)
    targets = domain_targets(targets_of(session, event.id))

    registration = _written(event, person, application, now, first_time)
    found = fits(profile_of(registration), targets)
    registration.fit = found[0].score if found else None
    try:
        with session.begin_nested():
            session.add(registration)
    except IntegrityError:
        winner = standing_registration(session, event.id, person.id)
        if winner is None:
            raise
        return winner
    registration.person, registration.event = person, event
    if registration.state is RegistrationState.WAITLISTED:
        admit_at_once(session, registration, targets, now)

    _keep_consents(session, registration, application, now)
    record(
        session,
        "registration.applied",
        "registration",
        registration.id,
        at=now,
        actor_id=person.id,
        circle_id=event.circle_id,
        event_id=event.id,
        state=registration.state.value,
    )
    letters.post(session, registration, registration.state.value, now)
    tell_hosts(session, registration, News.APPLICATION, now)
    return registration


def tell_anew(session: Session, registration: Registration, ticket: Ticket, now: datetime) -> None:
    """Post a ticket once more to the applicant, whose code has changed."""
    letters.post(session, registration, "ticket", now, once=f"code{ticket.id}")


def change_answers(
    session: Session, registration: Registration, application: Application, now: datetime
) -> None:
    """Keep what the applicant says anew for this event. The secretary's address and the consents stay."""
    registration.answers = application.to_answers()
    registration.topic = application.topic
    registration.introducer = application.introducer
    registration.listed = application.listed
    record(
        session,
        "registration.answers_changed",
        "registration",
        registration.id,
        at=now,
        actor_id=registration.person_id,
        circle_id=registration.circle_id,
        listed=application.listed,
    )


def _written(
    event: Event, person: Person, application: Application, now: datetime, first_time: bool
) -> Registration:
    state = first_state(event.admission, room=False)
    return Registration(
        circle_id=event.circle_id,
        event_id=event.id,
        person_id=person.id,
        state=state,
        answers=application.to_answers(),
        profile=domain_profile(person, first_timer=first_time).to_data(),
        vocabulary_version=VOCABULARY_VERSION,
        introducer=application.introducer,
        topic=application.topic,
        listed=application.listed,
        first_time=first_time,
        copy_to=application.copy_to,
        counted=[],
        waiting_since=now if state is RegistrationState.WAITLISTED else None,
        applied_at=now,
    )


def _keep_consents(
    session: Session, registration: Registration, application: Application, now: datetime
) -> None:
    agreed = {agreement.kind: agreement for agreement in application.agreements}
    if not application.listed:
        agreed.pop(ConsentKind.LISTED, None)
    for agreement in agreed.values():
        session.add(
            Consent(
                person_id=registration.person_id,
                kind=agreement.kind,
                circle_id=registration.circle_id,
                event_id=registration.event_id,
                version=agreement.version,
                locale=agreement.locale,
                at=now,
            )
        )
