"""A walk-in's registration goes into the right hands: their own, or those of whom it has been all along."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.audit.models import AuditEntry
from organizer.checkin import claims, queries
from organizer.checkin.models import Claim
from organizer.circles.models import Exclusion
from organizer.circles.service import excluded
from organizer.domain.lifecycle import RegistrationState
from organizer.mail.models import Message
from organizer.people import signing
from organizer.people.models import Consent, Person, SignInPurpose, SignInRequest
from organizer.people.service import find_by_address, people_by_id
from organizer.registrations.models import Registration
from organizer.registrations.queries import profile_of
from organizer.workflows import claiming, walking_in
from organizer.workflows.walking_in import Keeper, Newcomer
from tests.checkin.rows import Evening, make_evening
from tests.factories import NOW, make_event, make_person, make_registration

SECRET = "secret-" * 6
ADDRESS = "reiko@example.jp"
SAID = {
    "name": "高橋 玲子",
    "reading": "たかはし れいこ",
    "company": "株式会社ひびき",
    "title": "代表",
    "role": "owner",
    "industry": "G",
    "give1_words": "採用広報の話",
    "wish_words": "",
    "listed": True,
    "agreed": {"sharing_rule": "a" * 64, "privacy_notice": "b" * 64, "listed": "c" * 64},
    "agreed_in": "ja",
}
AGREED = {"sharing_rule": "d" * 64, "privacy_notice": "e" * 64}


@pytest.fixture
def evening(session: Session) -> Evening:
    return make_evening(session)


@pytest.fixture
def registration(evening: Evening) -> Registration:
    newcomer = Newcomer("タカハシ", "", "農家の方")
    return walking_in.walk_in(
        evening.session,
        evening.event,
        newcomer,
        "k" * 32,
        Keeper(evening.staff.id),
        now=NOW,
        secret_key=SECRET,
    )


@pytest.fixture
def claim(evening: Evening, registration: Registration) -> Claim:
    made = claims.of_registration(evening.session, registration.id)
    assert made is not None
    claiming.say(evening.session, made, ADDRESS, SAID)
    return made


def asked(session: Session, claim: Claim, email: str = ADDRESS) -> SignInRequest:
    return signing.ask(
        session,
        email,
        purpose=SignInPurpose.CLAIM,
        subject_id=claim.id,
        browser="phone",
        locale="en",
        now=NOW,
        secret_key=SECRET,
    )


@pytest.fixture
def hooked(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the pages register with signing, without their words."""
    monkeypatch.setitem(
        signing.ADOPTS,
        SignInPurpose.CLAIM,
        lambda session, request, now: claiming.who_gets(
            session, request.subject_id or 0, request.email_folded, now
        ),
    )
    monkeypatch.setitem(
        signing.ON_CONFIRMED,
        SignInPurpose.CLAIM,
        lambda session, request, person, now: (
            claiming.confirm(session, request.subject_id or 0, request.email_folded, person, now) and "/on"
        ),
    )


def confirm(session: Session, request: SignInRequest) -> Person | None:
    confirmed = signing.spend(session, request, NOW)
    return confirmed.person if confirmed else None


@pytest.mark.usefixtures("hooked")
class TestAnAddressOfNobody:
    def test_the_walk_in_has_it_from_then_on_with_profile_and_consents(
        self, session: Session, claim: Claim, registration: Registration
    ) -> None:
        person = confirm(session, asked(session, claim))
        assert person is not None
        assert person.id == registration.person_id
        assert (person.email, person.email_confirmed_at, person.locale) == (ADDRESS, NOW, "en")
        assert (person.name, person.profile.company, person.profile.title) == (
            "高橋 玲子",
            "株式会社ひびき",
            "代表",
        )
        found = find_by_address(session, ADDRESS)
        assert found is person
        said = profile_of(registration)
        assert (said.role, said.gives[0].words, said.wish.words) == ("owner", "採用広報の話", "農家の方")
        assert registration.listed
        kinds = session.scalars(select(Consent.kind).where(Consent.person_id == person.id)).all()
        assert sorted(kinds) == ["listed", "privacy_notice", "sharing_rule"]
        assert claim.settled_at == NOW
        letter = session.scalars(select(Message).where(Message.kind == "ticket")).one()
        assert (letter.person_id, letter.refs["registration_id"]) == (person.id, registration.id)

    def test_it_works_once(self, session: Session, claim: Claim) -> None:
        first = asked(session, claim)
        again = asked(session, claim)
        assert confirm(session, first) is not None
        assert confirm(session, first) is None
        later = confirm(session, again)
        assert later is not None  # no more than a sign-in of whom the address is by now
        assert session.scalars(select(AuditEntry.act).where(AuditEntry.subject == "claim")).all() == [
            "claim.settled"
        ]

    def test_an_address_given_before_the_last_one_claims_nothing(
        self, session: Session, claim: Claim, registration: Registration
    ) -> None:
        wrong = asked(session, claim)
        claiming.say(session, claim, "other@example.jp", SAID)
        person = confirm(session, wrong)
        assert person is not None
        assert person.id != registration.person_id
        assert claim.settled_at is None

    def test_after_thirty_days_it_is_over(
        self, session: Session, claim: Claim, registration: Registration
    ) -> None:
        claim.expires_at = NOW
        person = confirm(session, asked(session, claim))
        assert person is not None
        assert person.id != registration.person_id
        assert claiming.confirm(session, claim.id, ADDRESS, person, NOW) is None

    def test_without_the_tick_nobody_sees_them_listed(
        self, session: Session, claim: Claim, registration: Registration
    ) -> None:
        claiming.say(session, claim, ADDRESS, {**SAID, "listed": False})
        confirm(session, asked(session, claim))
        assert not registration.listed
        kinds = session.scalars(select(Consent.kind)).all()
        assert sorted(kinds) == ["privacy_notice", "sharing_rule"]


