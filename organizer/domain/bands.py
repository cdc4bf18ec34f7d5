"""Degrees as people read them."""

from enum import StrEnum


class FitBand(StrEnum):
    """A score as people read it."""

    VERY_GOOD = "very_good"
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"


def band(score: float) -> FitBand:
    """The band of a score in [0, 1]."""
    if score >= 0.8:
        return FitBand.VERY_GOOD
    if score >= 0.55:
        return FitBand.GOOD
    return FitBand.FAIR if score >= 0.3 else FitBand.POOR
