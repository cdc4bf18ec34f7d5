"""The morning's letter as it really leaves: by SMTP, at the hour, with its answers and its way to stop."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.clock import clock
from organizer.config import Config
from organizer.db import Database
from organizer.domain.delivery import FollowUpState, MessageState, PromptAnswer, SuppressionReason
from organizer.domain.lifecycle import RunState
from organizer.followups import days, letters, mails, service, stopping
from organizer.followups.models import PersonalLetter
from organizer.jobs.sweep import Sweeper
from organizer.mail.models import Message
from organizer.matches.models import Reveal
from organizer.people import blocks
from organizer.ties import service as ties
from organizer.web.unit import App
from organizer.worker import sweeper
from organizer.workflows import keeping_up
from tests.factories import NOW, make_person
from tests.followups.rows import MORNING, make_evening, make_follow_up, make_prompted, prompts_of
from tests.smtp import Letter, Mood, SmtpSink


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as sink:
        yield sink


@pytest.fixture
def work(app: App, config: Config, sink: SmtpSink) -> Sweeper:
    return sweeper(app, replace(config, smtp_url=sink.url))


def at(moment: object) -> None:
    clock.source = lambda: moment  # type: ignore[assignment, return-value]


def headers(letter: Letter) -> dict[str, str]:
    return {name.lower(): str(value).strip() for name, value in letter.message.items()}


def plain(letter: Letter) -> str:
    return letter.text.replace("\r\n", "\n")


def test_it_arrives_next_morning_at_nine_and_not_before(rows: Session, work: Sweeper, sink: SmtpSink) -> None:
    evening = make_prompted(rows)
    one, other = evening.people
    rows.commit()
    at(MORNING - timedelta(minutes=1))
    work.sweep()
    assert sink.letters == []
    at(MORNING)
    work.sweep()
    (letter,) = sink.to(one.email or "")
    assert other.name in letter.text
    assert other.profile.company in letter.text
    assert str(letter.message["Subject"]).startswith(other.name)
    assert len(str(letter.message["Subject"])) <= 30
    work.sweep()
    rows.expire_all()
    assert prompts_of(rows, one)[0].state is FollowUpState.SENT
    assert len(sink.letters) == 2


def test_it_says_why_and_brings_a_draft_and_four_answers(
    rows: Session, work: Sweeper, sink: SmtpSink
) -> None:
    evening = make_prompted(rows)
    one, other = evening.people
    promise = ties.promise(rows, one.id, other.id, "採用の資料を送る", None, now=NOW)
    rows.commit()
    at(MORNING)
    work.sweep()
    text = sink.to(one.email or "")[0].text
    assert "経験0" in text or "経験1" in text, "the reason names what is given"
    assert f"{other.name} 様" in text
    assert evening.event.title in text
    assert promise.words in text
    assert text.count("/a/") == len(PromptAnswer) + 1
    assert {f"answer={said.value}" for said in PromptAnswer} <= {
        part.split()[0] for part in text.split("?")[1:]
    }
    assert other.email not in text


def test_three_prompts_read_differently(rows: Session, work: Sweeper, sink: SmtpSink) -> None:
    evening = make_evening(rows, 4)
    me, *others = evening.people
    pairs = [(me.id, other.id, None) for other in others]
    service.plan_after_matches(rows, evening.event, pairs, NOW)
    rows.commit()
    at(MORNING)
    work.sweep()
    (letter,) = sink.to(me.email or "")
    drafts = [part.split("【ひと押し")[0] for part in plain(letter).split("【下書き】")[1:]]
    assert len(drafts) == 3
    openings = {draft.strip().split("\n\n")[1] for draft in drafts}
    assert len(openings) == 3


def test_it_speaks_english_to_those_who_do(rows: Session, work: Sweeper, sink: SmtpSink) -> None:
    evening = make_prompted(rows)
    evening.people[0].locale = "en"
    rows.commit()
    at(MORNING)
    work.sweep()
    (letter,) = sink.to(evening.people[0].email or "")
    assert "Good morning" in letter.text
    assert "Dear " in letter.text
    assert "おはよう" not in letter.text
    assert letter.message["Content-Language"] == "en"


def test_one_click_headers_stand_on_it(rows: Session, work: Sweeper, sink: SmtpSink) -> None:
    make_prompted(rows)
    rows.commit()
    at(MORNING)
    work.sweep()
    head = headers(sink.letters[0])
    assert head["list-unsubscribe"].startswith("<http://localhost/stop/")
    assert head["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"


def test_no_letter_holds_more_than_three(rows: Session, work: Sweeper, sink: SmtpSink) -> None:
    me = make_person(rows)
    for _ in range(5):
        make_follow_up(rows, me, make_person(rows))
    rows.commit()
    for day in range(3):
        at(MORNING + timedelta(days=day))
        work.sweep()
    assert [letter.text.count("【下書き】") for letter in sink.to(me.email or "")] == [3, 2]


def test_unsubscribing_holds_from_its_answer_on_also_for_queued_mails(
    rows: Session, work: Sweeper, sink: SmtpSink
) -> None:
    evening = make_prompted(rows)
    one, other = evening.people
    days.put_on_their_days(rows, MORNING)
    stopping.stop(rows, one.id, MORNING)
    rows.commit()
    at(MORNING)
    work.sweep()
    work.sweep()
    assert sink.to(one.email or "") == []
    assert len(sink.to(other.email or "")) == 1
    rows.expire_all()
    row = prompts_of(rows, one)[0]
    assert (row.state, row.reason) == (FollowUpState.SUPPRESSED, "unsubscribed")
    assert service.can_answer(row), "it stays on the page"


def test_unsubscribing_while_a_worker_holds_the_letter_stops_it(
    rows: Session, work: Sweeper, sink: SmtpSink, database: Database
) -> None:
    evening = make_prompted(rows)
    one = evening.people[0]
    rows.commit()
    at(MORNING)
    inner = work.compose

    def stop_after_composing(session: Session, message: Message, moment: object) -> object:
        made = inner(session, message, moment)  # type: ignore[arg-type]
        if message.person_id == one.id:
            stopping.stop(session, one.id, MORNING)
        return made

    work.compose = stop_after_composing  # type: ignore[assignment]
    work.sweep()
    assert sink.to(one.email or "") == []


@pytest.mark.parametrize("act", ["block", "let_go", "answer"])
def test_what_changes_after_the_letter_was_posted_is_seen_when_it_is_written(
    rows: Session, work: Sweeper, sink: SmtpSink, act: str
) -> None:
    evening = make_prompted(rows, 3)
    one, middle, three = evening.people
    days.put_on_their_days(rows, MORNING)
    if act == "block":
        blocks.block(rows, one.id, middle.id, MORNING)
    elif act == "let_go":
        keeping_up.let_go(rows, middle.id, one.id, MORNING)
    else:
        service.answer(rows, prompts_of(rows, middle)[0], PromptAnswer.SENT, MORNING)
    rows.commit()
    at(MORNING)
    work.sweep()
    (letter,) = sink.to(middle.email or "")
    assert one.name not in letter.text
    assert three.name in letter.text


def test_a_letter_without_any_prompt_left_does_not_leave(
    rows: Session, work: Sweeper, sink: SmtpSink
) -> None:
    evening = make_prompted(rows)
    one, other = evening.people
    days.put_on_their_days(rows, MORNING)
    blocks.block(rows, one.id, other.id, MORNING)
    rows.commit()
    at(MORNING)
    work.sweep()
    work.sweep()
    assert sink.letters == []
    rows.expire_all()
    assert {row.reason for row in prompts_of(rows, one) if row.slot} == {"blocked"}


def test_a_refused_letter_leaves_the_prompt_on_the_page(rows: Session, work: Sweeper, sink: SmtpSink) -> None:
    evening = make_prompted(rows)
    one = evening.people[0]
    sink.moods[one.email or ""] = Mood.REFUSE
    rows.commit()
    at(MORNING)
    work.sweep()
    work.sweep()
    rows.expire_all()
    row = prompts_of(rows, one)[0]
    assert (row.state, row.reason) == (FollowUpState.FAILED, "550")
    assert service.can_answer(row)


def test_held_up_until_the_evening_it_comes_the_next_morning(
    rows: Session, work: Sweeper, sink: SmtpSink
) -> None:
    evening = make_prompted(rows)
    one = evening.people[0]
    sink.mood = Mood.DEFER
    rows.commit()
    at(MORNING)
    work.sweep()
    sink.mood = Mood.TAKE
    at(MORNING + timedelta(hours=13))
    work.sweep()
    assert sink.letters == []
    at(MORNING + timedelta(days=1))
    work.sweep()
    assert len(sink.to(one.email or "")) == 1


def test_a_mutual_wish_is_said_and_a_one_sided_one_never(
    rows: Session, work: Sweeper, sink: SmtpSink
) -> None:
    evening = make_prompted(rows)
    one, other = evening.people
    a, b = ties.ordered(one.id, other.id)
    rows.add(Reveal(event_id=evening.event.id, a_id=a, b_id=b, at=NOW))
    rows.commit()
    at(MORNING)
    work.sweep()
    assert "また会いたい" in sink.to(one.email or "")[0].text


def test_matches_that_were_taken_off_are_not_quoted(rows: Session, work: Sweeper, sink: SmtpSink) -> None:
    evening = make_prompted(rows)
    for match in evening.matches.values():
        match.removed_at = NOW
    rows.commit()
    at(MORNING)
    work.sweep()
    assert "役立ち" not in sink.letters[0].text
    assert evening.event.title in sink.letters[0].text
    assert RunState.PUBLISHED.value not in sink.letters[0].text


def test_a_personal_letter_comes_from_us_and_answers_go_to_its_writer(
    rows: Session, work: Sweeper, sink: SmtpSink
) -> None:
    evening = make_prompted(rows)
    one, other = evening.people
    letters.hand_over(rows, prompts_of(rows, one)[0], "先日はありがとうございました。", NOW)
    rows.commit()
    work.sweep()
    (letter,) = sink.to(other.email or "")
    assert "先日はありがとうございました。" in letter.text
    assert letter.message["Reply-To"] == one.email
    sender = letter.message["From"].addresses[0]
    assert sender.addr_spec.startswith("enishi@")
    assert one.name in sender.display_name
    assert letter.sender.startswith("enishi@")
    work.sweep()
    rows.expire_all()
    assert rows.scalars(select(PersonalLetter.words)).one() == "", "the words are gone once they have left"
    assert prompts_of(rows, one)[0].answer is PromptAnswer.SENT


def test_a_personal_letter_to_somebody_who_blocked_goes_nowhere_in_silence(
    rows: Session, work: Sweeper, sink: SmtpSink
) -> None:
    evening = make_prompted(rows)
    one, other = evening.people
    letters.hand_over(rows, prompts_of(rows, one)[0], "お元気ですか。", NOW)
    blocks.block(rows, other.id, one.id, NOW)
    rows.commit()
    work.sweep()
    assert sink.letters == []
    rows.expire_all()
    message = rows.scalars(select(Message).where(Message.kind == letters.KIND)).one()
    assert (message.state, message.reason) == (MessageState.SUPPRESSED, SuppressionReason.BLOCKED.value)


def test_the_links_last_as_long_as_the_page_says() -> None:
    assert timedelta(days=120) == mails.LINK_LASTS, "four months, in words"
