"""Whatever host a request names, mails carry our own address."""

import re

import pytest
from flask.testing import FlaskClient

from organizer.config import Config
from organizer.web.unit import App
from tests.conftest import BASE_URL
from tests.registrations.helping import letters, text_of

FOREIGN = [
    {"base_url": "http://evil.example"},
    {"headers": {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}},
    {"headers": {"Forwarded": "host=evil.example"}},
    {"headers": {"Host": "localhost:80@evil.example"}},
]


@pytest.mark.parametrize("asked", FOREIGN)
def test_a_sign_in_link_leads_to_us(
    app: App, config: Config, client: FlaskClient, asked: dict[str, object]
) -> None:
    answer = client.post("/sign-in", data={"email": "yoko@example.jp"}, **asked)
    assert answer.status_code < 500
    mails = letters(app, config)
    for mail in mails:
        links = re.findall(r"https?://[^\s\"'<>]+", text_of(mail) + text_of(mail, "html"))
        assert links
        assert all(link.startswith(f"{BASE_URL}/") for link in links)
    assert bool(mails) == (answer.status_code in (302, 303))
