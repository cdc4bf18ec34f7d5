"""Applying: what is written, what it is answered with, and what stands in the way."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from organizer.audit.service import entries
from organizer.circles.models import Exclusion
from organizer.domain.lifecycle import Admission, Barrier, EventState, RegistrationState
from organizer.domain.profiles import Criterion, Give
from organizer.domain.vocabulary import CriterionField, GiveKind, Topic
from organizer.errors import Refused
from organizer.events import seats
from organizer.events.models import Event, EventInvitation
from organizer.mail.models import Message
from organizer.people.models import Consent, ConsentKind, Person
from organizer.registrations.answers import application_of, version_of
from organizer.registrations.applying import apply, change_answers, is_invited
from organizer.registrations.models import Registration
from organizer.registrations.queries import (
    coming,
    live_registration,
    profile_of,
    registrations_of,
    somebody_waits,
    standing_registration,
    told_state,
)
from tests.factories import NOW, make_circle, make_event, make_person, make_registration, make_target
from tests.registrations.helping import ANSWERS, an_application

ADMITTED, APPLIED, WAITLISTED = (
    RegistrationState.ADMITTED,
    RegistrationState.APPLIED,
    RegistrationState.WAITLISTED,
)


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session, make_circle(session))


@pytest.fixture
def person(session: Session) -> Person:
    return make_person(session)


def open_to_all(session: Session, capacity: int = 24, **values: object) -> Event:
    return make_event(
        session, make_circle(session), admission=Admission.EVERYONE, capacity=capacity, **values
    )


def how_many(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


class TestOne:
    def test_what_was_said_is_kept_with_the_profile_of_that_day(
        self, session: Session, event: Event, person: Person
    ) -> None:
        registration = apply(session, event, person, an_application(), now=NOW, invited=False)
        person.profile.region = None
        said = profile_of(registration)
        assert registration.state is APPLIED
        assert [give.words for give in said.gives] == ["採用広報", "補助金"]
        assert said.wish.words == "製造業の社長"
        assert said.today == "考え方を聞きたい"
        assert said.id == person.id
        assert said.region is not None
        assert said.first_timer is True
        assert "後継者" not in str(registration.answers) + str(registration.profile)
        assert registration.topic == "後継者のこと"

    def test_a_second_application_gives_the_first_registration(
        self, session: Session, event: Event, person: Person
    ) -> None:
        first = apply(session, event, person, an_application(), now=NOW, invited=False)
        second = apply(session, event, person, an_application(today="別"), now=NOW, invited=False)
        assert second is first
        assert first.answers["today"] == "考え方を聞きたい"
        assert how_many(session, Registration) == 1
        assert how_many(session, Message) == 1

    def test_one_mail_and_one_audit_entry_without_words(
        self, session: Session, event: Event, person: Person
    ) -> None:
        registration = apply(session, event, person, an_application(), now=NOW, invited=False)
        message = session.scalars(select(Message)).one()
        assert (message.kind, message.person_id, message.refs) == (
            "applied",
            person.id,
            {"registration_id": registration.id},
        )
        (entry,) = entries(session, "registration", registration.id)
        assert entry.act == "registration.applied"
        assert entry.facts == {"event_id": event.id, "state": "applied"}

    def test_consents_are_kept_with_the_version_of_their_words(
        self, session: Session, event: Event, person: Person
    ) -> None:
        apply(session, event, person, an_application(), now=NOW, invited=False)
        found = session.scalars(select(Consent).where(Consent.person_id == person.id)).all()
        assert {one.kind: one.version for one in found} == {kind: kind.value[0] * 64 for kind in ConsentKind}
        assert {(one.event_id, one.circle_id, one.locale) for one in found} == {
            (event.id, event.circle_id, "ja")
        }

    def test_who_is_not_to_be_listed_has_not_consented_to_it(
        self, session: Session, event: Event, person: Person
    ) -> None:
        apply(session, event, person, an_application(listed=False), now=NOW, invited=False)
        assert ConsentKind.LISTED not in set(session.scalars(select(Consent.kind)))

    def test_the_fit_of_the_best_target_is_kept(self, session: Session, event: Event, person: Person) -> None:
        criterion = Criterion(CriterionField.INDUSTRY, (person.profile.industry.value,), must=True)
        make_target(session, event, criteria=[criterion.to_data()])
        registration = apply(session, event, person, an_application(), now=NOW, invited=False)
        assert registration.fit == 1.0
        other = make_person(session, profile={"industry": None})
        assert apply(session, event, other, an_application(), now=NOW, invited=False).fit is None

    def test_after_cancelling_one_can_apply_again(
        self, session: Session, event: Event, person: Person
    ) -> None:
        first = make_registration(session, event, person, state=RegistrationState.CANCELLED)
        again = apply(session, event, person, an_application(), now=NOW, invited=False)
        assert again is not first
        assert live_registration(session, event.id, person.id) is again

    def test_after_being_declined_the_answer_stays(
        self, session: Session, event: Event, person: Person
    ) -> None:
        declined = make_registration(session, event, person, state=RegistrationState.DECLINED)
        assert apply(session, event, person, an_application(), now=NOW, invited=False) is declined
        assert live_registration(session, event.id, person.id) is None
        assert standing_registration(session, event.id, person.id) is declined


class TestBarriers:
    @pytest.mark.parametrize(
        ("values", "why"),
        [
            ({"state": EventState.CLOSED}, Barrier.APPLICATIONS_CLOSED),
            ({"state": EventState.CANCELLED}, Barrier.EVENT_CANCELLED),
            ({"state": EventState.DRAFT}, Barrier.EVENT_DRAFT),
            ({"deadline_at": NOW - timedelta(minutes=1)}, Barrier.DEADLINE_PASSED),
            ({"starts_at": NOW - timedelta(days=1)}, Barrier.EVENT_OVER),
            ({"admission": Admission.INVITATION}, Barrier.INVITED_ONLY),
        ],
    )
    def test_an_event_that_takes_none(
        self, session: Session, person: Person, values: dict[str, object], why: Barrier
    ) -> None:
        event = make_event(session, make_circle(session), **values)
        with pytest.raises(Refused) as refused:
            apply(session, event, person, an_application(), now=NOW, invited=False)
        assert refused.value.reason is why
        assert how_many(session, Registration) == 0

    def test_the_excluded_hear_what_a_closed_event_says(
        self, session: Session, event: Event, person: Person
    ) -> None:
        by = make_person(session)
        session.add(Exclusion(circle_id=event.circle_id, person_id=person.id, by_id=by.id, created_at=NOW))
        session.flush()
        with pytest.raises(Refused) as refused:
            apply(session, event, person, an_application(), now=NOW, invited=False)
        assert refused.value.reason is Barrier.APPLICATIONS_CLOSED

    def test_the_invited_are_known_by_their_address(self, session: Session, person: Person) -> None:
        event = make_event(session, make_circle(session), admission=Admission.INVITATION)
        assert not is_invited(session, event, person.email_folded)
        session.add(
            EventInvitation(
                circle_id=event.circle_id,
                event_id=event.id,
                email=str(person.email),
                email_folded=str(person.email_folded),
                invited_by_id=person.id,
                created_at=NOW,
            )
        )
        session.flush()
        assert is_invited(session, event, person.email_folded)
        registration = apply(session, event, person, an_application(), now=NOW, invited=True)
        assert registration.state is ADMITTED


class TestOpenToAll:
    def test_admitted_at_once_while_there_is_room(self, session: Session, person: Person) -> None:
        event = open_to_all(session)
        registration = apply(session, event, person, an_application(), now=NOW, invited=False)
        assert (registration.state, registration.counted) == (ADMITTED, [seats.WHOLE])
        assert seats.counts(session, event.id)[seats.WHOLE].taken == 1
        assert session.scalars(select(Message.kind)).all() == ["admitted"]

    def test_wait_listed_when_full(self, session: Session) -> None:
        event = open_to_all(session, capacity=2)
        made = [
            apply(session, event, make_person(session), an_application(), now=NOW, invited=False)
            for _ in range(3)
        ]
        assert [one.state for one in made] == [ADMITTED, ADMITTED, WAITLISTED]
        assert made[2].waiting_since == NOW
        assert made[2].counted == []
        assert seats.counts(session, event.id)[seats.WHOLE].taken == 2
        assert session.scalars(select(Message.kind).order_by(Message.id)).all() == [
            "admitted",
            "admitted",
            "waitlisted",
        ]
        assert somebody_waits(session, event.id, but=made[0].id)
        assert not somebody_waits(session, event.id, but=made[2].id)

    def test_nobody_overtakes_who_waits_for_the_seat(self, session: Session, person: Person) -> None:
        event = open_to_all(session)
        make_registration(session, event, make_person(session), state=WAITLISTED, waiting_since=NOW)
        assert apply(session, event, person, an_application(), now=NOW, invited=False).state is WAITLISTED

    def test_a_ceiling_on_one_kind_of_people_holds(self, session: Session) -> None:
        event = open_to_all(session)
        sellers = Criterion(CriterionField.INTENT, ("sell",), must=True)
        limit = make_target(session, event, criteria=[sellers.to_data()], ceiling=1, ceiling_only=True)
        seats.set_caps(session, event, [limit])
        people = [make_person(session, profile={"intents": ["sell"]}) for _ in range(2)]
        people.append(make_person(session))
        made = [apply(session, event, one, an_application(), now=NOW, invited=False) for one in people[:2]]
        assert [one.state for one in made] == [ADMITTED, WAITLISTED]
        assert made[0].counted == [seats.WHOLE, seats.key_of(limit.id)]


class TestReading:
    def test_the_list_of_an_event_is_in_the_order_of_application(
        self, session: Session, event: Event
    ) -> None:
        late = make_registration(session, event, make_person(session), applied_at=NOW + timedelta(hours=1))
        early = make_registration(session, event, make_person(session))
        make_registration(session, event, make_person(session), state=RegistrationState.DECLINED)
        session.expire_all()
        found = registrations_of(session, event.id, [APPLIED])
        assert [one.id for one in found] == [early.id, late.id]
        assert found[0].person.profile.company

    def test_the_applicant_knows_a_decision_when_its_letter_may_leave(
        self, session: Session, event: Event, person: Person
    ) -> None:
        registration = make_registration(
            session,
            event,
            person,
            state=RegistrationState.DECLINED,
            before={"state": "applied"},
            letter_due_at=NOW + timedelta(minutes=10),
        )
        assert told_state(registration, NOW + timedelta(minutes=9)) is APPLIED
        assert told_state(registration, NOW + timedelta(minutes=10)) is RegistrationState.DECLINED

    def test_what_is_coming_is_told_soonest_first(self, session: Session, person: Person) -> None:
        circle = make_circle(session)
        later = make_event(session, circle, starts_at=NOW + timedelta(days=9))
        sooner = make_event(session, circle)
        past = make_event(session, circle, starts_at=NOW - timedelta(days=9))
        for event in (later, sooner, past):
            make_registration(session, event, person)
        session.expire_all()
        assert [one.event.id for one in coming(session, person.id, NOW)] == [sooner.id, later.id]


def test_changed_answers_replace_the_old_ones(session: Session, event: Event, person: Person) -> None:
    registration = apply(
        session, event, person, an_application(copy_to="hisho@example.jp"), now=NOW, invited=False
    )
    change_answers(session, registration, an_application(today="新しい目的", listed=False, topic=""), NOW)
    session.flush()
    session.refresh(registration)
    assert profile_of(registration).today == "新しい目的"
    assert (registration.listed, registration.topic, registration.copy_to) == (False, "", "hisho@example.jp")
    assert [entry.act for entry in entries(session, "registration", registration.id)] == [
        "registration.applied",
        "registration.answers_changed",
    ]


def test_free_words_of_a_give_are_tagged_with_their_topics() -> None:
    application = application_of(ANSWERS)
    assert len(application.gives) == 2
    assert application.gives[0].kind is GiveKind.EXPERIENCE
    assert Topic.HIRING in application.gives[0].tags
    assert Topic.HIRING in application.wish.topics


def test_codes_nobody_knows_are_dropped() -> None:
    application = application_of({"give1_words": "x", "give1_kind": "magic", "wish_industries": ["Z9", "G"]})
    assert application.gives == (Give(GiveKind.INFORMATION, "x"),)
    assert [one.value for one in application.wish.industries] == ["G"]


def test_a_version_is_that_of_the_words() -> None:
    assert version_of("外に出さない") == version_of("外に出さない") != version_of("外に出さない。")
    assert len(version_of("")) == 64
