"""The jury of free words: the areas by hand, and the judged files' grammar."""

from collections import Counter
from pathlib import Path

import pytest

from organizer.domain.words import relevance
from tests.domain.judge_words import (
    HEADER,
    KEPT,
    KINDS,
    LABELS,
    OTHER,
    TRAPS,
    TUNING,
    Judged,
    auc,
    chance_pairs,
    figures,
    read,
    report,
    shares_two_characters,
)

HALVES = pytest.mark.parametrize("path", [TUNING, KEPT], ids=["tuning", "kept"])


@pytest.mark.parametrize(
    ("positives", "negatives", "area"),
    [
        ([0.9], [0.1], 1.0),
        ([0.1], [0.9], 0.0),
        ([0.4], [0.4], 0.5),
        ([0.9, 0.3], [0.5, 0.1], 0.75),
        ([0.5, 0.5], [0.5, 0.1], 0.75),
        ([0.8, 0.2, 0.0], [0.5, 0.2, 0.2, 0.1], (4 + 2) / 12),
    ],
)
def test_area_counts_ties_half(positives: list[float], negatives: list[float], area: float) -> None:
    assert auc(positives, negatives) == pytest.approx(area)
    assert auc(negatives, positives) == pytest.approx(1 - area)
    assert auc(positives[::-1], negatives[::-1]) == auc(positives, negatives)


@pytest.mark.parametrize(("positives", "negatives"), [([], [0.1]), ([0.1], []), ([], [])])
def test_area_needs_both_sides(positives: list[float], negatives: list[float]) -> None:
    with pytest.raises(ValueError, match="both sides"):
        auc(positives, negatives)


@pytest.mark.parametrize(
    ("left", "right", "shared"),
    [
        ("採用の話", "採用難", True),
        ("採る", "用いる", False),
        ("ＰＲの経験", "pr下手", True),
        ("飲食／代表", "製造／代理", False),
        ("", "何か", False),
    ],
)
def test_shared_characters_ignore_width_case_and_signs(left: str, right: str, shared: bool) -> None:
    assert shares_two_characters(left, right) is shared
    assert shares_two_characters(right, left) is shared


def test_chance_takes_rights_of_others_of_the_same_kind() -> None:
    judged = [Judged("give", "direct", "", f"g{n}", f"c{n}") for n in range(8)]
    judged += [Judged("wish", "direct", "", f"w{n}", f"p{n}") for n in range(7)]
    judged.append(Judged("wish", "not", OTHER, "w7", "p7"))
    pairs = chance_pairs(judged)
    assert len(pairs) == 15 * 6
    assert pairs == chance_pairs(judged)
    for left, right in pairs:
        assert (left[0], right[0]) in {("g", "c"), ("w", "p")}
        assert left[1] != right[1]
    assert "w7" not in {left for left, _ in pairs}


def test_another_header_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.tsv"
    path.write_text("kind\tlabel\n", encoding="utf-8")
    with pytest.raises(ValueError, match="header"):
        read(path)


@HALVES
def test_file_keeps_its_grammar(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert all(line.count("\t") == len(HEADER) - 1 for line in lines)
    for pair in read(path):
        assert pair.kind in KINDS
        assert pair.label in LABELS
        assert pair.trap in ((*TRAPS, OTHER) if pair.label == "not" else ("",))
        assert pair.left == pair.left.strip() != ""
        assert pair.right == pair.right.strip() != ""


@HALVES
def test_half_is_large_and_balanced(path: Path) -> None:
    judged = read(path)
    assert len(judged) >= 400
    labels = Counter(pair.label for pair in judged)
    assert 0.36 <= labels["direct"] / len(judged) <= 0.46
    assert 0.04 <= labels["plausible"] / len(judged) <= 0.10
    traps = Counter(pair.trap for pair in judged if pair.label == "not")
    assert 0.4 <= 1 - traps[OTHER] / labels["not"] <= 0.6
    assert min(traps[trap] for trap in TRAPS) >= 10
    kinds = Counter(pair.kind for pair in judged)
    assert abs(kinds["give"] - kinds["wish"]) <= 0.1 * len(judged)
    direct = [pair for pair in judged if pair.label == "direct"]
    assert sum(not shares_two_characters(pair.left, pair.right) for pair in direct) >= len(direct) / 3


def test_halves_are_balanced_alike() -> None:
    tuning, kept = (
        Counter((pair.kind, pair.label, pair.trap) for pair in read(path)) for path in (TUNING, KEPT)
    )
    assert tuning.keys() == kept.keys()
    assert all(abs(tuning[group] - kept[group]) <= 0.2 * tuning[group] + 3 for group in tuning)


def test_no_pair_is_judged_twice() -> None:
    pairs = [(pair.left, pair.right) for path in (TUNING, KEPT) for pair in read(path)]
    assert len(pairs) == len(set(pairs))


@HALVES
def test_figures_know_a_perfect_and_a_blind_judge(path: Path) -> None:
    labels = {(pair.left, pair.right): pair.label for pair in read(path)}
    perfect = figures(path, lambda left, right: float(labels.get((left, right)) in ("direct", "plausible")))
    assert (perfect.direct, perfect.direct_or_plausible, perfect.chance, perfect.trap_mean) == (1, 1, 1, 1)
    assert perfect.kinds == dict.fromkeys(KINDS, 1.0)
    blind = figures(path, lambda left, right: 0.3)
    assert (blind.direct, blind.chance, blind.apart, blind.apart_hard, blind.other) == (0.5,) * 5
    assert blind.traps == dict.fromkeys(TRAPS, 0.5)


@HALVES
def test_report_shows_figures_and_no_pair(path: Path) -> None:
    text = report(path.stem, figures(path, relevance))
    assert f"{len(read(path))} pairs" in text
    assert all(trap in text for trap in TRAPS)
    assert not any(pair.left in text or pair.right in text for pair in read(path))
