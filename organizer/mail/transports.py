"""How bytes leave: by SMTP, or into a folder where there is no mail server."""

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

SMTP_TIMEOUT_S = 20


class Fate(StrEnum):
    """What became of one handing-over."""

    SENT = "sent"
    LATER = "later"  # a definite "not now": may be tried again
    REFUSED = "refused"  # a definite "never"
    UNKNOWN = "unknown"  # cut off after the words had begun to flow: may have arrived


@dataclass(frozen=True)
class Outcome:
    """A fate with its code (an SMTP status such as 550, or a word)."""

    fate: Fate
    code: str = ""


class Transport(Protocol):
    """Something that takes mails away."""

    def send(
        self, mail: EmailMessage, sender: str, recipients: list[str], before_words: Callable[[], None]
    ) -> Outcome:
        """Hand `mail` over; `before_words` is called once, right before its text is: from then on a cut
        means unknown.
        """


class FolderTransport:
    """Writes each mail as an .eml file, readable at /dev/mail in development."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(
        self, mail: EmailMessage, sender: str, recipients: list[str], before_words: Callable[[], None]
    ) -> Outcome:
        """Write one file; a mail of the same Message-ID is written over, never doubled."""
        self.folder.mkdir(parents=True, exist_ok=True)
        before_words()
        name = str(mail["Message-ID"]).strip("<>").split("@")[0]
        fresh = self.folder / f".{name}.part"
        fresh.write_bytes(mail.as_bytes())
        fresh.rename(self.folder / f"{name}.eml")
        return Outcome(Fate.SENT)


class SmtpTransport:
    """Speaks SMTP step by step, so that it is known how far a conversation got."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.scheme = parts.scheme
        self.host = parts.hostname or "localhost"
        self.port = parts.port or {"smtp": 25, "smtps": 465, "smtp+starttls": 587}[parts.scheme]
        self.user = unquote(parts.username) if parts.username else None
        self.password = unquote(parts.password or "")

    def send(
        self, mail: EmailMessage, sender: str, recipients: list[str], before_words: Callable[[], None]
    ) -> Outcome:
        """One conversation, one mail."""
        begun = False
        try:
            with self._connect() as server:
                _expect(server.mail(sender), 250)
                for recipient in recipients:
                    _expect(server.rcpt(recipient), 250, 251)
                before_words()
                begun = True
                _expect(server.data(mail.as_bytes()), 250)
                return Outcome(Fate.SENT)
        except smtplib.SMTPResponseException as error:
            fate = Fate.REFUSED if 500 <= error.smtp_code < 600 else Fate.LATER
            return Outcome(fate, str(error.smtp_code))
        except (OSError, smtplib.SMTPException) as error:
            return Outcome(Fate.UNKNOWN if begun else Fate.LATER, type(error).__name__)

    def _connect(self) -> smtplib.SMTP:
        if self.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=SMTP_TIMEOUT_S, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=SMTP_TIMEOUT_S)
        server.ehlo_or_helo_if_needed()
        if self.scheme == "smtp+starttls":
            server.starttls(context=ssl.create_default_context())
        if self.user:
            server.login(self.user, self.password)
        return server


def _expect(answer: tuple[int, bytes], *codes: int) -> None:
    if answer[0] not in codes:
        raise smtplib.SMTPResponseException(answer[0], answer[1])
