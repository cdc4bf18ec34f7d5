"""The whole evening, lived in real browsers: from a host's sign-up to the answer to the next morning's prompt."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from organizer.domain.delivery import FollowUpState
from organizer.domain.lifecycle import RegistrationState
from organizer.events.models import Event
from organizer.followups.models import FollowUp
from organizer.jobs import queue
from organizer.jobs.knock import knock, ring_with
from organizer.matches.models import Again, Match
from organizer.people.models import Person
from organizer.registrations.models import Registration
from organizer.ties.models import Contact
from tests.e2e.live import Live
from tests.e2e.watching import OpenContext
from tests.smtp import Letter, SmtpSink

SIGN_UP = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)  # Friday, 10:00 in Tokyo
DAY = date(2026, 12, 3)
DOORS = datetime(2026, 12, 2, 22, 15, tzinfo=UTC)  # Thursday 7:15 in Tokyo
CLOSING = datetime(2026, 12, 2, 23, 50, tzinfo=UTC)  # 8:50, ten minutes before the end
AFTER = datetime(2026, 12, 3, 0, 30, tzinfo=UTC)
MORNING = datetime(2026, 12, 4, 0, 1, tzinfo=UTC)  # Friday 9:01
LINK = re.compile(r"http://localhost:\d+/\S+")
DIGITS = re.compile(r"^\s*(\d{3}[\s-]?\d{3})\s*$", re.MULTILINE)


@dataclass
class Evening:
    """The running house, its post, and the phones that are open."""

    live: Live
    post: SmtpSink
    open_context: OpenContext
    browser: Browser
    read: set[int] = field(default_factory=set)

    def phone(self, width: int = 390) -> Page:
        """A browser of somebody's own."""
        return self.open_context(self.browser, viewport={"width": width, "height": 844})[0].new_page()

    def go_to(self, moment: datetime) -> None:
        """Let it be that time, and the worker look round."""
        self.live.move_clock(moment)
        knock()

    def letter(self, address: str, words: str) -> Letter:
        """The next unread letter to an address whose subject or text holds these words."""
        for count in range(1, 200):
            for number, letter in enumerate(self.post.wait_for(count, 40)):
                fits = words in str(letter.message["Subject"]) or words in letter.text
                if number not in self.read and address in letter.recipients and fits:
                    self.read.add(number)
                    return letter
        raise AssertionError(f"no letter to {address} about {words}")


@pytest.fixture
def evening(live: Live, plain_browser: Browser, open_context: OpenContext) -> Iterator[Evening]:
    """A house with its worker and a mail server, ten days before the evening."""
    with SmtpSink() as post:
        live.environ["ORGANIZER_SMTP_URL"] = post.url
        live.move_clock(SIGN_UP)
        queue.connect(live.config)
        with live.worker():
            yield Evening(live, post, open_context, plain_browser)
        ring_with(None)


def press(page: Page, name: str | None = None) -> None:
    """Press the one filled button of a page, or the button of that name."""
    if name is not None:
        page.get_by_role("button", name=name).first.click()
    else:
        page.locator("main .button:not(.quiet):not(.danger):visible").first.click()


def sign_in(evening: Evening, page: Page, address: str) -> None:
    """Sign in with the six digits of the mail."""
    page.goto("/sign-in")
    page.locator("input[type=email]").fill(address)
    press(page)
    enter_digits(evening, page, address)


def enter_digits(evening: Evening, page: Page, address: str) -> None:
    """Type the six digits of the mail that was just asked for."""
    expect(page).to_have_url(re.compile("/sign-in/wait/"))
    found = DIGITS.search(evening.letter(address, "6 桁の数字").text)
    assert found, "the mail holds six digits on a line of their own"
    page.locator("input[name=digits]").fill(found[1])
    press(page)


