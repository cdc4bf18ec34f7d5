"""The outbox: a mail that must go out is a row first."""
