"""Why somebody fits, in words: what is quoted is what was meant."""

import pytest

from organizer.domain.profiles import Challenge, Criterion, Give, Profile, TargetProfile
from organizer.domain.targets import fit_target
from organizer.domain.vocabulary import CriterionField, GiveKind, Topic
from organizer.i18n import speaking
from organizer.registrations.wording import part_words
from organizer.web.unit import App

SHRINKING = Challenge("少子化で塾の生徒が減っている", (Topic.SALES,))
TEACHERS = Challenge("講師がなかなか集まらない", (Topic.HIRING,))
BY_WORDS = Challenge("採用がうまくいかない")


def said(app: App, profile: Profile, field: CriterionField, *wanted: Topic, locale: str = "ja") -> str:
    target = TargetProfile(1, "相手", criteria=(Criterion(field, tuple(topic.value for topic in wanted)),))
    (part,) = fit_target(profile, target).parts
    with app.app_context(), speaking(locale, "Asia/Tokyo"):
        words = part_words(part, profile)
    return words if isinstance(words, str) else words[0]


@pytest.mark.parametrize("other", [TEACHERS, BY_WORDS])
def test_of_several_challenges_the_one_that_is_wanted_is_quoted(app: App, other: Challenge) -> None:
    profile = Profile(1, challenges=(SHRINKING, other))
    assert said(app, profile, CriterionField.CHALLENGE, Topic.HIRING) == f"課題「{other.words}」"
    assert said(app, profile, CriterionField.CHALLENGE, Topic.SALES) == f"課題「{SHRINKING.words}」"


def test_in_english_too(app: App) -> None:
    profile = Profile(1, challenges=(SHRINKING, TEACHERS))
    assert TEACHERS.words in said(app, profile, CriterionField.CHALLENGE, Topic.HIRING, locale="en")


def test_of_several_gives_the_one_that_is_wanted_is_quoted(app: App) -> None:
    profile = Profile(
        1,
        gives=(
            Give(GiveKind.EXPERIENCE, "店を三つ開いた話", (Topic.SALES,)),
            Give(GiveKind.EXPERIENCE, "新卒を採れた話", (Topic.HIRING,)),
        ),
    )
    assert "新卒を採れた話" in said(app, profile, CriterionField.GIVE, Topic.HIRING)


def test_where_none_is_wanted_the_first_is_quoted(app: App) -> None:
    profile = Profile(1, challenges=(SHRINKING, TEACHERS))
    assert said(app, profile, CriterionField.CHALLENGE, Topic.LEGAL) == f"課題「{SHRINKING.words}」"
