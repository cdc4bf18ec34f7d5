"""Contacts and ties: noted once, private to each, let go unseen."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from organizer.domain.trust import FOCUS_SIZE, ContactKind, TiePurpose
from organizer.errors import NotFound, Refused
from organizer.people import blocks
from organizer.people.models import Person
from organizer.ties import service
from organizer.ties.models import Contact, Insight, Tie
from organizer.ties.service import TieBarrier
from tests.factories import NOW, make_circle, make_event, make_person


@pytest.fixture
def pair(session: Session) -> tuple[Person, Person]:
    return make_person(session), make_person(session)


def meet(session: Session, one: Person, other: Person, key: str = "event:1") -> bool:
    return service.meet(session, one.id, other.id, event_id=None, kind=ContactKind.EVENT, key=key, at=NOW)


def count(session: Session, table: type[Contact] | type[Tie]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_touch_counts_once_and_both_have_a_tie(session: Session, pair: tuple[Person, Person]) -> None:
    one, other = pair
    assert meet(session, one, other) is True
    assert meet(session, other, one) is False
    assert (count(session, Contact), count(session, Tie)) == (1, 2)
    contact = session.scalars(select(Contact)).one()
    assert (contact.a_id, contact.b_id) == (min(one.id, other.id), max(one.id, other.id))
    assert service.tie_between(session, one.id, other.id) != service.tie_between(session, other.id, one.id)


def test_another_touch_is_another_contact_of_the_same_ties(
    session: Session, pair: tuple[Person, Person]
) -> None:
    meet(session, *pair)
    tie = service.tie_between(session, pair[0].id, pair[1].id)
    assert meet(session, *pair, key="event:2") is True
    assert (count(session, Contact), count(session, Tie)) == (2, 2)
    assert service.tie_between(session, pair[0].id, pair[1].id) is tie


def test_many_pairs_meet_in_one_go_and_nobody_meets_themself(session: Session) -> None:
    people = [make_person(session) for _ in range(4)]
    pairs = [(one.id, other.id) for one in people for other in people]
    assert service.meet_each(session, pairs, event_id=None, kind=ContactKind.EVENT, key="e", at=NOW) == 6
    assert (count(session, Contact), count(session, Tie)) == (6, 12)


def test_one_finds_only_ones_own_tie(session: Session, pair: tuple[Person, Person]) -> None:
    one, other = pair
    meet(session, one, other)
    tie = service.tie_between(session, one.id, other.id)
    assert tie is not None
    assert service.tie_of(session, one, tie.public_id) is tie
    with pytest.raises(NotFound):
        service.tie_of(session, other, tie.public_id)


@pytest.mark.parametrize("blocker", [0, 1])
def test_a_block_hides_the_tie_from_both(session: Session, pair: tuple[Person, Person], blocker: int) -> None:
    meet(session, *pair)
    blocks.block(session, pair[blocker].id, pair[1 - blocker].id, NOW)
    for one, other in (pair, pair[::-1]):
        tie = service.tie_between(session, one.id, other.id)
        assert tie is not None
        with pytest.raises(NotFound):
            service.tie_of(session, one, tie.public_id)


def test_letting_go_is_of_one_side_and_can_be_taken_back(
    session: Session, pair: tuple[Person, Person]
) -> None:
    one, other = pair
    meet(session, one, other)
    tie = service.let_go(session, one.id, other.id, NOW)
    theirs = service.tie_between(session, other.id, one.id)
    assert theirs is not None
    assert (tie.let_go_at, theirs.let_go_at) == (NOW, None)
    assert service.let_go_pairs(session, {one.id, other.id}) == {service.ordered(one.id, other.id)}
    again = service.let_go(session, one.id, other.id, NOW + timedelta(days=1))
    assert again.let_go_at == NOW, "the first time stands"
    assert service.take_back(session, tie) is True
    assert service.take_back(session, tie) is False
    assert service.let_go_pairs(session, {one.id, other.id}) == set()


def test_what_there_is_between_people_is_counted_by_days_of_their_zone(
    session: Session, pair: tuple[Person, Person]
) -> None:
    one, other = pair
    third = make_person(session)
    for key, hours in (("event:1", 0), ("event:2", 1), ("event:3", 24)):
        at = NOW + timedelta(hours=hours)
        service.meet(session, one.id, other.id, event_id=None, kind=ContactKind.EVENT, key=key, at=at)
    service.let_go(session, third.id, one.id, NOW)
    ids = [one.id, other.id, third.id]
    between = service.between(session, ids, ZoneInfo("Asia/Tokyo"))
    assert between.contacts == {service.ordered(one.id, other.id): 2}
    assert between.let_go == {service.ordered(one.id, third.id)}
    alone = service.between(session, [one.id], ZoneInfo("Asia/Tokyo"))
    assert (alone.contacts, alone.let_go) == ({}, frozenset())


def test_somebody_never_met_can_be_let_go(session: Session, pair: tuple[Person, Person]) -> None:
    assert service.let_go(session, pair[0].id, pair[1].id, NOW).let_go_at == NOW
    assert service.let_go_pairs(session, []) == set()


def test_note_and_purpose_are_kept(session: Session, pair: tuple[Person, Person]) -> None:
    meet(session, *pair)
    tie = service.tie_between(session, pair[0].id, pair[1].id)
    assert tie is not None
    service.write_note(session, tie, "紹介は田中さん", TiePurpose.COUNSEL)
    session.expire(tie)
    assert (tie.note, tie.purpose) == ("紹介は田中さん", TiePurpose.COUNSEL)


def test_the_focus_list_holds_five_and_places_free_again(session: Session) -> None:
    me = make_person(session)
    others = [make_person(session) for _ in range(FOCUS_SIZE + 1)]
    for other in others:
        meet(session, me, other)
    held = [service.tie_between(session, me.id, other.id) for other in others]
    for tie in held[:FOCUS_SIZE]:
        assert tie is not None
        service.focus(session, tie)
        service.focus(session, tie)
    assert [tie.rank for tie in held if tie] == [1, 2, 3, 4, 5, None]
    last, second = held[-1], held[1]
    assert last is not None
    assert second is not None
    with pytest.raises(Refused) as refusal:
        service.focus(session, last)
    assert refusal.value.reason is TieBarrier.FOCUS_FULL
    service.unfocus(session, second)
    service.focus(session, last)
    assert last.rank == 2


def test_a_contact_by_hand_is_noted_by_its_person_and_once_a_day(
    session: Session, pair: tuple[Person, Person]
) -> None:
    meet(session, *pair)
    tie = service.tie_between(session, pair[0].id, pair[1].id)
    assert tie is not None
    day, at = date(2026, 11, 30), NOW - timedelta(days=1)
    assert service.note_contact(session, tie, ContactKind.MEAL, day, at, NOW) is True
    assert service.note_contact(session, tie, ContactKind.MEAL, day, at, NOW) is False
    noted = session.scalars(select(Contact).where(Contact.kind == ContactKind.MEAL)).one()
    assert (noted.by_id, noted.at) == (pair[0].id, at)
    with pytest.raises(Refused):
        service.note_contact(session, tie, ContactKind.CALL, date(2026, 12, 9), NOW + timedelta(days=8), NOW)


def test_a_promise_is_kept_or_given_up_once(session: Session, pair: tuple[Person, Person]) -> None:
    made = service.promise(session, pair[0].id, pair[1].id, "資料を送る", date(2026, 12, 8), now=NOW)
    assert service.promise_of(session, pair[0], made.public_id) is made
    with pytest.raises(NotFound):
        service.promise_of(session, pair[1], made.public_id)
    service.keep(session, made, NOW)
    service.keep(session, made, NOW + timedelta(hours=1))
    assert made.kept_at == NOW
    with pytest.raises(Refused):
        service.drop(session, made, NOW)
    service.reopen(session, made)
    service.drop(session, made, NOW)
    with pytest.raises(Refused):
        service.keep(session, made, NOW)


def test_open_promises_come_by_their_date_and_those_without_one_last(
    session: Session, pair: tuple[Person, Person]
) -> None:
    days = [None, date(2026, 12, 20), date(2026, 12, 5)]
    made = [service.promise(session, pair[0].id, pair[1].id, str(day), day, now=NOW) for day in days]
    service.promise(session, pair[1].id, pair[0].id, "逆", None, now=NOW)
    assert service.open_promises(session, pair[0].id) == [made[2], made[1], made[0]]
    service.keep(session, made[2], NOW)
    assert service.open_promises(session, pair[0].id, pair[1].id) == [made[1], made[0]]


def test_an_insight_is_one_a_person_and_event(session: Session) -> None:
    me = make_person(session)
    event = make_event(session, make_circle(session))
    first = service.write_insight(session, me.id, event.id, "決めるのは早く", NOW)
    second = service.write_insight(session, me.id, event.id, "決めるのは遅く", NOW)
    assert first is second
    assert first is not None
    assert first.words == "決めるのは遅く"
    service.look_back(session, first, "今なら早く", NOW + timedelta(days=90))
    assert (first.today_words, first.today_at) == ("今なら早く", NOW + timedelta(days=90))
    assert service.write_insight(session, me.id, event.id, "", NOW) is None
    assert session.scalar(select(func.count()).select_from(Insight)) == 0
