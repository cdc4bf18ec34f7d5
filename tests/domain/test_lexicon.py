"""The lexicon as data: every expression can be found, every line that cannot be read is named."""

from importlib.resources import files

import pytest

from organizer.domain.lexicon.entries import ENDINGS, NONE, NOT, Kind, Lexicon
from organizer.domain.lexicon.hearing import every_mention, hear
from organizer.domain.lexicon.quantities import Measure, agreement, amounts
from organizer.domain.lexicon.reader import FILES, lexicon, parse_lexicon
from organizer.domain.lexicon.spelling import fold, parse_spellings
from organizer.domain.vocabulary import Industry, Topic


def parse(text: str) -> Lexicon:
    return parse_lexicon([("ours.txt", text)])


def in_words(piece: str) -> str:
    """A piece as somebody says it."""
    bare = piece.rstrip(ENDINGS)
    return bare + ("ない" if piece.endswith(NOT) else "がない" if piece.endswith(NONE) else "")


def test_every_expression_is_found_where_it_is_said() -> None:
    known = lexicon()
    lost = [
        (piece, sense.name)
        for piece, senses in known.words.items()
        for sense in senses
        if sense not in {mention.sense for mention in every_mention(fold(in_words(piece)), known)}
    ]
    lost += [
        (piece, pattern.sense.name)
        for piece, patterns in known.patterns.items()
        for pattern in patterns
        for text in ["、".join(in_words(one) for one in (piece, *pattern.rest))]
        if pattern.sense not in {mention.sense for mention in every_mention(fold(text), known)}
    ]
    assert lost == []


def test_the_vocabulary_is_wide() -> None:
    known = lexicon()
    assert known.expressions > 20_000
    assert {entry.subject for entry in known.of_kind(Kind.CONCEPT)} == set(Topic)
    assert len(known.of_kind(Kind.CONCEPT)) >= 300
    assert len(known.of_kind(Kind.TRADE)) >= 250
    assert {entry.subject for entry in known.of_kind(Kind.TRADE)} == set(Industry) - {Industry.UNCLASSIFIED}
    trades = {trade.name for trade in known.of_kind(Kind.TRADE)}
    said = {word for word, senses in known.words.items() if trades & {sense.name for sense in senses}}
    assert len(said) >= 1_500


def test_the_files_stay_of_a_size_that_is_read_in_a_moment() -> None:
    folder = files("organizer.domain.lexicon")
    assert sum(len(folder.joinpath(f"{name}.txt").read_bytes()) for name in FILES) < 1_000_000


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[no_such_topic]\na: b", "line 1: no such section"),
        ("[hiring]\nno colon here", "line 2: expected"),
        ("[hiring]\na: b | | c", "line 2: expected"),
        ("[hiring]\na: b…", "line 2: expected"),
        ("[hiring]\na wants: b", "line 2: 'wants'"),
        ("[hiring]\na =2: b", "line 2: '2' is no degree"),
        ("[hiring]\na: b\na near: c 0.5", "line 3: nothing is named 'c'"),
        ("[hiring]\na: b\n[tax]\na: c", "line 4: 'a' already stands"),
        ("[more]\na: b", "line 2: nothing is named 'a'"),
        ("[near]\nhiring", "line 2: expected two topics"),
        ("[kin]\nhiring unheard_of", "line 2: expected two topics"),
        ("[industry Q9]\na: b", "line 1: no such section"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=f"^ours.txt, {told}"):
        parse(text)


def test_a_spelling_that_cannot_be_read_is_named() -> None:
    assert parse_spellings("# ours\nでき: 出来 | デキ\n") == {"出来": "でき", "デキ": "でき"}
    with pytest.raises(ValueError, match="line 2"):
        parse_spellings("でき: 出来\nない\n")


def test_a_host_can_write_a_lexicon() -> None:
    mine = parse(
        "# ours\n[hiring]\n*ours: たすけて | help*\nours needs: 人…こない\nwe near: ours 0.5\nwe: われら\n"
        "[industry M]\n*shops: 店\nsoba: そば\n[more]\nours: ~たのむ\n[near]\nhiring pr\n[kin]\nhiring tax\n"
    )
    names = {mention.name for mention in every_mention("人が全然こなくて", mine)}
    assert names == {"ours"}
    assert [mention.sense.surety for mention in every_mention("たのむ", mine)] == [0.55]
    assert [mention.name for mention in every_mention("we need helpers", mine)] == ["ours"]
    assert not list(every_mention("whelp", mine))
    assert mine.nearness("we", "ours") == mine.nearness("ours", "we") == 0.5
    assert mine.entries["soba"].parents == {"shops": 1.0}
    assert mine.near_topics == {frozenset((Topic.HIRING, Topic.PR))}
    assert mine.kin_topics > mine.near_topics


def test_of_two_expressions_the_longer_counts() -> None:
    names = {mention.name for mention in hear("介護離職が心配").mentions}
    assert "care" not in names


@pytest.mark.parametrize(
    ("text", "measure", "low", "high"),
    [
        ("従業員五十名以上の会社", Measure.PEOPLE, 50, float("inf")),
        ("20〜30人の町工場", Measure.PEOPLE, 20, 30),
        ("八万人の会社", Measure.PEOPLE, 80_000, 80_000),
        ("三十代の社長", Measure.AGE, 30, 39),
        ("七十を過ぎて現役", Measure.AGE, 70, float("inf")),
        ("創業三年以内", Measure.YEARS, 0, 3),
        ("年商二億円", Measure.SALES, 2e8, 2e8),
        ("十店舗以上", Measure.SHOPS, 10, float("inf")),
        ("ロット一万個から", Measure.LOT, 10_000, float("inf")),
    ],
)
def test_figures_are_understood(text: str, measure: Measure, low: float, high: float) -> None:
    assert [(one.low, one.high) for one in amounts(fold(text)) if one.measure is measure] == [(low, high)]


def test_figures_agree_or_do_not() -> None:
    asked = amounts(fold("従業員三百人以上"))
    assert agreement(asked, amounts(fold("4名"))) == 0.0
    assert agreement(asked, amounts(fold("千二百名"))) == 1.0
    assert agreement(asked, amounts(fold("三十代"))) is None
