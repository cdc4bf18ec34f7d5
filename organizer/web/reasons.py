"""Reasons as sentences, for rooms that come before that of the matches."""

from organizer.matches.wording import called, reason_texts

__all__ = ["called", "reason_texts"]
