"""What a phone goes through in an evening: a spoilt queue, a full disk, a lost connection, a camera taken away."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route, expect

from tests.e2e import camera
from tests.e2e.doors import (
    CANARY,
    CONNECTED,
    CUT,
    SCANNED,
    Door,
    check_ins,
    make_door,
    open_door,
    results,
    scan,
    scans,
    type_code,
)
from tests.e2e.live import Live
from tests.e2e.watching import OpenContext

ALREADY = "もう受付済みです"
GUESTS = 60
BAD = {
    "no key": {"code": "A", "key": "no key at all"},
    "no time": {"code": "A", "key": "b" * 32, "at": "yesterday"},
    "unknown field": {"code": "A", "key": "c" * 32, "colour": "red"},
    "too large": {"code": "A" * 600_000, "key": "d" * 32},
}
STUMBLES = "e" * 32
"""The key of a scan over which this server stumbles."""

QUEUE = """async (items) => {
  const door = document.getElementById("door");
  const { openStore } = await import(document.querySelector("link[href$='/store.js']").href);
  const opened = await openStore(door.dataset.store, door.dataset.event);
  for (const item of items) await opened.add(item);
}"""
FULL = """() => {
  const { add } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.add = function (...given) {
    if (window.full) throw new DOMException("no room", "QuotaExceededError");
    return add.apply(this, given);
  };
}"""
CONNECTIONS = """() => {
  window.connections = new Set();
  const { transaction } = IDBDatabase.prototype;
  IDBDatabase.prototype.transaction = function (...given) {
    window.connections.add(this);
    return transaction.apply(this, given);
  };
}"""


def queue_of(door: Door) -> list[dict[str, Any]]:
    """Two hundred items: all guests thrice, and bad ones at the head, in between and at the end."""
    good = [door.codes[str(place % GUESTS)] for place in range(3 * GUESTS)]
    at = SCANNED.isoformat()
    items: list[dict[str, Any]] = [
        {"kind": "scan", "told": "admitted" if place < GUESTS else "already", "whose": None,
         "body": {"code": code, "key": f"good-{place:030d}", "at": at}}
        for place, code in enumerate(good)
    ]  # fmt: skip
    bad = [{"kind": "scan", "told": None, "body": {"at": at} | body} for body in BAD.values()]
    bad.append({"kind": "scan", "told": None, "body": {"code": good[0], "key": STUMBLES, "at": at}})
    acts = [
        {"kind": "undo", "key": "f" * 32, "at": at},
        {"kind": "fee", "registration": "A" * 22, "body": {"taken": True}, "at": at},
        {"kind": "nonsense"},
    ]
    spoilt = [*bad, *acts]
    return [*spoilt, *items[:90], *spoilt, *items[90:], *spoilt[: 20 - 2 * len(spoilt)]]


def test_of_two_hundred_items_the_good_ones_arrive_and_the_bad_ones_are_shown_once(
    house: Live, plain_browser: Browser, open_context: OpenContext
) -> None:
    door = make_door(house, GUESTS)
    context, watch = open_context(plain_browser)
    watch.allow(*CUT)
    page = open_door(house, door, context)
    house.web.kill()
    items = queue_of(door)
    assert len(items) == 200
    page.evaluate(QUEUE, items)
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(page.locator("[data-net]")).to_contain_text("未送信 200")
    sent = Counter[str]()
    page.on("request", lambda request: sent.update(keys_of(request)))
    page.route("**/scans/batch", stumble)
    house.revive()
    for _ in range(120):
        scan(page, door.codes["canary"], CANARY)  # others go through: it is not the server that is ill
        page.evaluate("dispatchEvent(new Event('focus'))")
        page.wait_for_timeout(250)
        if page.locator("[data-net]").inner_text() == CONNECTED:
            break
    expect(page.locator("[data-net]")).to_have_text(CONNECTED)
    told = [row for row in scans(house, door) if row.key.startswith("good-")]
    assert len(told) == 3 * GUESTS
    assert check_ins(house, door) == GUESTS + 1
    assert page.evaluate("document.querySelectorAll('[data-notes-list] li').length") == 6
    expect(page.locator("[data-notes-list]")).to_contain_text("ほか 15 件")
    before = sent.total()
    page.clock.fast_forward(61_000)
    page.wait_for_timeout(500)
    assert sent.total() == before
    assert max(count for key, count in sent.items() if key.startswith("good-")) < 9


def keys_of(request: Request) -> list[str]:
    """The keys of the scans that a request tells of."""
    if not request.url.endswith("/scans/batch"):
        return []
    return [one["key"] for one in request.post_data_json["scans"]]


def stumble(route: Route) -> None:
    """A server that has a bug: it fails whenever it meets one scan."""
    if STUMBLES in (route.request.post_data or ""):
        route.fulfill(status=500, content_type="application/problem+json", body=json.dumps({"status": 500}))
    else:
        route.continue_()


def test_a_phone_without_room_goes_on_and_says_that_its_page_must_stay_open(
    house: Live, plain_browser: Browser, open_context: OpenContext
) -> None:
    door = make_door(house)
    context, watch = open_context(plain_browser)
    watch.allow("no room", *CUT)
    context.add_init_script(f"({FULL})()")
    page = open_door(house, door, context)
    house.web.kill()
    page.evaluate("window.full = true")
    scan(page, door.codes["0"])
    scan(page, door.codes["0"], ALREADY)
    expect(page.locator("[data-plain]")).to_contain_text("この画面を開いたまま")
    assert page.evaluate("!dispatchEvent(new Event('beforeunload', {cancelable: true}))")
    house.revive()
    page.clock.fast_forward(31_000)
    expect(page.locator("[data-verdict-net]")).to_have_text(CONNECTED)
    expect(page.locator("[data-plain]")).to_be_empty()
    assert sorted(results(house, door)) == [("admitted", None), ("already", None)]


def test_a_database_that_was_closed_meanwhile_is_opened_again(
    house: Live, plain_browser: Browser, open_context: OpenContext
) -> None:
    door = make_door(house)
    context, watch = open_context(plain_browser)
    watch.allow(*CUT)
    context.add_init_script(f"({CONNECTIONS})()")
    page = open_door(house, door, context)
    scan(page, door.codes["0"])
    house.web.kill()
    page.evaluate("for (const one of window.connections) one.close()")
    scan(page, door.codes["0"], ALREADY)
    scan(page, door.codes["1"])
    page.reload()
    expect(page.locator("[data-net]")).to_contain_text("未送信 2")
    house.revive()
    page.clock.fast_forward(31_000)
    expect(page.locator("[data-net]")).to_have_text(CONNECTED)
    assert check_ins(house, door) == 2


def test_an_entry_whose_answer_was_lost_is_not_held_against_itself(
    house: Live, plain_browser: Browser, open_context: OpenContext
) -> None:
    """The list that comes while an answer is waited for knows the entry already."""
    door = make_door(house)
    context, watch = open_context(plain_browser)
    watch.allow(*CUT)
    page = open_door(house, door, context)
    house.move_clock(
        SCANNED + timedelta(minutes=5)
    )  # so that the scan stands at the time that its phone says
    arrived: list[Route] = []

    def keep_waiting(route: Route) -> None:
        route.fetch()
        arrived.append(route)

    page.route("**/scans", keep_waiting)
    with page.expect_response("**/door-list*") as listed:
        type_code(page, door.codes["0"])
        while not arrived:
            page.wait_for_timeout(20)
        page.evaluate("dispatchEvent(new Event('focus'))")
    assert listed.value.status == 200
    expect(page.locator("[data-say]")).to_contain_text("どうぞ")
    expect(page.locator("[data-verdict-net]")).to_have_text(CONNECTED)
    page.keyboard.press("Escape")
    expect(page.locator("[data-last] li")).not_to_contain_text("未送信")
    assert check_ins(house, door) == 1
    assert [row.entered for row in scans(house, door)] == [True]


def test_whom_the_phone_let_in_the_server_does_not_let_in_once_more_before_it_has_heard_of_it(
    house: Live, plain_browser: Browser, open_context: OpenContext
) -> None:
    door = make_door(house)
    context, watch = open_context(plain_browser)
    watch.allow(*CUT)
    page = open_door(house, door, context)
    held: list[Route] = []
    page.route("**/scans/batch", lambda route: held.append(route), times=1)
    context.set_offline(True)
    scan(page, door.codes["0"])
    context.set_offline(False)
    while not held:
        page.wait_for_timeout(20)
    scan(page, door.codes["1"])  # the line is quick again
    scan(page, door.codes["0"], ALREADY)
    held[0].continue_()
    expect(page.locator("[data-verdict-net]")).to_have_text(CONNECTED)
    assert sorted(results(house, door)) == [("admitted", None)] * 2 + [("already", None)]
    assert check_ins(house, door) == 2
    expect(page.locator("[data-notes]")).to_be_hidden()


def test_some_other_networks_pages_are_no_answers(
    house: Live, plain_browser: Browser, open_context: OpenContext
) -> None:
    """A hotel's network that says yes, or no, to everything has not heard of a scan."""
    door = make_door(house)
    context, watch = open_context(plain_browser)
    watch.allow(*CUT)
    page = open_door(house, door, context)
    for place, status in enumerate((200, 404, 400)):
        answer: dict[str, Any] = {"status": status, "content_type": "text/html", "body": "<h1>Welcome</h1>"}
        page.route("**/api/**", partial(fulfill, answer))
        scan(page, door.codes[str(place)])
        page.clock.fast_forward(31_000)
        page.wait_for_timeout(100)
        page.unroute("**/api/**")
    expect(page.locator("[data-net]")).to_contain_text("未送信")
    page.clock.fast_forward(31_000)
    expect(page.locator("[data-net]")).to_have_text(CONNECTED)
    expect(page.locator("[data-notes]")).to_be_hidden()
    assert check_ins(house, door) == 3


