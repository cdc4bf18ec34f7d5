"""A door without a network: nobody waits, nothing is lost, and nothing can be read from the phone."""

import json
import re
from datetime import timedelta

from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from sqlalchemy import select, update

from organizer.checkin import devices
from organizer.checkin.models import CheckIn, Device, Scan
from organizer.domain.door import DeviceKind
from organizer.domain.lifecycle import RegistrationState
from organizer.domain.ticketing import Flag
from organizer.events.models import Event
from organizer.registrations.models import Registration, Ticket
from organizer.tokens import digest
from tests.e2e.doors import (
    CANARY,
    CONNECTED,
    CUT,
    SCANNED,
    SEARCH,
    Door,
    check_ins,
    keep_page,
    kept,
    make_door,
    open_door,
    reopen,
    results,
    scan,
    scans,
    type_code,
)
from tests.e2e.live import Live
from tests.e2e.watching import OpenContext
from tests.factories import NOW

GAP = timedelta(minutes=30)
TURNS = 60


def test_half_an_hour_without_a_network_two_phones_and_nothing_is_lost(
    house: Live, plain_browser: Browser, open_context: OpenContext
) -> None:
    door = make_door(house, 57)
    phones: list[Page] = []
    for place, person in enumerate((door.staff, door.owner)):
        context, watch = open_context(plain_browser)
        watch.allow(*CUT)
        page = open_door(house, door, context, person)
        page.get_by_label("この入口").select_option(f"入口{'AB'[place]}")
        keep_page(page)
        phones.append(page)
    a, b = phones
    shared, gone = door.codes["0"], door.codes["1"]
    mine = [door.codes[str(place)] for place in range(2, 29)]
    others = [door.codes[str(place)] for place in range(29, 57)]
    for code in mine[:3]:
        scan(a, code)
    scan(b, others[0])

    house.web.kill()
    cancel(house, gone)
    scan(a, shared)
    expect(a.locator("[data-verdict-net]")).to_contain_text("このまま続けられます（未送信 1")
    for code in mine[3:15]:
        scan(a, code)
    scan(b, others[1])
    a, b = reopen(a, door), reopen(b, door)
    expect(a.locator("[data-net]")).to_contain_text("未送信 13")
    scan(a, shared, "もう受付済みです")
    for phone in (a, b):
        phone.clock.fast_forward(int(GAP.total_seconds() * 1000))
    for code in mine[15:]:
        scan(a, code)
    scan(b, shared)
    scan(b, gone)
    for code in [*others[2:], door.codes["canary"]]:
        scan(b, code)

    house.move_clock(SCANNED + GAP)
    house.revive()
    for phone in (a, b):
        phone.clock.fast_forward(31_000)
        expect(phone.locator("[data-verdict-net]")).to_have_text(CONNECTED, timeout=30_000)
        phone.keyboard.press("Escape")
    told = scans(house, door)
    assert len(told) == len({row.key for row in told}) == 60
    # Four were sent while there was a network; of two more the first try may have lain in the wire, and arrived late.
    assert 54 <= sum(row.offline for row in told) <= 56
    assert check_ins(house, door) == 58
    assert {row.door for row in told} == {"入口A", "入口B"}
    assert_times(house, door)
    shown = " ".join(phone.locator("[data-notes]").inner_text() for phone in (a, b))
    assert re.search(r"同じチケットで二度入場されています（12:0\d 入口A と 12:3\d 入口B）", shown)
    assert "取り消し後に入場されました（12:3" in shown
    with house.database.transaction(writes=False) as session:
        entered = session.scalars(
            select(Registration.state).join(CheckIn).where(CheckIn.flagged.is_not(None))
        ).all()
    assert RegistrationState.CANCELLED in entered


def cancel(live: Live, code: str) -> None:
    """The person of that ticket cancels."""
    with live.rows() as session:
        who = select(Ticket.registration_id).where(Ticket.code_hash == digest(code)).scalar_subquery()
        session.execute(
            update(Registration).where(Registration.id == who).values(state=RegistrationState.CANCELLED)
        )


def assert_times(live: Live, door: Door) -> None:
    """Every check-in stands at the time at which it happened, not at that of its upload."""
    with live.database.transaction(writes=False) as session:
        times = session.scalars(select(CheckIn.at).where(CheckIn.event_id == door.event_id)).all()
    early = [at for at in times if at < NOW + timedelta(minutes=5)]
    late = [at for at in times if at > NOW + GAP - timedelta(minutes=1)]
    assert len(early) + len(late) == len(times)
    assert len(early) == 18
    assert max(times) < NOW + GAP + timedelta(minutes=5)


