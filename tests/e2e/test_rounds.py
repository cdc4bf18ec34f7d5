"""The room while its rounds are on: the hall's screen, its remote control, and the phones."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from organizer.events.models import Event
from organizer.people import links
from organizer.people.models import LinkPurpose, Person
from organizer.registrations.models import Registration
from tests.e2e import axe
from tests.e2e.live import Live
from tests.e2e.watching import OpenContext, Watch
from tests.factories import NOW, make_circle, make_event, make_member, make_person
from tests.rounds import tables

PROJECTOR = {"viewport": {"width": 1280, "height": 720}}
LONG = {
    3: "勘解由小路 アレクサンドリア・マリア・テレジア・フォン・ハプスブルク三世",
    7: "Bartholomew Featherstonehaugh-Cholmondeley the Younger",
    11: "髙橋 﨑子",
}
OUTSIDE = """() => {
  const seen = (box) => box.left >= -1 && box.top >= -1 && box.right <= innerWidth + 1 && box.bottom <= innerHeight + 1;
  const shown = [...document.querySelectorAll("main *")].filter((element) => element.checkVisibility()
    && !element.closest(".visually-hidden") && element.getClientRects().length);
  const out = shown.filter((element) => !seen(element.getBoundingClientRect()));
  const within = (inner, outer) => inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1
    && inner.left >= outer.left - 1 && inner.right <= outer.right + 1;
  const cut = shown.filter((element) => {
    const box = element.parentElement.closest(".hall-table, .hall-names > li");
    return box && !within(element.getBoundingClientRect(), box.getBoundingClientRect());
  });
  return [...out, ...cut].map((element) => element.outerHTML.slice(0, 120));
}"""
LISTEN = """(() => {
  window.struck = 0;
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...when) { window.struck += 1; return start.apply(this, when); };
})()"""


@dataclass
class Room:
    """An event with its host, its helper at the hall's machine, and everybody's registration."""

    live: Live
    event: Event
    host: Person
    helper: Person
    registrations: list[Registration]

    @property
    def hall(self) -> str:
        """The address of the hall's screen."""
        return f"/events/{self.event.public_id}/hall"

    @property
    def table(self) -> str:
        """The address of one's own table."""
        return f"/e/{self.event.public_id}/table"

    def run(self, number: int, left: timedelta) -> None:
        """A round runs, and has so much left at NOW."""
        with self.live.rows() as session:
            tables.run(session, session.get_one(Event, self.event.id), number, left=left)


def make_room(live: Live, people: int, size: int, rounds: int = 3, *, seated: bool = True) -> Room:
    """So many people at tables of that size; some have names that are hard on a screen."""
    with live.rows() as session:
        host, helper = make_person(session, name="三輪 恵"), make_person(session, name="受付 花子")
        circle = make_circle(session, owner=host)
        make_member(session, circle, helper)
        event = make_event(session, circle, starts_at=NOW - timedelta(minutes=10), capacity=300)
        there = [
            tables.come(
                session,
                event,
                LONG.get(number, f"参加 {number}郎"),
                f"さんか {number:03}",
                topic=f"秘密の相談 {number}",
                profile={"company": "株式会社" + "長" * 56},
            )
            for number in range(people)
        ]
        if seated:
            tables.publish(session, event, tables.turning([one.person for one in there], rounds, size))
    return Room(live, event, host, helper, there)


@pytest.fixture
def still(live: Live) -> Live:
    """The running house with its clock at NOW."""
    live.move_clock(NOW)
    return live


@pytest.fixture
def screen(
    still: Live, plain_browser: Browser, open_context: OpenContext
) -> Callable[..., tuple[Page, BrowserContext, Watch]]:
    """Opens a watched page in which somebody is signed in: `screen(person, **options)`."""

    def open_one(person: Person | None, **options: Any) -> tuple[Page, BrowserContext, Watch]:
        context, watch = open_context(plain_browser, **(PROJECTOR | options))
        if person is not None:
            still.sign_in(context, person, str(options.get("locale", "ja"))[:2])
        return context.new_page(), context, watch

    return open_one


Screen = Callable[..., tuple[Page, BrowserContext, Watch]]


def clock(page: Page) -> Any:
    """The clock of a page."""
    return page.locator("[data-time]")


