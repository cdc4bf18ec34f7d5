"""Drafts, and the address confirmed along with an application."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from organizer.domain.lifecycle import Admission, EventState, RegistrationState
from organizer.domain.vocabulary import Region, Role
from organizer.events.models import Event
from organizer.people.models import Consent, Person
from organizer.people.service import create_person
from organizer.registrations import drafts
from organizer.registrations.models import ApplicationDraft, Registration
from organizer.registrations.queries import live_registration, profile_of
from organizer.workflows.applying import confirm
from tests.factories import NOW, make_circle, make_event, make_person
from tests.registrations.helping import NEWCOMER

AGREED = {"agreed": {"sharing_rule": "a" * 64, "privacy_notice": "b" * 64}, "agreed_in": "en"}
ADDRESS = NEWCOMER["email"]


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session, make_circle(session))


def sent(
    session: Session,
    event: Event,
    typed: Mapping[str, Any] = NEWCOMER | AGREED,
    *,
    browser: str = "one browser",
    person: Person | None = None,
    now: datetime = NOW,
    sent: bool = True,
) -> ApplicationDraft:
    return drafts.keep(session, event, typed, browser=browser, person=person, locale="ja", now=now, sent=sent)


def newcomer(session: Session) -> Person:
    return create_person(session, ADDRESS, now=NOW, confirmed=True)


class TestDrafts:
    def test_one_browser_has_one_draft_for_an_event(self, session: Session, event: Event) -> None:
        first = sent(session, event, {"name": "高橋"}, sent=False)
        second = sent(session, event, {"name": "高橋 玲子"}, sent=False)
        assert second is first
        assert first.answers == {"name": "高橋 玲子"}
        assert sent(session, event, browser="another") is not first

    def test_it_is_found_by_browser_or_person_and_by_nobody_else(
        self, session: Session, event: Event
    ) -> None:
        person, other = make_person(session), make_person(session)
        mine = sent(session, event, {}, person=person)
        browsers = sent(session, event, {}, browser="a second one")

        def found(browser: str | None, person: Person | None) -> ApplicationDraft | None:
            return drafts.find(session, event.id, browser=browser, person=person, now=NOW)

        assert found("a third one", person) is mine
        assert found("a second one", None) is browsers
        assert found("a second one", person) is mine
        assert found("one browser", other) is None
        assert found("one browser", None) is None
        assert found(None, None) is None

    def test_after_thirty_days_it_is_forgotten(self, session: Session, event: Event) -> None:
        sent(session, event, {})
        later = NOW + timedelta(days=30, seconds=1)
        assert drafts.find(session, event.id, browser="one browser", person=None, now=later) is None

    def test_fields_of_any_length_can_be_kept(self, session: Session, event: Event) -> None:
        draft = sent(
            session, event, {"name": "名" * 9_000, "email": "x" * 900, "intents": ["y" * 9_000] * 400}
        )
        assert len(draft.answers["name"]) == drafts.LONGEST
        assert len(draft.answers["intents"]) == 100
        assert draft.email_folded is not None
        assert len(draft.email_folded) == 254


class TestConfirming:
    def test_a_newcomer_gets_profile_and_registration(self, session: Session, event: Event) -> None:
        draft, person = sent(session, event), newcomer(session)
        assert confirm(session, draft.id, ADDRESS, person, NOW) is event
        registration = live_registration(session, event.id, person.id)
        assert registration is not None
        assert registration.state is RegistrationState.APPLIED
        assert (person.name, person.reading) == ("高橋 玲子", "たかはし れいこ")
        assert (person.profile.company, person.profile.role, person.profile.region) == (
            "株式会社ひびき",
            Role.OWNER_PRESIDENT,
            Region.TOKYO,
        )
        said = profile_of(registration)
        assert [challenge.words for challenge in said.challenges if challenge.words] == [
            "次の10人をどう採るか"
        ]
        assert draft.confirmed_at == NOW
        assert draft.answers == {}
        assert {one.locale for one in session.scalars(select(Consent))} == {"en"}

    def test_before_that_there_is_no_registration_and_no_person(self, session: Session, event: Event) -> None:
        sent(session, event)
        assert session.scalar(select(func.count()).select_from(Registration)) == 0
        assert session.scalar(select(Person).where(Person.email_folded == ADDRESS)) is None

    def test_nothing_of_a_known_person_is_overwritten(self, session: Session, event: Event) -> None:
        known = make_person(
            session, email=ADDRESS, name="高橋 れい子", reading="", profile={"company": "旧社名", "title": ""}
        )
        confirm(session, sent(session, event).id, ADDRESS, known, NOW)
        assert (known.name, known.profile.company) == ("高橋 れい子", "旧社名")
        assert (known.reading, known.profile.title) == ("たかはし れいこ", "代表取締役")
        assert live_registration(session, event.id, known.id) is not None

    def test_twice_is_once(self, session: Session, event: Event) -> None:
        draft, person = sent(session, event), newcomer(session)
        for _ in range(2):
            assert confirm(session, draft.id, ADDRESS, person, NOW) is event
        assert session.scalar(select(func.count()).select_from(Registration)) == 1

    def test_another_address_confirms_nothing(self, session: Session, event: Event) -> None:
        """The draft was sent anew to another address after this mail had left."""
        draft = sent(session, event)
        thief = make_person(session)
        assert confirm(session, draft.id, str(thief.email_folded), thief, NOW) is None
        assert confirm(session, 0, ADDRESS, thief, NOW) is None
        assert session.scalar(select(func.count()).select_from(Registration)) == 0
        assert draft.person_id is None

    def test_what_was_changed_after_sending_is_not_sent(self, session: Session, event: Event) -> None:
        draft = sent(session, event)
        sent(session, event, NEWCOMER | {"give1_words": ""}, sent=False)
        person = newcomer(session)
        assert confirm(session, draft.id, ADDRESS, person, NOW) is event
        assert live_registration(session, event.id, person.id) is None
        assert drafts.find(session, event.id, browser=None, person=person, now=NOW) is draft

    def test_sent_before_the_deadline_counts(self, session: Session, event: Event) -> None:
        event.deadline_at = NOW + timedelta(minutes=1)
        draft, person = sent(session, event), newcomer(session)
        confirm(session, draft.id, ADDRESS, person, NOW + timedelta(minutes=8))
        assert live_registration(session, event.id, person.id) is not None

    @pytest.mark.parametrize(
        "values",
        [{"state": EventState.CLOSED}, {"state": EventState.CANCELLED}, {"admission": Admission.INVITATION}],
    )
    def test_an_event_that_takes_none_keeps_the_draft(
        self, session: Session, event: Event, values: dict[str, object]
    ) -> None:
        draft, person = sent(session, event), newcomer(session)
        for name, value in values.items():
            setattr(event, name, value)
        session.flush()
        assert confirm(session, draft.id, ADDRESS, person, NOW) is event
        assert live_registration(session, event.id, person.id) is None
        assert draft.confirmed_at is None
        assert draft.answers["name"] == "高橋 玲子"