def test_nothing_on_the_phone_can_be_read_and_a_device_that_was_ended_keeps_nothing(
    house: Live, plain_browser: Browser, open_context: OpenContext
) -> None:
    door = make_door(house)
    context, watch = open_context(plain_browser)
    watch.allow("status of 401", *CUT)
    page = open_door(house, door, context)
    keep_page(page)
    scan(page, door.codes["canary"], CANARY)
    house.web.kill()
    scan(page, door.codes["0"])
    scan(page, door.codes["canary"], "もう受付済みです")
    page = reopen(page, door)  # an answer was being waited for, and the list is there all the same
    found = kept(page)
    assert {name for name, rows in found["database"].items() if rows} == {"keys", "sealed", "queue"}
    assert {key for _, key in found["database"]["keys"]} == {"key, sealed"}
    secrets = [CANARY, "ひみつ", "カナリア", "canary-", "eni_door_", *door.codes.values()]
    everything = json.dumps(found, ensure_ascii=False)
    assert not [secret for secret in secrets if secret in everything]

    with house.rows() as session:
        session.execute(update(Device).where(Device.event_id == door.event_id).values(revoked_at=NOW))
    house.revive()
    page.clock.fast_forward(31_000)
    verdict = page.locator("[data-verdict]")
    expect(verdict).to_contain_text("この端末での受付は終わりました", timeout=30_000)
    expect(verdict).to_contain_text("未送信の 2 件は暗号化して")
    found = kept(page)
    assert found["database"]["sealed"] == []
    assert [name for name, _ in found["database"]["keys"]] == [f"{door.public_id}/queue"]
    assert len(found["database"]["queue"]) == 2
    assert "enishi-doors" not in found["local"]
    with page.expect_response("**/scans/batch"):
        page.reload()  # the member may still scan: this is a new device, and what was unsent goes
    expect(page.locator("[data-arrived]").first).to_have_text("2")
    assert check_ins(house, door) == 2


def test_signing_out_and_the_end_of_the_evening_empty_the_phone(
    house: Live, browser_context: BrowserContext
) -> None:
    door = make_door(house)
    page = open_door(house, door, browser_context)
    keep_page(page)
    assert kept(page)["database"]["sealed"]
    page.goto("/")
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="サインアウト").click()
    expect(page.locator("[data-nobody]")).to_be_visible()
    page.wait_for_function("() => !localStorage.getItem('enishi-doors')")
    found = kept(page)
    assert found["database"]["sealed"] == []
    assert [name for name, _ in found["database"]["keys"]] == [f"{door.public_id}/queue"]
    assert f"{door.path}/door" not in found["caches"]

    house.sign_in(browser_context, door.staff)
    with page.expect_response("**/door-list*"):
        page.goto(f"{door.path}/door")
    expect(page.locator("[data-expected]").first).to_have_text("4")
    page.clock.fast_forward(int(timedelta(hours=9).total_seconds() * 1000))
    expect(page.locator("[data-verdict]")).to_contain_text("この端末での受付は終わりました")
    assert kept(page)["database"]["sealed"] == []


def test_what_the_server_cannot_read_is_put_aside_and_blocks_nothing(
    house: Live, plain_browser: Browser, open_context: OpenContext
) -> None:
    door = make_door(house)
    context, watch = open_context(plain_browser)
    watch.allow(*CUT)
    page = open_door(house, door, context)
    house.web.kill()
    for place in range(3):
        scan(page, door.codes[str(place)])

    def spoil(route: Route) -> None:
        body = route.request.post_data_json
        if len(body["scans"]) > 1:
            body["scans"][1]["key"] = "no key at all"
        route.continue_(post_data=json.dumps(body))

    page.route("**/scans/batch", spoil)
    house.revive()
    page.clock.fast_forward(31_000)
    expect(page.locator("[data-verdict-net]")).to_have_text(CONNECTED, timeout=30_000)
    page.keyboard.press("Escape")
    notes = page.locator("[data-notes]")
    expect(notes).to_contain_text("サーバーで受け取れなかったため、ここに残しています")
    assert check_ins(house, door) == 2
    page.reload()
    expect(notes).to_contain_text("ここに残しています")
    page.get_by_role("button", name="確認した").click()
    expect(notes).to_be_hidden()


