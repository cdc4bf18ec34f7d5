"""The servers that tests rely on are real, separate and gone afterwards."""

import smtplib
from email.message import EmailMessage
from pathlib import Path

import psycopg
import pytest
import redis

from tests import services
from tests.smtp import Mood, SmtpSink


def letter(to: str) -> EmailMessage:
    """A letter as our worker would send it."""
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "明日の朝活", "enishi@example.jp", to
    message.set_content("お待ちしています。\n")
    return message


def send(sink: SmtpSink, to: str = "yamada@example.jp") -> None:
    """Send a letter by SMTP."""
    with smtplib.SMTP("127.0.0.1", sink.port) as line:
        line.send_message(letter(to))


def test_each_postgres_database_is_empty_and_ones_own(worker_id: str) -> None:
    with services.postgres(worker_id) as one, services.postgres(worker_id) as two:
        assert one != two
        with psycopg.connect(one) as connection:
            connection.execute("CREATE TABLE mine (id int)")
        with psycopg.connect(two) as connection:
            assert connection.execute("SELECT to_regclass('mine')").fetchone() == (None,)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(one)


def test_redis_answers_and_is_gone_afterwards() -> None:
    with services.redis() as url:
        client = redis.Redis.from_url(url)
        assert client.set("a", "1")
        assert client.get("a") == b"1"
        client.close()
    assert not Path(url.removeprefix("unix://")).exists()


def test_sink_keeps_letters_with_their_envelope() -> None:
    with SmtpSink() as sink:
        send(sink)
        (arrived,) = sink.wait_for(1)
    assert arrived.message["Subject"] == "明日の朝活"
    assert arrived.text.strip() == "お待ちしています。"
    assert (arrived.sender, arrived.recipients) == ("enishi@example.jp", ("yamada@example.jp",))
    assert sink.to("yamada@example.jp") == [arrived]
    assert sink.to("sato@example.jp") == []


@pytest.mark.parametrize(
    ("mood", "fault", "kept"),
    [
        (Mood.REFUSE, smtplib.SMTPRecipientsRefused, 0),
        (Mood.DEFER, smtplib.SMTPRecipientsRefused, 0),
        (Mood.REFUSE_TEXT, smtplib.SMTPDataError, 0),
        (Mood.HANG_UP, smtplib.SMTPServerDisconnected, 0),
        (Mood.HANG_UP_AFTER, smtplib.SMTPServerDisconnected, 1),
    ],
)
def test_sink_can_be_in_a_mood_about_one_address(mood: Mood, fault: type[Exception], kept: int) -> None:
    with SmtpSink() as sink:
        sink.moods["yamada@example.jp"] = mood
        with pytest.raises(fault):
            send(sink)
        assert len(sink.to("yamada@example.jp")) == kept
        send(sink, "sato@example.jp")
        assert len(sink.to("sato@example.jp")) == 1
