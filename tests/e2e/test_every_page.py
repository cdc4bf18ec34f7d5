"""Every page, for those it is meant for, in both languages: valid, readable by all, no wider than the phone."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import html5lib
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from organizer import create_app
from organizer.checkin import claims, devices, kiosk, notes, pairing, self_entry
from organizer.demo import story
from organizer.domain.door import DeviceKind
from organizer.domain.lifecycle import EventState
from organizer.events.models import Event, TargetProfile
from organizer.followups.models import FollowUp
from organizer.i18n import speaking
from organizer.jobs.knock import ring_with
from organizer.people import links
from organizer.people.models import LinkPurpose, Person, SignInRequest
from organizer.registrations.models import Registration, Ticket
from organizer.registrations.tickets import code_of
from organizer.ties.models import Tie
from organizer.tokens import digest
from organizer.web.unit import App
from organizer.workflows import claiming, walking_in
from organizer.workflows.walking_in import Keeper, Newcomer
from tests.e2e import axe
from tests.e2e.live import Live
from tests.e2e.pages import ALLOWED_STATUS, MAIN, NOT_PAGES, Values, pages
from tests.e2e.watching import OpenContext

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)  # Tuesday, 18:00 in Tokyo: an hour before tonight's door
LONG = Newcomer(
    "ヴィクトリア・アレクサンドラ・フォン・ホーエンツォレルン＝ジグマリンゲン玲子様",
    "株式会社東北地域中小製造業人材育成支援センターホールディングス第二事業本部南東北営業所",
    "農家の方",
)


@dataclass
class World:
    """The demo circle with what its pages are named by."""

    app: App
    people: dict[str, Person] = field(default_factory=dict)
    ids: Values = field(default_factory=dict)

    def path(self, endpoint: str, **values: Any) -> str:
        """The address of a page."""
        with self.app.test_request_context("/"):
            return self.app.url_for(endpoint, **values)


@pytest.fixture(scope="module")
def world(live: Live) -> World:
    """The demo, told at NOW in the running house."""
    live.move_clock(NOW)
    app = create_app(live.config, live.database)
    ring_with(None)
    world = World(app)
    with app.app_context(), speaking("ja"), live.rows() as session:
        story.tell(session, NOW, live.config.secret_key)
        by_address = {person.email: person for person in session.scalars(select(Person))}
        names = {"host": "miwa", "staff": "reiko", "guest": "kenta", "other": "sayaka"}
        world.people = {role: by_address[f"{name}@demo.example"] for role, name in names.items()}
        world.ids = _ids(session, world.people, live.config.secret_key)
    return world


def _ids(session: Any, people: dict[str, Person], secret_key: str) -> Values:
    """What stands in the addresses: public ids, tokens, codes."""
    past, tonight, draft = session.scalars(select(Event).order_by(Event.starts_at)).all()
    assert draft.state is EventState.DRAFT
    guest = people["guest"].id
    registration = session.scalars(select(Registration).filter_by(event_id=tonight.id, person_id=guest)).one()
    paid = session.scalars(select(Registration).filter_by(event_id=past.id, person_id=guest)).one()
    applied = session.scalars(select(Registration).filter_by(event_id=tonight.id, state="applied")).first()
    ticket = session.scalars(select(Ticket).filter_by(registration_id=registration.id)).one()
    prompt = session.scalars(select(FollowUp).filter_by(person_id=guest).order_by(FollowUp.due_at)).first()
    request = SignInRequest(
        email="neu@example.jp",
        email_folded="neu@example.jp",
        browser_hash=digest("browser"),
        link_hash=digest("link-token"),
        created_at=NOW,
        expires_at=NOW + timedelta(minutes=10),
    )
    session.add(request)
    session.flush()
    host, key = Keeper(people["host"].id, is_host=True), "every-page-" * 3
    walk_in = walking_in.walk_in(session, past, LONG, key, host, now=NOW, secret_key=secret_key, over=True)
    asked = claims.make(session, walk_in, NOW, f"another {secret_key}")
    claiming.ask(session, asked, people["guest"], NOW)
    claim = claims.make(session, walk_in, NOW, secret_key)
    notes.write(session, tonight, registration, "VIP、席は卓1", by=people["host"], now=NOW)
    lent = {"by": people["host"], "now": NOW, "secret_key": secret_key}
    link = pairing.invite(session, tonight, DeviceKind.GUEST, LONG.name[:40], **lent)
    devices.make(session, tonight, DeviceKind.STAFF, now=NOW, name=LONG.name[:40], browser="Safari · iPhone")
    phone = devices.make(session, tonight, DeviceKind.GUEST, now=NOW)[0]
    phone.unsent, phone.clock_offset_ms, phone.seen_at = 3, -190_000, NOW
    return {
        "link": link.public_id,
        "pair": pairing.token_of(link, secret_key),
        "changing": self_entry.code(tonight, NOW, secret_key),
        "kiosk": kiosk.start(session, tonight, "no hash", by=people["staff"], browser="iPad", now=NOW)[1],
        "walk_in": walk_in.public_id,
        "claim": claims.token_of(claim, secret_key),
        "claim_asked": asked.public_id,
        "past": past.public_id,
        "tonight": tonight.public_id,
        "draft": draft.public_id,
        "target": session.scalars(select(TargetProfile).filter_by(event_id=draft.id)).first().public_id,
        "registration": registration.public_id,
        "paid": paid.public_id,
        "applied": applied.public_id,
        "person": people["other"].public_id,
        "code": code_of(ticket, secret_key),
        "ticket": links.issue(session, LinkPurpose.TICKET, guest, registration.id, now=NOW),
        "prompt": prompt.public_id,
        "prompt_token": links.issue(session, LinkPurpose.PROMPT, guest, prompt.id, now=NOW),
        "stop_token": links.issue(session, LinkPurpose.STOP_PROMPTS, guest, None, now=NOW),
        "tie": session.scalars(select(Tie).filter_by(person_id=guest)).first().public_id,
        "request": request.public_id,
        "comes": people["guest"].public_id,
    }


def enter(
    live: Live, world: World, browser: Browser, open_context: OpenContext, role: str, **options: Any
) -> Page:
    """A browser in which that person is signed in."""
    locale = options.get("locale", "ja-JP")
    context, watch = open_context(browser, **options)
    watch.allow("status of 404", "status of 410", "status of 409")
    axe.ready(context)
    page = context.new_page()
    if role == "kiosk":
        kept = {"enishi-door": world.ids["kiosk"], "enishi-kiosk": "1"}
        context.add_cookies([{"name": name, "value": kept[name], "url": live.url} for name in kept])
    elif role != "nobody":
        live.sign_in(context, world.people[role], locale[:2])
    elif locale.startswith("en"):
        page.goto(
            "/sign-in"
        )  # the language of a link is its person's, unless this browser has chosen another
        for name in ("日本語", "English"):
            page.locator(f"form[action='/language'] button:has-text('{name}')").first.click()
    return page


def complaints(
    page: Page, world: World, endpoint: str, values: Values, language: str, look_at: str = axe.ALL
) -> list[str]:
    """What is wrong with one page."""
    path = world.path(endpoint, **values)
    answer = page.goto(path)
    assert answer is not None
    expected = ALLOWED_STATUS.get(endpoint, {200})
    found = [] if answer.status in expected else [f"answers {answer.status}, at {urlsplit(page.url).path}"]
    if page.locator("html").get_attribute("lang") != language:
        found.append("speaks another language")
    if page.locator("h1").count() != 1:
        found.append(f"has {page.locator('h1').count()} h1")
    if look_at != axe.IN_OTHER_WORDS:
        found += invalid(answer.text())
    found += axe.faults(page, look_at)
    if axe.overflows(page):
        found.append("is wider than the screen")
    return [f"{path} ({endpoint}) {one}" for one in found]


def invalid(html: str) -> list[str]:
    """Where a page is no valid HTML."""
    try:
        html5lib.HTMLParser(strict=True).parse(html)
    except html5lib.html5parser.ParseError as error:
        return [f"is no valid HTML: {error}"]
    return []


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("role", ["nobody", "guest", "host", "staff", "kiosk"])
def test_on_a_phone(
    live: Live, world: World, plain_browser: Browser, open_context: OpenContext, role: str, language: str
) -> None:
    locale, look_at = {"ja": ("ja-JP", axe.ALL), "en": ("en-GB", axe.IN_OTHER_WORDS)}[language]
    page = enter(live, world, plain_browser, open_context, role, locale=locale)
    found = [
        one
        for endpoint, values in pages(world.ids)[role]
        for one in complaints(page, world, endpoint, values, language, look_at)
    ]
    if role == "nobody":
        page.goto("/sign-in")
        page.locator("input[type=email]").fill("neu@example.jp")
        page.locator("main button.button").click()
        expect(page).to_have_url(re.compile("/sign-in/wait/"))
        found += axe.faults(page)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("shape", ["dark", "laptop", "small"])
def test_the_main_pages_in_the_dark_on_a_laptop_and_on_the_smallest_phone(
    live: Live, world: World, plain_browser: Browser, open_context: OpenContext, shape: str
) -> None:
    options, look_at = {
        "dark": ({"color_scheme": "dark"}, axe.COLOURS),
        "laptop": ({"viewport": {"width": 1280, "height": 800}}, axe.ALL),
        "small": ({"viewport": {"width": 320, "height": 640}}, axe.ALL_BUT_COLOURS),
    }[shape]
    found = []
    for role in ("nobody", "guest", "host", "staff"):
        page = enter(live, world, plain_browser, open_context, role, **options)
        wanted = {endpoint for one, endpoint in MAIN if one == role}
        for endpoint, values in pages(world.ids)[role]:
            if endpoint in wanted:
                found += complaints(page, world, endpoint, values, "ja", look_at)
    assert not found, "\n".join(found)


def test_no_page_is_forgotten(world: World) -> None:
    looked_at = {endpoint for visits in pages(world.ids).values() for endpoint, _ in visits}
    there = {
        rule.endpoint
        for rule in world.app.url_map.iter_rules()
        if "GET" in (rule.methods or set()) and not rule.endpoint.startswith("dev.")
    }
    assert there - looked_at - {"people.wait"} == NOT_PAGES & there
