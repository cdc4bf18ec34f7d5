"""Two people become one: whatever the register names is walked, and every unique key is made to collide."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import JSON, Boolean, Column, Date, Integer, Table, UniqueConstraint, insert, or_, select
from sqlalchemy.orm import Session

from organizer.audit.service import entries
from organizer.checkin.models import CheckIn, FeePayment
from organizer.circles.models import Circle, Membership
from organizer.db import Base, Code, UtcDateTime
from organizer.domain.delivery import MessageState
from organizer.domain.lifecycle import RegistrationState
from organizer.domain.roles import CircleRole
from organizer.domain.ticketing import CheckInMethod
from organizer.domain.vocabulary import Role
from organizer.events.models import Event
from organizer.events.seats import counts
from organizer.followups.models import FollowUp
from organizer.mail import outbox
from organizer.matches.models import Encounter, Match, MatchRun
from organizer.models import metadata
from organizer.people import blocks, links, sessions
from organizer.people.models import LinkPurpose, Person
from organizer.people.service import find_by_address, people_by_id
from organizer.register import REGISTER, Merge
from organizer.registrations import tickets
from organizer.registrations.models import Registration, Ticket
from organizer.ties.models import Promise, Tie
from organizer.workflows.merging import merge
from organizer.workflows.twins import pair_of
from tests.factories import (
    NOW,
    make_circle,
    make_event,
    make_member,
    make_person,
    make_registration,
)

SECRET = "secret-" * 6


@dataclass
class Two:
    """The two, somebody else, and where they have met."""

    kept: Person
    gone: Person
    third: Person
    circle: Circle
    event: Event


@pytest.fixture
def two(session: Session) -> Two:
    owner = make_person(session)
    circle = make_circle(session, owner)
    event = make_event(session, circle, capacity=5)
    gone = make_person(session)  # the smaller id: pairs have to be put in order anew
    return Two(make_person(session), gone, make_person(session), circle, event)


def moving(table: Table) -> list[Column[Any]]:
    """The columns that have to point to whom is kept."""
    rules = {column.name: REGISTER.get(f"{table.name}.{column.name}") for column in table.columns}
    return [table.c[name] for name, rule in rules.items() if rule and rule.merge is Merge.MOVE]


TABLES = [table for table in metadata.sorted_tables if moving(table)]


class Maker:
    """Makes rows of any table, with something in every column that must not be empty."""

    def __init__(self, session: Session, two: Two) -> None:
        self.session, self.two, self.numbers = session, two, iter(range(2, 9_999))
        self.shared: dict[str, int] = {"circle": two.circle.id, "event": two.event.id}

    def row(self, table: Table, **values: Any) -> int:
        """The id of a new row."""
        filled = {column.name: self.value(table, column) for column in table.columns if self.needs(column)}
        filled |= values
        if "a_id" in filled:
            filled["a_id"], filled["b_id"] = sorted((filled["a_id"], filled["b_id"]))
        made = self.session.execute(insert(table).values(**filled)).inserted_primary_key
        assert made is not None
        return int(made[0])

    @staticmethod
    def needs(column: Column[Any]) -> bool:
        own = column.primary_key and not column.foreign_keys
        return not (own or column.nullable) and (column.default is None or bool(column.foreign_keys))

    def value(self, table: Table, column: Column[Any]) -> Any:
        for key in column.foreign_keys:
            pointed = key.column.table
            return make_person(self.session).id if pointed.name == "person" else self.of(pointed)
        if isinstance(column.type, Code):
            return next(iter(column.type.enum))
        if isinstance(column.type, UtcDateTime):
            return NOW
        if isinstance(column.type, JSON):
            return []
        if isinstance(column.type, Boolean):
            return False
        if isinstance(column.type, Date):
            return NOW.date()
        if isinstance(column.type, Integer):
            return 1000 + next(self.numbers) if column.name in ("number", "generation", "version") else 1
        return secrets.token_hex(8)[: getattr(column.type, "length", None) or 16]

    def of(self, table: Table) -> int:
        """A row of a table that others point to: the same one where many may."""
        if table.name not in ("circle", "event", "seating_plan", "match_run"):
            return self.row(table, **EXTRA.get(table.name, {}))
        if table.name not in self.shared:
            self.shared[table.name] = self.row(table, **EXTRA.get(table.name, {}))
        return self.shared[table.name]


def keys(table: Table) -> Iterator[set[str]]:
    """The unique keys of a table that name somebody."""
    named = {column.name for column in moving(table)}
    found = [set(one.columns.keys()) for one in table.constraints if isinstance(one, UniqueConstraint)]
    found += [set(one.columns.keys()) for one in table.indexes if one.unique]
    yield from (key for key in found if key & named)


EXTRA: dict[str, dict[str, Any]] = {
    "follow_up": {"due_period": "2026-12"},
    "contact": {"key": "event:1"},
    "message": {"kind": "matches", "refs": {}, "address": None},
    "device": {"kind": "staff"},
    "seating_plan": {"table_size": 4, "state": "superseded"},
}
"""What makes rows of these tables collide in each of their keys, or be lawful at all."""
PLACED: dict[str, dict[str, Any]] = {
    "tie": {"rank": 1},
    "follow_up": {"local_date": date(2026, 12, 3), "slot": 1},
}
"""The same place among a person's others."""


