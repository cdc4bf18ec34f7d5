"""A real mail server for tests: it takes letters, and refuses, delays or hangs up when told to."""

import asyncio
import socket
import threading
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import Enum
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

PATIENCE_SECONDS = 10.0


class Mood(Enum):
    """How the server treats a recipient."""

    TAKE = "takes the letter"
    REFUSE = "says 550 to the recipient: for ever"
    DEFER = "says 451 to the recipient: not now"
    REFUSE_TEXT = "says 554 to the text"
    HANG_UP = "closes the line before the text"
    HANG_UP_AFTER = "takes the letter, then closes the line without saying so"


@dataclass(frozen=True)
class Letter:
    """What arrived, with its envelope."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage

    @property
    def text(self) -> str:
        """Its plain text."""
        part = self.message.get_body(("plain",))
        assert part is not None, "a letter has a plain text"
        return str(part.get_content())

    @property
    def html(self) -> str:
        """Its HTML."""
        part = self.message.get_body(("html",))
        assert part is not None, "this letter has no HTML"
        return str(part.get_content())


class _OnOwnSocket(Controller):
    """Listens on a port that is its own from the beginning: none that was free a moment ago."""

    def __init__(self, handler: object) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        super().__init__(handler, hostname="127.0.0.1", port=int(self._socket.getsockname()[1]))

    def _create_server(self) -> Coroutine[Any, Any, asyncio.AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self._socket)


class SmtpSink:
    """Listens from `with` to its end. `letters` came in this order; `moods` treats single addresses otherwise."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.moods: dict[str, Mood] = {}
        self.mood = Mood.TAKE
        self.delay_seconds = 0.0
        self._arrived = threading.Condition()
        self._controller = _OnOwnSocket(self)
        self.port = self._controller.port

    @property
    def url(self) -> str:
        """For ORGANIZER_SMTP_URL."""
        return f"smtp://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._controller.stop()

    def wait_for(self, count: int, seconds: float = PATIENCE_SECONDS) -> list[Letter]:
        """All letters, once there are `count` of them. Raises AssertionError when they do not come."""
        deadline = time.monotonic() + seconds
        with self._arrived:
            while len(self.letters) < count:
                left = deadline - time.monotonic()
                assert self._arrived.wait(left) or left > 0, f"{len(self.letters)} of {count} letters came"
            return list(self.letters)

    def to(self, address: str) -> list[Letter]:
        """The letters to one address."""
        return [letter for letter in self.letters if address in letter.recipients]

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """The answer to a recipient."""
        mood = self._mood([address])
        if mood is Mood.REFUSE:
            return "550 5.1.1 nobody of that name"
        if mood is Mood.DEFER:
            return "451 4.3.0 not now"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """The answer to the text."""
        mood = self._mood([str(address) for address in envelope.rcpt_tos])
        if mood is Mood.REFUSE_TEXT:
            return "554 5.6.0 not this text"
        if mood is Mood.HANG_UP:
            return _hang_up(server)
        self._keep(envelope)
        if mood is Mood.HANG_UP_AFTER:
            return _hang_up(server)
        return "250 OK"

    def _mood(self, addresses: list[str]) -> Mood:
        time.sleep(self.delay_seconds)
        return next((self.moods[address] for address in addresses if address in self.moods), self.mood)

    def _keep(self, envelope: Envelope) -> None:
        content = envelope.original_content or b""
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        recipients = tuple(str(address) for address in envelope.rcpt_tos)
        with self._arrived:
            self.letters.append(Letter(str(envelope.mail_from), recipients, message))
            self._arrived.notify_all()


def _hang_up(server: SMTP) -> str:
    """Drop the line; what is said after that nobody hears."""
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()
    return "421 4.3.0 gone"