def make_event(evening: Evening, page: Page) -> str:
    """The host's first five minutes: an account, a circle, an event, whom it is for, published. Gives the
    public page's path.
    """
    sign_in(evening, page, "miwa@example.jp")
    page.locator("input[name=name]").fill("佐藤 美和")
    page.locator("input[name=reading]").fill("さとう みわ")
    press(page)
    page.goto("/circles/new")
    page.locator("input[name=name]").fill("朝の会")
    page.locator("select[name=region]").select_option("13")
    press(page)
    page.get_by_role("link", name="朝活").click()
    page.locator("input[name=title]").fill("第1回 朝の会")
    page.locator("input[name=date]").fill(DAY.isoformat())
    page.locator("input[name=place]").fill("丸の内ビル 5 階")
    press(page)
    expect(page).to_have_url(re.compile("/targets$"))
    page.locator("form[action$='/targets/typical'] button").click()
    page.locator(".thumb .button:not(.quiet)").click()
    page.locator("form[action*='/publish'] button.button").click()
    with evening.live.rows() as session:
        return f"/e/{session.scalars(select(Event.public_id)).one()}"


def apply(evening: Evening, page: Page, public: str, who: tuple[str, str, str, str, str, str]) -> None:
    """A newcomer applies on the phone and confirms the address by the mail's link."""
    name, reading, address, company, give, wish = who
    page.goto(f"{public}/apply")
    for field_name, text in {
        "name": name,
        "reading": reading,
        "email": address,
        "company": company,
        "challenge_words": "人が採れない",
        "give1_words": give,
        "wish_words": wish,
        "today": "相談相手を一人見つける",
    }.items():
        page.locator(f"[name={field_name}]").fill(text)
    for select_name, value in {"role": "owner", "industry": "E", "size": "21-50", "region": "13"}.items():
        page.locator(f"select[name={select_name}]").select_option(value)
    page.locator("[name=agree_rule]").check(force=True)
    page.locator("[name=agree_privacy]").check(force=True)
    page.locator("main form button.full").last.click()
    link = LINK.search(evening.letter(address, "6 桁の数字").text)
    assert link
    page.goto(link[0])
    press(page)
    expect(page.locator("h1")).to_be_visible()
    evening.letter(address, "第1回 朝の会")


PEOPLE = (
    (
        "高橋 玲子",
        "たかはし れいこ",
        "reiko@example.jp",
        "株式会社ひびき",
        "採用広報の経験を話せます",
        "製造業の社長",
    ),
    ("村上 健太", "むらかみ けんた", "kenta@example.jp", "村上精工株式会社", "工場見学", "採用に詳しい人"),
    (
        "小林 さやか",
        "こばやし さやか",
        "sayaka@example.jp",
        "小林会計事務所",
        "資金繰り表の読み合わせ",
        "若い社長",
    ),
)


def look_back(page: Page, public: str, talked: list[str], again: list[str], promise: str = "") -> None:
    """The closing on the phone: three steps with one thumb."""
    page.goto(public.replace("/e/", "/events/") + "/closing")
    for names in (talked, again):
        for folded in page.locator("details.pick-more:not([open]) summary").all():
            folded.click()
        for name in names:
            page.locator("label.pick", has_text=name).locator("input").check(force=True)
        page.locator("main .thumb button").first.click()
    page.locator("textarea[name=insight]").fill("値上げは、理由より先に感謝を伝える。")
    if promise:
        page.locator("[name=to]").select_option(index=1)
        page.locator("[name=words]").fill(promise)
    page.locator("main form .button:not(.quiet)").last.click()


