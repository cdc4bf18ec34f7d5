"""Phones that are lent the door, people who check themselves in, and the tablet that is left by its PIN alone."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from playwright.sync_api import Error as PlaywrightError
from sqlalchemy import select

from organizer.checkin import devices, self_entry
from organizer.checkin.models import CheckIn, Device
from organizer.domain.door import DeviceKind
from organizer.domain.ticketing import CheckInMethod
from organizer.people import links
from organizer.people.models import LinkPurpose, Person
from organizer.registrations import tickets
from tests.checkin.rows import Evening, make_evening
from tests.e2e import camera
from tests.e2e.live import Live
from tests.e2e.watching import OpenContext
from tests.factories import NOW

PIN = "2468"


@dataclass
class Door:
    """What a test needs to know of an evening once its session is closed."""

    evening: Evening
    event_id: int
    path: str
    own: str
    owner: Person
    staff: Person
    code: str
    number: str
    link: str


@pytest.fixture
def door(live: Live) -> Door:
    """An open door, and 高橋 玲子 with a ticket, whose number is known."""
    live.move_clock(NOW)
    with live.rows() as session:
        evening = make_evening(session)
        guest = evening.guest(name="高橋 玲子", reading="たかはし れいこ")
        evening.guest(name="村上 健太", reading="むらかみ けんた")
        ticket = tickets.reissue(session, guest.registration, NOW, live.config.secret_key, by_id=None)
        token = links.issue(session, LinkPurpose.TICKET, guest.person.id, guest.registration.id, now=NOW)
        public = evening.event.public_id
        return Door(
            evening,
            evening.event.id,
            f"/events/{public}",
            f"/s/{public}",
            evening.owner,
            evening.staff,
            tickets.code_of(ticket, live.config.secret_key),
            str(ticket.number),
            f"/t/{token}",
        )


def arrivals(live: Live, door: Door) -> list[CheckInMethod]:
    with live.database.transaction(writes=False) as session:
        standing = CheckIn.event_id == door.event_id, CheckIn.voided_at.is_(None)
        return list(session.scalars(select(CheckIn.method).where(*standing)))


def photograph(live: Live, door: Door) -> str:
    """The address that is on the tablet at NOW."""
    return f"{door.own}/{self_entry.code(door.evening.event, NOW, live.config.secret_key)}"


def test_a_guests_phone_is_paired_by_a_link_and_never_sees_the_list(
    live: Live, door: Door, plain_browser: Browser, open_context: OpenContext
) -> None:
    host, _ = open_context(plain_browser, viewport={"width": 1280, "height": 800})
    live.sign_in(host, door.owner)
    desk = host.new_page()
    desk.goto(f"{door.path}/devices")
    desk.get_by_label("お手伝いの方のスマートフォン").check()
    desk.get_by_label("このスマートフォンの名前").fill("入口B 佐藤さん")
    desk.get_by_role("button", name="リンクをつくる").click()
    link = desk.locator("#address").inner_text()

    phone, watch = open_context(plain_browser)
    watch.allow("status of 404", "status of 401")
    page = phone.new_page()
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("受付のお手伝い")
    page.get_by_role("button", name="このスマートフォンで受付する").dblclick()
    page.wait_for_url(f"**{door.path}/door")
    assert page.goto(f"{door.path}/door/list").status == 404  # type: ignore[union-attr]
    page.goto(f"{door.path}/door/search")
    expect(page.locator("main")).not_to_contain_text("高橋")
    page.get_by_role("searchbox").fill("たかはし")
    page.get_by_role("button", name="探す").click()
    page.get_by_role("button", name=re.compile("受付する.*高橋 玲子")).click()
    expect(page.locator("main")).to_contain_text("12:00")
    expect(page.locator("main")).not_to_contain_text("村上")
    assert arrivals(live, door) == [CheckInMethod.SEARCH]

    desk.goto(f"{door.path}/devices")
    row = desk.get_by_role("listitem").filter(has_text="入口B 佐藤さん")
    expect(row).to_contain_text("使用中")
    row.get_by_text("すぐに終了する").first.click()
    row.get_by_role("button", name="すぐに終了する").click()
    expect(desk.locator("body")).to_contain_text("終了しました")
    assert page.goto(f"{door.path}/door/search").status == 401  # type: ignore[union-attr]


def test_a_photographed_code_is_useless_after_ninety_seconds(
    live: Live, door: Door, plain_browser: Browser, open_context: OpenContext
) -> None:
    phone, watch = open_context(plain_browser)
    watch.allow("status of 410")
    page = phone.new_page()
    code = photograph(live, door)
    live.move_clock(NOW + timedelta(seconds=90))
    page.goto(code)
    expect(page.get_by_role("heading", level=1)).to_have_text("コードが変わりました")
    live.move_clock(NOW + timedelta(seconds=89))
    page.goto(code)
    live.move_clock(NOW + timedelta(seconds=150))
    page.get_by_label("チケットの番号").fill(door.number)
    page.get_by_label("お名前のふりがな").fill("タカハシ レイコ")
    page.get_by_role("button", name="受付する").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("受付しました")
    expect(page.locator("main")).to_contain_text("高橋 玲子さん、ようこそ")
    assert arrivals(live, door) == [CheckInMethod.SELF]
    live.move_clock(NOW)


def test_the_tablets_code_opens_the_page_of_the_phone_that_knows_its_ticket(
    live: Live, door: Door, browser_context: BrowserContext, plain_browser: Browser, open_context: OpenContext
) -> None:
    live.sign_in(browser_context, door.staff)
    tablet = browser_context.new_page()
    tablet.goto(f"{door.path}/self")
    expect(tablet.get_by_role("img", name="読み取ると受付できる QR コード")).to_be_visible()
    picture = tablet.locator("[data-picture]")
    first = picture.get_attribute("src") or ""
    live.move_clock(NOW + timedelta(seconds=31))
    expect(picture).not_to_have_attribute("src", first, timeout=20_000)

    phone, _ = open_context(plain_browser)
    page = phone.new_page()
    page.goto(door.link)
    page.goto(photograph(live, door))
    expect(page.get_by_role("heading", level=1)).to_have_text("高橋 玲子さん、ようこそ")
    page.get_by_role("button", name="受付する").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("受付しました")
    assert arrivals(live, door) == [CheckInMethod.SELF]
    live.move_clock(NOW)


def test_the_tablet_says_when_the_network_is_gone(
    live: Live, door: Door, plain_browser: Browser, open_context: OpenContext
) -> None:
    context, watch = open_context(plain_browser)
    watch.allow("ERR_INTERNET_DISCONNECTED")
    live.sign_in(context, door.staff)
    tablet = context.new_page()
    tablet.clock.install()
    tablet.goto(f"{door.path}/self")
    context.set_offline(True)
    expect(tablet.locator("[data-changing-net]")).to_contain_text("受付の係")
    expect(tablet.locator("[data-picture]")).to_be_visible()
    tablet.clock.fast_forward(80_000)
    expect(tablet.locator("[data-picture]")).to_be_hidden()
    context.set_offline(False)
    expect(tablet.locator("[data-picture]")).to_be_visible()
    expect(tablet.locator("[data-changing-net]")).to_be_empty()


def begin_kiosk(live: Live, door: Door, context: BrowserContext) -> Page:
    live.sign_in(context, door.staff)
    page = context.new_page()
    page.goto(f"{door.path}/kiosk/start")
    page.get_by_label("4〜8 桁の暗証番号").fill(PIN)
    page.get_by_label("暗証番号をもう一度").fill(PIN)
    page.get_by_role("button", name="はじめる").click()
    page.wait_for_url("**/kiosk")
    return page


def no_name_left(page: Page) -> None:
    """Nothing that is shown, hidden or kept on the page tells who was there."""
    shown = content(page)
    for text in ("高橋", "玲子", "たかはし"):
        assert text not in shown


def content(page: Page) -> str:
    """The page, hidden parts and all, once it is no longer on its way to another."""
    for _ in range(50):
        try:
            page.wait_for_load_state()
            return page.content()
        except PlaywrightError:
            page.wait_for_timeout(100)
    return page.content()


def type_number(page: Page, number: str) -> None:
    for digit in number:
        page.get_by_role("button", name=digit, exact=True).click()
    page.get_by_role("button", name="決定").click()


def test_the_kiosk_reads_a_ticket_shows_a_first_name_and_forgets_it(
    live: Live, door: Door, scratch: Path, start_browser: Callable[..., Browser], open_context: OpenContext
) -> None:
    film = camera.film(
        scratch / "kiosk.mjpeg", [(None, 1.0), (f"{live.url}/q/{door.code}", 3.0), (None, 60.0)]
    )
    context, watch = open_context(
        start_browser(*camera.switches(film)), permissions=["camera"], viewport={"width": 1024, "height": 768}
    )
    watch.allow("Clear-Site-Data")
    page = begin_kiosk(live, door, context)
    verdict = page.locator("[data-verdict]")
    expect(verdict).to_contain_text("玲子さん", timeout=20_000)
    expect(verdict).to_contain_text("ようこそ")
    assert "高橋" not in page.content()
    assert "たかはし" not in page.content()
    expect(verdict).to_be_hidden(timeout=12_000)
    no_name_left(page)
    assert arrivals(live, door) == [CheckInMethod.KIOSK]


def test_the_kiosk_takes_a_number_goes_nowhere_and_is_left_by_its_pin(
    live: Live, door: Door, plain_browser: Browser, open_context: OpenContext
) -> None:
    context, watch = open_context(plain_browser, viewport={"width": 1024, "height": 768})
    watch.allow("Clear-Site-Data", "status of 422", "status of 401", "ERR_INTERNET_DISCONNECTED")
    page = begin_kiosk(live, door, context)
    type_number(page, door.number)
    verdict = page.locator("[data-verdict]")
    expect(verdict).to_contain_text("ご本人ですか")
    assert arrivals(live, door) == []
    page.get_by_role("button", name="はい、本人です").click()
    expect(verdict).to_contain_text("ようこそ")
    assert arrivals(live, door) == [CheckInMethod.KIOSK]
    page.go_back()
    expect(verdict).to_be_hidden()
    assert page.url.endswith("/kiosk")
    no_name_left(page)

    for address in ("/", f"{door.path}/door/list", f"{door.path}/devices", "/sign-in"):
        page.goto(address)
        assert page.url.endswith("/kiosk"), address
    assert page.locator("a[href]").evaluate_all("links => links.map(link => link.getAttribute('href'))") == [
        "/kiosk/leave"
    ]
    answer = page.goto("/kiosk")
    assert answer is not None
    assert answer.headers["cache-control"] == "no-store"

    context.set_offline(True)
    type_number(page, door.number)
    expect(verdict).to_contain_text("受付の係")
    expect(verdict).to_have_class(re.compile("verdict-wait"))  # nobody is refused because the network is away
    expect(page.locator("[data-net]")).to_have_text(
        "通信が切れています。受付の係がご案内しますので、お声がけください。"
    )
    context.set_offline(False)
    page.goto("/kiosk/leave")
    page.get_by_label("暗証番号").fill("1111")
    page.get_by_role("button", name="受付を終える").click()
    expect(page.locator("main")).to_contain_text("あと 4 回")
    page.get_by_label("暗証番号").fill(PIN)
    page.get_by_role("button", name="受付を終える").click()
    expect(page).to_have_url(re.compile(r"/sign-in$"))
    with suppress(PlaywrightError):  # what was sent by POST is not shown again
        page.go_back()
    no_name_left(page)
    page.goto(f"{door.path}/door/list")
    expect(page).to_have_url(re.compile(r"/sign-in\?"))
    with live.database.transaction(writes=False) as session:
        kiosk = session.scalars(select(Device).where(Device.event_id == door.event_id)).one()
        assert kiosk.kind is DeviceKind.KIOSK
        assert kiosk.revoked_at is not None


def test_a_kiosk_that_is_ended_from_afar_stops(
    live: Live, door: Door, plain_browser: Browser, open_context: OpenContext
) -> None:
    context, watch = open_context(plain_browser, viewport={"width": 768, "height": 1024})
    watch.allow("Clear-Site-Data", "status of 401")
    page = begin_kiosk(live, door, context)
    with live.rows() as session:
        device = session.scalars(select(Device).where(Device.event_id == door.event_id)).one()
        assert devices.revoke(session, door.evening.event, device.public_id, by=door.owner, now=NOW)
    type_number(page, door.number)
    expect(page.get_by_role("heading", level=1)).to_have_text("このタブレットの受付は終わりました")
    assert arrivals(live, door) == []