def fill(session: Session, two: Two) -> dict[str, int]:
    """Rows of every table for each of the two, alike in all else; gives how many each table had for them."""
    maker, kept, gone = Maker(session, two), two.kept.id, two.gone.id
    for table in TABLES:
        if table.name == "profile":
            continue  # each of them has one already
        pair = pair_of(table)
        for column in moving(table):
            extra = EXTRA.get(table.name, {}) | (
                PLACED.get(table.name, {}) if column.name == "person_id" else {}
            )
            shared = {name for key in keys(table) if column.name in key for name in key}
            alike = {
                name: maker.value(table, table.c[name])
                for name in sorted(shared - {column.name, *extra, *PLACED.get(table.name, ())})
            }
            third = make_person(session).id
            alike |= {one: third for one in pair or () if column.name in (pair or ()) and one != column.name}
            for who in (kept, gone):
                maker.row(table, **{**alike, **extra, column.name: who})
        if pair and table.name != "claim":
            maker.row(table, **{pair[0]: kept, pair[1]: gone})
            if "a_id" not in table.c:
                maker.row(table, **{pair[0]: gone, pair[1]: kept})
    return {table.name: len(about(session, table, kept, gone)) for table in TABLES}


def about(session: Session, table: Table, *people: int) -> list[Any]:
    """The rows that point to any of these people."""
    columns = moving(table)
    return list(session.execute(select(table).where(or_(*(one.in_(people) for one in columns)))).mappings())


def test_nothing_in_the_house_points_to_the_one_who_has_gone(session: Session, two: Two) -> None:
    before = fill(session, two)
    assert all(before.values()), "the test has made rows in every table"

    merge(session, two.kept, two.gone, now=NOW)

    left = {table.name: about(session, table, two.gone.id) for table in TABLES}
    assert not {name: rows for name, rows in left.items() if rows}
    for table in TABLES:
        rows, pair = about(session, table, two.kept.id), pair_of(table)
        assert rows, table.name
        if pair:
            assert not [row for row in rows if row[pair[0]] == row[pair[1]]], table.name
        assert len(rows) <= before[table.name], table.name
    gone = session.get_one(Person, two.gone.id)
    assert gone.merged_into_id == two.kept.id
    assert (gone.email, gone.email_folded, gone.name, gone.reading, gone.phone) == (None, None, "", "", "")


def test_every_column_of_the_register_that_moves_is_walked(session: Session, two: Two) -> None:
    fill(session, two)
    for table in TABLES:
        for column in moving(table):
            found = session.execute(select(column).where(column.in_((two.kept.id, two.gone.id)))).first()
            assert found, f"no row of either in {table.name}.{column.name}"


def test_empty_places_are_filled_and_full_ones_stand(session: Session, two: Two) -> None:
    kept, gone = two.kept, two.gone
    kept.email = kept.email_folded = kept.email_confirmed_at = None
    kept.reading, gone.reading, gone.phone = "", "さとう", "03-1234"
    kept.profile.title, kept.profile.role = "", None
    gone.profile.role, gone.profile.wish = Role.OWNER_PRESIDENT, {"words": "農家"}
    address, name = gone.email, kept.name

    merge(session, kept, gone, now=NOW)

    kept = people_by_id(session, [kept.id])[kept.id]
    assert (kept.name, kept.reading, kept.phone) == (name, "さとう", "03-1234")
    assert (kept.email, kept.email_confirmed_at) == (address, NOW)
    assert kept.profile.role is Role.OWNER_PRESIDENT
    assert kept.profile.title == "代表取締役"
    assert kept.profile.wish["words"] == "製造業の社長", "what was said stands"
    assert find_by_address(session, address or "") is kept


def test_who_has_gone_is_signed_out_and_told_in_the_log(session: Session, two: Two) -> None:
    _, reference = sessions.start(session, two.gone, "link", "", NOW)
    merge(session, two.kept, two.gone, by=two.kept, now=NOW)
    assert sessions.find(session, reference, NOW) is None
    (entry,) = [one for one in entries(session, "person", two.kept.id) if one.act == "person.merged"]
    assert (entry.actor_id, entry.facts) == (two.kept.id, {"gone": two.gone.id})


