"""Reading the mails that the worker really writes in a test."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import cast

from organizer.config import Config
from organizer.web.unit import App
from organizer.worker import sweeper


def delivered(app: App, config: Config) -> list[EmailMessage]:
    """Let the worker send what is due; gives every mail sent so far, oldest first."""
    sweeper(app, config).sweep()
    paths = sorted(config.outbox_dir.glob("*.eml"), key=lambda path: int(path.stem.split("-")[1]))
    return [cast(EmailMessage, message_from_bytes(path.read_bytes(), policy=default)) for path in paths]


def words(mail: EmailMessage) -> str:
    """The plain part of a mail."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def paths(mail: EmailMessage) -> list[str]:
    """Where the links of a mail lead, without the host, in their order."""
    return re.findall(r"http://localhost(/\S+)", words(mail))


def digits(mail: EmailMessage) -> str:
    """The six digits of a sign-in mail."""
    found = re.search(r"^\d{6}\b", words(mail), re.MULTILINE)
    assert found
    return found[0]