def turn_to(page: Page) -> None:
    """Whoever is before the page turns to it again: it asks the server at once."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def look(*pages: Page) -> None:
    """Each of these pages asks the server, and is answered."""
    for page in pages:
        with page.expect_response(re.compile(r"/state$")):
            turn_to(page)


@pytest.mark.parametrize(("people", "size"), [(60, 4), (60, 6), (24, 4), (7, 4), (120, 4)])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_projector_shows_all_names_without_scrolling(
    still: Live, screen: Screen, people: int, size: int, language: str
) -> None:
    room = make_room(still, people, size)
    page, _, _ = screen(room.helper, locale={"ja": "ja-JP", "en": "en-GB"}[language])
    for show in ("tables", "names"):
        page.goto(f"{room.hall}?show={show}")
        expect(page.locator(".is-live")).to_be_visible()
        assert page.evaluate(OUTSIDE) == []
        assert page.locator("html").get_attribute("lang") == language
        assert axe.faults(page, axe.ALL if language == "ja" else axe.IN_OTHER_WORDS) == []
    named = page.locator("[data-view=names] li").all_text_contents()
    assert len(named) == people, "on one page or on several, everybody is there"


@pytest.mark.parametrize("viewport", [(390, 844), (320, 640), (1920, 1080), (1024, 768)])
def test_on_a_phone_and_on_any_other_screen(still: Live, screen: Screen, viewport: tuple[int, int]) -> None:
    room = make_room(still, 24, 4)
    wide, high = viewport
    page, _, _ = screen(room.helper, viewport={"width": wide, "height": high})
    for running in (False, True):
        if running:
            room.run(2, timedelta(minutes=5))
        for address in (room.hall, room.hall.replace("/hall", "/timer")):
            page.goto(address)
            expect(clock(page)).to_have_text(re.compile(r"^(10:00|[45]:\d\d)$"))
            assert not axe.overflows(page)
            assert axe.faults(page) == []


def test_a_round_from_its_beginning_to_its_end(still: Live, screen: Screen) -> None:
    room = make_room(still, 12, 4)
    page, _, _ = screen(room.helper)
    other, _, _ = screen(room.host, viewport={"width": 390, "height": 844})
    page.goto(room.hall)
    other.goto(room.hall.replace("/hall", "/timer"))
    expect(page.locator("h1")).to_contain_text("お名前を探して")
    expect(page.locator("[data-view=names]")).to_be_visible()
    page.get_by_role("button", name="ラウンド 1 を始める").click()
    expect(page.get_by_role("button", name="一時停止")).to_be_visible()
    expect(page.locator("[data-view=tables]")).to_be_visible()
    expect(page.locator("[data-say]")).to_have_text("ラウンド 1 が始まりました。")
    expect(clock(page)).to_have_text(re.compile(r"^(10:00|9:5\d)$"))
    expect(other.get_by_role("button", name="一時停止")).to_be_visible()
    other.get_by_role("button", name="＋1 分").click()
    expect(clock(other)).to_have_text(re.compile(r"^(11:00|10:5\d)$"))
    look(page)
    expect(clock(page)).to_have_text(re.compile(r"^(11:00|10:5\d)$"))
    other.get_by_role("button", name="一時停止").click()
    expect(other.get_by_role("button", name="再開する")).to_be_visible()
    look(page)
    expect(page.get_by_role("button", name="再開する")).to_be_visible()
    expect(clock(page)).to_have_text("11:00")
    page.get_by_role("button", name="再開する").click()
    expect(page.get_by_role("button", name="一時停止")).to_be_visible()
    still.move_clock(NOW + timedelta(minutes=10, seconds=15))
    look(page)
    expect(clock(page)).to_have_text(re.compile(r"^0:4\d$"))
    expect(page.locator("main")).to_have_class(re.compile("is-soon"))
    still.move_clock(NOW + timedelta(minutes=11, seconds=1))
    look(page, other)
    for one in (page, other):
        expect(clock(one)).to_have_text("0:00")
    expect(page.locator("h1")).to_contain_text("次のお席へどうぞ")
    expect(page.locator("[data-view=names]")).to_be_visible()
    page.get_by_role("button", name="ラウンド 2 を始める").click()
    expect(page.locator(".hall-kicker")).to_contain_text("ラウンド 2 / 3")
    expect(clock(page)).to_have_text(re.compile(r"^(10:00|9:5\d)$"))
    look(other)
    expect(other.locator("h1")).to_contain_text("ラウンド 2 / 3")


def test_the_bell_rings_once_each_and_only_where_it_was_asked_for(still: Live, screen: Screen) -> None:
    room = make_room(still, 8, 4)
    room.run(1, timedelta(seconds=62))
    loud, _, _ = screen(room.helper)
    quiet, _, _ = screen(room.helper)
    for one in (loud, quiet):
        one.add_init_script(LISTEN)
        one.goto(room.hall)
        expect(clock(one)).to_have_text(re.compile(r"^1:0\d$"))
    loud.get_by_role("button", name="音を出す").click()
    expect(loud.get_by_role("button", name="音を消す")).to_be_visible()
    first = loud.evaluate("struck")
    assert first > 0, "one soft stroke says that it can be heard"
    still.move_clock(NOW + timedelta(seconds=1))
    look(loud)
    expect(loud.locator("[data-say]")).to_have_text("残り 1 分です")
    one_stroke = loud.evaluate("struck") - first
    assert one_stroke == first
    still.move_clock(NOW + timedelta(seconds=61))
    look(loud, quiet)
    expect(loud.locator("[data-say]")).to_have_text("ラウンド 1 のお時間です。")
    for _ in range(2):  # what the server says twice is rung once
        look(loud)
    assert loud.evaluate("struck") - first - one_stroke == 3 * one_stroke
    expect(quiet.locator("[data-say]")).to_have_text("ラウンド 1 のお時間です。")
    assert quiet.evaluate("struck") == 0


def test_the_clock_goes_on_when_the_network_does_not(still: Live, screen: Screen) -> None:
    room = make_room(still, 8, 4)
    room.run(1, timedelta(minutes=5))
    page, context, watch = screen(room.helper)
    watch.allow("ERR_INTERNET_DISCONNECTED")
    page.goto(room.hall)
    expect(clock(page)).to_have_text(re.compile(r"^(5:00|4:5\d)$"))
    context.set_offline(True)
    expect(page.locator("[data-net]")).to_contain_text("通信が切れています")
    before = clock(page).text_content()
    expect(clock(page)).not_to_have_text(str(before))
    assert not page.evaluate(OUTSIDE)
    page.get_by_role("button", name="一時停止").click()
    expect(page.locator("[data-net]")).to_contain_text("届きませんでした")
    context.set_offline(False)
    expect(page.locator("[data-net]")).to_be_empty()


def test_a_screen_that_was_signed_out_says_so_and_goes_on(still: Live, screen: Screen) -> None:
    room = make_room(still, 8, 4)
    room.run(1, timedelta(minutes=5))
    page, context, _ = screen(room.helper)
    page.goto(room.hall)
    context.clear_cookies()
    expect(page.locator("[data-net]")).to_contain_text("サインインが切れました")
    expect(clock(page)).to_have_text(re.compile(r"^4:\d\d$"))
    expect(page.locator("[data-view=tables]")).to_be_visible()


def test_somebody_is_found_and_the_question_changed_without_leaving(still: Live, screen: Screen) -> None:
    room = make_room(still, 12, 4)
    room.run(1, timedelta(minutes=5))
    page, _, _ = screen(room.helper)
    page.goto(room.hall)
    page.evaluate("window.stayed = true")
    question = page.locator("h1").inner_text()
    page.locator("summary").click()
    page.get_by_label("どなたの席ですか").fill("髙橋")
    page.keyboard.press("Enter")
    expect(page.locator(".hall-found")).to_contain_text("いまは 卓")
    assert axe.faults(page) == []
    page.get_by_label("ラウンド 1 の問い").select_option(index=5)
    page.get_by_role("button", name="この問いを出す").click()
    expect(page.locator("h1")).not_to_contain_text(question)
    page.get_by_label("ラウンド 1 の問い").select_option("none")
    page.get_by_role("button", name="この問いを出す").click()
    expect(page.locator("h1")).to_contain_text("どうぞご歓談ください")
    assert page.evaluate("window.stayed"), "a bell that was allowed to sound still may"


def test_all_of_it_works_without_script(still: Live, screen: Screen) -> None:
    room = make_room(still, 8, 4)
    page, _, _ = screen(room.helper, java_script_enabled=False)
    page.goto(room.hall)
    page.get_by_role("link", name="卓ごとに見る").click()
    expect(page.locator("[data-view=tables]")).to_be_visible()
    page.get_by_role("button", name="ラウンド 1 を始める").click()
    expect(page).to_have_url(re.compile(r"/hall$"))
    expect(clock(page)).to_have_text("10:00")
    page.get_by_role("button", name="＋1 分").click()
    expect(clock(page)).to_have_text("11:00")
    page.get_by_role("button", name="ラウンド 1 を終える").click()
    expect(page.locator("h1")).to_contain_text("次のお席へどうぞ")
    page.locator("summary").click()
    page.get_by_label("どなたの席ですか").fill("髙橋")
    page.get_by_role("button", name="探す").click()
    expect(page.locator("details[open]")).to_contain_text("そのお名前の席は見つかりませんでした")


PHONE = {"viewport": {"width": 390, "height": 844}}


def test_the_phone_follows_the_evening(still: Live, screen: Screen) -> None:
    room = make_room(still, 12, 4)
    mine = room.registrations[1]
    page, _, _ = screen(mine.person, **PHONE)
    page.goto(room.table)
    expect(page.locator("h1")).to_have_text(re.compile(r"^卓 \d へどうぞ$"))
    expect(page.locator("main")).not_to_contain_text("秘密の相談")
    room.run(1, timedelta(minutes=5))
    look(page)
    expect(page.locator("h1")).to_have_text(re.compile(r"^卓 \d$"))
    expect(page.locator("[data-say]")).to_have_text("ラウンド 1 が始まりました。")
    expect(clock(page)).to_have_text(re.compile(r"^(5:00|4:5\d)$"))
    expect(page.get_by_text(re.compile(r"^秘密の相談"))).to_have_count(4)
    first = page.locator(".person-name").all_text_contents()
    room.run(1, timedelta(seconds=-1))
    look(page)
    expect(page.get_by_text("お時間です。次のお席へどうぞ")).to_be_visible()
    expect(page.locator(".table-next")).to_have_text(re.compile(r"^次は 卓 \d$"))
    room.run(2, timedelta(minutes=5))
    look(page)
    expect(page.locator("main")).to_contain_text("ラウンド 2 / 3")
    assert page.locator(".person-name").all_text_contents() != first


@pytest.mark.parametrize(
    ("language", "wide", "scheme"),
    [("ja", 390, "light"), ("en", 390, "light"), ("ja", 320, "dark"), ("en", 1280, "dark")],
)
def test_the_phone_is_read_by_all_at_every_width(
    still: Live, screen: Screen, language: str, wide: int, scheme: str
) -> None:
    room = make_room(still, 12, 4)
    mine = room.registrations[0]
    with still.rows() as session:
        token = links.issue(session, LinkPurpose.TICKET, mine.person_id, mine.id, now=NOW)
        session.get_one(Person, mine.person_id).locale = language
    options = {"viewport": {"width": wide, "height": 800}, "locale": {"ja": "ja-JP", "en": "en-GB"}[language]}
    page, _, _ = screen(None, color_scheme=scheme, **options)
    for left in (None, timedelta(minutes=5), timedelta(seconds=-1)):
        if left is not None:
            room.run(1, left)
        page.goto(f"/t/{token}/table")
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator("h1").count() == 1
        assert not axe.overflows(page)
        assert axe.faults(page) == []


def test_the_phone_says_when_it_hears_nothing(still: Live, screen: Screen) -> None:
    room = make_room(still, 8, 4)
    room.run(1, timedelta(minutes=5))
    page, context, watch = screen(room.registrations[0].person, **PHONE)
    watch.allow("ERR_INTERNET_DISCONNECTED")
    page.goto(room.table)
    context.set_offline(True)
    turn_to(page)
    expect(page.locator("[data-net]")).to_contain_text("通信が切れています")
    context.set_offline(False)
    turn_to(page)
    expect(page.locator("[data-net]")).to_be_empty()
