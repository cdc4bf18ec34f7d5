"""Finding, making and reading people."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from organizer.domain.names import fold_company
from organizer.domain.profiles import Give, Wish
from organizer.domain.vocabulary import GiveKind, Industry, Topic, Value
from organizer.people.models import Person
from organizer.people.service import (
    create_person,
    domain_profile,
    find_by_address,
    find_by_public_id,
    fold_address,
    people_by_id,
)
from tests.factories import NOW, make_person


def test_addresses_are_compared_folded() -> None:
    assert fold_address("  Ｔａｒｏ@Example.JP ") == "taro@example.jp"


def test_a_person_is_found_by_any_spelling_of_the_address(session: Session) -> None:
    person = make_person(session, email="Taro@Example.jp", email_folded="taro@example.jp")
    found = find_by_address(session, "TARO@example.jp")
    assert found is person
    assert found.profile.company.endswith("商事株式会社")


def test_who_was_merged_into_another_is_found_no_more(session: Session) -> None:
    kept, gone = make_person(session), make_person(session)
    gone.merged_into_id = kept.id
    session.flush()
    assert find_by_address(session, gone.email or "") is None
    assert find_by_public_id(session, gone.public_id) is None


def test_a_new_person_has_an_empty_profile_and_can_be_searched(session: Session) -> None:
    person = create_person(
        session, "Hanako@example.jp", now=NOW, name="山田 花子", locale="en", confirmed=True
    )
    assert (person.email, person.email_folded, person.locale) == (
        "Hanako@example.jp",
        "hanako@example.jp",
        "en",
    )
    assert person.email_confirmed_at == NOW
    assert person.profile.gives == []


def test_the_second_of_two_with_one_address_gets_the_first(session: Session) -> None:
    first = create_person(session, "same@example.jp", now=NOW)
    assert create_person(session, "SAME@example.jp", now=NOW) is first
    assert session.scalar(select(func.count()).where(Person.email_folded == "same@example.jp")) == 1


def test_people_without_an_address_do_not_collide(session: Session) -> None:
    one, other = (
        create_person(session, None, now=NOW, name="一"),
        create_person(session, None, now=NOW, name="二"),
    )
    assert one.id != other.id
    assert one.email_confirmed_at is None


def test_a_profile_is_read_as_the_solvers_read_it(session: Session) -> None:
    person = make_person(
        session, profile={"company": "株式会社 縁", "values": ["sincerity", "no-such"], "size": None}
    )
    said = domain_profile(person, first_timer=True, today="採用の話")
    assert (said.id, said.industry, said.size) == (person.id, Industry.MANUFACTURING, None)
    assert said.values == (Value.SINCERITY,)
    assert said.gives == (Give(GiveKind.EXPERIENCE, "採用広報の経験", (Topic.HIRING,)),)
    assert said.company == fold_company("株式会社 縁")
    assert (said.first_timer, said.today) == (True, "採用の話")


def test_the_gives_of_one_event_take_the_place_of_the_standing_ones(session: Session) -> None:
    said = domain_profile(make_person(session), gives=(), wish=Wish("税理士"))
    assert said.gives == ()
    assert said.wish.words == "税理士"


def test_people_are_fetched_with_their_profiles(session: Session) -> None:
    one, other = make_person(session), make_person(session)
    found = people_by_id(session, [one.id, other.id])
    assert {key: person.profile.person_id for key, person in found.items()} == {
        one.id: one.id,
        other.id: other.id,
    }
    assert people_by_id(session, []) == {}
