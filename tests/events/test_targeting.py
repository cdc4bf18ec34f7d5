"""Describing whom an event is for."""

import pytest
from sqlalchemy.orm import Session

from organizer.domain.lifecycle import Barrier, EventState, RegistrationState
from organizer.domain.profiles import Criterion, TargetProfile
from organizer.domain.vocabulary import CriterionField
from organizer.errors import Refused
from organizer.events import seats, targeting
from organizer.events.models import Event
from organizer.events.service import domain_targets, targets_of
from tests.factories import NOW, make_circle, make_event, make_person, make_registration

SELLERS = TargetProfile(0, "営業", (Criterion(CriterionField.INTENT, ("sell",), True),), 3, 2, 1, True)
OWNERS = TargetProfile(0, "社長", (Criterion(CriterionField.ROLE, ("owner",), True),), 4, 6, 5)


def names(session: Session, event: Event) -> list[str]:
    return [target.name for target in targets_of(session, event.id)]


def test_what_was_described_comes_back(session: Session) -> None:
    host = make_person(session)
    event = make_event(session, make_circle(session, host))
    targeting.add(session, event, [OWNERS, SELLERS], by=host, now=NOW)
    owners, sellers = domain_targets(targets_of(session, event.id))
    assert (owners.criteria, owners.floor, owners.ceiling, owners.weight) == (OWNERS.criteria, 4, 6, 5)
    assert (sellers.is_ceiling, sellers.ceiling) == (True, 2)
    assert sellers.floor == 0, "a limit has no seats of its own"


def test_ceilings_of_a_published_event_get_their_counters(session: Session) -> None:
    host = make_person(session)
    event = make_event(session, make_circle(session, host))
    targeting.add(session, event, [OWNERS, SELLERS], by=host, now=NOW)
    owners, sellers = targets_of(session, event.id)
    caps = {key: row.cap for key, row in seats.counts(session, event.id).items()}
    assert caps == {"event": 24, seats.key_of(owners.id): 6, seats.key_of(sellers.id): 2}
    targeting.remove(session, event, sellers, by=host, now=NOW)
    assert set(seats.counts(session, event.id)) == {"event", seats.key_of(owners.id)}


def test_a_draft_has_no_counters_yet(session: Session) -> None:
    host = make_person(session)
    event = make_event(session, make_circle(session, host), state=EventState.DRAFT)
    targeting.add(session, event, [OWNERS], by=host, now=NOW)
    assert set(seats.counts(session, event.id)) == {"event"}


def test_they_can_be_put_in_order(session: Session) -> None:
    host = make_person(session)
    event = make_event(session, make_circle(session, host))
    targeting.add(session, event, [OWNERS, SELLERS], by=host, now=NOW)
    targeting.add(session, event, [TargetProfile(0, "後継者", OWNERS.criteria)], by=host, now=NOW)
    rows = targets_of(session, event.id)
    targeting.move(session, event, rows[2], -1, now=NOW)
    assert names(session, event) == ["社長", "後継者", "営業"]
    targeting.move(session, event, rows[0], -1, now=NOW)
    assert names(session, event) == ["社長", "後継者", "営業"], "at its end nothing happens"
    targeting.move(session, event, rows[0], 1, now=NOW)
    assert names(session, event) == ["後継者", "社長", "営業"]


def test_taking_one_away_leaves_its_people_their_seat(session: Session) -> None:
    host = make_person(session)
    event = make_event(session, make_circle(session, host))
    targeting.add(session, event, [OWNERS], by=host, now=NOW)
    (row,) = targets_of(session, event.id)
    registration = make_registration(
        session, event, make_person(session), state=RegistrationState.ADMITTED, target_profile_id=row.id
    )
    targeting.remove(session, event, row, by=host, now=NOW)
    session.refresh(registration)
    assert (registration.target_profile_id, registration.state) == (None, "admitted")


def test_there_is_an_end_to_how_many(session: Session) -> None:
    host = make_person(session)
    event = make_event(session, make_circle(session, host))
    targeting.add(session, event, [OWNERS] * targeting.MOST, by=host, now=NOW)
    with pytest.raises(Refused) as refused:
        targeting.add(session, event, [OWNERS], by=host, now=NOW)
    assert refused.value.reason is targeting.Limit.TOO_MANY_TARGETS
    assert len(names(session, event)) == targeting.MOST


def test_a_cancelled_event_is_described_no_more(session: Session) -> None:
    host = make_person(session)
    event = make_event(session, make_circle(session, host), state=EventState.CANCELLED)
    with pytest.raises(Refused) as refused:
        targeting.add(session, event, [OWNERS], by=host, now=NOW)
    assert refused.value.reason is Barrier.EVENT_CANCELLED
