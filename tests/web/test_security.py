"""What every answer says, and which requests are turned away: over all routes, whatever they do."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from organizer import create_app
from organizer.config import Config
from organizer.db import Database
from organizer.jobs.knock import ring_with
from organizer.web.unit import App
from organizer.web.urls import external, safe_next

WAYS_OUT = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example/",
    "https:evil.example",
    "javascript:alert(1)",
    "/\tevil.example",
    "/%09/evil.example",
    "/%5Cevil.example",
    "/%2F/evil.example",
    "/%252F/evil.example",
    "http:///evil.example",
    "evil.example",
    "/a\r\nLocation: https://evil.example",
    "/" + "a" * 400,
    "",
]


@pytest.fixture
def guarded(config: Config, database: Database) -> App:
    """The app as it is in life: its CSRF check is on."""
    app = create_app(config, database)
    ring_with(None)
    return app


def path_of(rule: Rule) -> str:
    """Some address of a rule; of a fixed choice the first."""
    values = {}
    for name in rule.arguments:
        regex = rule._converters[name].regex
        text = "1" if regex == r"\d+" else "x" * 22
        values[name] = regex.strip("(?:)").split("|")[0] if "|" in regex else text
    return rule.build(values)[1]  # type: ignore[index]


def writing(app: App) -> Iterator[tuple[Rule, str]]:
    """Every route that writes, with its method."""
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}:
            yield rule, method


def test_there_is_something_to_guard(guarded: App) -> None:
    assert len(list(writing(guarded))) > 40


def test_no_write_without_a_token(guarded: App) -> None:
    client = guarded.test_client()
    passed = []
    for rule, method in writing(guarded):
        view = guarded.view_functions[rule.endpoint]
        if getattr(view, "cross_site", False):
            continue
        answer = client.open(path_of(rule), method=method, data={"a": "b"})
        if answer.status_code not in (400, 401, 404, 415):
            passed.append((rule.endpoint, answer.status_code))
    assert not passed


def test_no_write_from_another_site(app: App, client: FlaskClient) -> None:
    passed = []
    for rule, method in writing(app):
        if getattr(app.view_functions[rule.endpoint], "cross_site", False):
            continue
        for headers in (
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Sec-Fetch-Site": "cross-site"},
        ):
            answer = client.open(path_of(rule), method=method, headers=headers)
            if answer.status_code != 403:
                passed.append((rule.endpoint, answer.status_code))
    assert not passed


def test_only_the_one_click_unsubscribe_is_open_to_other_sites(app: App) -> None:
    open_views = {name for name, view in app.view_functions.items() if getattr(view, "cross_site", False)}
    assert open_views <= {
        "followups.stop_by_mail",
        "followups.stop",
        "followups.stop_now",
        "followups.unsubscribe",
    }


def test_strangers_reach_no_one_elses_page(app: App, client: FlaskClient) -> None:
    """Signed out, each address answers with a page, a way to sign in, or "not found": never with an error of ours."""
    odd = []
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or set()) and rule.endpoint != "static":
            answer = client.get(path_of(rule))
            if answer.status_code not in (200, 302, 303, 401, 404, 410, 503):
                odd.append((rule.endpoint, answer.status_code))
    assert not odd


def test_every_answer_carries_the_headers(client: FlaskClient) -> None:
    for path in ("/", "/healthz", "/nowhere", "/sign-in"):
        headers = client.get(path).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "unsafe-inline" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"


def test_https_brings_secure_cookies_and_hsts(config: Config, database: Database) -> None:
    from dataclasses import replace

    app = create_app(replace(config, base_url="https://enishi.example"), database)
    answer = app.test_client().get("/sign-in", base_url="https://enishi.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-enishi=")
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_http_is_for_development(client: FlaskClient) -> None:
    answer = client.get("/sign-in")
    assert answer.headers["Set-Cookie"].startswith("enishi=")
    assert "Strict-Transport-Security" not in answer.headers


@pytest.mark.parametrize("target", WAYS_OUT)
def test_next_never_leads_away(target: str) -> None:
    assert safe_next(target, "/home") == "/home"


@pytest.mark.parametrize("target", ["/", "/e/abc", "/events?region=13", "/me/profile?x=1&y=2"])
def test_next_leads_to_our_own_pages(target: str) -> None:
    assert safe_next(target, "/home") == target


def test_links_never_take_the_requests_host(app: App) -> None:
    with app.test_request_context("/", headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"}):
        assert external("home.index") == "http://localhost/"


def test_a_body_that_is_too_large_is_turned_away(client: FlaskClient) -> None:
    answer = client.post("/language", data={"locale": "ja" * 400_000})
    assert answer.status_code == 413
    assert "<html" in answer.text


def test_development_pages_are_closed_elsewhere(client: FlaskClient) -> None:
    assert [client.get(path).status_code for path in ("/dev/mail", "/dev/pieces", "/dev/mail/enishi-1")] == [
        404
    ] * 3


def test_development_pages_are_open_in_development(
    config: Config, database: Database, tmp_path: Path
) -> None:
    from dataclasses import replace

    app = create_app(replace(config, env="development"), database)
    client = app.test_client()
    assert client.get("/dev/mail").status_code == 200
    assert client.get("/dev/mail/enishi-1").status_code == 404
    assert client.get("/dev/mail/..%2f..%2fsecret").status_code == 404


@pytest.mark.parametrize(
    ("accept", "expected"), [("en", "en"), ("ja", "ja"), ("de", "ja"), ("en-GB,ja;q=0.5", "en"), ("", "ja")]
)
def test_the_first_page_speaks_the_browsers_language(client: FlaskClient, accept: str, expected: str) -> None:
    answer = client.get("/", headers={"Accept-Language": accept})
    assert answer.status_code == 200
    assert f'<html lang="{expected}"' in answer.text


def test_a_chosen_language_stays(client: FlaskClient) -> None:
    answer = client.post("/language", data={"locale": "en", "next": "/sign-in"})
    assert answer.headers["Location"] == "/sign-in"
    assert '<html lang="en"' in client.get("/").text
    client.post("/language", data={"locale": "xx"})
    assert '<html lang="en"' in client.get("/").text


def test_readyz_tells_of_missing_migrations(config: Config, tmp_path: Path) -> None:
    fresh = Database(f"sqlite:///{tmp_path / 'fresh.db'}")
    answer = create_app(config, fresh).test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"ready": False, "why": "migrations are missing"}
    fresh.dispose()


def test_readyz_and_healthz(client: FlaskClient) -> None:
    assert client.get("/healthz").text == "ok\n"
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {"ready": True, "oldest_due_seconds": 0}
