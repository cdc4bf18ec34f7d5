"""One person, many tabs, the same instant: one registration, one seat, one mail, and every tab is answered with it.

The twin runs the same race without the unique index, and passes when the race notices.
"""

import threading
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, joinedload

from organizer.db import Database
from organizer.domain.lifecycle import Admission
from organizer.events import seats
from organizer.events.models import Event
from organizer.mail.models import Message
from organizer.people.models import Consent, ConsentKind, Person
from organizer.registrations import applying
from organizer.registrations.applying import apply
from organizer.registrations.cancelling import cancel
from organizer.registrations.models import Registration
from organizer.registrations.queries import standing_registration, whole_registration
from tests.factories import NOW, make_circle, make_event, make_person
from tests.races.conftest import ROUNDS, assert_noticed, at_once
from tests.registrations.helping import an_application


@dataclass(frozen=True)
class Applicant:
    """Somebody with many tabs open at one event's form."""

    event_id: int
    person_id: int

    def applies(self, database: Database) -> int:
        """The whole application of one tab, in a transaction of its own; gives the registration's id."""
        with database.transaction() as session:
            event = session.get_one(Event, self.event_id, options=[joinedload(Event.circle)])
            person = session.get_one(Person, self.person_id, options=[joinedload(Person.profile)])
            return apply(session, event, person, an_application(), now=NOW, invited=False).id


def make_applicant(database: Database) -> Applicant:
    with database.transaction() as session:
        event = make_event(session, make_circle(session), admission=Admission.EVERYONE)
        return Applicant(event.id, make_person(session).id)


def count(session: Session, table: type[Registration] | type[Message], event_id: int) -> int:
    return session.scalar(select(func.count()).select_from(table).where(table.event_id == event_id)) or 0


def race(database: Database, applicant: Applicant) -> int:
    """All tabs send at once. Raises AssertionError unless one registration, seat and mail came of it; gives its id."""
    answers = at_once(lambda _: applicant.applies(database))
    with database.transaction(writes=False) as session:
        assert count(session, Registration, applicant.event_id) == 1
        assert count(session, Message, applicant.event_id) == 1
        assert seats.counts(session, applicant.event_id)[seats.WHOLE].taken == 1
        consents = session.scalars(select(Consent.kind).where(Consent.event_id == applicant.event_id)).all()
        assert sorted(consents) == sorted(ConsentKind)
    assert set(answers) == {answers[0]}
    return answers[0]


@pytest.fixture
def blind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every tab looks before any has written, so that only the database stands between them and a second row."""
    looked = threading.local()

    def look(session: Session, event_id: int, person_id: int) -> Registration | None:
        if getattr(looked, "at", None) != (event_id, person_id):
            looked.at = event_id, person_id
            return None
        return standing_registration(session, event_id, person_id)

    monkeypatch.setattr(applying, "standing_registration", look)


def test_many_tabs_make_one_registration(arena: Database) -> None:
    for _ in range(ROUNDS):
        race(arena, make_applicant(arena))


@pytest.mark.usefixtures("blind")
def test_also_when_all_have_looked_before_any_wrote(arena: Database) -> None:
    for _ in range(ROUNDS):
        race(arena, make_applicant(arena))


@pytest.mark.usefixtures("blind")
def test_without_the_index_the_race_is_lost(broken_arena: Database) -> None:
    with broken_arena.transaction() as session:
        session.execute(text("DROP INDEX uq_registration_live"))
    assert_noticed(lambda _: race(broken_arena, make_applicant(broken_arena)))


def test_cancelled_in_many_tabs_a_place_is_given_back_once(arena: Database) -> None:
    applicant = make_applicant(arena)
    registration_id = race(arena, applicant)
    with arena.transaction() as session:
        assert seats.take(session, applicant.event_id, [seats.WHOLE]) == []

    def give_back(_: int) -> bool:
        with arena.transaction() as session:
            registration = whole_registration(session, registration_id)
            assert registration is not None
            return cancel(session, registration, by=registration.person, now=NOW)

    assert at_once(give_back).count(True) == 1
    with arena.transaction(writes=False) as session:
        assert seats.counts(session, applicant.event_id)[seats.WHOLE].taken == 1
        assert count(session, Message, applicant.event_id) == 2
