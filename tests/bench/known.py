"""What is known of the evenings in `instances/` and of rooms without wishes: the values to reach."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Known:
    """The best plan known of an evening: its score, its points for affinity and wishes, its repeats; and a bound."""

    score: int
    scale: int
    repeats: int
    bound: int

    def share(self, score: int) -> float:
        """How much of the best known plan a score is, in percent."""
        return 100 * (1 - (self.score - score) / self.scale)


@dataclass(frozen=True, slots=True)
class Pure:
    """People at tables for rounds, where only repeats count: the least known, and what two others need.

    `rival` repeats take good-enough-golfers `rival_seconds`; a plain compiled annealer finds `plain` ones.
    """

    people: int
    tables: int
    rounds: int
    least: int
    design: bool
    rival: int
    rival_seconds: float
    plain: int


EVENINGS: Final = {
    "n012-r3-t4": Known(509, 3209, 8, 682),
    "n012-r4-t3": Known(2972, 2972, 0, 3008),
    "n020-r3-flow": Known(4246, 4586, 0, 4565),
    "n020-r4-t4": Known(5057, 5957, 0, 5803),
    "n024-r4-hosts": Known(4732, 6912, 0, 5834),
    "n024-r5-t4": Known(3856, 7496, 1, 5549),
    "n037-r3-t5-flow": Known(11306, 9946, 0, 12420),
    "n037-r4-t4": Known(13309, 12589, 0, 14373),
    "n040-r4-replan": Known(10678, 9538, 0, 13106),
    "n040-r4-t4": Known(13634, 12454, 0, 14271),
    "n040-r4-t5-heavy": Known(12650, 13170, 0, 15237),
    "n060-r3-t6-hosts": Known(22286, 19566, 0, 24402),
    "n060-r4-t4": Known(22049, 18809, 0, 22986),
    "n120-r4-t4": Known(46471, 38911, 0, 47741),
    "n120-r6-t5-flow": Known(73121, 66481, 0, 77400),
    "n300-r4-t4": Known(122820, 103140, 0, 126176),
}

PURE: Final = (
    Pure(8, 2, 3, 12, False, 12, 0.37, 12),
    Pure(9, 3, 4, 0, True, 0, 0.01, 0),
    Pure(10, 3, 3, 3, False, 5, 0.67, 3),
    Pure(12, 3, 3, 9, False, 9, 0.52, 9),
    Pure(12, 4, 4, 0, False, 0, 0.01, 0),
    Pure(15, 5, 7, 0, True, 8, 0.48, 0),
    Pure(16, 4, 5, 0, True, 11, 0.5, 0),
    Pure(18, 5, 4, 0, False, 0, 0.44, 0),
    Pure(20, 5, 4, 0, False, 0, 0.42, 0),
    Pure(20, 5, 5, 0, False, 3, 0.6, 0),
    Pure(21, 7, 10, 0, True, 11, 0.86, 4),
    Pure(21, 7, 7, 0, True, 0, 0.08, 0),
    Pure(23, 5, 4, 0, False, 5, 0.17, 0),
    Pure(23, 6, 5, 0, False, 0, 0.06, 0),
    Pure(24, 6, 5, 0, False, 1, 0.76, 0),
    Pure(24, 6, 7, 0, False, 13, 1.68, 8),
    Pure(24, 8, 8, 0, True, 0, 0.06, 0),
    Pure(25, 5, 6, 0, True, 0, 0.11, 0),
    Pure(28, 7, 6, 0, False, 1, 0.16, 0),
    Pure(28, 7, 9, 0, False, 36, 0.17, 22),
    Pure(30, 10, 10, 0, True, 0, 0.13, 0),
    Pure(30, 10, 14, 0, True, 15, 1.09, 5),
    Pure(30, 6, 5, 0, False, 6, 1.01, 1),
    Pure(32, 8, 10, 0, False, 34, 1.42, 21),
    Pure(32, 8, 6, 0, False, 0, 0.31, 0),
    Pure(32, 8, 8, 0, False, 8, 0.89, 1),
    Pure(33, 8, 6, 0, False, 3, 0.42, 0),
    Pure(35, 7, 6, 0, True, 12, 0.23, 2),
    Pure(35, 7, 7, 0, True, 23, 0.83, 14),
    Pure(36, 6, 3, 0, False, 0, 0.42, 0),
    Pure(36, 9, 11, 0, False, 33, 1.15, 21),
    Pure(36, 9, 7, 0, False, 0, 0.37, 0),
    Pure(37, 8, 6, 0, False, 3, 1.06, 0),
    Pure(37, 9, 6, 0, False, 0, 1.1, 0),
    Pure(40, 10, 13, 0, False, 57, 1.2, 44),
    Pure(40, 10, 6, 0, False, 0, 0.41, 0),
    Pure(40, 10, 8, 0, False, 0, 0.27, 0),
    Pure(40, 8, 6, 0, True, 2, 0.37, 0),
    Pure(40, 8, 8, 0, True, 28, 2.05, 16),
    Pure(47, 11, 6, 0, False, 0, 1.18, 0),
    Pure(49, 7, 8, 0, True, 156, 2.98, 133),
    Pure(50, 10, 6, 0, False, 0, 0.55, 0),
    Pure(50, 12, 6, 0, False, 0, 2.07, 0),
    Pure(58, 14, 6, 0, False, 0, 5.6, 0),
    Pure(60, 10, 5, 0, False, 0, 1.47, 0),
    Pure(60, 12, 6, 0, False, 0, 1.16, 0),
    Pure(60, 15, 6, 0, False, 0, 1.11, 0),
    Pure(60, 15, 8, 0, False, 0, 2.04, 0),
    Pure(120, 30, 8, 0, False, 0, 17.98, 0),
    Pure(300, 75, 6, 0, False, 0, 76.56, 0),
)
