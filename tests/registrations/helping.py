"""What tests of registrations share: forms filled in, letters that really left, codes read by another eye."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

import pypdfium2
import zxingcpp
from PIL import Image
from sqlalchemy import event as sql_event
from sqlalchemy.orm import Session

from organizer.config import Config
from organizer.domain.profiles import Give, Wish
from organizer.domain.vocabulary import GiveKind
from organizer.people import links
from organizer.people.models import ConsentKind, LinkPurpose
from organizer.registrations import tickets
from organizer.registrations.answers import Agreement, Application
from organizer.registrations.models import Registration
from organizer.web.unit import App
from organizer.worker import sweeper
from tests.factories import NOW

ANSWERS = {
    "give1_kind": "experience",
    "give1_words": "採用広報で技術者を採れた話",
    "give2_kind": "introduction",
    "give2_words": "地元の信用金庫のご紹介",
    "give3_kind": "information",
    "give3_words": "",
    "wish_words": "採用に悩む製造業の社長",
    "today": "採用の考え方を聞きたい",
    "topic": "後継者のこと",
    "introducer": "村上さん",
    "listed": "y",
}
AGREED = {"agree_rule": "y", "agree_privacy": "y"}
ABOUT = {
    "name": "高橋 玲子",
    "reading": "たかはし れいこ",
    "company": "株式会社ひびき",
    "title": "代表取締役",
    "role": "owner",
    "authority": "decides",
    "industry": "G",
    "size": "6-10",
    "region": "13",
    "intents": ["learn", "partner"],
    "challenge_topics": ["hiring"],
    "challenge_words": "次の10人をどう採るか",
}
NEWCOMER = ABOUT | ANSWERS | AGREED | {"email": "reiko@example.jp"}
KNOWN = ANSWERS | AGREED

NASTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'; DROP TABLE ticket; --",
    "{{ 7*7 }}{% raw %}",
    "${7*7}<svg/onload=alert(1)>",
    "&lt;b&gt; &amp; <b>太字</b>",
    "]]><!--<x>-->",
    '<a href="javascript:alert(1)">x</a>',
)


def an_application(**values: object) -> Application:
    """An application with everything said."""
    said = {
        "gives": (Give(GiveKind.EXPERIENCE, "採用広報"), Give(GiveKind.INFORMATION, "補助金")),
        "wish": Wish("製造業の社長"),
        "today": "考え方を聞きたい",
        "topic": "後継者のこと",
        "agreements": tuple(Agreement(kind, kind.value[0] * 64, "ja") for kind in ConsentKind),
    }
    return Application(**(said | values))  # type: ignore[arg-type]


def ticket_link(session: Session, registration: Registration) -> str:
    """The token of a ticket link, as the worker makes it."""
    return links.issue(session, LinkPurpose.TICKET, registration.person_id, registration.id, now=NOW)


def letters(app: App, config: Config) -> list[EmailMessage]:
    """Let the worker send what is due; gives all letters that have left so far, oldest first."""
    sweeper(app, config).sweep()
    paths = sorted(config.outbox_dir.glob("*.eml"), key=lambda path: int(path.stem.split("-")[1]))
    found = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]
    assert all(isinstance(letter, EmailMessage) for letter in found)
    return found  # type: ignore[return-value]


def text_of(letter: EmailMessage, kind: str = "plain") -> str:
    """The plain text of a letter, or its HTML."""
    part = letter.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def part_of(letter: EmailMessage, mime: str) -> EmailMessage:
    """The one part of that type."""
    found = [part for part in letter.walk() if part.get_content_type() == mime]
    assert len(found) == 1, [part.get_content_type() for part in letter.walk()]
    return found[0]


def read_codes(png: bytes) -> list[str]:
    """What a reader of another make finds in a picture."""
    picture = Image.open(io.BytesIO(png)).convert("L")
    return [found.text for found in zxingcpp.read_barcodes(picture)]


def pages(pdf: bytes) -> list[bytes]:
    """The pages of a PDF as pictures."""
    document = pypdfium2.PdfDocument(pdf)
    pictures = []
    for page in document:
        file = io.BytesIO()
        page.render(scale=2).to_pil().save(file, "PNG")
        pictures.append(file.getvalue())
    document.close()
    return pictures


def words_in(pdf: bytes) -> str:
    """The text of a PDF."""
    document = pypdfium2.PdfDocument(pdf)
    words = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return words


def code_of(session: Session, registration: Registration, secret_key: str) -> str:
    """The code of a registration's standing ticket."""
    ticket = tickets.standing(session, registration.id)
    assert ticket is not None
    return tickets.code_of(ticket, secret_key)


@contextmanager
def counted(app: App) -> Iterator[list[str]]:
    """The statements of a block, without transaction control."""
    statements: list[str] = []
    engine = app.extensions["enishi.database"].engine

    def note(_c: object, _k: object, statement: str, *_: object) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            statements.append(statement)

    sql_event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sql_event.remove(engine, "before_cursor_execute", note)