def test_a_second_time_changes_nothing_and_a_wrong_one_is_refused(session: Session, two: Two) -> None:
    merge(session, two.kept, two.gone, now=NOW)
    merge(session, two.kept, two.gone, now=NOW)
    assert len([one for one in entries(session, "person", two.kept.id) if one.act == "person.merged"]) == 1
    with pytest.raises(ValueError, match="themself"):
        merge(session, two.kept, two.kept, now=NOW)
    with pytest.raises(ValueError, match="somebody else"):
        merge(session, two.third, two.gone, now=NOW)


def test_who_had_gone_into_the_gone_follows(session: Session, two: Two) -> None:
    merge(session, two.gone, two.third, now=NOW)
    merge(session, two.kept, two.gone, now=NOW)
    assert session.get_one(Person, two.third.id).merged_into_id == two.kept.id


def _arrive(session: Session, row: Registration, at: Any) -> CheckIn:
    check_in = CheckIn(
        circle_id=row.circle_id,
        event_id=row.event_id,
        registration_id=row.id,
        method=CheckInMethod.WALK_IN,
        at=at,
    )
    session.add(check_in)
    session.flush()
    return check_in


def test_of_two_registrations_the_admitted_one_stays_and_its_seat_is_counted_once(
    session: Session, two: Two
) -> None:
    make_registration(
        session,
        two.event,
        two.kept,
        state=RegistrationState.APPLIED,
        topic="内緒",
        answers={"today": "採用", "gives": []},
    )
    walk_in = make_registration(
        session,
        two.event,
        two.gone,
        state=RegistrationState.ADMITTED,
        answers={"today": "", "gives": [], "wish": {"words": "農家"}},
    )
    _arrive(session, walk_in, NOW)
    merge(session, two.kept, two.gone, now=NOW)

    (row,) = session.scalars(select(Registration).where(Registration.event_id == two.event.id)).all()
    assert (row.id, row.person_id, row.state) == (walk_in.id, two.kept.id, RegistrationState.ADMITTED)
    assert (row.topic, row.answers["today"], row.answers["wish"]) == ("内緒", "採用", {"words": "農家"})
    assert counts(session, two.event.id)["event"].taken == 1


def test_two_admitted_become_one_arrival_one_ticket_and_no_money_is_lost(session: Session, two: Two) -> None:
    rows = [
        make_registration(session, two.event, person, state=RegistrationState.ADMITTED)
        for person in (two.kept, two.gone)
    ]
    held = [tickets.issue(session, row, NOW, SECRET).id for row in rows]
    later, earlier = (
        _arrive(session, rows[0], NOW + timedelta(minutes=9)).id,
        _arrive(session, rows[1], NOW).id,
    )
    for row in rows:
        ids = {"circle_id": row.circle_id, "event_id": row.event_id, "registration_id": row.id}
        session.add(FeePayment(**ids, yen=1000, at=NOW))
    token = links.issue(session, LinkPurpose.TICKET, two.gone.id, rows[1].id, now=NOW)
    refs = {"event_id": two.event.id, "registration_id": rows[1].id}
    waiting = outbox.post(session, "admitted", now=NOW, person_id=two.gone.id, **refs)

    merge(session, two.kept, two.gone, now=NOW)

    (row,) = session.scalars(select(Registration).where(Registration.event_id == two.event.id)).all()
    assert row.id == rows[0].id
    assert counts(session, two.event.id)["event"].taken == 1
    come = {one.id: one for one in session.scalars(select(CheckIn))}
    assert {one.registration_id for one in come.values()} == {row.id}
    assert come[earlier].voided_at is None
    assert come[later].voided_at == NOW
    paid = session.scalars(select(FeePayment).order_by(FeePayment.id)).all()
    assert [(one.registration_id, one.voided_at) for one in paid] == [(row.id, None), (row.id, NOW)]
    codes = {one.id: one for one in session.scalars(select(Ticket))}
    assert codes[held[0]].revoked_at is None
    assert codes[held[1]].revoked_at == NOW
    link = links.find(session, LinkPurpose.TICKET, token, NOW)
    assert link is not None
    assert (link.person_id, link.subject_id) == (two.kept.id, row.id)
    assert waiting.state is MessageState.SUPPRESSED


def test_blocks_hold_in_union_and_a_higher_role_stands(session: Session, two: Two) -> None:
    fourth = make_person(session)
    blocks.block(session, two.gone.id, two.third.id, NOW)
    blocks.block(session, two.kept.id, two.third.id, NOW)
    blocks.block(session, fourth.id, two.gone.id, NOW)
    blocks.block(session, two.kept.id, two.gone.id, NOW)
    make_member(session, two.circle, two.kept, CircleRole.STAFF)
    make_member(session, two.circle, two.gone, CircleRole.OWNER)
    merge(session, two.kept, two.gone, now=NOW)
    assert blocks.blocked_with(session, two.kept.id) == {two.third.id, fourth.id}
    assert blocks.blocked_with(session, two.gone.id) == set()
    query = select(Membership.role).where(Membership.person_id == two.kept.id)
    assert session.scalars(query).all() == [CircleRole.OWNER]


