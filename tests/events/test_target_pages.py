"""The pages about whom an event is for, and who is invited."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.domain.delivery import MessageState
from organizer.domain.lifecycle import Admission, EventState
from organizer.events.models import EventInvitation, TargetProfile
from organizer.events.service import domain_targets, targets_of
from organizer.mail.models import Message
from organizer.people.models import Person
from tests.events.pages import TARGET, a_draft, an_evening
from tests.factories import make_target

SignIn = Callable[[Person], FlaskClient]


def test_with_nobody_described_the_page_says_how(rows: Session, sign_in: SignIn) -> None:
    evening = a_draft(rows)
    page = sign_in(evening.host).get(f"{evening.url}/targets")
    assert "まだ決まっていません" in page.text
    assert "この例をまとめて加える" in page.text


def test_one_click_adds_what_is_usual_and_a_second_adds_nothing(rows: Session, sign_in: SignIn) -> None:
    evening = a_draft(rows)
    client = sign_in(evening.host)
    for _ in range(2):
        assert client.post(f"{evening.url}/targets/typical").status_code == 303
    names = [target.name for target in targets_of(rows, evening.event.id)]
    assert names == [
        "決裁権のある方",
        "後継者",
        "初めて参加する方",
        "継続して参加している方",
        "営業目的の参加",
    ]
    assert "この例をまとめて加える" not in client.get(f"{evening.url}/targets").text


def test_what_was_described_stands_on_the_page_and_in_its_form(rows: Session, sign_in: SignIn) -> None:
    evening = a_draft(rows)
    client = sign_in(evening.host)
    assert client.post(f"{evening.url}/targets/new", data=TARGET).location == f"{evening.url}/targets"
    (row,) = targets_of(rows, evening.event.id)
    (target,) = domain_targets([row])
    assert {criterion.field.value: (criterion.values, criterion.must) for criterion in target.criteria} == {
        "size": (("21-50", "51-100"), True),
        "role": (("owner",), True),
        "challenge": (("hiring", "retention"), False),
    }
    page = client.get(f"{evening.url}/targets")
    assert "従業員 21–100 名の社長（できれば採用・定着・離職防止に悩む方）" in page.text
    assert "3–6 席" in page.text
    form = client.get(f"{evening.url}/targets/{row.public_id}").text
    assert form.count("checked") >= 5
    assert 'value="採用に悩む社長"' in form


def test_without_a_name_it_is_called_what_it_is(rows: Session, sign_in: SignIn) -> None:
    evening = a_draft(rows)
    sign_in(evening.host).post(f"{evening.url}/targets/new", data=TARGET | {"name": "", "challenge": []})
    assert targets_of(rows, evening.event.id)[0].name == "従業員 21–100 名の社長"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"size_from": "", "size_to": "", "role": [], "challenge": []}, "条件を 1 つ以上お選びください"),
        ({"ceiling": "2"}, "「最低でも」以上の数字をご記入ください。"),
        ({"use": "limit", "ceiling": ""}, "上限の人数をご記入ください。"),
        ({"use": "nonsense"}, "選択肢が正しくありません"),
        ({"size_from": "101-300"}, "下限以上の人数をお選びください。"),
        ({"size_from": "0-0"}, "選択肢が正しくありません"),
        ({"floor": "x"}, "0 から 300 までの数字でご記入ください。"),
        ({"weight": "9"}, "選択肢"),
        ({"role": ["emperor"]}, "emperor"),
        ({"name": "あ" * 61}, "60"),
    ],
)
def test_a_mistake_is_told_and_what_was_typed_is_kept(
    rows: Session, sign_in: SignIn, wrong: dict[str, object], words: str
) -> None:
    evening = a_draft(rows)
    page = sign_in(evening.host).post(f"{evening.url}/targets/new", data={**TARGET, **wrong})
    assert page.status_code == 422
    assert words in page.text
    assert targets_of(rows, evening.event.id) == []


def test_they_are_moved_changed_and_taken_away(rows: Session, sign_in: SignIn) -> None:
    evening = a_draft(rows)
    first = make_target(rows, evening.event, name="一", position=0)
    second = make_target(rows, evening.event, name="二", position=1)
    client = sign_in(evening.host)
    client.post(f"{evening.url}/targets/{second.public_id}/move", data={"to": "up"})
    rows.expire_all()
    assert [row.name for row in targets_of(rows, evening.event.id)] == ["二", "一"]
    client.post(f"{evening.url}/targets/{second.public_id}/move", data={"to": "down"})
    client.post(f"{evening.url}/targets/{first.public_id}", data=TARGET)
    client.post(f"{evening.url}/targets/{second.public_id}/delete")
    rows.expire_all()
    assert [row.name for row in targets_of(rows, evening.event.id)] == ["採用に悩む社長"]


def test_targets_of_another_event_are_not_found(rows: Session, sign_in: SignIn) -> None:
    evening, other = a_draft(rows), a_draft(rows)
    foreign = make_target(rows, other.event, name="ほかの会の人")
    client = sign_in(evening.host)
    answers = [client.get(f"{evening.url}/targets/{foreign.public_id}")]
    answers += [
        client.post(f"{evening.url}/targets/{foreign.public_id}{path}", data=TARGET)
        for path in ("", "/move", "/delete")
    ]
    assert {answer.status_code for answer in answers} == {404}
    rows.expire_all()
    assert rows.get(TargetProfile, foreign.id) is not None


def test_a_cancelled_event_is_described_no_more(rows: Session, sign_in: SignIn) -> None:
    evening = an_evening(rows, state=EventState.CANCELLED)
    client = sign_in(evening.host)
    assert client.get(f"{evening.url}/targets/new").status_code == 409
    assert client.post(f"{evening.url}/targets/new", data=TARGET).status_code == 409
    assert client.post(f"{evening.url}/targets/typical").status_code == 409


@pytest.mark.parametrize(("locale", "words"), [("ja", "参加してほしい人"), ("en", "Whom we want")])
def test_the_pages_speak_both_languages(rows: Session, sign_in: SignIn, locale: str, words: str) -> None:
    evening = an_evening(rows, admission=Admission.INVITATION)
    evening.host.locale = locale
    client = sign_in(evening.host)
    assert words in client.get(f"{evening.url}/targets").text
    assert words in client.get(f"{evening.url}/targets/new").text
    invited = client.get(f"{evening.url}/invited").text
    assert ("招待した方" if locale == "ja" else "Invited people") in invited


def test_addresses_are_written_down_then_invitations_leave(rows: Session, sign_in: SignIn) -> None:
    evening = an_evening(rows, admission=Admission.INVITATION)
    client = sign_in(evening.host)
    page = client.post(
        f"{evening.url}/invited",
        data={"addresses": "a@example.jp\nb@example.jp、c@example.jp, a@example.jp"},
        follow_redirects=True,
    )
    assert "3 件を加えました。" in page.text
    assert client.post(f"{evening.url}/invited/send").status_code == 422
    page = client.post(f"{evening.url}/invited/send", data={"agreed": "y"}, follow_redirects=True)
    assert "3 件の招待メールを送ります。" in page.text
    mails = rows.scalars(select(Message).where(Message.kind == "event_invitation")).all()
    assert sorted(mail.address or "" for mail in mails) == ["a@example.jp", "b@example.jp", "c@example.jp"]
    mails[0].state = MessageState.FAILED
    rows.commit()
    assert "届きませんでした" in client.get(f"{evening.url}/invited").text


@pytest.mark.parametrize(
    "addresses", ["", "   ", "a@", "a@example.jp b@@example.jp", "a@example.jp\r\nBcc: x"]
)
def test_what_is_no_address_is_named_and_nothing_is_kept(
    rows: Session, sign_in: SignIn, addresses: str
) -> None:
    evening = an_evening(rows, admission=Admission.INVITATION)
    page = sign_in(evening.host).post(f"{evening.url}/invited", data={"addresses": addresses})
    assert page.status_code == 422
    assert 'id="addresses-error"' in page.text
    assert rows.scalars(select(EventInvitation)).all() == []


def test_without_a_sender_the_page_says_what_is_missing(rows: Session, sign_in: SignIn) -> None:
    evening = an_evening(rows, admission=Admission.INVITATION)
    evening.circle.sender_address = ""
    rows.commit()
    client = sign_in(evening.host)
    client.post(f"{evening.url}/invited", data={"addresses": "a@example.jp"})
    assert "送信者の名前と住所をご記入ください" in client.get(f"{evening.url}/invited").text
    assert client.post(f"{evening.url}/invited/send", data={"agreed": "y"}).status_code == 409
    assert rows.scalars(select(Message).where(Message.kind == "event_invitation")).all() == []


def test_an_address_is_taken_off_the_list(rows: Session, sign_in: SignIn) -> None:
    evening = an_evening(rows, admission=Admission.INVITATION)
    client = sign_in(evening.host)
    client.post(f"{evening.url}/invited", data={"addresses": "a@example.jp"})
    row = rows.scalars(select(EventInvitation)).one()
    assert client.post(f"{evening.url}/invited/{row.id}/delete").status_code == 303
    assert client.post(f"{evening.url}/invited/{row.id}/delete").status_code == 404
    assert client.post(f"{evening.url}/invited/99999999999999999999/delete").status_code == 404
    rows.expire_all()
    assert rows.scalars(select(EventInvitation)).all() == []
