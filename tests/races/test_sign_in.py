"""One link, one set of tries, one invitation, one last owner, however many press at the same instant.

Each race has a twin with its guard taken away, and passes when the race notices.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from organizer.circles import invitations, members
from organizer.circles.models import CircleInvitation, Membership
from organizer.circles.service import member
from organizer.db import Database
from organizer.domain.roles import CircleRole
from organizer.errors import Refused
from organizer.people import signing
from organizer.people.counting import count, counted
from organizer.people.models import Person, SignInRequest
from tests.factories import NOW, make_circle, make_member, make_person
from tests.races.conftest import ROUNDS, THREADS, assert_noticed, at_once

SECRET = "s" * 40


def ask(session: Session, email: str) -> tuple[SignInRequest, str, str]:
    """A request whose mail has been written, its link's token and its digits."""
    request = signing.ask(session, email, browser="b", locale="ja", now=NOW, secret_key=SECRET)
    token, digits = signing.make_secrets(request, SECRET)
    session.flush()
    return request, token, digits


def race_for_one_link(database: Database, email: str) -> None:
    """32 browsers press the button of one link. Raises AssertionError unless one is signed in, as one new person."""
    with database.transaction() as session:
        request, token, _ = ask(session, email)

    def press(_number: int) -> int | None:
        with database.transaction() as session:
            found = signing.find_by_link(session, token)
            assert found is not None
            confirmed = signing.spend(session, found, NOW)
            return confirmed.person.id if confirmed else None

    winners = [person for person in at_once(press) if person is not None]
    assert len(winners) == 1
    with database.transaction(writes=False) as session:
        assert session.scalar(select(func.count()).where(Person.email_folded == email)) == 1
        assert session.get_one(SignInRequest, request.id).used_at == NOW


def race_to_guess(database: Database, email: str) -> None:
    """32 browsers type the right digits. Raises AssertionError unless the first five were looked at, and no more."""
    with database.transaction() as session:
        request, _, digits = ask(session, email)

    def guess(_number: int) -> bool:
        with database.transaction() as session:
            row = session.get_one(SignInRequest, request.id)
            return signing.try_digits(session, row, digits, now=NOW, secret_key=SECRET)

    assert sum(at_once(guess)) == 5
    with database.transaction(writes=False) as session:
        assert session.get_one(SignInRequest, request.id).tries == 5


def race_for_one_invitation(database: Database) -> None:
    """One person takes up one invitation in 32 tabs. Raises AssertionError unless it was taken up exactly once."""
    with database.transaction() as session:
        owner, guest = make_person(session), make_person(session)
        circle = make_circle(session, owner)
        place = member(session, owner, circle.id)
        assert place is not None
        invitation = invitations.invite(
            session, place, guest.email or "", CircleRole.HOST, locale="ja", now=NOW, secret_key=SECRET
        )

    def accept(_number: int) -> bool:
        with database.transaction() as session:
            row = session.get_one(CircleInvitation, invitation.id)
            try:
                invitations.accept(session, row, session.get_one(Person, guest.id), NOW)
            except Refused:
                return False
            return True

    assert sum(at_once(accept)) == 1
    with database.transaction(writes=False) as session:
        places = select(func.count()).where(
            Membership.circle_id == circle.id, Membership.person_id == guest.id
        )
        assert session.scalar(places) == 1


def race_to_step_down(database: Database) -> None:
    """32 owners of one circle leave at once. Raises AssertionError unless exactly one of them remains."""
    with database.transaction() as session:
        owners = [make_person(session) for _ in range(THREADS)]
        circle = make_circle(session)
        ids = [make_member(session, circle, owner, CircleRole.OWNER).id for owner in owners]

    def leave(number: int) -> bool:
        with database.transaction() as session:
            place = session.get_one(Membership, ids[number])
            try:
                members.end(session, place, by=session.get_one(Person, place.person_id), now=NOW)
            except Refused:
                return False
            return True

    assert Counter(at_once(leave)) == {True: THREADS - 1, False: 1}
    with database.transaction(writes=False) as session:
        assert session.scalar(select(func.count()).where(Membership.circle_id == circle.id)) == 1


Count = Callable[[Database, str], int]


def in_one_statement(database: Database, key: str) -> int:
    """Counting as it is done."""
    with database.transaction() as session:
        return count(session, key, 60, NOW.timestamp())


def in_two_transactions(database: Database, key: str) -> int:
    """Counting as it must not be done: what was read is old when it is written."""
    with database.transaction(writes=False) as session:
        before, _ = counted(session, key, NOW.timestamp())
    with database.transaction() as session:
        count(session, key, 60, NOW.timestamp())
    return before + 1


def race_to_count(database: Database, key: str, counting: Count) -> None:
    """32 tries at once. Raises AssertionError unless each has a number of its own."""
    assert sorted(at_once(lambda _number: counting(database, key))) == list(range(1, THREADS + 1))


@pytest.mark.parametrize("number", range(ROUNDS))
def test_one_link_signs_in_once(arena: Database, number: int) -> None:
    race_for_one_link(arena, f"new{number}@example.jp")


@pytest.mark.parametrize("number", range(ROUNDS))
def test_five_tries_are_five(arena: Database, number: int) -> None:
    race_to_guess(arena, f"guess{number}@example.jp")


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_one_invitation_is_taken_up_once(arena: Database, _round: int) -> None:
    race_for_one_invitation(arena)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_an_owner_remains(arena: Database, _round: int) -> None:
    race_to_step_down(arena)


@pytest.mark.parametrize("number", range(ROUNDS))
def test_every_try_is_counted(arena: Database, number: int) -> None:
    race_to_count(arena, f"key{number}", in_one_statement)


def _use_up_without_looking(session: Session, request: SignInRequest, now: datetime) -> bool:
    session.execute(update(SignInRequest).where(SignInRequest.id == request.id).values(used_at=now))
    return True


def test_a_link_used_without_looking_is_noticed(
    broken_arena: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing, "_take", _use_up_without_looking)
    assert_noticed(lambda number: race_for_one_link(broken_arena, f"broken{number}@example.jp"))


def test_tries_that_are_not_limited_are_noticed(
    broken_arena: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the race, or by the check on the column that stands behind the guard."""
    monkeypatch.setattr(signing, "TRIES", THREADS)
    assert_noticed(lambda number: race_to_guess(broken_arena, f"broken{number}@example.jp"), IntegrityError)


def _take_up_without_looking(
    session: Session, invitation: CircleInvitation, person: Person, now: datetime
) -> bool:
    invitation.accepted_at, invitation.accepted_by_id = now, person.id
    return True


def test_an_invitation_taken_up_without_looking_is_noticed(
    broken_arena: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invitations, "_take", _take_up_without_looking)
    assert_noticed(lambda _: race_for_one_invitation(broken_arena))


def test_owners_who_do_not_look_at_one_another_are_noticed(
    broken_arena: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(members, "_keep_an_owner", lambda session, place: None)
    assert_noticed(lambda _: race_to_step_down(broken_arena))


def test_counting_in_two_steps_is_noticed(broken_arena: Database) -> None:
    assert_noticed(lambda number: race_to_count(broken_arena, f"key{number}", in_two_transactions))
