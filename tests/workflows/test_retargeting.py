"""Target profiles described anew after people have been admitted: the counters say what is so."""

from sqlalchemy.orm import Session

from organizer.domain.lifecycle import EventState, RegistrationState
from organizer.domain.profiles import Criterion, TargetProfile
from organizer.domain.vocabulary import CriterionField
from organizer.events import seats
from organizer.events.models import Event
from organizer.events.service import targets_of
from organizer.people.models import Person
from organizer.registrations.models import Registration
from organizer.workflows import retargeting
from tests.factories import NOW, make_circle, make_event, make_person, make_registration

SELLERS = TargetProfile(0, "営業", (Criterion(CriterionField.INTENT, ("sell",), True),), 0, 2, 1, True)
OWNERS = TargetProfile(0, "社長", (Criterion(CriterionField.ROLE, ("owner",), True),), 1, 6)


def admitted(session: Session, event: Event, **profile: object) -> Registration:
    state = RegistrationState.ADMITTED
    return make_registration(session, event, make_person(session), state=state, profile=profile)


def counted(session: Session, event: Event) -> dict[str, tuple[int, int]]:
    return {key: (row.taken, row.cap) for key, row in seats.counts(session, event.id).items()}


def a_room(session: Session) -> tuple[Person, Event, list[Registration]]:
    host = make_person(session)
    event = make_event(session, make_circle(session, host))
    sellers = [admitted(session, event, intents=["sell"]) for _ in range(3)]
    return host, event, [*sellers, admitted(session, event, intents=["learn"])]


def test_a_limit_set_late_counts_those_who_are_in_already(session: Session) -> None:
    host, event, (seller, *_, learner) = a_room(session)
    retargeting.add(session, event, [SELLERS], by=host, now=NOW)
    (row,) = targets_of(session, event.id)
    key = seats.key_of(row.id)
    assert counted(session, event) == {"event": (4, 24), key: (3, 3)}, "full, and nobody loses a place"
    assert seats.take(session, event.id, [seats.WHOLE, key]) == [key]
    assert (seller.counted, learner.counted) == (["event", key], ["event"])


def test_a_limit_described_anew_counts_anew(session: Session) -> None:
    host, event, (seller, *_, learner) = a_room(session)
    retargeting.add(session, event, [SELLERS], by=host, now=NOW)
    (row,) = targets_of(session, event.id)
    learners = TargetProfile(
        0, "学ぶ方", (Criterion(CriterionField.INTENT, ("learn",), True),), 0, 5, 1, True
    )
    retargeting.change(session, event, row, learners, by=host, now=NOW)
    key = seats.key_of(row.id)
    assert counted(session, event)[key] == (1, 5)
    assert (seller.counted, learner.counted) == (["event"], ["event", key])


def test_who_is_assigned_stays_assigned_and_is_counted(session: Session) -> None:
    host, event, people = a_room(session)
    retargeting.add(session, event, [OWNERS], by=host, now=NOW)
    (row,) = targets_of(session, event.id)
    people[0].target_profile_id = row.id
    session.flush()
    retargeting.recount(session, event)
    assert counted(session, event)[seats.key_of(row.id)] == (1, 6)
    limit = TargetProfile(0, "社長", OWNERS.criteria, 0, 6, 1, True)
    retargeting.change(session, event, row, limit, by=host, now=NOW)
    assert people[0].target_profile_id is None, "nobody is assigned to a limit"
    assert counted(session, event)[seats.key_of(row.id)] == (0, 6)


def test_taking_one_away_takes_it_out_of_what_people_count_in(session: Session) -> None:
    host, event, people = a_room(session)
    retargeting.add(session, event, [SELLERS], by=host, now=NOW)
    (row,) = targets_of(session, event.id)
    retargeting.remove(session, event, row, by=host, now=NOW)
    assert counted(session, event) == {"event": (4, 24)}
    assert all(person.counted == ["event"] for person in people)


def test_a_draft_counts_nobody(session: Session) -> None:
    host = make_person(session)
    event = make_event(session, make_circle(session, host), state=EventState.DRAFT)
    retargeting.add(session, event, [SELLERS], by=host, now=NOW)
    assert counted(session, event) == {"event": (0, 24)}
