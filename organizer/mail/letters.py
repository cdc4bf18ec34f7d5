"""What a mail consists of before it is bytes, and the register of the functions that compose each kind."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from organizer.domain.delivery import SuppressionReason
from organizer.mail.models import Message


@dataclass(frozen=True)
class Attachment:
    """A file of a mail. With `cid` it is a picture inside the HTML part."""

    filename: str
    content: bytes
    mime: str
    cid: str | None = None
    params: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Letter:
    """The contents of one mail: `context` for the templates of its kind, and what else its head carries.

    `sender_name` is shown beside our own address, which is always From. `stop_url` makes the one-click
    unsubscribe headers.
    """

    context: dict[str, object]
    sender_name: str | None = None
    reply_to: str | None = None
    copy_to: str | None = None
    stop_url: str | None = None
    attachments: tuple[Attachment, ...] = ()
    template: str | None = None


Compose = Callable[[Session, Message, datetime], Letter | SuppressionReason]
COMPOSERS: dict[str, Compose] = {}


def composes(kind: str) -> Callable[[Compose], Compose]:
    """Register the function that composes mails of a kind; it looks again whether the mail still applies,
    and says why if not.

    It runs in the worker, in the recipient's language and time zone, in a transaction of its own: links are
    made there, and their hashes stored.
    """

    def register(compose: Compose) -> Compose:
        if kind in COMPOSERS:
            raise ValueError(f"two functions compose {kind}")
        COMPOSERS[kind] = compose
        return compose

    return register
