"""The demo evening seated: 24 people, four rounds, by the host's hand in a real browser, with the worker's solver."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from organizer import create_app
from organizer.checkin.service import check_in
from organizer.demo import story
from organizer.domain.lifecycle import RegistrationState, RegistrationStep
from organizer.domain.rounds import PlanState, RoundState
from organizer.events.models import Event, SeatCount
from organizer.i18n import speaking
from organizer.jobs import queue
from organizer.jobs.knock import ring_with
from organizer.matches.models import Encounter
from organizer.people.models import Person
from organizer.registrations import admitting
from organizer.registrations.models import Registration
from organizer.rounds import queries
from organizer.rounds.models import Round, SeatingPlan
from tests.domain.crowds import crowd
from tests.e2e import axe
from tests.e2e.live import Live
from tests.e2e.watching import OpenContext
from tests.rounds.rows import arrive

TOLD = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)  # Tuesday 17:00 in Tokyo, two hours before
DOORS = datetime(2026, 12, 1, 9, 45, tzinfo=UTC)
BEGINS = datetime(2026, 12, 1, 10, 5, tzinfo=UTC)
LAPTOP = {"viewport": {"width": 1280, "height": 800}}
SOLVED_MS = 60_000


class Evening:
    """Tonight's event of the demo with everybody there, and its host's page."""

    def __init__(self, live: Live, open_context: OpenContext, browser: Browser) -> None:
        self.live, self.open_context, self.browser = live, open_context, browser
        with live.rows() as session:
            self.host = session.scalars(select(Person).where(Person.email == "miwa@demo.example")).one()
            query = select(Event).where(Event.starts_at > TOLD).order_by(Event.starts_at)
            self.event = session.scalars(query).first()
            assert self.event is not None
        self.path = f"/events/{self.event.public_id}/rounds"

    def page(self, **options: object) -> Page:
        """A browser of the host's."""
        context, _watch = self.open_context(self.browser, **options)
        self.live.sign_in(context, self.host)
        return context.new_page()

    def plans(self) -> list[SeatingPlan]:
        """All plans of the evening."""
        with self.live.rows() as session:
            query = select(SeatingPlan).where(SeatingPlan.event_id == self.event.id)
            return list(session.scalars(query.order_by(SeatingPlan.generation)))

    def rounds(self) -> list[Round]:
        """The rounds as they stand."""
        with self.live.rows() as session:
            return queries.rounds_of(session, self.event.id)

    def come_late(self) -> Person:
        """Somebody more comes in at the door."""
        with self.live.rows() as session:
            event = session.get_one(Event, self.event.id)
            seats = select(SeatCount).where(SeatCount.event_id == event.id, SeatCount.key == "event")
            session.scalars(seats).one().cap += 1
            return arrive(session, event, crowd(4, 30)[29], BEGINS)


@pytest.fixture
def evening(live: Live, plain_browser: Browser, open_context: OpenContext) -> Iterator[Evening]:
    """The demo, with everybody who applied for tonight admitted and in the room."""
    live.move_clock(TOLD)
    app = create_app(live.config, live.database)
    ring_with(None)
    with app.app_context(), speaking("ja"), live.rows() as session:
        story.tell(session, TOLD, live.config.secret_key)
    found = Evening(live, open_context, plain_browser)
    with live.rows() as session:
        event, host = session.get_one(Event, found.event.id), session.get_one(Person, found.host.id)
        query = select(Registration).options(joinedload(Registration.event))
        for row in session.scalars(query.where(Registration.event_id == event.id)).all():
            if row.state is not RegistrationState.ADMITTED:
                beyond = admitting.Seat(over=admitting.OverReason.PROMISED)
                admitting.decide(session, row, RegistrationStep.ADMIT, by=host, now=TOLD, seat=beyond)
            check_in(session, event, row.public_id, now=DOORS, by=host)
    live.move_clock(BEGINS)
    queue.connect(live.config)
    with live.worker():
        yield found
    ring_with(None)


