"""Stamps: a step that was finished for the same ingredients is not done again."""

import hashlib
import platform
import sys
from collections.abc import Iterable
from pathlib import Path


def digest(ingredients: Iterable[Path | str]) -> str:
    """One hash of files (by content) and words."""
    total = hashlib.sha256()
    for ingredient in ingredients:
        part = ingredient.read_bytes() if isinstance(ingredient, Path) else ingredient.encode()
        total.update(len(part).to_bytes(8, "big") + part)
    return total.hexdigest()


def machine() -> str:
    """What compiled packages depend on besides the interpreter."""
    return f"{sys.platform} {platform.machine()}"


class Stamp:
    """A file that exists with the right words only when a step was finished."""

    def __init__(self, path: Path, ingredients: Iterable[Path | str]) -> None:
        self.path = path
        self.words = digest(ingredients)

    def holds(self) -> bool:
        """Whether the step was finished with these very ingredients."""
        return self.path.is_file() and self.path.read_text(encoding="ascii") == self.words

    def lift(self) -> None:
        """Before the step: whatever interrupts it leaves no stamp."""
        self.path.unlink(missing_ok=True)

    def set(self) -> None:
        """After the step."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(self.words, encoding="ascii")
