"""What must be typed before a guest's phone, which sees no list, is shown a name."""

from organizer.domain.folding import fold, has_kanji

FEWEST_SIGNS = 2


def is_enough(query: str) -> bool:
    """Whether a query names somebody: one kanji at least, or two other signs."""
    typed = fold(query)
    return has_kanji(typed) or len(typed) >= FEWEST_SIGNS
