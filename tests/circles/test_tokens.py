"""Hosts' tokens: made once, kept as a hash, alive as long as their member may run events there."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.audit.models import AuditEntry
from organizer.circles import members, tokens
from organizer.circles.models import ApiToken, Circle, Membership
from organizer.circles.refusals import CircleBarrier
from organizer.domain.door import TokenScope
from organizer.domain.roles import CircleRole
from organizer.errors import NotFound, Refused
from organizer.people.models import Person
from organizer.tokens import digest
from tests.factories import NOW, make_circle, make_member, make_person


@pytest.fixture
def owner(session: Session) -> Person:
    return make_person(session)


@pytest.fixture
def circle(session: Session, owner: Person) -> Circle:
    return make_circle(session, owner)


@pytest.fixture
def host(session: Session, circle: Circle) -> Membership:
    return make_member(session, circle, make_person(session), CircleRole.HOST)


def make(
    session: Session, place: Membership, days: int = 90, scope: TokenScope = TokenScope.READ
) -> tuple[ApiToken, str]:
    return tokens.make(session, place, name="名簿アプリ", scope=scope, days=days, now=NOW)


def test_a_token_is_found_by_its_text_alone_and_kept_as_a_hash(session: Session, host: Membership) -> None:
    token, text = make(session, host)
    assert text.startswith("eni_api_")
    assert len(text) == len("eni_api_") + 43
    assert token.token_hash == digest(text)
    assert text not in repr([getattr(token, column.key) for column in ApiToken.__table__.columns])
    assert tokens.find(session, text, NOW) is token
    for other in (text + "x", text[:-1], text.removeprefix("eni_api_"), "eni_api_", "", "\0", "eni_api_é"):
        assert tokens.find(session, other, NOW) is None


@pytest.mark.parametrize("days", tokens.DAYS)
def test_it_ends_with_its_days(session: Session, host: Membership, days: int) -> None:
    _, text = make(session, host, days)
    assert tokens.find(session, text, NOW + timedelta(days=days, seconds=-1)) is not None
    assert tokens.find(session, text, NOW + timedelta(days=days)) is None


@pytest.mark.parametrize("days", [0, 1, 31, 366, -30, 10**9])
def test_other_lives_are_not_given(session: Session, host: Membership, days: int) -> None:
    with pytest.raises(ValueError, match=str(days)):
        make(session, host, days)


def test_it_ends_with_its_members_role_or_place(session: Session, host: Membership, owner: Person) -> None:
    _, text = make(session, host)
    members.change_role(session, host, CircleRole.STAFF, by=owner, now=NOW)
    session.flush()
    assert tokens.find(session, text, NOW) is None
    members.change_role(session, host, CircleRole.HOST, by=owner, now=NOW)
    session.flush()
    assert tokens.find(session, text, NOW) is not None
    members.end(session, host, by=owner, now=NOW)
    assert tokens.find(session, text, NOW) is None


def test_a_place_elsewhere_does_not_keep_it_alive(session: Session, host: Membership, owner: Person) -> None:
    _, text = make(session, host)
    other = make_circle(session, owner)
    make_member(session, other, session.get_one(Person, host.person_id), CircleRole.OWNER)
    members.end(session, host, by=owner, now=NOW)
    assert tokens.find(session, text, NOW) is None


def test_it_is_revoked_at_once_and_once(session: Session, host: Membership, owner: Person) -> None:
    token, text = make(session, host)
    elsewhere = make_circle(session)
    with pytest.raises(NotFound):
        tokens.revoke(session, token.public_id, now=NOW, by=owner, circle_id=elsewhere.id)
    assert tokens.find(session, text, NOW) is not None
    assert tokens.revoke(session, token.public_id, now=NOW, by=owner, circle_id=token.circle_id)
    assert tokens.find(session, text, NOW) is None
    assert not tokens.revoke(session, token.public_id, now=NOW, by=owner, circle_id=token.circle_id)
    with pytest.raises(NotFound):
        tokens.revoke(session, "x" * 22, now=NOW, by=owner)
    session.flush()
    acts = session.scalars(select(AuditEntry).where(AuditEntry.subject == "api_token")).all()
    assert [(entry.act, entry.actor_id) for entry in acts] == [
        ("token.made", host.person_id),
        ("token.revoked", owner.id),
    ]
    assert acts[0].facts == {"scope": "read", "days": 90}


def test_a_member_has_so_many_at_once(session: Session, host: Membership) -> None:
    made = [make(session, host, 30)[0] for _ in range(tokens.AT_ONCE)]
    with pytest.raises(Refused) as no:
        make(session, host)
    assert no.value.reason is CircleBarrier.TOO_MANY_TOKENS
    tokens.revoke(session, made[0].public_id, now=NOW)
    make(session, host)
    later = NOW + timedelta(days=31)
    tokens.make(session, host, name="x", scope=TokenScope.DOOR, days=30, now=later)


def test_use_is_noted_every_ten_minutes_and_of_the_living_alone(session: Session, host: Membership) -> None:
    token, text = make(session, host)

    def used(minutes: int) -> object:
        at = NOW + timedelta(minutes=minutes)
        told = tokens.is_to_be_noted(token, at)
        tokens.note_use(session, text, at)
        session.refresh(token)
        assert told == (token.used_at == at), minutes
        return token.used_at

    assert [used(m) for m in (0, 9, 10, 19, 25)] == [NOW + timedelta(minutes=m) for m in (0, 0, 10, 10, 25)]
    tokens.revoke(session, token.public_id, now=NOW)
    tokens.note_use(session, text, NOW + timedelta(hours=1))
    session.refresh(token)
    assert token.used_at == NOW + timedelta(minutes=25)


def test_the_list_tells_whose_they_are_and_which_live(
    session: Session, host: Membership, owner: Person, circle: Circle
) -> None:
    first, _ = make(session, host, 30)
    second, _ = make(session, host, 365)
    other = make_member(session, make_circle(session), owner)
    make(session, other)
    third, _ = make(session, host)
    tokens.revoke(session, third.public_id, now=NOW)
    name = session.get_one(Person, host.person_id).name
    later = NOW + timedelta(days=40)
    listed = tokens.listed(session, later, circle.id)
    assert [tuple(row) for row in listed] == [
        (second, name, circle.slug, True),
        (first, name, circle.slug, False),
    ]
    assert len(tokens.listed(session, later)) == 3
    assert len(tokens.listed(session, NOW + timedelta(days=61), circle.id)) == 1
