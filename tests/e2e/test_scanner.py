"""A browser at the door: it really scans, and nothing leaves our house."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from sqlalchemy import select, update

from organizer.checkin.models import FeePayment
from organizer.domain.door import PaymentWay
from organizer.domain.lifecycle import RegistrationState
from organizer.people.models import SignIn
from tests.checkin.rows import make_evening
from tests.e2e import camera
from tests.e2e.doors import (
    CONNECTED,
    SCANNED,
    SEARCH,
    Door,
    check_ins,
    door_of,
    open_door,
    results,
    type_code,
)
from tests.e2e.live import Live
from tests.e2e.watching import OpenContext
from tests.factories import NOW

LISTEN = """window.said = []; addEventListener("DOMContentLoaded", () => {
  const place = document.querySelector("[data-say]");
  new MutationObserver(() => window.said.push(place.textContent)).observe(place, {childList: true});
});"""
RING = "getComputedStyle(document.activeElement).outlineColor"
GROUND = "getComputedStyle(document.querySelector('[data-verdict]')).backgroundColor"


@pytest.fixture
def door(live: Live) -> Door:
    """An open door with one person of each kind."""
    live.move_clock(SCANNED)
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
        return door_of(evening, **codes)


@pytest.fixture
def page(live: Live, door: Door, browser_context: BrowserContext) -> Page:
    """The scanner on a phone without a camera."""
    return open_door(live, door, browser_context)


def fill_in(page: Page, text: str) -> None:
    """Put a text into the one field, and press Enter."""
    page.get_by_label(SEARCH).fill(text)
    page.keyboard.press("Enter")


def test_a_film_of_tickets_is_scanned_and_each_gets_its_verdict(
    live: Live, door: Door, scratch: Path, start_browser: Callable[..., Browser], open_context: OpenContext
) -> None:
    shown = {name: f"{live.url}/q/{code}" for name, code in door.codes.items()}
    scenes: list[camera.Scene] = [(shown["valid"], 2.5), (None, 0.4), (shown["other"], 2.2), (None, 0.4)]
    scenes += [("https://example.jp/autumn-poster", 2.2), (None, 0.4)]
    browser = start_browser(*camera.switches(camera.film(scratch / "door.mjpeg", scenes)))
    context, _ = open_context(browser, permissions=["camera"])
    context.add_init_script(LISTEN)
    page = open_door(live, door, context)
    verdict = page.locator("[data-verdict]")
    expect(verdict).to_contain_text("受付済み", timeout=40_000)  # the film begins anew
    expect(verdict).to_contain_text("12:00")
    said: list[str] = page.evaluate("window.said")
    page.close()
    told = results(live, door)
    assert told[: len(told)].count(("admitted", None)) == 1
    assert {("refused", "other_event"), ("refused", "unknown_code"), ("already", None)} <= set(told)
    assert check_ins(live, door) == 1
    heard = "\n".join(said)
    for words in (
        "どうぞ、高橋 玲子",
        "初参加 ・ ご紹介 村上さん",
        "会費 3,000 円をいただく",
        "この会のチケットではありません",
    ):
        assert words in heard
    assert "田中" not in next(line for line in said if line.startswith("別のイベントのチケットです"))


def test_searching_the_fee_and_taking_back_by_keyboard_alone(live: Live, door: Door, page: Page) -> None:
    page.get_by_label(SEARCH).focus()
    page.keyboard.type("takahasi")
    button = page.get_by_role("button", name="受付する 高橋 玲子")
    expect(button).to_be_visible()
    button.focus()
    page.keyboard.press("Enter")
    verdict = page.locator("[data-verdict]")
    expect(verdict).to_contain_text("どうぞ")
    expect(page.get_by_role("button", name="会費を受け取った")).to_be_focused()
    assert page.evaluate(RING) not in (page.evaluate(GROUND), "none"), (
        "the focus is seen on the verdict's colour"
    )
    page.keyboard.press("Enter")
    expect(verdict).to_contain_text("受け取り済み")
    page.get_by_role("button", name="会費の受け取りを取り消す").press("Enter")
    expect(verdict).to_contain_text("会費 3,000 円をいただく")
    page.get_by_role("button", name="事前にお支払い済み").press("Enter")
    expect(verdict).to_contain_text("事前にお支払い済み")
    page.get_by_role("button", name="会費の受け取りを取り消す").press("Enter")
    expect(verdict).to_contain_text("会費 3,000 円をいただく")
    verdict.get_by_role("button", name="取り消す", exact=True).press("Enter")
    page.get_by_role("button", name="もう一度で取り消す").press("Enter")
    expect(verdict).to_be_hidden()
    expect(page.locator("[data-say]")).to_have_text("高橋 玲子さんの受付を取り消しました")
    assert check_ins(live, door) == 0
    with live.database.transaction(writes=False) as session:
        payments = session.execute(
            select(FeePayment.way, FeePayment.voided_at)
            .where(FeePayment.event_id == door.event_id)
            .order_by(FeePayment.id)
        ).all()
    assert [way for way, _ in payments] == [PaymentWay.CASH, PaymentWay.BEFOREHAND]
    assert all(voided_at for _, voided_at in payments)


def test_a_typed_or_keyed_in_code_is_a_scan(live: Live, door: Door, page: Page) -> None:
    page.get_by_label("この入口").select_option("入口A")
    fill_in(page, f"{live.url}/q/{door.codes['valid']}")
    verdict = page.locator("[data-verdict]")
    expect(verdict).to_contain_text("どうぞ")
    page.get_by_role("button", name="次の方").click()
    fill_in(page, door.codes["valid"].lower())
    expect(verdict).to_contain_text("12:00 に入口Aで受付")
    page.keyboard.press("Escape")
    expect(verdict).to_be_hidden()
    fill_in(page, door.codes["cancelled"])
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
    page = open_door(live, door, context)
    keys: list[str] = []

    def swallow(route: Route) -> None:
        body = route.request.post_data_json
        keys.append(body["key"] if "key" in body else body["scans"][0]["key"])
        if len(keys) == 2:
            route.fetch()  # it arrived; the answer is lost
        if len(keys) < 3:
            route.abort()
        else:
            route.continue_()

    page.route("**/scans", swallow)
    page.route("**/scans/batch", swallow)
    fill_in(page, door.codes["valid"])
    verdict = page.locator("[data-verdict]")
    expect(verdict).to_contain_text("どうぞ")
    expect(verdict).to_contain_text("高橋 玲子")
    expect(verdict).to_contain_text("未送信 1")
    expect(verdict).to_contain_text("通信なし")
    type_code(page, door.codes["valid"])
    expect(verdict).to_contain_text("もう受付済みです")
    expect(page.locator("[data-verdict-net]")).to_have_text(CONNECTED, timeout=30_000)
    assert len(keys) >= 3
    assert len(set(keys[:3])) == 1
    assert len(keys[0]) == 32
    assert sorted(results(live, door)) == [("admitted", None), ("already", None)]
    assert check_ins(live, door) == 1


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
    expect(board.locator(".screen-total")).to_have_text("0 / 2")
    fill_in(page, door.codes["second"])
    expect(board.locator(".screen-total")).to_have_text("1 / 2", timeout=8_000)
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


def test_signed_out_meanwhile_the_phone_forgets_and_loses_nothing(
    live: Live, door: Door, plain_browser: Browser, open_context: OpenContext
) -> None:
    context, watch = open_context(plain_browser)
    watch.allow("status of 401")
    page = open_door(live, door, context)
    with live.rows() as session:
        session.execute(update(SignIn).where(SignIn.person_id == door.staff.id).values(ended_at=NOW))
    fill_in(page, door.codes["valid"])
    verdict = page.locator("[data-verdict]")
    expect(verdict).to_contain_text("この端末での受付は終わりました")
    expect(verdict).to_contain_text("未送信の 1 件は暗号化してこの端末に残してあり")
    assert check_ins(live, door) == 0
    live.sign_in(context, door.staff)
    with page.expect_response("**/scans/batch"):
        page.goto(f"{door.path}/door")
    expect(page.locator("[data-arrived]").first).to_have_text("1")
    assert check_ins(live, door) == 1