def test_the_whole_evening(evening: Evening, tmp_path: Path) -> None:
    host = evening.phone(1280)
    public = make_event(evening, host)
    private = public.replace("/e/", "/events/")

    phones = {who[0]: evening.phone() for who in PEOPLE}
    for who in PEOPLE:
        apply(evening, phones[who[0]], public, who)

    host.goto(f"{private}/admission")
    for _ in PEOPLE:
        host.locator(".desk-row .acts .button:not(.quiet)").first.click()
    host.goto(f"{private}/admission")
    host.locator("form[action*='send-now'] button, form[action*='send_now'] button").first.click()
    codes = {}
    tickets = {}
    for name, _, address, *_ in PEOPLE:
        letter = evening.letter(address, "チケット")
        tickets[name] = next(url for url in LINK.findall(letter.text) if "/t/" in url)
        picture = next(part for part in letter.message.walk() if part.get_content_type() == "image/png")
        path = tmp_path / "qr.png"
        path.write_bytes(picture.get_payload(decode=True))  # type: ignore[arg-type]
        read = zxingcpp.read_barcodes(Image.open(path))
        codes[name] = read[0].text

    evening.go_to(DOORS)
    sign_in(evening, host, "miwa@example.jp")  # who runs a circle is signed out after half a day
    host.goto(f"{private}/door")
    expect(host.locator("#door")).to_have_attribute("data-ready", "", timeout=20_000)
    for name in codes:
        host.get_by_label("QR コードがないとき").fill(codes[name])
        host.keyboard.press("Enter")
        expect(host.locator(".verdict-name")).to_contain_text(name)
        host.get_by_role("button", name="次の方").click()
    evening.live.move_clock(DOORS + timedelta(minutes=1))
    host.goto(f"{private}/door/list")
    expect(host.locator("main")).to_contain_text("3")

    evening.go_to(CLOSING)
    reiko, kenta, sayaka = (phones[who[0]] for who in PEOPLE)
    reiko.context.clear_cookies()  # days later, on a browser that has forgotten: by the ticket link and six digits
    reiko.goto(tickets["高橋 玲子"] + "/closing")
    press(reiko)
    enter_digits(evening, reiko, "reiko@example.jp")
    look_back(reiko, public, ["村上 健太", "小林 さやか"], ["村上 健太"], "採用ページの例を三つ送る")
    look_back(kenta, public, ["高橋 玲子"], ["高橋 玲子", "小林 さやか"])
    look_back(sayaka, public, ["高橋 玲子"], [])

    evening.go_to(AFTER)
    with evening.live.rows() as session:
        assert session.scalars(select(Registration.state)).all() == [RegistrationState.ADMITTED] * 3
    wait_until(lambda: count(evening, Match) > 0)
    kenta.goto(f"{public}/matches")
    expect(kenta.locator("main")).to_contain_text("高橋 玲子")
    sayaka.goto(f"{public}/matches")
    expect(sayaka.locator("main")).not_to_contain_text("また会いたい")
    assert count(evening, Again) == 3, "one of them is one-sided, and stays unseen"

    evening.go_to(MORNING)
    with evening.live.rows() as session:
        reiko_id = session.scalars(select(Person.id).where(Person.email == "reiko@example.jp")).one()
    wait_until(lambda: prompts(evening, reiko_id, FollowUpState.SENT) > 0)
    letter = evening.letter("reiko@example.jp", "/a/")
    answer = next(url for url in LINK.findall(letter.text) if "/a/" in url and "sent" in url)
    stranger = evening.phone()
    stranger.goto(answer)
    assert prompts(evening, reiko_id, FollowUpState.ANSWERED) == 0, "looking changes nothing"
    press(stranger)
    assert prompts(evening, reiko_id, FollowUpState.ANSWERED) == 1
    assert count(evening, Contact) >= 2, "the evening, and this morning's word"
    reiko.goto("/ties")
    expect(reiko.locator("main")).to_contain_text("村上 健太")


def count(evening: Evening, table: type) -> int:
    """How many rows a table has."""
    with evening.live.rows() as session:
        return len(session.scalars(select(table)).all())


def prompts(evening: Evening, person_id: int, state: FollowUpState) -> int:
    """How many prompts of a person are in a state."""
    with evening.live.rows() as session:
        mine = FollowUp.person_id == person_id, FollowUp.state == state
        return len(session.scalars(select(FollowUp.id).where(*mine)).all())


def wait_until(true: Callable[[], bool], seconds: float = 40) -> None:
    """Give the worker its time."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.2)
