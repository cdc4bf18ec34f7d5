"""Drafts one could send as they stand: whole in both languages, warm, and never selling."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask_babel import force_locale

from organizer.domain.cadence import FollowUpStep
from organizer.domain.profiles import Challenge, Give, Profile
from organizer.domain.reasons import ONE_WAY, Reason, ReasonKind
from organizer.domain.vocabulary import CriterionField, GiveKind, Topic, Value
from organizer.events.models import Event
from organizer.followups import letter_wording, wording
from organizer.followups.models import FollowUp
from organizer.followups.queries import Story
from organizer.matches.queries import Told
from organizer.people import models as people
from organizer.people.models import Person
from organizer.ties.models import Promise
from organizer.web.unit import App
from tests.factories import NOW

MORNING = datetime(2026, 12, 2, 0, 0, tzinfo=UTC)
SELLING = (
    "商談",
    "契約",
    "ご購入",
    "売り",
    "割引",
    "弊社サービスのご案内",
    "sales",
    "buy",
    "offer",
    "discount",
)


@pytest.fixture(params=["ja", "en"])
def language(request: pytest.FixtureRequest, app: App) -> Iterator[str]:
    """Each of the two languages in turn."""
    with app.app_context(), force_locale(request.param):
        yield request.param


def person(number: int, name: str, company: str) -> Person:
    one = Person(id=number, public_id=f"p{number}", name=name, reading="", email=f"{number}@example.jp")
    one.profile = people.Profile(company=company)
    return one


ME, OTHER = person(1, "田中 太郎", "田中工業株式会社"), person(2, "髙橋 玲子", "高橋精工株式会社")


def told(one: Person, give: str, topic: Topic) -> Told:
    profile = Profile(
        one.id,
        gives=(Give(GiveKind.EXPERIENCE, give),),
        challenges=(Challenge("", (topic,)),),
        values=(Value.SINCERITY,),
    )
    return Told(one.id, one.public_id, one.name, "", one.profile.company, profile)


def story(step: FollowUpStep = FollowUpStep.NEXT_DAY, slot: int | None = 1, **values: object) -> Story:
    row = FollowUp(id=7, person_id=1, other_id=2, step=step, due_at=MORNING, slot=slot, due_period="x")
    event = Event(title="第12回 朝の会", starts_at=NOW, ends_at=NOW + timedelta(hours=2))
    facts: dict[str, object] = {
        "follow_up": row,
        "other": OTHER,
        "event": event,
        "tie": None,
        "reasons": (),
        "people": {
            1: told(ME, "採用広報の経験。", Topic.SUBSIDIES),
            2: told(OTHER, "補助金申請", Topic.HIRING),
        },
        "promises": (),
        "talked": True,
        "mutual": False,
        "exchanged": False,
        "handed_over": False,
    }
    return Story(**(facts | values))  # type: ignore[arg-type]


def promise(due_on: date | None = date(2026, 12, 8)) -> Promise:
    return Promise(person_id=1, other_id=2, words="採用の資料を送る", due_on=due_on)


def reason(kind: ReasonKind, subject: int = 1) -> Reason:
    return Reason(
        kind,
        subject,
        3 - subject,
        50,
        topic=Topic.HIRING if kind is ReasonKind.GIVE_MEETS_CHALLENGE else None,
        give=0 if "give" in kind.value or kind is ReasonKind.INTRODUCES else None,
        fields=(CriterionField.ROLE,),
        topics=(Topic.HIRING,) if kind is ReasonKind.COMMON_CHALLENGE else (),
        values=(Value.SINCERITY,) if kind is ReasonKind.COMMON_VALUE else (),
    )


def whole(text: str, language: str) -> None:
    """Raises AssertionError unless a draft can be sent: addressed, signed, whole, of one language, not selling."""
    assert OTHER.name in text
    assert text.endswith(ME.name)
    for leftover in ("%(", "None", "「」", "“”", "()", "（）", "\n\n\n"):
        assert leftover not in text, leftover
    assert not [word for word in SELLING if word in text.lower()]
    if language == "ja":
        assert f"{OTHER.name} 様" in text
        assert "!" not in text
        assert "！" not in text
        assert "This is" not in text
    else:
        assert f"Dear {OTHER.name}," in text
        assert "ます" not in text


@pytest.mark.parametrize("step", list(FollowUpStep))
def test_every_step_has_a_whole_draft(language: str, step: FollowUpStep) -> None:
    for slot in (1, 2, 3, None):
        for talked in (True, False):
            for promises in ((), (promise(),), (promise(None),)):
                for event in ({}, {"event": None}):
                    made = story(step, slot, talked=talked, promises=promises, **event)
                    whole(letter_wording.draft(made, ME), language)


@pytest.mark.parametrize("kind", list(ReasonKind))
def test_every_reason_can_be_said(language: str, kind: ReasonKind) -> None:
    for subject in (1, 2) if kind in ONE_WAY else (1,):
        made = story(reasons=(reason(kind, subject),))
        text = letter_wording.draft(made, ME)
        whole(text, language)
        silent = kind in (ReasonKind.TALKED_TOGETHER, ReasonKind.NOT_MET_YET)
        assert (text != letter_wording.draft(story(), ME)) is not silent


def test_a_reason_whose_give_is_gone_is_passed_over(language: str) -> None:
    gone = Reason(ReasonKind.GIVE_MEETS_CHALLENGE, 1, 2, 50, topic=Topic.HIRING, give=4)
    whole(letter_wording.draft(story(reasons=(gone,)), ME), language)


def test_the_draft_names_reason_talk_promise_and_give(language: str) -> None:
    made = story(reasons=(reason(ReasonKind.GIVE_MEETS_CHALLENGE, 2),), promises=(promise(),))
    text = letter_wording.draft(made, ME)
    for words in ("補助金申請", "第12回 朝の会", "採用の資料を送る", "採用広報の経験"):
        assert words in text
    assert "採用広報の経験。」" not in text, "quoted without its full stop"


def test_a_mutual_wish_goes_first(language: str) -> None:
    made = story(reasons=(reason(ReasonKind.SAME_AREA),), mutual=True)
    assert str(letter_wording.OF_REASON[ReasonKind.MUTUAL_AGAIN]) in letter_wording.draft(made, ME)
    assert len(wording.why(made)) == 2


def test_the_drafts_of_one_day_differ(language: str) -> None:
    for step in FollowUpStep:
        promises = (promise(),) if step is FollowUpStep.PROMISE_DUE else ()
        drafts = {letter_wording.draft(story(step, slot, promises=promises), ME) for slot in (1, 2, 3)}
        assert len(drafts) == 3


def test_what_was_edited_stays_as_it_is(language: str) -> None:
    made = story()
    made.follow_up.draft = "わたしの言葉"
    assert letter_wording.draft(made, ME) == "わたしの言葉"


def test_yesterday_is_said_on_the_next_day_only(app: App) -> None:
    with app.app_context(), force_locale("ja"):
        made = story(slot=3)
        assert "昨日" in letter_wording.draft(made, ME)
        made.follow_up.due_at = MORNING + timedelta(days=3)
        text = letter_wording.draft(made, ME)
        assert "昨日" not in text
        assert "先日" in text


def test_names_and_companies_may_be_missing(language: str) -> None:
    nobody = person(2, "", "")
    text = letter_wording.draft(story(other=nobody), person(1, "田中 太郎", ""))
    assert "None" not in text
    assert text.endswith("田中 太郎")


def test_why_falls_back_to_where_they_met(language: str) -> None:
    assert wording.why(story(people={}))[0].count("第12回 朝の会") == 1
    assert wording.why(story(people={}, event=None)) == []
    due = story(FollowUpStep.PROMISE_DUE, promises=(promise(),))
    assert "採用の資料を送る" in wording.why(due)[0]


def test_every_letter_has_a_subject(language: str) -> None:
    for step in FollowUpStep:
        assert letter_wording.subject(story(step))
        assert letter_wording.subject(story(step, event=None))


def test_a_long_quote_is_cut(app: App) -> None:
    with app.app_context(), force_locale("ja"):
        long = Promise(person_id=1, other_id=2, words="長い約束\n" * 40, due_on=None)
        text = letter_wording.draft(story(promises=(long,)), ME)
        assert "…」" in text
        assert "約束\n長い" not in text
