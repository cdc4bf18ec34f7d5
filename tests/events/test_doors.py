"""The doors to events and target profiles."""

import pytest
from sqlalchemy.orm import Session

from organizer.domain.lifecycle import EventState
from organizer.domain.profiles import Criterion
from organizer.domain.roles import CircleRole, Right
from organizer.domain.vocabulary import CriterionField
from organizer.errors import NotFound
from organizer.events import queries, service
from organizer.people.models import Person
from tests.factories import make_circle, make_event, make_member, make_person, make_target


def test_a_host_gets_the_event_with_its_circle(session: Session) -> None:
    host = make_person(session)
    event = make_event(session, make_circle(session, host))
    found = service.event_of_host(session, host, event.public_id)
    assert found is event
    assert found.circle.name.startswith("朝の会")


def test_a_stranger_and_a_host_of_another_circle_get_nothing(session: Session) -> None:
    event = make_event(session, make_circle(session, make_person(session)))
    other = make_person(session)
    make_circle(session, other)
    for person in (make_person(session), other):
        with pytest.raises(NotFound):
            service.event_of_host(session, person, event.public_id)


def test_staff_get_an_event_for_the_door_only(session: Session) -> None:
    staff, circle = make_person(session), make_circle(session)
    make_member(session, circle, staff, CircleRole.STAFF)
    event = make_event(session, circle)
    assert service.event_of_host(session, staff, event.public_id, Right.SEE_DOOR) is event
    with pytest.raises(NotFound):
        service.event_of_host(session, staff, event.public_id)


@pytest.mark.parametrize(
    "text", ["", "x", "a" * 22 + "b", "あ" * 22, "\x00" * 22, "../" * 7 + "a", "' OR 1=1 --abcdefghi"]
)
def test_what_cannot_be_an_id_is_not_found_and_never_reaches_the_database(
    session: Session, text: str
) -> None:
    person = Person(id=1)
    for ask in (
        lambda: service.event_of_host(session, person, text),
        lambda: service.public_event(session, text),
        lambda: queries.look_at(session, text, None),
    ):
        with pytest.raises(NotFound):
            ask()


@pytest.mark.parametrize("state", list(EventState))
def test_the_public_sees_all_but_drafts(session: Session, state: EventState) -> None:
    event = make_event(session, make_circle(session), state=state)
    if state is EventState.DRAFT:
        with pytest.raises(NotFound):
            service.public_event(session, event.public_id)
    else:
        assert service.public_event(session, event.public_id) is event


def test_a_draft_that_was_dropped_never_becomes_public(session: Session) -> None:
    event = make_event(session, make_circle(session), state=EventState.CANCELLED, published_at=None)
    with pytest.raises(NotFound):
        service.public_event(session, event.public_id)
    with pytest.raises(NotFound):
        queries.look_at(session, event.public_id, None)


def test_targets_come_in_the_hosts_order_and_in_the_shape_of_the_solvers(session: Session) -> None:
    event = make_event(session, make_circle(session))
    later = make_target(session, event, name="後", position=2)
    first = make_target(
        session,
        event,
        name="先",
        position=1,
        criteria=[
            Criterion(CriterionField.ROLE, ("owner",), True).to_data(),
            {"field": "gone", "values": ["x"]},
        ],
        floor=2,
        ceiling=4,
        weight=5,
        ceiling_only=True,
    )
    rows = service.targets_of(session, event.id)
    assert rows == [first, later]
    shaped = service.domain_targets(rows)[0]
    assert (shaped.id, shaped.floor, shaped.ceiling, shaped.weight, shaped.is_ceiling) == (
        first.id,
        2,
        4,
        5,
        True,
    )
    assert shaped.criteria == (Criterion(CriterionField.ROLE, ("owner",), True),)


def test_a_target_of_another_event_is_not_found(session: Session) -> None:
    circle = make_circle(session)
    event, other = make_event(session, circle), make_event(session, circle)
    target = make_target(session, other)
    with pytest.raises(NotFound):
        service.target_of_host(session, event, target.public_id)
    assert service.target_of_host(session, other, target.public_id) is target
