"""Random whole numbers of our own, for what happens once in a while: the same on every machine."""

from typing import Final

MASK: Final = (1 << 64) - 1


class Dice:
    """A xorshift generator."""

    def __init__(self, seed: int) -> None:
        mixed = (seed * 0x9E3779B97F4A7C15 + 0x2545F4914F6CDD1D) & MASK
        self.state = (mixed ^ (mixed >> 29)) | 1
        for _ in range(8):
            self.below(2)

    def below(self, limit: int) -> int:
        """A number from 0 to limit - 1."""
        state = self.state
        state ^= (state << 13) & MASK
        state ^= state >> 7
        state ^= (state << 17) & MASK
        self.state = state
        return (state >> 32) * limit >> 32

    def shuffle(self, items: list[int]) -> None:
        """Put the items in random order."""
        for last in range(len(items) - 1, 0, -1):
            other = self.below(last + 1)
            items[last], items[other] = items[other], items[last]
