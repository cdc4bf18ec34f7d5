"""A browser at the door: it really scans, and nothing leaves our house."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from sqlalchemy import select

from organizer.checkin.models import CheckIn, FeePayment, Scan
from organizer.domain.lifecycle import RegistrationState
from organizer.people.models import Person
from tests.checkin.rows import make_evening
from tests.e2e import camera
from tests.e2e.live import Live
from tests.e2e.watching import Watch

OpenContext = Callable[..., tuple[BrowserContext, Watch]]


@dataclass
class Door:
    """What a test needs to know of an evening once its session is closed."""

    event_id: int
    path: str
    staff: Person
    codes: dict[str, str]


@pytest.fixture
def door(live: Live) -> Door:
    """An open door with one person of each kind."""
    with live.rows() as session:
        evening = make_evening(session)
        codes = {
            "valid": evening.guest(
                name="高橋 玲子",
                reading="たかはし れいこ",
                profile={"company": "株式会社ひびき"},
                registration={"introducer": "村上さん"},
            ).code,
            "second": evening.guest(name="村上 健太", reading="むらかみ けんた").code,
            "cancelled": evening.guest(RegistrationState.CANCELLED, name="取消 太郎").code,
            "other": make_evening(session, 1).guests[0].code,
        }
        return Door(evening.event.id, f"/events/{evening.event.public_id}", evening.staff, codes)


@pytest.fixture
def page(live: Live, door: Door, browser_context: BrowserContext) -> Page:
    """The scanner on a phone without a camera."""
    live.sign_in(browser_context, door.staff)
    page = browser_context.new_page()
    page.goto(f"{door.path}/door")
    return page


def results(live: Live, door: Door) -> list[tuple[str, str | None]]:
    with live.database.transaction(writes=False) as session:
        rows = session.execute(
            select(Scan.result, Scan.reason).where(Scan.event_id == door.event_id).order_by(Scan.id)
        )
        return [(result.value, reason) for result, reason in rows]


def check_ins(live: Live, door: Door) -> int:
    with live.database.transaction(writes=False) as session:
        standing = CheckIn.event_id == door.event_id, CheckIn.voided_at.is_(None)
        return len(session.scalars(select(CheckIn.id).where(*standing)).all())


def type_code(page: Page, text: str) -> None:
    """Type into the one field, as a keyboard scanner does."""
    page.get_by_label("QR コードがないとき").fill(text)
    page.keyboard.press("Enter")


def test_a_film_of_tickets_is_scanned_and_each_gets_its_verdict(
    live: Live, door: Door, scratch: Path, start_browser: Callable[..., Browser], open_context: OpenContext
) -> None:
    shown = {name: f"{live.url}/q/{code}" for name, code in door.codes.items()}
    scenes: list[camera.Scene] = [(shown["valid"], 2.5), (None, 0.4), (shown["other"], 2.2), (None, 0.4)]
    scenes += [("https://example.jp/autumn-poster", 2.2), (None, 0.4)]
    browser = start_browser(*camera.switches(camera.film(scratch / "door.mjpeg", scenes)))
    context, _ = open_context(browser, permissions=["camera"])
    live.sign_in(context, door.staff)
    page = context.new_page()
    page.goto(f"{door.path}/door")
    verdict = page.locator("[data-verdict]")
    expect(verdict).to_contain_text("どうぞ", timeout=20_000)
    expect(verdict).to_contain_text("高橋 玲子")
    expect(verdict).to_contain_text("初参加 ・ ご紹介 村上さん")
    expect(verdict).to_contain_text("会費 3,000 円をいただく")
    expect(page.locator("[data-say]")).to_contain_text("高橋 玲子")
    expect(verdict).to_contain_text("別のイベントのチケットです")
    expect(verdict).not_to_contain_text("田中")
    expect(verdict).to_contain_text("この会のチケットではありません")
    expect(verdict).to_contain_text("受付済み")
    expect(verdict).to_contain_text("12:00")
    page.close()
    told = results(live, door)
    assert told[: len(told)].count(("admitted", None)) == 1
    assert {("refused", "other_event"), ("refused", "unknown_code"), ("already", None)} <= set(told)
    assert check_ins(live, door) == 1


def test_searching_the_fee_and_taking_back_by_keyboard_alone(live: Live, door: Door, page: Page) -> None:
    page.get_by_label("QR コードがないとき").focus()
    page.keyboard.type("takahasi")
    button = page.get_by_role("button", name="受付する 高橋 玲子")
    expect(button).to_be_visible()
    button.focus()
    page.keyboard.press("Enter")
    verdict = page.locator("[data-verdict]")
    expect(verdict).to_contain_text("どうぞ")
    expect(page.get_by_role("button", name="会費を受け取った")).to_be_focused()
    page.keyboard.press("Enter")
    expect(verdict).to_contain_text("受け取り済み")
    page.get_by_role("button", name="会費の受け取りを取り消す").press("Enter")
    expect(verdict).to_contain_text("会費 3,000 円をいただく")
    page.get_by_role("button", name="取り消す", exact=True).press("Enter")
    expect(verdict).to_be_hidden()
    expect(page.locator("[data-say]")).to_have_text("高橋 玲子さんの受付を取り消しました")
    assert check_ins(live, door) == 0
    with live.database.transaction(writes=False) as session:
        assert session.scalars(select(FeePayment.voided_at)).one() is not None


def test_a_typed_or_keyed_in_code_is_a_scan(live: Live, door: Door, page: Page) -> None:
    page.get_by_label("この入口").select_option("入口A")
    type_code(page, f"{live.url}/q/{door.codes['valid']}")
    verdict = page.locator("[data-verdict]")
    expect(verdict).to_contain_text("どうぞ")
    page.get_by_role("button", name="次の方").click()
    type_code(page, door.codes["valid"].lower())
    expect(verdict).to_contain_text("12:00 に入口Aで受付")
    page.keyboard.press("Escape")
    expect(verdict).to_be_hidden()
    type_code(page, door.codes["cancelled"])
    expect(verdict).to_contain_text("取り消されました")
    expect(verdict).to_contain_text("取消 太郎")
    page.reload()
    expect(page.get_by_label("この入口")).to_have_value("入口A")
    assert results(live, door) == [("admitted", None), ("already", None), ("refused", "cancelled")]


def test_a_scan_the_network_swallowed_is_sent_again_and_counts_once(
    live: Live, door: Door, plain_browser: Browser, open_context: OpenContext
) -> None:
    context, watch = open_context(plain_browser)
    watch.allow("ERR_FAILED", "ERR_CONNECTION")
    live.sign_in(context, door.staff)
    page = context.new_page()
    keys: list[str] = []

    def swallow(route: Route) -> None:
        keys.append(route.request.post_data_json["key"])
        if len(keys) == 2:
            route.fetch()  # it arrived; the answer is lost
        if len(keys) < 3:
            route.abort()
        else:
            route.continue_()

    page.route("**/scans", swallow)
    page.goto(f"{door.path}/door")
    type_code(page, door.codes["valid"])
    verdict = page.locator("[data-verdict]")
    expect(verdict).to_contain_text("通信を待っています")
    expect(verdict).to_contain_text("未送信 1")
    expect(verdict).to_contain_text("どうぞ")
    expect(verdict).to_contain_text("高橋 玲子")
    assert len(keys) == 3
    assert len(set(keys)) == 1
    assert len(keys[0]) == 32
    assert results(live, door) == [("admitted", None)]


def test_without_a_camera_a_photo_of_the_code_does(live: Live, door: Door, page: Page) -> None:
    page.get_by_role("button", name="カメラで受付をはじめる").click()
    expect(page.locator("[data-aim]")).to_contain_text("カメラ")
    photo = {"name": "ticket.jpg", "mimeType": "image/jpeg"}
    page.locator("[data-photo]").set_input_files([photo | {"buffer": camera.still(None)}])
    expect(page.locator("[data-aim]")).to_contain_text("見つかりませんでした")
    ticket = camera.still(f"{live.url}/q/{door.codes['valid']}", tilt=12)
    page.locator("[data-photo]").set_input_files([photo | {"buffer": ticket}])
    expect(page.locator("[data-verdict]")).to_contain_text("どうぞ")
    assert check_ins(live, door) == 1


def test_the_board_follows_the_door(live: Live, door: Door, page: Page) -> None:
    board = page.context.new_page()
    board.goto(f"{door.path}/board")
    expect(board.locator(".hall-total")).to_have_text("0 / 2")
    type_code(page, door.codes["second"])
    expect(board.locator(".hall-total")).to_have_text("1 / 2", timeout=8_000)
    expect(board.locator("[data-newest]")).to_have_text("村上 健太")
    board.close()


def test_trying_the_phone_reads_the_sample_and_keeps_nothing(
    live: Live, door: Door, scratch: Path, start_browser: Callable[..., Browser], open_context: OpenContext
) -> None:
    sample = f"{live.url}{door.path}/door/try"
    film = camera.film(scratch / "try.mjpeg", [(sample, 1.0)])
    context, _ = open_context(start_browser(*camera.switches(film)), permissions=["camera"])
    live.sign_in(context, door.staff)
    page = context.new_page()
    page.goto(f"{door.path}/door/try")
    page.get_by_role("button", name="試してみる").click()
    expect(page.locator("[data-result]")).to_contain_text("このスマートフォンで受付できます")
    page.close()
    assert results(live, door) == []


def test_signed_out_meanwhile_the_phone_says_so(
    live: Live, door: Door, plain_browser: Browser, open_context: OpenContext
) -> None:
    context, watch = open_context(plain_browser)
    watch.allow("status of 400")
    live.sign_in(context, door.staff)
    page = context.new_page()
    page.goto(f"{door.path}/door")
    context.clear_cookies()
    type_code(page, door.codes["valid"])
    expect(page.locator("[data-verdict]")).to_contain_text("開き直してください")
    assert check_ins(live, door) == 0
