"""The scanner in hands: scanners that type, a look before the tap, long names, and whoever cannot see the colours."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from organizer.checkin.models import CheckIn, Scan
from organizer.domain.lifecycle import RegistrationState
from tests.checkin.rows import make_evening
from tests.e2e import axe
from tests.e2e.doors import SCANNED, SEARCH, Door, check_ins, door_of, open_door, results, scans, type_code
from tests.e2e.live import Live
from tests.e2e.watching import OpenContext

LONG_NAME = "寿限無寿限無五劫の擦り切れ海砂利水魚の水行末雲来末風来末食う寝る処に住む処太郎"
LONG_COMPANY = (
    "一般社団法人全国中小企業経営者交流推進機構"
    "東日本広域連携本部首都圏事業統括室株式会社"
    "日本総合人材育成研究開発センター"
)
WIDE = {sign: chr(ord(sign) + 0xFEE0) for sign in map(chr, range(0x21, 0x7F))}


@pytest.fixture(autouse=True)
def the_hour(live: Live) -> Iterator[None]:
    """It is a little after the door opened."""
    live.move_clock(SCANNED)
    yield
    live.revive()


@pytest.fixture
def door(live: Live) -> Door:
    """A door with somebody of each kind."""
    with live.rows() as session:
        evening = make_evening(session)
        codes = {
            "valid": evening.guest(name="高橋 玲子", reading="たかはし れいこ").code,
            "second": evening.guest(name="村上 健太", reading="むらかみ けんた").code,
            "third": evening.guest(name="渡邉 大輔", reading="わたなべ だいすけ").code,
            "long": evening.guest(
                name=LONG_NAME, reading="じゅげむ じゅげむ", profile={"company": LONG_COMPANY}
            ).code,
            "cancelled": evening.guest(RegistrationState.CANCELLED, name="取消 太郎").code,
        }
        return door_of(evening, **codes)


@pytest.fixture
def page(live: Live, door: Door, browser_context: BrowserContext) -> Page:
    """The scanner on a phone without a camera."""
    return open_door(live, door, browser_context)


def said(page: Page, words: str) -> None:
    """Wait until the verdict says these words, and forget it."""
    expect(page.locator("[data-say]")).to_contain_text(words)
    page.evaluate("document.querySelector('[data-say]').textContent = ''")


def test_a_scanner_that_types_is_understood_wherever_the_focus_is(live: Live, door: Door, page: Page) -> None:
    verdict = page.locator("[data-verdict]")
    address = f"{live.url}/q/{door.codes['valid']}"
    page.get_by_label("この入口").focus()
    type_code(page, address)
    said(page, "高橋 玲子")
    expect(page.get_by_label("この入口")).to_have_value("")
    fee = page.get_by_role("button", name="会費を受け取った")
    expect(fee).to_be_focused()
    type_code(page, address.replace(":", "+").replace("/", "&"))  # another layout; Enter presses nothing
    said(page, "もう受付済みです")
    page.keyboard.press("Escape")
    expect(verdict).to_be_hidden()
    box = page.get_by_label(SEARCH)
    box.focus()
    page.keyboard.insert_text("".join(WIDE[sign] for sign in f"{live.url}/q/{door.codes['second']}"))
    said(page, "村上 健太")
    page.keyboard.press("Escape")
    expect(box).to_have_value("")
    type_code(page, "https://example.jp/some/poster?id=12345")
    said(page, "この会のチケットではありません")
    assert check_ins(live, door) == 2
    assert [result for result, _ in results(live, door)] == ["admitted", "already", "admitted", "refused"]


def test_an_input_method_that_swallows_the_keys_hides_no_code(live: Live, door: Door, page: Page) -> None:
    page.get_by_label(SEARCH).focus()
    keyboard = page.context.new_cdp_session(page)

    def press(code: str, shift: bool = False) -> None:
        about: dict[str, Any] = {"code": code, "key": "Process", "windowsVirtualKeyCode": 229}
        about |= {"modifiers": 8} if shift else {}
        keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **about})
        keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **about})

    keyboard.send("Input.imeSetComposition", {"text": "７あ", "selectionStart": 2, "selectionEnd": 2})
    for code in ("KeyH", "KeyT", "Semicolon", "Slash"):
        press(code)
    for sign in door.codes["third"]:
        press(f"Digit{sign}" if sign.isdigit() else f"Key{sign}", not sign.isdigit())
    press("Enter")
    said(page, "渡邉 大輔")
    assert results(live, door) == [("admitted", None)]


def test_people_who_type_are_left_alone(live: Live, door: Door, page: Page) -> None:
    box = page.get_by_label(SEARCH)
    box.focus()
    page.keyboard.type("takahashi")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="受付する 高橋 玲子")).to_be_visible()
    expect(box).to_have_value("takahashi")
    expect(box).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="探す")).to_be_focused()
    assert results(live, door) == []


def test_after_a_look_and_a_tap(live: Live, door: Door, page: Page) -> None:
    page.get_by_label("確認して押してから").check()
    type_code(page, door.codes["valid"])
    verdict = page.locator("[data-verdict]")
    said(page, "ご本人ですか、高橋 玲子")
    page.get_by_role("button", name="今は受付しない").click()
    expect(verdict).to_be_hidden()
    assert scans(live, door) == []
    type_code(page, door.codes["valid"])
    said(page, "ご本人ですか")
    expect(page.get_by_role("button", name="受付する", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    said(page, "どうぞ")
    type_code(page, door.codes["cancelled"])  # there is nothing to ask
    said(page, "取り消されました")
    page.reload()
    expect(page.get_by_label("確認して押してから")).to_be_checked()
    told = scans(live, door)
    assert [(scan.result.value if scan.result else "", scan.confirmed) for scan in told] == [
        ("admitted", True),
        ("refused", False),
    ]


def test_a_scan_is_taken_back_in_two_taps_from_the_last_ones(live: Live, door: Door, page: Page) -> None:
    type_code(page, door.codes["valid"])
    said(page, "どうぞ")
    page.keyboard.press("Escape")
    page.reload()
    row = page.locator("[data-last] li").first
    expect(row).to_contain_text("高橋 玲子")
    row.get_by_role("button", name="取り消す").click()
    row.get_by_role("button", name="もう一度で取り消す").click()
    expect(row).to_contain_text("取り消し済み")
    with live.database.transaction(writes=False) as session:
        annulled = select(Scan.annulled_at).where(Scan.event_id == door.event_id)
        voided = select(CheckIn.voided_at).where(CheckIn.event_id == door.event_id)
        assert session.scalars(annulled).one() is not None
        assert session.scalars(voided).one() is not None
    type_code(page, door.codes["valid"])
    said(page, "どうぞ")


@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.parametrize("locale", ["ja", "en"])
def test_every_state_can_be_read_by_all(
    live: Live, door: Door, plain_browser: Browser, open_context: OpenContext, locale: str, width: int
) -> None:
    context, watch = open_context(
        plain_browser, viewport={"width": width, "height": 640}, reduced_motion="reduce"
    )
    watch.allow("ERR_", "Failed to load resource")
    context.clock.install(time=SCANNED)
    live.sign_in(context, door.staff, locale)
    page = context.new_page()
    with page.expect_response("**/door-list*"):
        page.goto(f"{door.path}/door")
    verdict = page.locator("[data-verdict]")
    name = page.locator("[data-name]")

    def looks_well() -> None:
        assert axe.faults(page) == []
        assert not axe.overflows(page)

    looks_well()
    page.locator("[value=confirm]").check()
    for code, colour in (("long", "card"), ("cancelled", "stop")):
        type_code(page, door.codes[code])
        expect(verdict).to_have_class(f"verdict verdict-{colour}")
        looks_well()
    page.keyboard.press("Escape")
    page.locator("[value=express]").check()
    type_code(page, door.codes["long"])
    expect(verdict).to_have_class("verdict verdict-ok")
    expect(name).to_have_text(LONG_NAME)
    looks_well()
    live.web.kill()
    type_code(page, door.codes["long"])
    expect(verdict).to_have_class("verdict verdict-again")
    expect(page.locator("[data-verdict-net]")).to_contain_text(
        {"ja": "未送信 1", "en": "1 not sent yet"}[locale]
    )
    looks_well()
    page.keyboard.press("Escape")
    expect(page.locator("[data-last] li")).to_have_count(3)
    looks_well()