def fulfill(answer: dict[str, Any], route: Route) -> None:
    """Answer in the server's place."""
    route.fulfill(**answer)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("NotAllowedError", "許可されていません"),
        ("NotReadableError", "別のアプリ"),
        ("NotFoundError", "カメラが見つかりません"),
    ],
)
def test_why_there_is_no_camera_is_said(
    house: Live, browser_context: BrowserContext, error: str, words: str
) -> None:
    door = make_door(house)
    refuse = f"() => Promise.reject(new DOMException('', '{error}'))"
    browser_context.add_init_script(
        f"if (navigator.mediaDevices) navigator.mediaDevices.getUserMedia = {refuse}"
    )
    page = open_door(house, door, browser_context)
    page.get_by_role("button", name="カメラで受付をはじめる").click()
    expect(page.locator("[data-aim]")).to_contain_text(words)
    expect(page.locator("[data-photo-box]")).to_be_visible()


def test_a_camera_that_is_taken_away_is_offered_again_and_one_loop_looks(
    house: Live, scratch: Path, start_browser: Callable[..., Browser], open_context: OpenContext
) -> None:
    door = make_door(house)
    film = camera.film(scratch / "away.mjpeg", [(None, 1.0)])
    context, _ = open_context(start_browser(*camera.switches(film)), permissions=["camera"])
    page = open_door(house, door, context)
    aim, start = page.locator("[data-aim]"), page.get_by_role("button", name="カメラで受付をはじめる")
    expect(aim).to_contain_text("枠")
    taken = "document.querySelector('video').srcObject.getVideoTracks()[0].dispatchEvent(new Event('ended'))"
    page.evaluate(taken)
    expect(aim).to_contain_text("別のアプリ")
    start.click()
    expect(aim).to_contain_text("枠")
    assert looks(page) <= 17


def looks(page: Page) -> int:
    """How often frames are looked at in a second: each look sets the time of the next."""
    count = """() => new Promise((done) => {
      const { setTimeout } = window;
      let seen = 0;
      window.setTimeout = (act, wait, ...given) => {
        if (wait === 60) seen += 1;
        return setTimeout(act, wait, ...given);
      };
      setTimeout(() => done(seen), 1000);
    })"""
    return int(page.evaluate(count))


def test_a_clock_that_is_put_back_changes_no_time(house: Live, browser_context: BrowserContext) -> None:
    page = browser_context.new_page()
    page.goto(house.url)
    told = page.evaluate("""async () => {
      const { Line } = await import("/static/js/door/sending.js");
      const line = new Line("/api", "", () => {});
      const { now } = Date;
      const right = now();
      line.setOffset(5000);
      Date.now = () => now() - 86_400_000;
      const back = line.now() - right;
      Date.now = () => now() + 60_000;
      const slept = line.now() - right;
      return [back, slept];
    }""")
    assert 5000 <= told[0] < 10_000
    assert 65_000 <= told[1] < 70_000
