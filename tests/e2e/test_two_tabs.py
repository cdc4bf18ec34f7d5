"""Two pages of one phone know the same, decide one after the other, and send everything once."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from organizer.domain.lifecycle import RegistrationState
from organizer.events.models import Event
from tests.checkin.rows import make_ticket
from tests.e2e.doors import (
    CONNECTED,
    CUT,
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
from tests.factories import make_person, make_registration

ALREADY = "もう受付済みです"
ROUNDS = 6
NO_LOCKS = "Object.defineProperty(navigator, 'locks', {value: undefined})"


def two_tabs(house: Live, door: Door, context: BrowserContext) -> tuple[Page, Page]:
    """The scanner twice on one phone."""
    first = open_door(house, door, context)
    return first, another_tab(door, context)


def another_tab(door: Door, context: BrowserContext) -> Page:
    page = context.new_page()
    with page.expect_response("**/door-list*"):
        page.goto(f"{door.path}/door")
    expect(page.locator("#door")).to_have_attribute("data-listed", "")
    return page


def come_back(*pages: Page) -> None:
    """The network is there again, for all pages at once."""
    pages[0].context.set_offline(False)
    for page in pages:
        expect(page.locator("[data-verdict-net]")).to_have_text(CONNECTED)


def take_back(page: Page) -> None:
    """Take the last entry back, in two taps."""
    row = page.locator("[data-last] li", has_text="✓").first
    row.get_by_role("button").click()
    row.get_by_role("button", name="もう一度で取り消す").click()
    expect(row).to_contain_text("取り消し済み")


def test_without_a_network_a_tab_knows_whom_the_other_has_let_in(
    house: Live, plain_browser: Browser, open_context: OpenContext
) -> None:
    door = make_door(house)
    context, watch = open_context(plain_browser)
    watch.allow(*CUT)
    first, second = two_tabs(house, door, context)
    keep_page(first)
    scan(first, door.codes["0"])
    context.set_offline(True)
    scan(second, door.codes["0"], ALREADY)  # which the server said to the other tab alone
    scan(first, door.codes["1"])
    scan(second, door.codes["1"], ALREADY)
    scan(second, door.codes["2"])
    scan(reopen(first, door), door.codes["2"], ALREADY)
    second.keyboard.press("Escape")
    take_back(second)
    first = context.pages[-1]
    scan(first, door.codes["2"])
    come_back(first, second)
    assert sorted(results(house, door)) == [("admitted", None)] * 4 + [("already", None)] * 3
    assert check_ins(house, door) == 3
    for page in (first, second):
        expect(page.locator("[data-notes]")).to_be_hidden()


def test_a_ticket_before_two_tabs_at_the_same_instant_is_let_in_once(
    house: Live, plain_browser: Browser, open_context: OpenContext
) -> None:
    door = make_door(house, ROUNDS)
    context, watch = open_context(plain_browser)
    watch.allow(*CUT)
    tabs = two_tabs(house, door, context)
    context.set_offline(True)
    for turn in range(ROUNDS):
        for tab in tabs:
            tab.evaluate("document.querySelector('[data-say]').textContent = ''")
        for tab in tabs:
            type_code(tab, door.codes[str(turn)])
        for tab in tabs:
            expect(tab.locator("[data-say]")).not_to_be_empty()
        said = [ALREADY in tab.locator("[data-say]").inner_text() for tab in tabs]
        assert sorted(said) == [False, True], turn


@pytest.mark.parametrize("locks", [True, False])
def test_forty_scans_of_two_tabs_arrive_once_though_both_send_at_once(
    house: Live, plain_browser: Browser, open_context: OpenContext, locks: bool
) -> None:
    door = make_door(house, 40)
    context, watch = open_context(plain_browser)
    watch.allow(*CUT)
    if not locks:
        context.add_init_script(NO_LOCKS)
    tabs = two_tabs(house, door, context)
    context.set_offline(True)
    for place in range(40):
        scan(tabs[place % 2], door.codes[str(place)])
    sent: list[str] = []

    def note(request: Request) -> None:
        if request.url.endswith("/scans/batch"):
            sent.extend(one["key"] for one in request.post_data_json["scans"])

    context.on("request", note)
    come_back(*tabs)
    told = scans(house, door)
    assert len(told) == len({row.key for row in told}) == 40
    assert all(row.offline and row.entered for row in told)
    assert check_ins(house, door) == 40
    assert set(sent) == {row.key for row in told}
    assert not locks or len(sent) == 40
    for tab in tabs:
        expect(tab.locator("[data-notes]")).to_be_hidden()
        expect(tab.locator("[data-arrived]").first).to_have_text("40")


def test_who_signs_out_in_one_tab_has_the_other_forget_at_once(
    house: Live, plain_browser: Browser, open_context: OpenContext
) -> None:
    door = make_door(house)
    context, watch = open_context(plain_browser)
    watch.allow("status of 401", *CUT)
    page = open_door(house, door, context)
    scan(page, door.codes["0"])
    other = context.new_page()
    other.goto("/")
    other.locator("details.menu summary").click()
    other.get_by_role("button", name="サインアウト").click()
    expect(page.locator("[data-verdict]")).to_contain_text("この端末での受付は終わりました")
    page.keyboard.press("Escape")
    expect(page.locator("[data-last-box]")).to_be_hidden()
    type_code(page, door.codes["1"])
    page.clock.fast_forward(int(timedelta(minutes=1).total_seconds() * 1000))
    assert kept(page)["database"]["sealed"] == []
    assert check_ins(house, door) == 1


def test_a_list_that_one_tab_has_fetched_is_the_others_too(
    house: Live, plain_browser: Browser, open_context: OpenContext
) -> None:
    """Who was admitted late is known to a tab that has been without an answer since."""
    door = make_door(house)
    context, watch = open_context(plain_browser)
    watch.allow(*CUT)
    first, second = two_tabs(house, door, context)
    first.route("**/door-list*", lambda route: route.abort())
    late = add_guest(house, door)
    with second.expect_response("**/door-list*") as answer:
        second.clock.fast_forward(15_000)
    assert answer.value.status == 200
    expect(second.locator("[data-expected]").first).to_have_text("5")
    context.set_offline(True)
    scan(first, late)
    expect(first.locator("[data-expected]").first).to_have_text("5")


def add_guest(house: Live, door: Door) -> str:
    """Somebody is admitted while the door is open; the code of the ticket."""
    with house.rows() as session:
        event = session.get_one(Event, door.event_id)
        admitted = RegistrationState.ADMITTED
        row = make_registration(session, event, make_person(session), state=admitted)
        return make_ticket(session, row)[1]
