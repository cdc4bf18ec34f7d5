"""The page on which one applies, as newcomers, known people and secretaries meet it."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from organizer.circles.models import Circle, Exclusion
from organizer.config import Config
from organizer.domain.lifecycle import Admission, EventState, RegistrationState
from organizer.domain.vocabulary import Industry, Region, SharingRule
from organizer.events.models import Event, EventInvitation
from organizer.mail.models import Message
from organizer.people.models import Consent, ConsentKind, Person
from organizer.registrations.answers import version_of
from organizer.registrations.labels import rule_words
from organizer.registrations.models import ApplicationDraft, Registration
from organizer.web.unit import App
from tests.factories import NOW, make_circle, make_event, make_person, make_registration
from tests.registrations.helping import ABOUT, ANSWERS, KNOWN, NASTY, NEWCOMER, counted, letters, text_of

SignIn = Callable[[Person], FlaskClient]
ADDRESS = NEWCOMER["email"]


@pytest.fixture
def circle(rows: Session) -> Circle:
    return make_circle(rows, make_person(rows))


@pytest.fixture
def event(rows: Session, circle: Circle) -> Event:
    made = make_event(rows, circle)
    rows.commit()
    return made


def page(event: Event) -> str:
    return f"/e/{event.public_id}/apply"


def the_registration(rows: Session) -> Registration:
    rows.expire_all()
    return rows.scalars(select(Registration)).one()


def how_many(rows: Session, table: type) -> int:
    rows.expire_all()
    return rows.scalar(select(func.count()).select_from(table)) or 0


def digits(app: App, config: Config) -> str:
    """The six digits of the latest letter."""
    found = re.search(r"^\d{6}$", text_of(letters(app, config)[-1]), re.MULTILINE)
    assert found is not None
    return found[0]


def _without_tokens(text: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]+"', "", text)


class TestNewcomer:
    def test_the_form_asks_for_all_in_one_page(self, client: FlaskClient, event: Event) -> None:
        answer = client.get(page(event))
        assert answer.status_code == 200
        for name in (*ABOUT, *ANSWERS, "email", "agree_rule", "agree_privacy", "copy_to"):
            assert f'name="{name}"' in answer.text, name
        assert "名前を出さなければ共有してよい" in answer.text
        assert answer.text.count('<button class="button full"') == 1

    def test_in_english(self, client: FlaskClient, event: Event) -> None:
        text = client.get(page(event), headers={"Accept-Language": "en"}).text
        assert "Three things you can give" in text
        assert "Seen only by those who sit at your table" in text

    def test_from_the_form_to_a_registration(
        self, client: FlaskClient, rows: Session, app: App, config: Config, event: Event
    ) -> None:
        answer = client.post(page(event), data=NEWCOMER)
        assert answer.status_code == 303
        assert "/sign-in/wait/" in answer.location
        assert how_many(rows, Registration) == 0
        assert how_many(rows, Message) == 1
        confirmed = client.post(answer.location, data={"digits": digits(app, config)})
        assert confirmed.status_code == 303
        assert confirmed.location.endswith(f"{page(event)}/sent")
        registration = the_registration(rows)
        assert registration.state is RegistrationState.APPLIED
        assert registration.answers["today"] == ANSWERS["today"]
        assert registration.topic == ANSWERS["topic"]
        person = rows.get_one(Person, registration.person_id)
        assert (person.name, person.email) == (NEWCOMER["name"], ADDRESS)
        after = client.get(confirmed.location)
        assert after.status_code == 200
        assert "お申込を受け付けました" in after.text
        assert f'data-draft-done="apply-{event.public_id}"' in after.text

    def test_the_consents_bear_the_version_of_what_was_read(
        self, client: FlaskClient, rows: Session, app: App, config: Config, circle: Circle, event: Event
    ) -> None:
        circle.privacy_notice = "当会だけの取り扱い"
        event.sharing_rule = SharingRule.STAYS_IN_ROOM
        rows.commit()
        answer = client.post(page(event), data=NEWCOMER)
        client.post(answer.location, data={"digits": digits(app, config)})
        rows.expire_all()
        versions = {one.kind: one.version for one in rows.scalars(select(Consent))}
        with app.test_request_context(headers={"Accept-Language": "ja"}):
            assert versions[ConsentKind.SHARING_RULE] == version_of(rule_words(event))
        assert versions[ConsentKind.PRIVACY_NOTICE] == version_of("当会だけの取り扱い")
        assert len(versions) == 3

    def test_the_same_page_answers_for_a_known_address(
        self, client: FlaskClient, rows: Session, app: App, config: Config, event: Event
    ) -> None:
        unknown = client.get(
            client.post(page(event), data=NEWCOMER | {"email": "new@example.jp"}).location
        ).text
        known = make_person(rows, email=ADDRESS, name="前からの名前")
        rows.commit()
        answer = client.post(page(event), data=NEWCOMER)
        waiting = client.get(answer.location).text
        own = r'name="csrf_token" value="[^"]+"|[\w-]{22}|[\w.]+@[\w.]+'
        assert re.sub(own, "", unknown) == re.sub(own, "", waiting)
        client.post(answer.location, data={"digits": digits(app, config)})
        assert the_registration(rows).person_id == known.id
        assert rows.get_one(Person, known.id).name == "前からの名前"

    def test_a_hundred_applications_are_three_mails(
        self, client: FlaskClient, rows: Session, app: App, config: Config, circle: Circle
    ) -> None:
        events = [make_event(rows, circle) for _ in range(5)] + [
            make_event(rows, make_circle(rows)) for _ in range(5)
        ]
        rows.commit()
        codes = [client.post(page(events[n % 10]), data=NEWCOMER).status_code for n in range(50)]
        assert codes[:10] == [303] * 10
        assert set(codes[10:]) == {429}
        assert len(letters(app, config)) == 3

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"name": ""}, "name"),
            ({"name": "名" * 81}, "name"),
            ({"email": "not an address"}, "email"),
            ({"email": ""}, "email"),
            ({"industry": "Z9"}, "industry"),
            ({"role": ""}, "role"),
            ({"give1_words": " \n "}, "give1_words"),
            ({"wish_words": ""}, "wish_words"),
            ({"topic": "話" * 401}, "topic"),
            ({"challenge_topics": ["magic"]}, "challenge_topics"),
            ({"agree_rule": ""}, "agree_rule"),
            ({"agree_privacy": ""}, "agree_privacy"),
            ({"copy_to": "hisho"}, "copy_to"),
        ],
    )
    def test_what_does_not_fit_is_said_at_its_field_and_kept(
        self, client: FlaskClient, rows: Session, event: Event, wrong: dict[str, object], field: str
    ) -> None:
        answer = client.post(page(event), data=NEWCOMER | wrong)
        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.text
        assert ANSWERS["give2_words"] in answer.text
        assert how_many(rows, Message) == 0
        assert rows.scalars(select(ApplicationDraft)).one().sent_at is None

    def test_a_draft_is_found_again_by_the_browser(self, client: FlaskClient, app: App, event: Event) -> None:
        client.post(page(event), data={"name": "高橋 玲子", "give1_words": "採用広報", "intents": ["learn"]})
        again = client.get(page(event)).text
        assert 'value="高橋 玲子"' in again
        assert 'value="採用広報"' in again
        assert re.search(r'value="learn"\s+checked', again)
        assert 'value="高橋 玲子"' not in app.test_client().get(page(event)).text

    def test_names_have_no_line_breaks(
        self, client: FlaskClient, rows: Session, app: App, config: Config, event: Event
    ) -> None:
        typed = NEWCOMER | {"name": "高橋\r\nBcc: all@example.jp", "give1_words": "一\n二"}
        answer = client.post(page(event), data=typed)
        client.post(answer.location, data={"digits": digits(app, config)})
        registration = the_registration(rows)
        assert rows.get_one(Person, registration.person_id).name == "高橋 Bcc: all@example.jp"
        assert registration.answers["gives"][0]["words"] == "一 二"


class TestKnown:
    def test_the_profile_stands_in_a_card(self, sign_in: SignIn, rows: Session, event: Event) -> None:
        person = make_person(rows, name="鈴木 一郎", profile={"company": "すずき製菓"})
        text = sign_in(person).get(page(event)).text
        assert "すずき製菓" in text
        assert 'name="industry"' not in text
        assert "採用広報の経験" in text
        assert "製造業の社長" in text

    def test_only_what_is_new_is_sent(self, sign_in: SignIn, rows: Session, event: Event) -> None:
        person = make_person(rows, profile={"industry": Industry.CONSTRUCTION})
        answer = sign_in(person).post(page(event), data=KNOWN)
        assert answer.status_code == 303
        assert answer.location.endswith("/apply/sent")
        registration = the_registration(rows)
        assert registration.person_id == person.id
        assert registration.profile["industry"] == Industry.CONSTRUCTION.value
        assert rows.scalars(select(Message.kind)).all() == ["applied"]

    def test_changing_the_profile_on_the_way(self, sign_in: SignIn, rows: Session, event: Event) -> None:
        person = make_person(rows, profile={"title": "前の肩書き"})
        client = sign_in(person)
        assert 'name="industry"' in client.get(page(event), query_string={"change": 1}).text
        answer = client.post(page(event), query_string={"change": 1}, data=ABOUT | KNOWN | {"title": ""})
        assert answer.status_code == 303
        rows.expire_all()
        changed = rows.get_one(Person, person.id, populate_existing=True)
        rows.refresh(changed, ["profile"])
        assert (changed.name, changed.profile.company) == (ABOUT["name"], ABOUT["company"])
        assert changed.profile.title == "前の肩書き"
        assert changed.profile.region is Region.TOKYO

    def test_who_lacks_essentials_is_asked_for_them(
        self, sign_in: SignIn, rows: Session, event: Event
    ) -> None:
        person = make_person(rows, name="", profile={"company": "", "role": None})
        client = sign_in(person)
        text = client.get(page(event)).text
        assert 'name="role"' in text
        assert 'name="email"' not in text
        assert client.post(page(event), data=KNOWN).status_code == 422
        assert client.post(page(event), data=ABOUT | KNOWN).status_code == 303

    def test_pressed_twice_is_one_registration(self, sign_in: SignIn, rows: Session, event: Event) -> None:
        client = sign_in(make_person(rows))
        for _ in range(2):
            assert client.post(page(event), data=KNOWN).status_code == 303
        assert how_many(rows, Registration) == 1
        assert how_many(rows, Message) == 1

    def test_who_has_applied_sees_how_it_stands(self, sign_in: SignIn, rows: Session, event: Event) -> None:
        person = make_person(rows)
        registration = make_registration(rows, event, person)
        client = sign_in(person)
        assert client.get(page(event)).location.endswith(f"/me/tickets/{registration.public_id}")

    def test_admitted_at_once_where_everybody_may_come(
        self, sign_in: SignIn, rows: Session, circle: Circle
    ) -> None:
        event = make_event(rows, circle, admission=Admission.EVERYONE)
        client = sign_in(make_person(rows))
        client.post(page(event), data=KNOWN)
        assert the_registration(rows).state is RegistrationState.ADMITTED
        assert "参加が決まりました" in client.get(f"{page(event)}/sent").text

    def test_a_draft_is_found_in_another_browser(self, sign_in: SignIn, rows: Session, event: Event) -> None:
        person = make_person(rows)
        client = sign_in(person)
        assert client.post(page(event), data={"today": "途中まで"}).status_code == 422
        client.delete_cookie("enishi")
        again = sign_in(person).get(page(event)).text
        assert "途中まで" in again
        assert "前回ご入力いただいた内容が残っています" in again

    @pytest.mark.parametrize("words", NASTY)
    def test_no_markup_comes_from_what_was_typed(
        self, sign_in: SignIn, rows: Session, event: Event, words: str
    ) -> None:
        person = make_person(rows, name=words[:80], profile={"company": words})
        text = sign_in(person).post(page(event), data={"give1_words": words[:80], "topic": words}).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "<svg/onload" not in text


class TestSecretary:
    def test_the_mails_go_in_copy(
        self, client: FlaskClient, rows: Session, app: App, config: Config, event: Event
    ) -> None:
        answer = client.post(page(event), data=NEWCOMER | {"copy_to": "hisho@example.jp"})
        first = letters(app, config)[-1]
        assert (first["To"], first["Cc"]) == (ADDRESS, None)
        client.post(answer.location, data={"digits": digits(app, config)})
        assert the_registration(rows).copy_to == "hisho@example.jp"
        last = letters(app, config)[-1]
        assert (last["To"], last["Cc"]) == (ADDRESS, "hisho@example.jp")


class TestClosed:
    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ({"state": EventState.CLOSED}, "受付は終了"),
            ({"deadline_at": NOW - timedelta(minutes=1)}, "締"),
            ({"state": EventState.CANCELLED, "cancelled_at": NOW}, "中止"),
            ({"starts_at": NOW - timedelta(days=2)}, "終了"),
        ],
    )
    def test_it_is_said_in_kind_words(
        self, client: FlaskClient, rows: Session, circle: Circle, values: dict[str, object], words: str
    ) -> None:
        event = make_event(rows, circle, **values)
        rows.commit()
        seen, sent = client.get(page(event)), client.post(page(event), data=NEWCOMER)
        assert (seen.status_code, sent.status_code) == (200, 409)
        for answer in (seen, sent):
            assert words in answer.text
            assert '<form class="form' not in answer.text
        assert how_many(rows, ApplicationDraft) == 0

    def test_the_excluded_read_the_same_as_everybody_when_closed(
        self, sign_in: SignIn, rows: Session, circle: Circle, event: Event
    ) -> None:
        person = make_person(rows)
        rows.add(Exclusion(circle_id=circle.id, person_id=person.id, by_id=person.id, created_at=NOW))
        client = sign_in(person)
        excluded, sent = client.get(page(event)).text, client.post(page(event), data=KNOWN)
        rows.get_one(Event, event.id).state = EventState.CLOSED
        rows.query(Exclusion).delete()
        rows.commit()
        closed = client.get(page(event)).text
        assert _without_tokens(excluded) == _without_tokens(closed)
        assert sent.status_code == 409

    def test_a_draft_event_is_not_there(self, client: FlaskClient, rows: Session, circle: Circle) -> None:
        event = make_event(rows, circle, state=EventState.DRAFT, published_at=None)
        rows.commit()
        for url in (page(event), f"{page(event)}/sent", "/e/unknown/apply"):
            assert client.get(url).status_code == 404
        assert client.post(page(event), data=NEWCOMER).status_code == 404

    def test_by_invitation_the_address_decides_when_it_is_confirmed(
        self, client: FlaskClient, rows: Session, app: App, config: Config, circle: Circle
    ) -> None:
        event = make_event(rows, circle, admission=Admission.INVITATION)
        keys = {"circle_id": circle.id, "event_id": event.id, "created_at": NOW}
        rows.add(
            EventInvitation(**keys, email=ADDRESS, email_folded=ADDRESS, invited_by_id=make_person(rows).id)
        )
        rows.commit()
        assert "ご招待" in client.get(page(event)).text
        for email, expected in (("stranger@example.jp", 0), (ADDRESS, 1)):
            visitor = app.test_client()
            answer = visitor.post(page(event), data=NEWCOMER | {"email": email})
            assert answer.status_code == 303
            visitor.post(answer.location, data={"digits": digits(app, config)})
            assert how_many(rows, Registration) == expected

    def test_somebody_signed_in_who_is_not_invited(
        self, sign_in: SignIn, rows: Session, circle: Circle
    ) -> None:
        event = make_event(rows, circle, admission=Admission.INVITATION)
        answer = sign_in(make_person(rows)).post(page(event), data=KNOWN)
        assert answer.status_code == 409
        assert how_many(rows, Registration) == 0


def test_the_page_takes_few_statements(sign_in: SignIn, rows: Session, app: App, event: Event) -> None:
    person = make_person(rows)
    for _ in range(5):
        make_registration(rows, event, make_person(rows))
    client = sign_in(person)
    with counted(app) as statements:
        assert client.get(page(event)).status_code == 200
    assert len(statements) <= 8, statements


def test_looking_changes_nothing(client: FlaskClient, rows: Session, event: Event) -> None:
    for url in (page(event), f"{page(event)}/sent"):
        for method in (client.get, client.head, client.options):
            assert method(url).status_code in (200, 302)
    for table in (ApplicationDraft, Message, Registration):
        assert how_many(rows, table) == 0


def test_the_link_confirms_within_ten_minutes_only(
    client: FlaskClient,
    rows: Session,
    app: App,
    config: Config,
    event: Event,
    stand_still: Callable[[datetime], None],
) -> None:
    answer = client.post(page(event), data=NEWCOMER)
    typed = digits(app, config)
    stand_still(NOW + timedelta(minutes=11))
    client.post(answer.location, data={"digits": typed})
    assert how_many(rows, Registration) == 0
