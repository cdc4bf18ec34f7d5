"""Prompts on the page and by link: shown, answered once, stopped; nobody else's, and nothing by looking."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.config import Config
from organizer.domain.delivery import FollowUpState, PromptAnswer
from organizer.followups import days, letters, service, stopping
from organizer.followups.models import FollowUp, PersonalLetter
from organizer.mail.models import Message
from organizer.matches.models import ContactConsent
from organizer.models import metadata
from organizer.people import blocks, links
from organizer.people.models import LinkPurpose, MailLink, Person
from organizer.ties import service as ties
from organizer.web.unit import App
from tests.factories import NOW, make_person
from tests.followups.rows import MORNING, Evening, make_follow_up, make_prompted, prompts_of
from tests.mailbox import delivered, paths

SignIn = Callable[[Person], FlaskClient]
Move = Callable[[datetime], None]


@pytest.fixture
def evening(rows: Session, stand_still: Move) -> Evening:
    """An evening whose prompts are due now."""
    made = make_prompted(rows)
    stand_still(MORNING + timedelta(minutes=5))
    rows.commit()
    return made


@pytest.fixture
def prompt(rows: Session, evening: Evening) -> FollowUp:
    return prompts_of(rows, evening.people[0])[0]


def link(rows: Session, person: Person, prompt: FollowUp | None, **values: object) -> str:
    purpose = LinkPurpose.PROMPT if prompt else LinkPurpose.STOP_PROMPTS
    token = links.issue(rows, purpose, person.id, prompt.id if prompt else None, now=NOW, **values)  # type: ignore[arg-type]
    rows.commit()
    return token


def fingerprint(rows: Session) -> str:
    """A hash of everything the database holds."""
    rows.expire_all()
    everything = [
        [tuple(row) for row in rows.execute(select(table).order_by(*table.primary_key))]
        for table in metadata.sorted_tables
    ]
    return hashlib.sha256(repr(everything).encode()).hexdigest()


def again(rows: Session, prompt: FollowUp) -> FollowUp:
    rows.expire_all()
    return rows.get_one(FollowUp, prompt.id)


# the list


def test_the_list_shows_whom_why_and_what_comes_next(
    sign_in: SignIn, rows: Session, evening: Evening
) -> None:
    one, other = evening.people
    make_follow_up(rows, one, make_person(rows, name="来月 花"), due_at=MORNING + timedelta(days=30))
    page = sign_in(one).get("/prompts")
    assert page.status_code == 200
    assert other.name in page.text
    assert "来月 花" in page.text
    assert "下書きを開く" in page.text


def test_the_list_shows_what_is_due_even_if_no_mail_ever_leaves(
    sign_in: SignIn, rows: Session, evening: Evening, stand_still: Move
) -> None:
    one, other = evening.people
    assert prompts_of(rows, one)[0].message_id is None
    stand_still(MORNING)
    assert other.name in sign_in(one).get("/prompts").text
    stand_still(MORNING - timedelta(minutes=1))
    assert "下書きを開く" not in sign_in(one).get("/prompts").text


def test_an_empty_list_says_what_will_be_there(sign_in: SignIn, rows: Session) -> None:
    page = sign_in(make_person(rows)).get("/prompts")
    assert "お待たせしている方はいません" in page.text


def test_the_list_speaks_english(sign_in: SignIn, rows: Session, evening: Evening) -> None:
    evening.people[0].locale = "en"
    page = sign_in(evening.people[0]).get("/prompts")
    assert "Whom to write to now" in page.text


def test_of_several_steps_about_one_person_the_latest_is_shown(
    sign_in: SignIn, rows: Session, evening: Evening
) -> None:
    one, other = evening.people
    later = make_follow_up(rows, one, other, due_at=MORNING + timedelta(minutes=1))
    page = sign_in(one).get("/prompts")
    assert page.text.count("下書きを開く") == 1
    assert later.public_id in page.text


def test_guests_sign_in_first(client: FlaskClient, evening: Evening, prompt: FollowUp) -> None:
    for path in ("/prompts", f"/prompts/{prompt.public_id}"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer.location.startswith("/sign-in?next=")
    for act in ("draft", "send", "answer"):
        assert client.post(f"/prompts/{prompt.public_id}/{act}").status_code == 401


def test_strangers_find_nothing(sign_in: SignIn, rows: Session, evening: Evening, prompt: FollowUp) -> None:
    browser = sign_in(evening.people[1])
    assert browser.get(f"/prompts/{prompt.public_id}").status_code == 404
    for act in ("draft", "send", "answer"):
        answer = browser.post(f"/prompts/{prompt.public_id}/{act}", data={"words": "x", "answer": "sent"})
        assert answer.status_code == 404
    assert again(rows, prompt).state is FollowUpState.WAITING


def test_a_prompt_that_is_not_due_is_nobodys_yet(
    sign_in: SignIn, rows: Session, evening: Evening, stand_still: Move
) -> None:
    later = make_follow_up(rows, *evening.people, due_at=MORNING + timedelta(days=9))
    assert sign_in(evening.people[0]).get(f"/prompts/{later.public_id}").status_code == 404


# one prompt


def test_a_prompt_shows_the_draft_and_hides_the_address(
    sign_in: SignIn, rows: Session, evening: Evening, prompt: FollowUp
) -> None:
    one, other = evening.people
    page = sign_in(one).get(f"/prompts/{prompt.public_id}")
    assert page.status_code == 200
    assert f"{other.name} 様" in page.text
    assert other.email not in page.text
    assert one.email in page.text, "one is told which address the other will see"
    assert "mailto:?subject=" in page.text


def test_after_an_exchange_the_mail_program_knows_the_address(
    sign_in: SignIn, rows: Session, evening: Evening, prompt: FollowUp
) -> None:
    one, other = evening.people
    rows.add(ContactConsent(person_id=one.id, other_id=other.id, at=NOW))
    rows.commit()
    assert other.email not in sign_in(one).get(f"/prompts/{prompt.public_id}").text
    rows.add(ContactConsent(person_id=other.id, other_id=one.id, at=NOW))
    rows.commit()
    assert f"mailto:{other.email}?subject=" in sign_in(one).get(f"/prompts/{prompt.public_id}").text


def test_a_draft_is_kept(sign_in: SignIn, rows: Session, evening: Evening, prompt: FollowUp) -> None:
    browser = sign_in(evening.people[0])
    answer = browser.post(f"/prompts/{prompt.public_id}/draft", data={"words": "わたしの\n言葉"})
    assert answer.status_code == 303
    assert "わたしの\n言葉" in browser.get(answer.location).text
    long = browser.post(f"/prompts/{prompt.public_id}/draft", data={"words": "長" * 4001})
    assert long.status_code == 422
    assert "長" * 4001 in long.text, "what was typed is kept"
    assert again(rows, prompt).draft == "わたしの\n言葉"


def test_enishi_sends_the_letter_once(
    sign_in: SignIn, rows: Session, evening: Evening, prompt: FollowUp
) -> None:
    browser = sign_in(evening.people[0])
    answer = browser.post(f"/prompts/{prompt.public_id}/send", data={"words": "先日はどうも"})
    assert (answer.status_code, answer.location) == (303, "/prompts")
    assert again(rows, prompt).answer is PromptAnswer.SENT
    second = browser.post(f"/prompts/{prompt.public_id}/send", data={"words": "もう一度"})
    assert second.status_code == 409
    assert [row.words for row in rows.scalars(select(PersonalLetter))] == ["先日はどうも"]
    assert len(rows.scalars(select(Message).where(Message.kind == letters.KIND)).all()) == 1


def test_an_empty_letter_is_not_sent(
    sign_in: SignIn, rows: Session, evening: Evening, prompt: FollowUp
) -> None:
    answer = sign_in(evening.people[0]).post(f"/prompts/{prompt.public_id}/send", data={"words": "  "})
    assert answer.status_code == 422
    assert again(rows, prompt).state is FollowUpState.WAITING


def test_three_letters_a_day_to_people_one_hardly_knows(
    sign_in: SignIn, rows: Session, stand_still: Move
) -> None:
    me = make_person(rows)
    prompts = [make_follow_up(rows, me, make_person(rows)) for _ in range(4)]
    rows.commit()
    stand_still(MORNING)
    browser = sign_in(me)
    codes = [
        browser.post(f"/prompts/{one.public_id}/send", data={"words": "はじめまして"}).status_code
        for one in prompts
    ]
    assert codes == [303, 303, 303, 409]
    refused = browser.get(f"/prompts/{prompts[3].public_id}")
    assert "はじめまして" in refused.text, "the draft is kept"
    assert "一日三通まで" in refused.text
    stand_still(MORNING + timedelta(days=1, minutes=1))
    assert browser.post(f"/prompts/{prompts[3].public_id}/send", data={"words": "はい"}).status_code == 303


def test_without_an_address_the_letter_cannot_be_sent(
    sign_in: SignIn, rows: Session, evening: Evening, prompt: FollowUp
) -> None:
    one, other = evening.people
    other.email = other.email_folded = None
    rows.commit()
    page = sign_in(one).get(f"/prompts/{prompt.public_id}")
    assert "さんへ送る" not in page.text
    assert sign_in(one).post(f"/prompts/{prompt.public_id}/send", data={"words": "x"}).status_code == 409


@pytest.mark.parametrize("said", list(PromptAnswer))
def test_an_answer_on_the_page(
    sign_in: SignIn, rows: Session, evening: Evening, prompt: FollowUp, said: PromptAnswer
) -> None:
    browser = sign_in(evening.people[0])
    answer = browser.post(f"/prompts/{prompt.public_id}/answer", data={"answer": said.value})
    assert answer.status_code == 303
    assert again(rows, prompt).answer is said
    page = browser.get(answer.location)
    assert ("元に戻す" in page.text or "hold-on" in page.text) is (said is PromptAnswer.NOT_THIS_PERSON)


@pytest.mark.parametrize("said", ["", "yes", "SENT", "\x00", "sent; drop table"])
def test_an_answer_that_is_none_changes_nothing(
    sign_in: SignIn, rows: Session, evening: Evening, prompt: FollowUp, said: str
) -> None:
    answer = sign_in(evening.people[0]).post(f"/prompts/{prompt.public_id}/answer", data={"answer": said})
    assert answer.status_code == 422
    assert again(rows, prompt).state is FollowUpState.WAITING


def test_after_a_block_the_prompt_is_gone_for_both(
    sign_in: SignIn, client: FlaskClient, rows: Session, evening: Evening, prompt: FollowUp
) -> None:
    one, other = evening.people
    token = link(rows, one, prompt)
    blocks.block(rows, other.id, one.id, NOW)
    rows.commit()
    assert client.get(f"/a/{token}").status_code == 404
    browser = sign_in(one)
    assert browser.get(f"/prompts/{prompt.public_id}").status_code == 404
    assert other.name not in browser.get("/prompts").text


# links of the mail


def test_a_link_asks_once_more_with_one_button(
    client: FlaskClient, rows: Session, evening: Evening, prompt: FollowUp
) -> None:
    token = link(rows, evening.people[0], prompt)
    page = client.get(f"/a/{token}?answer=sent")
    assert page.status_code == 200
    assert page.text.count('class="button full"') == 1
    assert evening.people[1].name in page.text
    assert again(rows, prompt).state is FollowUpState.WAITING


@pytest.mark.parametrize("said", list(PromptAnswer))
def test_a_link_answers_without_signing_in(
    client: FlaskClient, rows: Session, evening: Evening, prompt: FollowUp, said: PromptAnswer
) -> None:
    token = link(rows, evening.people[0], prompt)
    answer = client.post(f"/a/{token}", data={"answer": said.value})
    assert (answer.status_code, answer.location) == (303, f"/a/{token}")
    assert again(rows, prompt).answer is said
    page = client.get(answer.location)
    assert "受け取りました" in page.text
    second = client.post(f"/a/{token}", data={"answer": PromptAnswer.SENT.value})
    assert second.status_code == 303
    assert again(rows, prompt).answer is said, "a second time changes nothing"


def test_a_link_speaks_the_language_of_its_person(
    client: FlaskClient, rows: Session, evening: Evening, prompt: FollowUp
) -> None:
    evening.people[0].locale = "en"
    token = link(rows, evening.people[0], prompt)
    assert "Please press once more" in client.get(f"/a/{token}?answer=later").text


def test_a_link_answers_nothing_but_its_own_prompt(
    client: FlaskClient, rows: Session, evening: Evening, prompt: FollowUp
) -> None:
    one, other = evening.people
    foreign = link(rows, other, prompt)
    stop = link(rows, one, None)
    for token in (foreign, stop, "x", "%00", "あ" * 60):
        assert client.get(f"/a/{token}").status_code == 404
        assert client.post(f"/a/{token}", data={"answer": "sent"}).status_code == 404
    good = link(rows, one, prompt)
    assert client.get(f"/stop/{good}").status_code == 404
    assert client.post(f"/stop/{good}").status_code == 404
    assert again(rows, prompt).state is FollowUpState.WAITING
    rows.refresh(one)
    assert one.prompts_stopped_at is None


def test_a_link_that_has_had_its_time_says_so(
    client: FlaskClient, rows: Session, evening: Evening, prompt: FollowUp
) -> None:
    token = link(rows, evening.people[0], prompt, expires_at=MORNING)
    for answer in (client.get(f"/a/{token}"), client.post(f"/a/{token}", data={"answer": "sent"})):
        assert answer.status_code == 410
        assert "期限を過ぎました" in answer.text
    assert again(rows, prompt).state is FollowUpState.WAITING


def test_a_bad_answer_by_link(client: FlaskClient, rows: Session, evening: Evening, prompt: FollowUp) -> None:
    token = link(rows, evening.people[0], prompt)
    assert client.post(f"/a/{token}", data={"answer": "none"}).status_code == 422
    assert client.post(f"/a/{token}").status_code == 422
    assert client.get(f"/a/{token}?answer=none").status_code == 200


def test_looking_at_every_link_of_the_mail_changes_nothing(
    app: App, config: Config, client: FlaskClient, rows: Session, evening: Evening
) -> None:
    sent = delivered(app, config)
    rows.expire_all()
    mail = next(one for one in sent if one["To"] == evening.people[0].email)
    found = paths(mail)
    assert len(found) == 7
    before = fingerprint(rows)
    for path in found:
        for method in ("GET", "HEAD", "OPTIONS"):
            assert client.open(path, method=method).status_code in (200, 302)
    assert fingerprint(rows) == before


# stopping


def test_stopping_asks_once_and_can_be_taken_back(
    client: FlaskClient, rows: Session, evening: Evening
) -> None:
    one = evening.people[0]
    token = link(rows, one, None)
    assert "止める" in client.get(f"/stop/{token}").text
    rows.refresh(one)
    assert one.prompts_stopped_at is None
    assert client.post(f"/stop/{token}").status_code == 303
    rows.refresh(one)
    assert one.prompts_stopped_at is not None
    assert "再開する" in client.get(f"/stop/{token}").text
    assert client.post(f"/stop/{token}/again").status_code == 303
    rows.refresh(one)
    assert one.prompts_stopped_at is None


def test_one_click_of_a_mail_program(app: App, rows: Session, evening: Evening) -> None:
    """No cookie, no token of a form, another origin: 200, and again 200 (RFC 8058)."""
    app.config["WTF_CSRF_ENABLED"] = True
    one = evening.people[0]
    token = link(rows, one, None)
    for _ in range(2):
        program = app.test_client(use_cookies=False)
        answer = program.post(
            f"/stop/{token}",
            data={"List-Unsubscribe": "One-Click"},
            headers={"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"},
        )
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
    rows.refresh(one)
    assert one.prompts_stopped_at == MORNING + timedelta(minutes=5)


def test_a_guessed_stop_link_stops_nobody(client: FlaskClient, rows: Session, evening: Evening) -> None:
    token = link(rows, evening.people[0], None)
    swapped = token[1:] + token[0]
    for guess in (swapped, "a" * 43, token.lower() + "x"):
        assert client.post(f"/stop/{guess}", data={"List-Unsubscribe": "One-Click"}).status_code == 404
        assert client.post(f"/stop/{guess}/again").status_code == 404
    assert rows.scalars(select(Person).where(Person.prompts_stopped_at.is_not(None))).all() == []


def test_mails_are_stopped_and_resumed_from_the_page(
    sign_in: SignIn, rows: Session, evening: Evening
) -> None:
    one = evening.people[0]
    browser = sign_in(one)
    assert browser.post("/prompts/stop").status_code == 303
    assert "メールは止めています" in browser.get("/prompts").text
    assert browser.post("/prompts/start-again").status_code == 303
    rows.refresh(one)
    assert one.prompts_stopped_at is None


def test_stopping_twice_is_stopping_once(rows: Session, evening: Evening) -> None:
    one = evening.people[0]
    days.put_on_their_days(rows, MORNING)
    assert [stopping.stop(rows, one.id, MORNING) for _ in range(2)] == [True, False]
    assert [stopping.start_again(rows, one.id, MORNING) for _ in range(2)] == [True, False]


def test_the_token_is_kept_as_a_hash_alone(app: App, config: Config, rows: Session, evening: Evening) -> None:
    mail = delivered(app, config)[0]
    tokens = {path.split("/")[2].split("?")[0] for path in paths(mail) if path.startswith(("/a/", "/stop/"))}
    kept = repr([tuple(row) for row in rows.execute(select(MailLink.__table__))])
    assert tokens
    assert not [token for token in tokens if token in kept]


def test_a_let_go_tie_can_be_taken_back_from_the_answer(
    client: FlaskClient, rows: Session, evening: Evening, prompt: FollowUp
) -> None:
    one, other = evening.people
    token = link(rows, one, prompt)
    client.post(f"/a/{token}", data={"answer": "not_this_person"})
    tie = ties.tie_between(rows, one.id, other.id)
    assert tie is not None
    assert f"/ties/{tie.public_id}" in client.get(f"/a/{token}").text
    assert service.barred_pairs(rows, {one.id, other.id}) == {ties.ordered(one.id, other.id)}


def test_who_was_let_go_is_on_no_list_until_that_is_taken_back(
    sign_in: SignIn, rows: Session, evening: Evening, prompt: FollowUp, stand_still: Move
) -> None:
    one, other = evening.people
    prompt.state = FollowUpState.SENT
    rows.commit()
    stand_still(MORNING + timedelta(hours=1))
    browser = sign_in(one)
    assert all(other.name in browser.get(path).text for path in ("/", "/prompts"))
    tie = ties.tie_between(rows, one.id, other.id)
    assert tie is not None
    browser.post(f"/ties/{tie.public_id}/let-go")
    assert browser.get("/ties").status_code == 200  # what was said about it has been read
    assert not [path for path in ("/", "/prompts") if other.name in browser.get(path).text]
    browser.post(f"/ties/{tie.public_id}/hold-on")
    assert other.name in browser.get("/prompts").text