def test_ties_grow_together_and_places_move_on(session: Session, two: Two) -> None:
    fourth, at = make_person(session), {"created_at": NOW}
    session.add_all(
        [
            Tie(person_id=two.kept.id, other_id=two.third.id, note="新潟の出身", rank=1, **at),
            Tie(person_id=two.gone.id, other_id=two.third.id, note="酒が好き", let_go_at=NOW, rank=2, **at),
            Tie(person_id=two.gone.id, other_id=fourth.id, rank=1, **at),
            Tie(person_id=two.gone.id, other_id=two.kept.id, **at),
            Promise(person_id=two.gone.id, other_id=two.kept.id, words="本を送る", **at),
        ]
    )
    session.flush()
    merge(session, two.kept, two.gone, now=NOW)
    found = {one.other_id: one for one in session.scalars(select(Tie).where(Tie.person_id == two.kept.id))}
    assert found.keys() == {two.third.id, fourth.id}
    assert found[two.third.id].note == "新潟の出身\n\n酒が好き"
    assert found[two.third.id].let_go_at == NOW
    assert {found[two.third.id].rank, found[fourth.id].rank} == {1, 2}
    assert session.scalars(select(Promise)).all() == []


def test_prompts_of_one_day_get_other_places_and_an_answer_is_kept(session: Session, two: Two) -> None:
    fourth = make_person(session)
    day = {"step": "two_weeks", "due_at": NOW, "local_date": NOW.date(), "created_at": NOW}
    day["step"] = next(iter(FollowUp.__table__.c.step.type.enum))  # type: ignore[attr-defined]
    session.add_all(
        [
            FollowUp(person_id=two.kept.id, other_id=two.third.id, due_period="a", slot=1, **day),
            FollowUp(person_id=two.gone.id, other_id=fourth.id, due_period="a", slot=1, **day),
            FollowUp(
                person_id=two.gone.id, other_id=two.third.id, due_period="a", slot=2, answered_at=NOW, **day
            ),
        ]
    )
    session.flush()
    merge(session, two.kept, two.gone, now=NOW)
    query = select(FollowUp).where(FollowUp.person_id == two.kept.id)
    found = {one.other_id: one for one in session.scalars(query)}
    assert found.keys() == {two.third.id, fourth.id}
    assert found[two.third.id].answered_at == NOW
    assert len({one.slot for one in found.values()}) == 2


def test_matches_name_the_one_who_is_kept(session: Session, two: Two) -> None:
    ids = {"circle_id": two.circle.id, "event_id": two.event.id, "generation": 1}
    run = MatchRun(**ids, state="published", weights_version=1, work={}, made_at=NOW)
    session.add(run)
    session.flush()
    low, high = sorted((two.gone.id, two.third.id))
    reasons = [{"kind": "same_area", "subject": low, "other": high}]
    match = Match(**ids, run_id=run.id, a_id=low, b_id=high, score=1, reasons=reasons)
    met = Encounter(circle_id=two.circle.id, event_id=two.event.id, a_id=low, b_id=high, talked=True, at=NOW)
    a, b = sorted((two.kept.id, two.third.id))
    sat = Encounter(
        circle_id=two.circle.id, event_id=two.event.id, a_id=a, b_id=b, talked=False, sat=2, at=NOW
    )
    session.add_all([match, met, sat])
    session.flush()
    merge(session, two.kept, two.gone, now=NOW)
    session.refresh(match)
    assert (match.a_id, match.b_id) == (a, b)
    assert {match.reasons[0]["subject"], match.reasons[0]["other"]} == {a, b}
    (one,) = session.scalars(select(Encounter)).all()
    assert (one.a_id, one.b_id, one.talked, one.sat) == (a, b, True, 2)


def test_the_register_and_the_tables_agree_on_who_is_spoken_of() -> None:
    assert Base.metadata is metadata
    assert {table.name: pair_of(table) for table in TABLES if pair_of(table)} == {
        "block": ("person_id", "other_id"),
        "report": ("reporter_id", "reported_id"),
        "claim": ("person_id", "other_id"),
        "encounter": ("a_id", "b_id"),
        "talk": ("person_id", "other_id"),
        "again": ("person_id", "other_id"),
        "reveal": ("a_id", "b_id"),
        "match": ("a_id", "b_id"),
        "contact_consent": ("person_id", "other_id"),
        "tie": ("person_id", "other_id"),
        "contact": ("a_id", "b_id"),
        "promise": ("person_id", "other_id"),
        "follow_up": ("person_id", "other_id"),
        "personal_letter": ("person_id", "other_id"),
    }