def test_taking_back_and_the_fee_wait_for_the_network_too(
    house: Live, plain_browser: Browser, open_context: OpenContext
) -> None:
    door = make_door(house)
    context, watch = open_context(plain_browser)
    watch.allow(*CUT)
    page = open_door(house, door, context)
    scan(page, door.codes["0"])
    house.web.kill()
    scan(page, door.codes["1"])
    page.get_by_role("button", name="会費を受け取った").click()
    expect(page.locator("[data-verdict]")).to_contain_text("受け取り済み")
    page.get_by_role("button", name="次の方").click()
    scan(page, door.codes["2"])
    page.keyboard.press("Escape")
    last = page.locator("[data-last] li")
    for place in (0, 2):  # one that waits, one that the server knows
        last.nth(place).get_by_role("button").click()
        last.nth(place).get_by_role("button", name="もう一度で取り消す").click()
        expect(last.nth(place)).to_contain_text("取り消し済み")
    scan(page, door.codes["2"])  # not "already": it has been taken back
    page.keyboard.press("Escape")
    house.revive()
    page.clock.fast_forward(31_000)
    expect(page.locator("[data-net]")).to_have_text(CONNECTED, timeout=30_000)
    assert check_ins(house, door) == 2
    with house.database.transaction(writes=False) as session:
        annulled = session.scalars(
            select(Scan.annulled_at).where(Scan.event_id == door.event_id).order_by(Scan.at, Scan.id)
        ).all()
        assert [at is not None for at in annulled] == [True, False, True, False]


def test_a_guests_phone_knows_a_name_only_by_its_ticket(
    house: Live, plain_browser: Browser, open_context: OpenContext
) -> None:
    door = make_door(house)
    with house.rows() as session:
        event = session.get_one(Event, door.event_id)
        _, token = devices.make(session, event, DeviceKind.GUEST, now=NOW, name="お手伝い")
    context, watch = open_context(plain_browser)
    watch.allow(*CUT)
    context.clock.install(time=SCANNED)
    context.add_cookies([{"name": "enishi-door", "value": token, "url": house.url}])
    page = context.new_page()
    with page.expect_response("**/door-list*") as listed:
        page.goto(f"{door.path}/door")
    assert CANARY not in listed.value.text()
    expect(page.get_by_role("link", name="受付名簿")).to_have_count(0)
    keep_page(page)
    box = page.get_by_label(SEARCH)
    box.fill("ひ")
    expect(page.locator("[data-results]")).to_contain_text("かな・英数字なら 2 文字から")
    box.fill("花")
    expect(page.locator("[data-results]")).to_contain_text(CANARY)
    house.web.kill()
    box.fill("ひみつ")
    expect(page.locator("[data-results]")).to_contain_text("お名前の検索に通信が必要です", timeout=15_000)
    box.fill("")
    scan(page, door.codes["canary"], CANARY)
    page = reopen(page, door)
    scan(page, door.codes["canary"], "もう受付済みです")
    house.move_clock(SCANNED + GAP)
    house.revive()
    page.clock.fast_forward(31_000)
    expect(page.locator("[data-verdict-net]")).to_have_text(CONNECTED, timeout=30_000)
    # The first try of the second scan may have lain in the wire, and been answered with yes: its phone had said no.
    told = scans(house, door)
    assert sorted(row.entered for row in told) == [False, True]
    assert {row.entered: row.at for row in told}[True] == min(row.at for row in told)
    assert check_ins(house, door) == 1
    expect(page.locator("[data-notes]")).not_to_contain_text("二度入場")


