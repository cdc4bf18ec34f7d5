"""The live board in a browser: current within three seconds, quiet while nobody looks, honest when it is cut off."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from organizer.checkin import service
from organizer.events.models import Event
from tests.checkin.rows import make_evening
from tests.e2e import axe
from tests.e2e.doors import SCANNED, Door, door_of
from tests.e2e.live import Live
from tests.e2e.watching import OpenContext, Watch
from tests.factories import NOW, make_target

SCREEN = {"viewport": {"width": 1280, "height": 720}}
LONG_KIND = "はじめての採用に悩む製造業の経営者、または人事の責任者"
POLL_MS = 2500
OLD_MS = 10_000
OUTSIDE = """() => [...document.querySelectorAll("main *")].filter((one) => {
  const box = one.getBoundingClientRect();
  return one.checkVisibility() && (box.right > innerWidth + 1 || box.bottom > innerHeight + 1);
}).map((one) => one.outerHTML.slice(0, 100))"""


@pytest.fixture
def door(live: Live) -> Door:
    """An evening at which nobody has come yet."""
    live.move_clock(SCANNED)
    with live.rows() as session:
        evening = make_evening(session, capacity=60)
        target = make_target(session, evening.event, name="製造業の決裁者")
        ids = {
            name: evening.guest(
                name=name, registration={"target_profile_id": target.id}
            ).registration.public_id
            for name in ("高橋 玲子", "村上 健太", "小林 さやか")
        }
        return door_of(evening, **ids)


def come(live: Live, door: Door, name: str) -> None:
    """Somebody is taken in at the door."""
    with live.rows() as session:
        event = session.get_one(Event, door.event_id)
        service.check_in(session, event, door.codes[name], now=NOW, by=door.staff)


def open_board(
    live: Live, door: Door, browser: Browser, open_context: OpenContext, query: str = "", **options: object
) -> tuple[Page, BrowserContext, Watch]:
    context, watch = open_context(browser, **(SCREEN | options))
    context.clock.install(time=SCANNED)
    live.sign_in(context, door.staff)
    page = context.new_page()
    page.goto(f"{door.path}/board{query}")
    return page, context, watch


def test_the_hall_sees_each_arrival_at_the_next_look(
    live: Live, door: Door, plain_browser: Browser, open_context: OpenContext
) -> None:
    page, context, _watch = open_board(live, door, plain_browser, open_context)
    total = page.locator(".screen-total")
    expect(total).to_have_text("0 / 3")
    for number, name in enumerate(("高橋 玲子", "村上 健太"), start=1):
        come(live, door, name)
        context.clock.run_for(POLL_MS)
        expect(total).to_have_text(f"{number} / 3")
        expect(page.locator("[data-newest] li").first).to_have_text(name)
        expect(page.locator("[data-parts] strong")).to_have_text(f"{number} / 3")
    assert "小林" not in page.content()
    assert page.evaluate(OUTSIDE) == []
    assert not axe.faults(page)


@pytest.mark.parametrize("kinds", [3, 6, 9])
def test_nobody_scrolls_the_halls_screen(
    live: Live, plain_browser: Browser, open_context: OpenContext, kinds: int
) -> None:
    live.move_clock(SCANNED)
    with live.rows() as session:
        evening = make_evening(session, title="経営者交流会「はじめての採用、辞めない職場」")
        for number in range(kinds):
            target = make_target(session, evening.event, name=f"{LONG_KIND}（{number}）")
            guest = evening.guest(registration={"target_profile_id": target.id, "listed": True})
            service.check_in(session, evening.event, guest.registration.public_id, now=NOW, by=evening.staff)
        door = door_of(evening)
    hall = {"viewport": {"width": 1920, "height": 1080}}
    page, _context, _watch = open_board(live, door, plain_browser, open_context, **hall)
    expect(page.locator("[data-parts] li")).to_have_count(kinds)
    assert page.evaluate(OUTSIDE) == []


def test_the_host_sees_who_is_still_to_come(
    live: Live, door: Door, plain_browser: Browser, open_context: OpenContext
) -> None:
    phone = {"viewport": {"width": 390, "height": 844}}
    page, context, _watch = open_board(live, door, plain_browser, open_context, "?view=host", **phone)
    waiting = page.locator(".person-name")
    expect(waiting).to_have_count(3)
    come(live, door, "高橋 玲子")
    context.clock.run_for(POLL_MS)
    expect(waiting).to_have_count(2)
    expect(page.locator(".figure").first).to_have_text("1 / 3")
    assert "高橋" not in page.locator("main").inner_text()


def test_old_figures_are_said_to_be_old(
    live: Live, door: Door, plain_browser: Browser, open_context: OpenContext
) -> None:
    page, context, watch = open_board(live, door, plain_browser, open_context)
    watch.allow("ERR_INTERNET_DISCONNECTED", "status of 401")
    old = page.locator("[data-old]")
    expect(old).to_be_hidden()
    context.set_offline(True)
    come(live, door, "高橋 玲子")
    context.clock.run_for(OLD_MS)
    expect(old).to_contain_text("通信が切れています")
    expect(page.locator(".screen-total")).to_have_text("0 / 3")
    context.set_offline(False)
    context.clock.run_for(POLL_MS)
    expect(page.locator(".screen-total")).to_have_text("1 / 3")
    expect(old).to_be_hidden()
    context.clear_cookies()
    context.clock.run_for(POLL_MS)
    expect(old).to_contain_text("サインアウトされています")


def test_nothing_is_asked_while_nobody_looks(
    live: Live, door: Door, plain_browser: Browser, open_context: OpenContext
) -> None:
    page, context, _watch = open_board(live, door, plain_browser, open_context)
    look_away = "(away) => { Object.defineProperty(document, 'hidden', { value: away, configurable: true });"
    look_away += " document.dispatchEvent(new Event('visibilitychange')); }"
    page.evaluate(look_away, True)
    context.clock.run_for(POLL_MS)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    come(live, door, "高橋 玲子")
    context.clock.run_for(10 * POLL_MS)
    assert not asked
    page.evaluate(look_away, False)
    expect(page.locator(".screen-total")).to_have_text("1 / 3")