def drag(page: Page, one: str, other: str) -> None:
    """Take one seat with the mouse, and let it go on another."""
    boxes = [page.locator(f"[data-seat='{seat}']").bounding_box() for seat in (one, other)]
    start, end = ((box["x"] + 40, box["y"] + box["height"] / 2) for box in boxes if box)
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=8)
    page.mouse.up()


def test_twenty_four_people_are_seated_for_four_rounds(evening: Evening) -> None:
    page = evening.page(**LAPTOP)
    page.goto(evening.path)
    expect(page.get_by_role("heading", name="24 名が受付済みです")).to_be_visible()
    page.get_by_role("button", name="組み合わせを作る").click()
    expect(page.get_by_role("heading", name="席の案", exact=True)).to_be_visible(timeout=SOLVED_MS)
    expect(page.get_by_text("どんな組み合わせでも届きうる上限の")).to_be_visible(timeout=SOLVED_MS)
    plan = evening.plans()[-1]
    assert plan.bound is not None
    assert plan.score is not None
    assert plan.score >= 0.8 * plan.bound
    assert axe.faults(page) == []
    assert not axe.overflows(page)

    tables = page.locator(".rounds-table")
    one = tables.nth(0).locator("[data-seat]").first.get_attribute("data-seat")
    other = tables.nth(1).locator("[data-seat]").first.get_attribute("data-seat")
    assert one is not None
    assert other is not None
    drag(page, one, other)
    expect(page.get_by_role("heading", name="ラウンド 1 で入れ替えますか")).to_be_visible()
    page.get_by_role("link", name="このままにする").click()
    page.locator(f"[data-seat='{one}']").click()
    expect(page.locator(".seat-gain")).to_have_count(21)
    assert axe.faults(page) == []
    page.locator(f"[data-seat='{other}']").click()
    if page.get_by_role("button", name="入れ替える").count():
        page.get_by_role("button", name="入れ替える").click()
        assert evening.plans()[-1].revision == 1
    else:
        page.get_by_role("link", name="このままにする").click()

    page.get_by_role("button", name="会場とスマートフォンに公開する").click()
    expect(page.get_by_text("席を公開しました")).to_be_visible()
    page.get_by_role("button", name="ラウンド 1 を始める").click()
    expect(page.get_by_text("進行中")).to_be_visible()
    assert evening.rounds()[0].state is RoundState.RUNNING

    phone = evening.page()
    phone.goto(evening.path)
    late = evening.come_late()
    for view in (page, phone):
        expect(view.get_by_text("席と会場の顔ぶれが合わなくなりました")).to_be_visible(timeout=SOLVED_MS)
        expect(view.get_by_role("button", name="席を用意する")).to_be_visible()
    assert axe.faults(phone) == []
    assert not axe.overflows(phone)
    phone.get_by_role("button", name="席を用意する").click()
    expect(phone.get_by_role("heading", name="変更の案")).to_be_visible(timeout=SOLVED_MS)
    expect(phone.locator(".rounds-moves").get_by_text(late.name).first).to_be_visible()
    expect(page.get_by_role("heading", name="変更の案")).to_be_visible(timeout=SOLVED_MS)
    phone.get_by_role("button", name="変更を公開する").click()
    expect(phone.get_by_text("席を公開しました")).to_be_visible()

    for number in (2, 3, 4):
        evening.live.move_clock(BEGINS + timedelta(minutes=12 * number))
        phone.reload()
        if number == 2:
            phone.get_by_role("button", name="ラウンド 1 を終える").click()
        phone.get_by_role("button", name=f"ラウンド {number} を始める").click()
        end = phone.get_by_role("button", name=f"ラウンド {number} を終える")
        end.click()
        expect(end).to_have_count(0)  # it is on its way until then, and must not be overtaken
        phone.wait_for_load_state()
    assert {row.state for row in evening.rounds()} == {RoundState.ENDED}
    assert [plan.state for plan in evening.plans()] == [PlanState.SUPERSEDED, PlanState.PUBLISHED]
    with evening.live.rows() as session:
        sat = select(func.sum(Encounter.sat)).where(Encounter.event_id == evening.event.id)
        assert (session.scalar(sat) or 0) >= 4 * 6 * 6 - 12
