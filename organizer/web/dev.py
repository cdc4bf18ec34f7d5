"""Pages for those who build: the pieces, and the mails that have left. In development alone."""

import base64
import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue

from organizer.web.access import development_only
from organizer.web.pieces import sample_forms
from organizer.web.unit import config

blueprint = Blueprint("dev", __name__, url_prefix="/dev")
NAME = re.compile(r"enishi-\d+")
MAIL_CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"


@blueprint.get("/pieces")
@development_only
def pieces() -> ResponseReturnValue:
    """Every piece of the look in every state."""
    return render_template("dev/pieces.html", forms=sample_forms())


@blueprint.get("/mail")
@development_only
def mails() -> ResponseReturnValue:
    """The mails in the outbox folder, newest first."""
    found = sorted(
        config().outbox_dir.glob("enishi-*.eml"), key=lambda path: path.stat().st_mtime, reverse=True
    )
    return render_template("dev/mails.html", mails=[(path.stem, _read(path)) for path in found[:200]])


@blueprint.get("/mail/<name>")
@development_only
def mail(name: str) -> ResponseReturnValue:
    """One mail: its head, its plain text, its files."""
    message = _read(_path(name))
    plain = message.get_body(("plain",))
    files = [part.get_filename() for part in message.walk() if part.get_filename()]
    text = plain.get_content() if plain else ""
    return render_template("dev/mail.html", name=name, mail=message, text=text, files=files)


@blueprint.get("/mail/<name>/html")
@development_only
def mail_html(name: str) -> ResponseReturnValue:
    """The HTML of one mail, its pictures inside it."""
    message = _read(_path(name))
    html = message.get_body(("html",))
    text = html.get_content() if html else ""
    for part in message.walk():
        if part["Content-ID"]:
            data = base64.b64encode(part.get_payload(decode=True)).decode()  # type: ignore[arg-type]
            text = text.replace(
                f"cid:{part['Content-ID'].strip('<>')}", f"data:{part.get_content_type()};base64,{data}"
            )
    answer = Response(text, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = MAIL_CSP
    return answer


def _path(name: str) -> Path:
    path = config().outbox_dir / f"{name}.eml"
    if not NAME.fullmatch(name) or not path.is_file():
        abort(404)
    return path


def _read(path: Path) -> EmailMessage:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message
