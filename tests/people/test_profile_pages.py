"""The profile, section by section."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from organizer.db import Database
from organizer.domain.vocabulary import Authority, Horizon, Industry, Region, Role, SizeBand, Topic
from organizer.people.contact import ContactItem, shared, shown_phone
from organizer.people.models import Person
from organizer.people.profile_forms import parsed_phone
from organizer.people.service import domain_profile
from organizer.ties.models import Goal
from organizer.workflows.describing import goals_of, set_goals
from tests.factories import NOW, make_person

SignInAs = Callable[[Person], FlaskClient]
ABOUT = {
    "name": "高橋 玲子",
    "reading": "たかはし れいこ",
    "company": "高橋金属",
    "title": "社長",
    "role": "owner",
    "authority": "decides",
    "industry": "E",
    "industry_words": "板金",
    "size": "21-50",
    "founded_year": "1968",
    "region": "13",
}
SECTIONS = ("about", "thoughts", "gives", "wishes", "goals", "contact")


@pytest.mark.parametrize("locale", ["ja", "en"])
@pytest.mark.parametrize("section", ["", *(f"/{name}" for name in SECTIONS)])
def test_every_section_is_shown_in_both_languages(
    sign_in: SignInAs, rows: Session, section: str, locale: str
) -> None:
    page = sign_in(make_person(rows, locale=locale)).get(f"/me/profile{section}")
    assert page.status_code == 200
    assert f'lang="{locale}"' in page.text


def test_person_and_company_are_kept(sign_in: SignInAs, rows: Session) -> None:
    person = make_person(rows)
    assert sign_in(person).post("/me/profile/about", data=ABOUT).status_code == 303
    rows.expire_all()
    rows.refresh(person, ["profile"])
    said = person.profile
    assert (person.name, person.reading) == ("高橋 玲子", "たかはし れいこ")
    assert (said.role, said.authority) == (Role.OWNER_PRESIDENT, Authority.DECIDES)
    assert (said.industry, said.size, said.region) == (
        Industry.MANUFACTURING,
        SizeBand.UP_TO_50,
        Region.TOKYO,
    )
    assert (said.founded_year, said.industry_words, said.updated_at) == (1968, "板金", NOW)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "あ" * 81},
        {"founded_year": "3000"},
        {"founded_year": "9" * 400},
        {"founded_year": "昔"},
        {"industry": "Z"},
        {"size": "many"},
        {"region": "48"},
    ],
)
def test_what_cannot_be_is_said_and_the_rest_is_kept(
    sign_in: SignInAs, rows: Session, wrong: dict[str, str]
) -> None:
    person = make_person(rows)
    name = person.name
    answer = sign_in(person).post("/me/profile/about", data=ABOUT | wrong)
    assert answer.status_code == 422
    assert "高橋金属" in answer.text
    rows.expire_all()
    assert person.name == name


def test_challenges_are_topics_and_words_of_ones_own(sign_in: SignInAs, rows: Session) -> None:
    person = make_person(rows)
    data: dict[str, Any] = {
        "values": ["people", "craft"],
        "value_words": "三方よし",
        "challenges": ["hiring", "ai"],
        "challenge_words-0": "応募はあるが、続かない",
        "challenge_words-1": "",
        "intents": ["learn"],
    }
    client = sign_in(person)
    assert client.post("/me/profile/thoughts", data=data).status_code == 303
    rows.expire_all()
    rows.refresh(person, ["profile"])
    said = domain_profile(person)
    assert said.challenge_topics == (Topic.HIRING, Topic.AI)
    assert [one.words for one in said.challenges if one.words] == ["応募はあるが、続かない"]
    page = client.get("/me/profile/thoughts").text
    assert "応募はあるが、続かない" in page
    assert "三方よし" in page


def test_more_than_the_form_offers_is_not_taken(sign_in: SignInAs, rows: Session) -> None:
    client = sign_in(make_person(rows))
    six = ["people", "craft", "sincerity", "customers", "community", "boldness"]
    assert client.post("/me/profile/thoughts", data={"values": six}).status_code == 422
    many = [topic.value for topic in list(Topic)[:7]]
    assert client.post("/me/profile/thoughts", data={"challenges": many}).status_code == 422
    assert client.post("/me/profile/thoughts", data={"challenges": ["no-such"]}).status_code == 422
    assert client.post("/me/profile/thoughts", data={"challenge_words-0": "長" * 121}).status_code == 422


def test_gives_without_words_are_left_out(sign_in: SignInAs, rows: Session) -> None:
    person = make_person(rows)
    data: dict[str, Any] = {f"gives-{n}-kind": "" for n in range(5)} | {
        f"gives-{n}-words": "" for n in range(5)
    }
    data |= {
        "gives-1-words": "税務の相談",
        "gives-1-kind": "consultation",
        "gives-1-tags": ["tax", "subsidies"],
    }
    data |= {"gives-4-words": "会議室"}
    assert sign_in(person).post("/me/profile/gives", data=data).status_code == 303
    rows.expire_all()
    rows.refresh(person, ["profile"])
    assert [(give.words, give.tags) for give in domain_profile(person).gives] == [
        ("税務の相談", (Topic.SUBSIDIES, Topic.TAX)),
        ("会議室", ()),
    ]


def test_a_kind_alone_is_no_give(sign_in: SignInAs, rows: Session) -> None:
    data = {"gives-0-kind": "experience", "gives-0-words": ""}
    assert sign_in(make_person(rows)).post("/me/profile/gives", data=data).status_code == 422


def test_wishes_go_both_ways(sign_in: SignInAs, rows: Session) -> None:
    person = make_person(rows)
    data = {
        "wish-words": "採用に悩む社長",
        "wish-sizes": ["21-50"],
        "serve-industries": ["D"],
        "serve-topics": ["it"],
    }
    assert sign_in(person).post("/me/profile/wishes", data=data).status_code == 303
    rows.expire_all()
    rows.refresh(person, ["profile"])
    said = domain_profile(person)
    assert (said.wish.words, said.wish.sizes) == ("採用に悩む社長", (SizeBand.UP_TO_50,))
    assert (said.serve.industries, said.serve.topics) == ((Industry.CONSTRUCTION,), (Topic.IT,))


def test_goals_have_three_horizons(session: Session) -> None:
    person = make_person(session)
    set_goals(session, person, {Horizon.SHORT: "聞く", Horizon.MIDDLE: "", Horizon.LONG: "二本目の柱"}, NOW)
    session.flush()
    assert goals_of(session, person) == {Horizon.SHORT: "聞く", Horizon.LONG: "二本目の柱"}
    long_one = session.scalars(select(Goal).where(Goal.horizon == Horizon.LONG)).one()
    long_one.progress = 40
    set_goals(session, person, {Horizon.SHORT: "", Horizon.LONG: "二本目の柱"}, NOW)
    session.flush()
    assert goals_of(session, person) == {Horizon.LONG: "二本目の柱"}
    assert long_one.progress == 40
    set_goals(session, person, {Horizon.LONG: "三本目"}, NOW)
    assert long_one.progress == 0


def test_contact_data_is_what_is_handed_over(sign_in: SignInAs, rows: Session) -> None:
    person = make_person(rows, email="taro@example.jp")
    assert shared(person) == {ContactItem.MAIL: "taro@example.jp"}
    data = {
        "phone": "０９０-1234-5678",
        "share_phone": "y",
        "line": "taro_l",
        "web": "https://taro.example.jp",
    }
    assert sign_in(person).post("/me/profile/contact", data=data).status_code == 303
    rows.expire_all()
    rows.refresh(person, ["profile"])
    assert person.phone == "+819012345678"
    assert shared(person) == {
        ContactItem.PHONE: "090-1234-5678",
        ContactItem.LINE: "taro_l",
        ContactItem.WEB: "https://taro.example.jp",
    }


@pytest.mark.parametrize(
    "wrong", [{"phone": "12"}, {"share_phone": "y"}, {"web": "javascript:alert(1)"}, {"web": "ftp://x.jp"}]
)
def test_contact_data_that_cannot_be_is_said(sign_in: SignInAs, rows: Session, wrong: dict[str, str]) -> None:
    assert sign_in(make_person(rows)).post("/me/profile/contact", data=wrong).status_code == 422


def test_phones_are_kept_in_one_shape() -> None:
    assert parsed_phone("03-1234-5678") == parsed_phone("+81 3 1234 5678") == "+81312345678"
    assert parsed_phone("nonsense") is None
    assert shown_phone("+81312345678") == "03-1234-5678"
    assert shown_phone("+12125550100").startswith("+1 ")
    assert shown_phone("") == ""


def test_the_guide_leads_on_to_what_is_missing(sign_in: SignInAs, rows: Session) -> None:
    client = sign_in(make_person(rows))
    data = ABOUT | {"guided": "1"}
    assert client.post("/me/profile/about", data=data).location == "/me/profile/thoughts?guided=1"
    assert 'name="guided"' in client.get("/me/profile/thoughts?guided=1").text
    assert client.post("/me/profile/about", data=ABOUT).location == "/me/profile"


def test_no_other_section_and_no_other_person(sign_in: SignInAs, rows: Session) -> None:
    other = make_person(rows)
    client = sign_in(make_person(rows))
    assert client.get("/me/profile/password").status_code == 404
    assert client.post("/me/profile/nothing").status_code == 404
    client.post("/me/profile/about", data=ABOUT | {"id": str(other.id), "person_id": str(other.id)})
    before = other.name
    rows.expire_all()
    assert other.name == before


def test_somebody_new_is_asked_for_a_name_and_goes_on(sign_in: SignInAs, rows: Session) -> None:
    person = make_person(rows, name="", reading="", profile={"company": ""})
    client = sign_in(person)
    assert client.post("/me/welcome", data={"name": " "}).status_code == 422
    answer = client.post("/me/welcome", data={"name": "山田 花子", "company": "山田屋", "next": "/host"})
    assert (answer.status_code, answer.location) == (303, "/host")
    rows.expire_all()
    assert person.name == "山田 花子"
    assert client.post("/me/welcome", data={"name": "山田", "next": "//evil.jp"}).location == "/"


def test_what_was_typed_is_shown_as_text(sign_in: SignInAs, rows: Session) -> None:
    client = sign_in(make_person(rows))
    client.post("/me/profile/about", data=ABOUT | {"company": "<script>alert(1)</script>\u202e"})
    page = client.get("/me/profile").text
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert "\u202e" not in page


def test_the_page_takes_few_statements(sign_in: SignInAs, rows: Session, database: Database) -> None:
    client = sign_in(make_person(rows))
    statements: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    client.get("/me/profile")
    event.remove(database.engine, "before_cursor_execute", note)
    assert len(statements) <= 8
