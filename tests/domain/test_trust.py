"""Stages, growth, warmth, next steps and balances of ties."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizer.domain.trust import (
    RHYTHM_DAYS,
    TRUST_FROM,
    ContactKind,
    Growth,
    LedgerKind,
    NextStep,
    Openness,
    PortfolioPlace,
    PromiseState,
    TiePurpose,
    TieStage,
    Touch,
    Warmth,
    balance,
    contacts_so_far,
    diversity,
    growth,
    next_step,
    openness,
    place,
    portfolio,
    promise_state,
    stage,
    warmth,
    weight,
)

MET = date(2026, 11, 5)
E, M, C, T, L, W, N = (
    ContactKind.EVENT,
    ContactKind.MESSAGE,
    ContactKind.CALL,
    ContactKind.MEETING,
    ContactKind.MEAL,
    ContactKind.WORK,
    ContactKind.INTRODUCTION,
)
kinds = st.lists(st.sampled_from(ContactKind), max_size=12)


def touches(*kinds: ContactKind) -> list[Touch]:
    """Contacts a week apart, the first on the day they met."""
    return [Touch(kind, MET + timedelta(weeks=week)) for week, kind in enumerate(kinds)]


def test_contacts_are_counted_by_the_day() -> None:
    same_day = [Touch(M, MET), Touch(M, MET), Touch(E, MET)]
    assert contacts_so_far(same_day) == 1
    assert contacts_so_far([*same_day, Touch(M, MET + timedelta(days=1))]) == 2
    assert contacts_so_far([]) == 0


@pytest.mark.parametrize(
    ("kinds", "expected", "grown"),
    [
        ((), TieStage.ACQUAINTANCE, Growth.SOWN),
        ((E,), TieStage.ACQUAINTANCE, Growth.SOWN),
        ((E, M), TieStage.CONNECTION, Growth.SPROUTED),
        ((M, M), TieStage.ACQUAINTANCE, Growth.SPROUTED),
        ((E, M, M, M, M, M, M, M), TieStage.CONNECTION, Growth.SPROUTED),
        ((E, M, T, M), TieStage.CONNECTION, Growth.SPROUTED),
        ((E, M, T, M, L), TieStage.RELATIONSHIP, Growth.GROWN),
        ((E, M, W, L, M), TieStage.RELATIONSHIP, Growth.BEARING),
        ((E, E, E, E, E, E), TieStage.CONNECTION, Growth.SPROUTED),
    ],
)
def test_time_and_work_together_make_a_relationship(
    kinds: tuple[ContactKind, ...], expected: TieStage, grown: Growth
) -> None:
    assert stage(touches(*kinds)) is expected
    assert growth(touches(*kinds)) is grown


def test_fruit_makes_a_connection_bear_but_not_an_acquaintance() -> None:
    assert growth(touches(E, M), fruits=1) is Growth.BEARING
    assert growth(touches(E), fruits=1) is Growth.SOWN


@given(kinds, st.sampled_from(ContactKind), st.integers(0, 3))
def test_another_contact_never_makes_a_tie_less(
    so_far: list[ContactKind], more: ContactKind, fruits: int
) -> None:
    before, after = touches(*so_far), touches(*so_far, more)
    stages, growths = list(TieStage), list(Growth)
    assert stages.index(stage(after)) >= stages.index(stage(before))
    assert growths.index(growth(after, fruits)) >= growths.index(growth(before, fruits))
    assert weight(after) > weight(before)


@given(kinds)
def test_there_is_no_relationship_before_five_contacts_or_by_messages(so_far: list[ContactKind]) -> None:
    if stage(touches(*so_far)) is TieStage.RELATIONSHIP:
        assert contacts_so_far(touches(*so_far)) >= TRUST_FROM
        assert {T, L, W} & set(so_far)


def test_work_and_meals_and_meetings_weigh_more_than_messages() -> None:
    order = [weight(touches(kind)) for kind in (W, L, T, E, M)]
    assert order == sorted(order, reverse=True)
    assert weight([Touch(M, MET), Touch(L, MET)]) == weight(touches(L))


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0, Warmth.WARM),
        (RHYTHM_DAYS, Warmth.WARM),
        (RHYTHM_DAYS + 1, Warmth.COOLING),
        (2 * RHYTHM_DAYS, Warmth.COOLING),
        (2 * RHYTHM_DAYS + 1, Warmth.COLD),
    ],
)
def test_a_tie_cools_after_its_rhythm(days: int, expected: Warmth) -> None:
    assert warmth(touches(E), MET + timedelta(days=days)) is expected


def test_a_shorter_rhythm_cools_sooner_and_nothing_is_cold() -> None:
    assert warmth(touches(E), MET + timedelta(days=31), every_days=30) is Warmth.COOLING
    assert warmth([], MET) is Warmth.COLD


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ((), NextStep.SAY_THANKS),
        ((E,), NextStep.SAY_THANKS),
        ((E, M), NextStep.SHARE_SOMETHING),
        ((E, M, M), NextStep.MEET_AGAIN),
        ((E, T), NextStep.WORK_TOGETHER),
        ((E, M, T), NextStep.WORK_TOGETHER),
        ((E, M, T, W), NextStep.INTRODUCE),
        ((E, M, T, W, N), NextStep.KEEP_RHYTHM),
    ],
)
def test_the_next_step_climbs_the_ladder(kinds: tuple[ContactKind, ...], expected: NextStep) -> None:
    assert next_step(touches(*kinds), MET + timedelta(weeks=len(kinds))) is expected


def test_a_promise_that_is_near_comes_first_and_silence_next() -> None:
    later = MET + timedelta(days=200)
    assert next_step(touches(E, M), later) is NextStep.GET_IN_TOUCH
    assert next_step(touches(E, M), later, promise_on=later + timedelta(days=3)) is NextStep.KEEP_PROMISE
    assert next_step(touches(E, M), later, promise_on=later + timedelta(days=4)) is NextStep.GET_IN_TOUCH
    assert next_step(touches(E), MET, promise_on=MET - timedelta(days=9)) is NextStep.KEEP_PROMISE


@pytest.mark.parametrize(
    ("due", "kept", "dropped", "expected"),
    [
        (MET, False, False, PromiseState.OPEN),
        (MET - timedelta(days=1), False, False, PromiseState.OVERDUE),
        (None, False, False, PromiseState.OPEN),
        (MET - timedelta(days=1), True, False, PromiseState.KEPT),
        (MET, False, True, PromiseState.DROPPED),
        (MET, True, True, PromiseState.KEPT),
    ],
)
def test_where_a_promise_stands(due: date | None, kept: bool, dropped: bool, expected: PromiseState) -> None:
    assert promise_state(due, MET, kept=kept, dropped=dropped) is expected


def test_the_ledger_adds_deposits_and_withdrawals() -> None:
    entries = [LedgerKind.GAVE, LedgerKind.THANKED, LedgerKind.KEPT_PROMISE, LedgerKind.ASKED]
    found = balance(entries)
    assert (found.paid_in, found.taken_out, found.total) == (5, 2, 3)
    assert balance([]).total == 0
    assert balance([LedgerKind.BROKE_PROMISE, LedgerKind.THANKED]).total < 0


@given(st.lists(st.sampled_from(LedgerKind)))
def test_a_balance_is_the_sum_of_its_entries(entries: list[LedgerKind]) -> None:
    assert balance(entries).total == sum(balance([entry]).total for entry in entries)


def test_what_somebody_is_to_ones_company() -> None:
    assert place("E", "E", None) is PortfolioPlace.SAME_TRADE
    assert place("E", "G", TiePurpose.COUNSEL) is PortfolioPlace.OTHER_TRADE
    assert place("E", "E", TiePurpose.SALES) is PortfolioPlace.CUSTOMER
    assert place(None, None, None) is PortfolioPlace.OTHER_TRADE


def test_a_portfolio_says_what_is_missing() -> None:
    same, other, customer = PortfolioPlace
    empty = portfolio([])
    assert (empty.missing, empty.room) == ((same, other, other, customer), 5)
    found = portfolio([other, other, other, customer])
    assert found.have == {same: 0, other: 3, customer: 1}
    assert (found.missing, found.room) == ((same,), 1)
    assert portfolio([same, other, other, customer, other]).missing == ()


def test_openness_grows_with_unlike_people() -> None:
    alike = [("E", "2-5")] * 6
    mixed = [("E", "2-5"), ("E", "2-5"), ("E", "1"), ("E", "1"), ("G", "1"), ("G", "1")]
    unlike = [(trade, size) for trade, size in zip("ABCDEF", ("1", "2-5", "6-10") * 2, strict=True)]
    assert [openness(ties) for ties in (alike, mixed, unlike)] == list(Openness)
    assert diversity(alike) == 0
    assert diversity([(trade,) for trade in "ABC"]) == 1


def test_nothing_is_said_of_too_few_ties_or_unknown_traits() -> None:
    assert openness([]) is None
    assert openness([("E", "1"), ("G", "1")]) is None
    assert diversity([("E", None), ("G", None), ("A", None)]) == 1
    assert diversity([(None, None)] * 5) is None


@given(st.lists(st.tuples(st.sampled_from("ABCD"), st.none() | st.sampled_from("12")), min_size=3))
def test_diversity_is_a_share(ties: list[tuple[str, str | None]]) -> None:
    found = diversity(ties)
    assert found is not None
    assert 0 <= found <= 1
