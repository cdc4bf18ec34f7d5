"""What services say when they cannot do as asked: classes only, no sentences."""

from enum import StrEnum


class NotFound(Exception):
    """There is no such thing, or it is not this person's to see: the two are never told apart."""


class Refused(Exception):
    """A rule says no; `reason` is an enum member that has a label in both languages."""

    def __init__(self, reason: StrEnum, **facts: object) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.facts = facts