def test_of_whom_the_server_has_still_to_hear_it_is_not_asked_again(
    house: Live, plain_browser: Browser, open_context: OpenContext
) -> None:
    """It would hear of the second scan first, and say yes where the phone, left alone, had said "already"."""
    door = make_door(house)
    context, watch = open_context(plain_browser)
    watch.allow(*CUT)
    page = open_door(house, door, context)
    keep_page(page)
    page.clock.pause_at(SCANNED + timedelta(minutes=1))
    house.move_clock(SCANNED + GAP)
    asked: list[Route] = []
    held: list[Route] = []

    def lose(route: Route) -> None:
        asked.append(route)
        route.abort()

    page.route("**/scans", lose)
    page.route("**/scans/batch", lambda route: held.append(route), times=1)
    scan(page, door.codes["canary"], CANARY)
    page.reload()
    expect(page.locator("#door")).to_have_attribute("data-ready", "")
    page.clock.run_for(1000)  # the second scan is a later one
    for _ in range(TURNS):  # the page that is gone may hold its turn a little longer
        if not held:
            page.evaluate("dispatchEvent(new Event('focus'))")
            page.clock.run_for(200)
            page.wait_for_timeout(250)
    assert held
    scan(page, door.codes["canary"], "もう受付済みです")
    assert len(asked) == 1
    held[0].continue_()
    expect(page.locator("[data-verdict-net]")).to_have_text(CONNECTED)
    expect(page.locator("[data-notes]")).to_be_hidden()
    assert results(house, door) == [("admitted", None), ("already", None)]
    assert [row.entered for row in scans(house, door)] == [True, False]
    assert check_ins(house, door) == 1


def test_where_nothing_can_be_kept_the_door_works_with_a_connection_and_says_so(
    house: Live, browser_context: BrowserContext
) -> None:
    door = make_door(house)
    browser_context.add_init_script("Object.defineProperty(window, 'indexedDB', {value: undefined})")
    browser_context.clock.install(time=SCANNED)
    house.sign_in(browser_context, door.staff)
    page = browser_context.new_page()
    page.goto(f"{door.path}/door")
    expect(page.locator("[data-plain]")).to_contain_text("通信のあるあいだだけ受付できます")
    scan(page, door.codes["canary"], CANARY)
    assert results(house, door) == [("admitted", None)]
    verdict = page.locator("[data-verdict]")
    verdict.get_by_role("button", name="取り消す", exact=True).click()
    verdict.get_by_role("button", name="もう一度で取り消す").click()
    expect(verdict).to_be_hidden()
    assert check_ins(house, door) == 0
    page.get_by_label("確認して押してから").check()
    type_code(page, door.codes["0"])
    expect(verdict).to_contain_text("このチケットで受付しますか")
    verdict.get_by_role("button", name="受付する").click()
    expect(verdict).to_contain_text("どうぞ")
    assert check_ins(house, door) == 1


def test_a_phone_whose_clock_is_years_off_is_right_all_the_same(
    house: Live, plain_browser: Browser, open_context: OpenContext
) -> None:
    door = make_door(house)
    context, watch = open_context(plain_browser)
    watch.allow(*CUT)
    context.clock.install(time=NOW - timedelta(days=2800))
    house.sign_in(context, door.staff)
    page = context.new_page()
    with page.expect_response("**/door-list*"):
        page.goto(f"{door.path}/door")
    expect(page.locator("[data-expected]").first).to_have_text("4")
    keep_page(page)
    scan(page, door.codes["0"])
    house.web.kill()
    scan(page, door.codes["1"])
    page = reopen(page, door)
    scan(page, door.codes["2"])
    house.revive()
    page.clock.fast_forward(31_000)
    expect(page.locator("[data-verdict-net]")).to_have_text(CONNECTED, timeout=30_000)
    page.keyboard.press("Escape")
    expect(page.locator("[data-notes-list] li")).to_have_text(
        "このスマートフォンの時計がずれています。読み取りの時刻は直してあります。"
    )
    told = scans(house, door)
    assert [row.flagged for row in told] == [Flag.CLOCK] * 3
    with house.database.transaction(writes=False) as session:
        times = session.scalars(select(CheckIn.at).where(CheckIn.event_id == door.event_id)).all()
    assert len(times) == 3
    assert all(abs(at - SCANNED) < timedelta(minutes=3) for at in times)


def test_a_new_version_leaves_nothing_of_the_old_one_behind(
    house: Live, browser_context: BrowserContext
) -> None:
    door = make_door(house)
    house.sign_in(browser_context, door.staff)
    page = browser_context.new_page()
    page.goto("/")
    old = "async () => (await caches.open('enishi-door-before')).put('/left-over', new Response('old'))"
    page.evaluate(old)
    page.goto(f"{door.path}/door")
    keep_page(page)
    page.wait_for_function("async () => (await caches.keys()).length === 1")
    found = kept(page)
    assert "/left-over" not in found["caches"]
    assert f"{door.path}/door" in found["caches"]
    assert not [path for path in found["caches"] if path.startswith("/api/")]
