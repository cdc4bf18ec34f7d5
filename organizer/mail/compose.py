"""From a letter to the bytes that leave: plain text, HTML, attachments, and headers that cannot be forged."""

import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from jinja2 import Environment

from organizer.mail.letters import Letter
from organizer.mail.models import Message

_CONTROLS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")
SUBJECT_LENGTH = 78


def one_line(text: str, length: int = SUBJECT_LENGTH) -> str:
    """Text that is safe in a header: no line breaks, no controls, not too long."""
    return _CONTROLS.sub(" ", text).strip()[:length]


def compose(
    environment: Environment,
    message: Message,
    letter: Letter,
    *,
    to: str,
    sender: str,
    host: str,
    locale: str,
    now: datetime,
) -> EmailMessage:
    """The mail of a letter. `sender` is our own address, `host` the domain of its Message-ID."""
    name = letter.template or message.kind
    context = {"locale": locale, **letter.context}
    mail = EmailMessage(policy=SMTP.clone(max_line_length=76))
    mail["Subject"] = one_line(environment.get_template(f"mail/{name}/subject.txt").render(context))
    username, _, domain = sender.partition("@")
    mail["From"] = Address(one_line(letter.sender_name or "縁 Enishi", 60), username, domain)
    mail["To"] = to
    if letter.copy_to:
        mail["Cc"] = letter.copy_to
    if letter.reply_to:
        mail["Reply-To"] = letter.reply_to
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<enishi-{message.id}@{host}>"
    mail["Auto-Submitted"] = "auto-generated"
    if letter.stop_url:
        mail["List-Unsubscribe"] = f"<{letter.stop_url}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(
        environment.get_template(f"mail/{name}/body.txt").render(context).strip() + "\n", cte="base64"
    )
    mail.add_alternative(
        environment.get_template(f"mail/{name}/body.html").render(context), subtype="html", cte="base64"
    )
    _attach(mail, letter)
    mail["Content-Language"] = locale  # last: setting the content drops every header that speaks of it
    return mail


def _attach(mail: EmailMessage, letter: Letter) -> None:
    html = mail.get_payload()[1]  # type: ignore[index]
    for part in letter.attachments:
        kind, _, subtype = part.mime.partition("/")
        if part.cid:
            html.add_related(part.content, kind, subtype, cid=f"<{part.cid}>", filename=part.filename)  # type: ignore[union-attr]
        else:
            mail.add_attachment(
                part.content, maintype=kind, subtype=subtype, filename=part.filename, params=part.params
            )
