"""The small exact optimizer: as good as trying everything, and honest about what it has not proved."""

from itertools import product
from random import Random

import pytest

from organizer.domain.milp import Model, Solution


def random_model(chance: Random) -> Model:
    """A few columns between 0 and 2, a few rows that mostly leave some answer."""
    model = Model()
    for _ in range(chance.randint(1, 6)):
        model.column(chance.randint(-9, 20), chance.randint(0, 2))
    for _ in range(chance.randint(0, 4)):
        entries = [
            (column, chance.randint(-2, 3)) for column in range(len(model.gains)) if chance.random() < 0.7
        ]
        low = chance.randint(-3, 1)
        model.row(low, low + chance.randint(0, 5), entries)
    return model


def best_by_trying(model: Model) -> int | None:
    """The largest gain of all lawful answers."""
    worths = [
        sum(gain * value for gain, value in zip(model.gains, values, strict=True))
        for values in product(*(range(upper + 1) for upper in model.uppers))
        if all(
            low <= sum(factor * values[column] for column, factor in row) <= high
            for low, high, row in model.rows
        )
    ]
    return max(worths, default=None)


@pytest.mark.parametrize("seed", range(60))
def test_any_small_model_is_solved_as_well_as_by_trying_everything(seed: int) -> None:
    model = random_model(Random(seed))
    found, best = model.solve(), best_by_trying(model)
    if best is None:
        assert found is None
    else:
        assert found is not None
        assert (found.objective, found.optimal, found.gap) == (best, True, 0.0)
        assert model.solve() == found


def test_without_columns_only_rows_about_nothing_can_be_met() -> None:
    empty = Model()
    assert empty.solve() == Solution((), 0, 0.0, True)
    empty.row(1, 2, [])
    assert empty.solve() is None


def test_what_is_not_proved_says_how_far_from_the_bound_it_may_be() -> None:
    assert Solution((1,), 90, 100.0, optimal=False).gap == pytest.approx(0.1)
    assert Solution((1,), -110, -100.0, optimal=False).gap == pytest.approx(0.1)
    assert Solution((1,), 90, 100.0, optimal=True).gap == 0.0