@pytest.mark.usefixtures("hooked")
class TestAnAddressOfSomebody:
    @pytest.fixture
    def known(self, session: Session) -> Person:
        return make_person(session, email=ADDRESS, name="高橋 れい子", reading="")

    def test_they_are_asked_and_nothing_is_changed_by_that(
        self, session: Session, claim: Claim, registration: Registration, known: Person
    ) -> None:
        person = confirm(session, asked(session, claim))
        assert person is known
        assert (claim.other_id, claim.asked_at, claim.settled_at) == (known.id, NOW, None)
        assert registration.person_id != known.id
        assert known.reading == ""

    def test_their_yes_makes_one_person(
        self, session: Session, evening: Evening, claim: Claim, registration: Registration, known: Person
    ) -> None:
        gone_id, known_id, claim_id = registration.person_id, known.id, claim.id
        before = make_event(session, evening.circle, starts_at=NOW - timedelta(days=30))
        make_registration(session, before, known, state=RegistrationState.ADMITTED)
        confirm(session, asked(session, claim))
        assert claiming.agree(session, claim, known, AGREED, "ja", NOW)
        kept = people_by_id(session, [known_id])[known_id]
        row = session.get_one(Registration, registration.id)
        assert (row.person_id, row.state) == (known_id, RegistrationState.ADMITTED)
        assert queries.present_ids(session, evening.event.id) == [known_id]
        assert (kept.name, kept.reading) == ("高橋 れい子", "たかはし れいこ")
        assert kept.profile.company.startswith("第"), "what they said of themselves stands"
        assert profile_of(row).wish.words == "農家の方"
        assert session.get_one(Person, gone_id).merged_into_id == known_id
        settled = session.get_one(Claim, claim_id)
        assert (settled.settled_at, settled.email, settled.said) == (NOW, "", {}), "it has done its work"
        agreed = session.execute(select(Consent.kind, Consent.version).where(Consent.person_id == known_id))
        assert {kind.value: version for kind, version in agreed} == AGREED | {"listed": "c" * 64}
        assert not claiming.agree(session, session.get_one(Claim, claim_id), kept, AGREED, "ja", NOW)

    def test_their_no_leaves_both_and_ends_the_claim(
        self, session: Session, claim: Claim, registration: Registration, known: Person
    ) -> None:
        confirm(session, asked(session, claim))
        walk_in = registration.person_id
        assert claiming.decline(session, claim, known, NOW)
        assert registration.person_id == walk_in
        assert session.get_one(Person, walk_in).merged_into_id is None
        assert not claims.is_open(claim, NOW)
        assert (claim.email, claim.said) == ("", {}), "what was typed was for nothing, and goes"
        assert not claiming.agree(session, claim, known, AGREED, "ja", NOW)
        assert not claiming.decline(session, claim, known, NOW)
        assert session.scalars(select(Consent)).all() == []

    def test_who_was_asked_without_having_typed_anything_agrees_with_their_yes_and_stays_unlisted(
        self, session: Session, evening: Evening, registration: Registration, known: Person
    ) -> None:
        bare = claims.of_registration(session, registration.id)
        assert bare is not None
        known_id = known.id
        assert claiming.ask(session, bare, known, NOW) is bare
        assert claiming.agree(session, bare, known, AGREED, "en", NOW)
        agreed = session.scalars(select(Consent).where(Consent.person_id == known_id)).all()
        assert {one.kind.value: one.version for one in agreed} == AGREED
        assert {(one.event_id, one.locale) for one in agreed} == {(evening.event.id, "en")}
        assert not session.get_one(Registration, registration.id).listed

    def test_nobody_else_answers_for_them(self, session: Session, claim: Claim, known: Person) -> None:
        confirm(session, asked(session, claim))
        stranger = make_person(session)
        assert claims.find_for(session, stranger, claim.public_id) is None
        assert not claiming.agree(session, claim, stranger, AGREED, "ja", NOW)
        assert claim.settled_at is None

    def test_a_place_they_have_already_is_joined(
        self, session: Session, evening: Evening, claim: Claim, known: Person
    ) -> None:
        own = make_registration(
            session, evening.event, known, state=RegistrationState.WAITLISTED, topic="内緒"
        )
        own_id, known_id = own.id, known.id
        confirm(session, asked(session, claim))
        assert claiming.agree(session, claim, known, AGREED, "ja", NOW)
        rows = session.scalars(select(Registration).where(Registration.person_id == known_id)).all()
        assert [(row.state, row.topic) for row in rows] == [(RegistrationState.ADMITTED, "内緒")]
        assert rows[0].id != own_id


@pytest.mark.usefixtures("hooked")
def test_whom_the_circle_has_excluded_is_answered_like_anybody(
    session: Session, evening: Evening, claim: Claim, registration: Registration
) -> None:
    """They are in the room already; that they are excluded shows nowhere, and matches leave them out by themselves."""
    known = make_person(session, email=ADDRESS)
    values = {"circle_id": evening.circle.id, "person_id": known.id, "by_id": evening.owner.id}
    session.add(Exclusion(**values, created_at=NOW))
    known_id = known.id
    assert confirm(session, asked(session, claim)) is known
    assert claiming.agree(session, claim, known, AGREED, "ja", NOW)
    assert session.get_one(Registration, registration.id).person_id == known_id
    assert excluded(session, evening.circle.id) == {known_id}
