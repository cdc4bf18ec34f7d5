"""Every page, for those it is meant for, in both languages: valid, readable by all, no wider than the phone."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import html5lib
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
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
from tests.e2e.watching import Watch

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)  # Tuesday, 18:00 in Tokyo: an hour before tonight's door
LONG = Newcomer(
    "ヴィクトリア・アレクサンドラ・フォン・ホーエンツォレルン＝ジグマリンゲン玲子様",
    "株式会社東北地域中小製造業人材育成支援センターホールディングス第二事業本部南東北営業所",
    "農家の方",
)
OpenContext = Callable[..., tuple[BrowserContext, Watch]]
Values = dict[str, Any]


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


def pages(i: Values) -> dict[str, list[tuple[str, Values]]]:
    """Who looks at which pages: endpoint and values."""
    past, tonight, draft = ({"event_id": i[name]} for name in ("past", "tonight", "draft"))
    circle, person = {"slug": story.SLUG}, {"public_id": i["person"]}
    ticket, mine = {"token": i["ticket"]}, {"public_id": i["registration"]}
    return {
        "nobody": [
            ("home.index", {}),
            ("events.public_list", {}),
            ("events.public_list", {"region": "27"}),
            ("events.of_circle", circle),
            ("events.show", tonight),
            ("events.show", past),
            ("registrations.apply", tonight),
            ("registrations.apply", past),
            ("people.sign_in", {}),
            ("people.password", {}),
            ("api.show", {}),
            ("api.problems", {}),
            ("api.problem", {"problem": "malformed"}),
            ("people.link", {"token": "link-token"}),
            ("people.opened", {}),
            ("people.confirm_address", {"token": "x" * 43}),
            ("circles.invitation", {"token": "x" * 43}),
            ("registrations.shown_code", {"code": i["code"]}),
            ("registrations.ticket", ticket),
            ("registrations.ticket_edit", ticket),
            ("registrations.ticket_cancel", ticket),
            ("rounds.my_table_link", ticket),
            ("checkin.receipt_link", ticket),
            ("checkin.card", {"code": i["registration"]}),
            ("matches.enter", {**ticket, "page": "closing"}),
            ("registrations.claim", {"token": i["claim"]}),
            ("checkin.pair_offer", {"token": i["pair"]}),
            ("checkin.self_page", tonight),
            ("checkin.self_open", {**tonight, "code": i["changing"]}),
            ("checkin.self_done", tonight),
            ("followups.answer", {"token": i["prompt_token"]}),
            ("followups.stop", {"token": i["stop_token"]}),
        ],
        "guest": [
            ("home.index", {}),
            ("registrations.apply", tonight),
            ("registrations.sent", tonight),
            ("registrations.my_ticket", mine),
            ("registrations.my_ticket_edit", mine),
            ("registrations.my_ticket_cancel", mine),
            ("rounds.my_table", tonight),
            ("checkin.card", {"code": i["registration"]}),
            ("checkin.my_receipt", {"public_id": i["paid"]}),
            ("registrations.claimed", mine),
            ("registrations.is_it_you", {"public_id": i["claim_asked"]}),
            ("matches.closing", past),
            ("matches.mine", past),
            ("followups.index", {}),
            ("followups.show", {"public_id": i["prompt"]}),
            ("ties.index", {}),
            ("ties.show", {"public_id": i["tie"]}),
            ("ties.insights", {}),
            ("people.profile", {}),
            *(
                ("people.edit_section", {"section": name})
                for name in ("about", "thoughts", "gives", "wishes", "goals", "contact")
            ),
            ("people.account", {}),
            ("people.sign_ins", {}),
            ("people.blocks", {}),
            ("people.welcome", {}),
            ("circles.index", {}),
            ("circles.create", {}),
            ("circles.write_report", {**circle, **person}),
        ],
        "host": [
            ("home.index", {}),
            ("circles.index", {}),
            ("circles.edit", circle),
            ("circles.members", circle),
            ("circles.tokens", circle),
            ("circles.approach", circle),
            ("circles.lead", circle | {"concern": "making"}),
            ("circles.reports", circle),
            ("circles.consider_exclusion", {**circle, **person}),
            ("events.create", circle),
            ("events.edit", draft),
            ("events.targets", draft),
            ("events.add_target", draft),
            ("events.edit_target", {**draft, "target_id": i["target"]}),
            ("events.invited", draft),
            ("events.publish", draft),
            ("events.publish", tonight),
            ("events.ask_cancel", tonight),
            ("registrations.desk", tonight),
            ("registrations.suggestion", tonight),
            ("registrations.over", {**tonight, "public_id": i["applied"]}),
            ("registrations.attendees", tonight),
            ("matches.after", past),
            ("matches.after", tonight),
            ("matches.propose", past),
            ("rounds.plan", tonight),
            ("rounds.plan", past),
            ("rounds.table", {**past, "number": 1, "table": 1}),
            ("rounds.person", {**tonight, "person": i["comes"]}),
            ("rounds.swap_look", {**tonight, "number": 1}),
            ("checkin.attendance", past),
            ("checkin.attendance", tonight),
            ("checkin.scans", past),
            ("checkin.scans", tonight),
            ("checkin.note", {**tonight, "registration": i["registration"]}),
            ("checkin.walked_in", {**past, "registration": i["walk_in"]}),
            ("checkin.door_list", past),
            ("checkin.fees", past),
            ("checkin.fees", tonight),
            ("checkin.badges", tonight),
            ("checkin.badges", {**tonight, "sheet": "board"}),
            ("checkin.receipt", {**past, "registration": i["paid"]}),
            ("checkin.receipt", {**tonight, "registration": i["registration"]}),
            ("checkin.board", {**tonight, "view": "host"}),
            ("checkin.door_devices", past),
            ("checkin.door_devices", tonight),
            ("checkin.device_link", {**tonight, "link": i["link"]}),
        ],
        "kiosk": [
            ("checkin.kiosk", {}),
            ("checkin.kiosk_leave", {}),
        ],
        "staff": [
            ("circles.index", {}),
            ("checkin.door", tonight),
            ("checkin.try_phone", tonight),
            ("checkin.door_list", tonight),
            ("checkin.door_list", {**tonight, "q": "だれもいない"}),
            ("checkin.walk_in", tonight),
            ("checkin.search", {**tonight, "q": "高"}),
            ("checkin.search", tonight),
            ("checkin.self_tablet", tonight),
            ("checkin.kiosk_offer", tonight),
            ("checkin.board", tonight),
            ("rounds.hall", tonight),
            ("rounds.timer", tonight),
        ],
    }


NOT_PAGES = {
    "checkin.self_code",
    "checkin.door_manifest",
    "checkin.door_module",
    "checkin.door_worker",
    "static",
    "web.healthz",
    "web.readyz",
    "events.share_picture",
    "events.calendar",
    "checkin.door_list_pdf",
    "checkin.badges_pdf",
    "checkin.receipt_pdf",
    "checkin.my_receipt_pdf",
    "checkin.receipt_link_pdf",
    "checkin_api.counts",
    "checkin_api.search",
    "checkin_api.list_people",
    "api.describe",
    "events_api.events",
    "registrations_api.registrations",
    "rounds.state",
    "rounds.hall_state",
    "rounds.my_table_state",
    "rounds.my_table_link_state",
    "rounds.cards_pdf",
    "rounds.routes_pdf",
    "registrations.ticket_qr",
    "registrations.ticket_pdf",
    "registrations.ticket_calendar",
    "registrations.my_ticket_qr",
    "registrations.my_ticket_pdf",
    "registrations.my_ticket_calendar",
}
ALLOWED_STATUS = {
    "people.confirm_address": {404, 410},
    "circles.invitation": {404, 410},
    "matches.propose": {200, 409},
    "rounds.swap_look": {409},
    "people.opened": {200, 410},
    "checkin.self_page": {200, 410},
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
    html = answer.text()
    if page.locator("html").get_attribute("lang") != language:
        found.append("speaks another language")
    if page.locator("h1").count() != 1:
        found.append(f"has {page.locator('h1').count()} h1")
    try:
        html5lib.HTMLParser(strict=True).parse(html)
    except html5lib.html5parser.ParseError as error:
        found.append(f"is no valid HTML: {error}")
    found += axe.faults(page, look_at)
    if axe.overflows(page):
        found.append("is wider than the screen")
    return [f"{path} ({endpoint}) {one}" for one in found]


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("role", ["nobody", "guest", "host", "staff", "kiosk"])
def test_on_a_phone(
    live: Live, world: World, plain_browser: Browser, open_context: OpenContext, role: str, language: str
) -> None:
    locale, look_at = {"ja": ("ja-JP", axe.ALL), "en": ("en-GB", axe.ALL_BUT_COLOURS)}[language]
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


MAIN = (
    ("nobody", "home.index"),
    ("nobody", "events.show"),
    ("guest", "home.index"),
    ("guest", "matches.mine"),
    ("guest", "ties.index"),
    ("guest", "followups.show"),
    ("host", "registrations.desk"),
    ("host", "events.edit"),
    ("host", "events.targets"),
    ("staff", "checkin.door"),
    ("staff", "checkin.board"),
    ("staff", "rounds.hall"),
    ("guest", "rounds.my_table"),
)


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
