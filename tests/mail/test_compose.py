"""From a letter to bytes, and how they leave."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from organizer.mail.compose import compose, one_line
from organizer.mail.letters import Attachment, Letter
from organizer.mail.models import Message
from organizer.mail.transports import Fate, FolderTransport, SmtpTransport
from tests.smtp import Mood, SmtpSink

NOW = datetime(2026, 12, 3, 0, 0, tzinfo=UTC)
TEMPLATES = {
    "mail/hello/subject.txt": "{{ title }}：あなたのチケット",
    "mail/hello/body.txt": "{{ name }} さん\n\nお待ちしています。",
    "mail/hello/body.html": "<p>{{ name|e }} さん</p><img src='cid:qr' alt='QR'>",
}
NASTY = [
    "x\r\nBcc: all@example.jp",
    "x\nSubject: other",
    "x\x00y",
    "x\u2028To: a@b",
    "\u202eevil",
    "名前" * 60,
]


def write(letter: Letter, to: str = "tanaka@example.jp") -> EmailMessage:
    message = Message(id=7, kind="hello", refs={})
    environment = Environment(loader=DictLoader(TEMPLATES), autoescape=False)
    mail = compose(
        environment,
        message,
        letter,
        to=to,
        sender="enishi@example.jp",
        host="example.jp",
        locale="ja",
        now=NOW,
    )
    parsed = message_from_bytes(mail.as_bytes(), policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def letter(title: str = "第12回 朝の会", name: str = "髙橋 玲子", **values: object) -> Letter:
    return Letter({"title": title, "name": name}, **values)  # type: ignore[arg-type]


def test_japanese_stays_readable() -> None:
    mail = write(letter())
    assert mail["Subject"] == "第12回 朝の会：あなたのチケット"
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "髙橋 玲子 さん" in plain.get_content()
    assert "髙橋 玲子 さん" in html.get_content()


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("where", ["title", "sender_name"])
def test_no_header_can_be_slipped_in(text: str, where: str) -> None:
    mail = write(letter(title=text)) if where == "title" else write(letter(sender_name=text))
    for name in ("From", "To", "Subject", "Date", "Message-ID"):
        assert len(mail.get_all(name, [])) == 1, name
    assert mail["Bcc"] is None
    assert mail["From"].addresses[0].addr_spec == "enishi@example.jp"


def test_no_more_than_one_line_of_subject() -> None:
    assert one_line("a\r\n b\u200bc") == "a  b c"
    assert len(one_line("長" * 500)) == 78


def test_pictures_and_files_are_in_their_places() -> None:
    qr = Attachment("qr.png", b"\x89PNG", "image/png", cid="qr")
    calendar = Attachment("event.ics", b"BEGIN:VCALENDAR", "text/calendar", params={"method": "REQUEST"})
    mail = write(letter(attachments=(qr, calendar)))
    files = [part.get_filename() for part in mail.walk() if part.get_filename()]
    assert files == ["qr.png", "event.ics"]
    picture = next(part for part in mail.walk() if part.get_content_type() == "image/png")
    assert picture["Content-ID"] == "<qr>"
    invitation = next(part for part in mail.iter_attachments() if part.get_content_type() == "text/calendar")
    assert invitation.get_param("method") == "REQUEST"


def test_one_click_headers_come_together() -> None:
    mail = write(
        letter(stop_url="https://enishi.example/stop/x", reply_to="a@example.jp", copy_to="b@example.jp")
    )
    assert mail["List-Unsubscribe"] == "<https://enishi.example/stop/x>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (mail["Reply-To"], mail["Cc"]) == ("a@example.jp", "b@example.jp")
    assert write(letter())["List-Unsubscribe"] is None


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as sink:
        yield sink


def hand_over(sink: SmtpSink, mood: Mood) -> tuple[Fate, str, bool]:
    """Fate and code of one mail, and whether it was said beforehand that the words begin to flow."""
    sink.mood = mood
    said: list[bool] = []
    outcome = SmtpTransport(sink.url).send(
        write(letter()), "enishi@example.jp", ["tanaka@example.jp"], lambda: said.append(True)
    )
    return outcome.fate, outcome.code, bool(said)


def test_a_mail_arrives_whole(sink: SmtpSink) -> None:
    assert hand_over(sink, Mood.TAKE) == (Fate.SENT, "", True)
    assert sink.letters[0].text.startswith("髙橋 玲子 さん")


@pytest.mark.parametrize(
    ("mood", "fate", "code", "begun"),
    [
        (Mood.REFUSE, Fate.REFUSED, "550", False),
        (Mood.DEFER, Fate.LATER, "451", False),
        (Mood.REFUSE_TEXT, Fate.REFUSED, "554", True),
        (Mood.HANG_UP, Fate.UNKNOWN, "SMTPServerDisconnected", True),
        (Mood.HANG_UP_AFTER, Fate.UNKNOWN, "SMTPServerDisconnected", True),
    ],
)
def test_what_a_server_says_becomes_a_fate(
    sink: SmtpSink, mood: Mood, fate: Fate, code: str, begun: bool
) -> None:
    assert hand_over(sink, mood) == (fate, code, begun)


def test_a_server_that_is_away_is_asked_later() -> None:
    outcome = SmtpTransport("smtp://127.0.0.1:9").send(
        write(letter()), "a@example.jp", ["b@example.jp"], lambda: None
    )
    assert outcome.fate is Fate.LATER


def test_without_a_server_mails_go_to_a_folder(tmp_path: Path) -> None:
    transport = FolderTransport(tmp_path / "outbox")
    for _ in range(2):
        assert (
            transport.send(write(letter()), "a@example.jp", ["b@example.jp"], lambda: None).fate is Fate.SENT
        )
    assert [path.name for path in (tmp_path / "outbox").iterdir()] == ["enishi-7.eml"]
