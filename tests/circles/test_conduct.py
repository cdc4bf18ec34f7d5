"""Reports and exclusions: for the hosts, and never for those of whom they speak."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from organizer.circles import conduct
from organizer.circles.models import Exclusion, ReportState
from organizer.circles.refusals import CircleBarrier
from organizer.circles.service import excluded
from organizer.domain.lifecycle import RegistrationState
from organizer.domain.roles import CircleRole
from organizer.domain.ticketing import ScanResult
from organizer.errors import NotFound, Refused
from organizer.events.models import SeatCount
from organizer.mail.models import Message
from organizer.workflows import conducting
from tests.checkin.rows import make_evening
from tests.factories import NOW, make_circle, make_event, make_member, make_person, make_registration


def test_a_report_reaches_every_host_but_not_the_one_it_is_about(session: Session) -> None:
    owner, host, staff, guest = (make_person(session) for _ in range(4))
    circle = make_circle(session, owner)
    make_member(session, circle, host, CircleRole.HOST)
    make_member(session, circle, staff, CircleRole.STAFF)
    conduct.report(session, circle, guest, host, "…", NOW)
    assert session.scalars(select(Message.person_id).where(Message.kind == "report")).all() == [owner.id]


def test_what_is_told_of_the_only_host_waits_for_whoever_runs_the_house(session: Session) -> None:
    owner, staff, guest, other = (make_person(session) for _ in range(4))
    circle = make_circle(session, owner, slug="hitori")
    make_member(session, circle, staff, CircleRole.STAFF)
    conduct.report(session, circle, guest, other, "…", NOW)
    told = conduct.report(session, circle, guest, owner, "…", NOW)
    assert session.scalars(select(Message.person_id).where(Message.kind == "report")).all() == [owner.id]
    assert [tuple(row) for row in conduct.unread(session)] == [(told, "hitori", owner.name)]

    host = make_person(session)
    make_member(session, circle, host, CircleRole.HOST)
    assert list(conduct.unread(session)) == []
    with pytest.raises(NotFound):
        conduct.settle_unread(session, told.public_id, NOW)
    assert told in conduct.reports_for(session, circle.id, host)


def test_nobody_reads_what_was_told_about_oneself(session: Session) -> None:
    owner, host, guest = (make_person(session) for _ in range(3))
    circle = make_circle(session, owner)
    make_member(session, circle, host, CircleRole.HOST)
    about_host = conduct.report(session, circle, guest, host, "…", NOW)
    about_guest = conduct.report(session, circle, host, guest, "…", NOW)
    assert conduct.reports_for(session, circle.id, owner) == [about_guest, about_host]
    assert conduct.reports_for(session, circle.id, host) == [about_guest]
    with pytest.raises(NotFound):
        conduct.close(session, circle, host, about_host.public_id, NOW)


def test_a_report_is_closed_in_its_own_circle(session: Session) -> None:
    owner, one, other = (make_person(session) for _ in range(3))
    circle, elsewhere = make_circle(session, owner), make_circle(session, owner)
    told = conduct.report(session, circle, one, other, "…", NOW)
    with pytest.raises(NotFound):
        conduct.close(session, elsewhere, owner, told.public_id, NOW)
    conduct.close(session, circle, owner, told.public_id, NOW)
    assert (told.state, told.closed_by_id) == (ReportState.CLOSED, owner.id)


def test_one_reports_those_of_the_same_event_and_its_hosts(session: Session) -> None:
    owner, one, other, stranger = (make_person(session) for _ in range(4))
    circle = make_circle(session, owner)
    event, elsewhere = make_event(session, circle), make_event(session, make_circle(session))
    make_registration(session, event, one)
    make_registration(session, event, other)
    make_registration(session, elsewhere, one)
    make_registration(session, elsewhere, stranger)
    assert conducting.may_report(session, circle, one, other)
    assert conducting.may_report(session, circle, one, owner)
    assert not conducting.may_report(session, circle, one, stranger)
    assert not conducting.may_report(session, circle, stranger, owner)


def test_excluding_gives_the_places_to_come_back(session: Session) -> None:
    owner, guest = make_person(session), make_person(session)
    circle = make_circle(session, owner)
    event, other = make_event(session, circle), make_event(session, make_circle(session))
    mine = make_registration(session, event, guest, state=RegistrationState.ADMITTED)
    elsewhere = make_registration(session, other, guest)
    conducting.exclude(session, circle, guest, by=owner, note="勧誘", now=NOW)
    assert mine.state is RegistrationState.CANCELLED
    assert elsewhere.state is RegistrationState.APPLIED
    assert session.scalar(select(SeatCount.taken).where(SeatCount.event_id == event.id)) == 0
    assert excluded(session, circle.id) == {guest.id}


def test_who_is_in_the_room_already_keeps_the_place(session: Session) -> None:
    evening = make_evening(session, 2, starts_at=NOW + timedelta(minutes=30))
    here, other = evening.guests
    assert evening.scan(here.code).result is ScanResult.ADMITTED
    for guest in (here, other):
        conducting.exclude(session, evening.circle, guest.person, by=evening.owner, note="", now=NOW)
    states = [guest.registration.state for guest in (here, other)]
    assert states == [RegistrationState.ADMITTED, RegistrationState.CANCELLED]
    assert excluded(session, evening.circle.id) == {here.person.id, other.person.id}


def test_excluding_twice_is_one_exclusion_and_can_be_taken_back(session: Session) -> None:
    owner, guest = make_person(session), make_person(session)
    circle = make_circle(session, owner)
    for _ in range(2):
        conducting.exclude(session, circle, guest, by=owner, note="", now=NOW)
    assert session.scalar(select(func.count()).select_from(Exclusion)) == 1
    assert [person for _row, person in conduct.exclusions(session, circle.id)] == [guest]
    assert conduct.readmit(session, circle, guest, by=owner, now=NOW)
    assert not conduct.readmit(session, circle, guest, by=owner, now=NOW)
    assert excluded(session, circle.id) == set()


def test_who_runs_the_circle_cannot_be_excluded(session: Session) -> None:
    owner, host = make_person(session), make_person(session)
    circle = make_circle(session, owner)
    make_member(session, circle, host)
    with pytest.raises(Refused) as no:
        conducting.exclude(session, circle, host, by=owner, note="", now=NOW)
    assert no.value.reason is CircleBarrier.RUNS_THE_CIRCLE
