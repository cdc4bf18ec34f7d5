"""Enishi: small meetups whose acquaintances last."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from organizer.application import create_app as create_app


def __getattr__(name: str) -> Any:
    """`create_app`, loaded when it is asked for: the command's `--help` and the supervisor do without the web."""
    if name == "create_app":
        from organizer.application import create_app  # noqa: PLC0415  see above

        return create_app
    raise AttributeError(name)
