"""An evening's door and the phones at it, for tests in a browser."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from organizer.checkin.models import CheckIn, Scan
from organizer.people.models import Person
from organizer.registrations.tickets import seal
from tests.checkin.rows import Evening, make_evening
from tests.e2e.live import Live
from tests.factories import NOW

SCANNED = NOW + timedelta(seconds=30)
SEARCH = "QR コードがないとき"
CONNECTED = "● 通信あり"
CANARY = "秘密丸 花子"
CUT = ("ERR_", "Failed to load resource", "could not keep up")
"""What a browser complains of while it has no network."""

_numbers = count(1)


@dataclass
class Door:
    """What a test needs to know of an evening once its session is closed."""

    event_id: int
    public_id: str
    staff: Person
    owner: Person
    codes: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The address below which everything of this event lies."""
        return f"/events/{self.public_id}"


def door_of(evening: Evening, **codes: str) -> Door:
    """The door of an evening whose session is still open."""
    return Door(evening.event.id, evening.event.public_id, evening.staff, evening.owner, codes)


def make_door(live: Live, guests: int = 3) -> Door:
    """A door with so many guests, and one more who can be told from all others; codes by "0", "1", … and "canary"."""
    with live.rows() as session:
        evening = make_evening(session, guests, capacity=80)
        codes = {str(place): guest.code for place, guest in enumerate(evening.guests)}
        facts = {"name": CANARY, "reading": "ひみつまる はなこ", "profile": {"company": "株式会社カナリア"}}
        canary = evening.guest(email=f"canary-{next(_numbers)}@example.jp", **facts)
        canary.ticket.code_sealed = seal(canary.code, live.config.secret_key)
        codes["canary"] = canary.code
        return door_of(evening, **codes)


def open_door(live: Live, door: Door, context: BrowserContext, person: Person | None = None) -> Page:
    """The scanner on a phone whose clock is right, once it holds its list."""
    context.clock.install(time=SCANNED)
    live.sign_in(context, person or door.staff)
    page = context.new_page()
    page.goto(f"{door.path}/door")
    expect(page.locator("#door")).to_have_attribute("data-ready", "")
    expect(page.locator("#door")).to_have_attribute("data-listed", "")
    return page


def keep_page(page: Page) -> None:
    """Wait until the page opens without a network."""
    page.evaluate(
        "async () => { await navigator.serviceWorker.ready;"
        " while (!(await caches.match(location.pathname))) await new Promise((go) => setTimeout(go, 50)); }"
    )


def type_code(page: Page, text: str) -> None:
    """Type as a scanner does that acts as a keyboard, wherever the focus is."""
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def reopen(page: Page, door: Door) -> Page:
    """The tab is killed, and opened again without a network."""
    context = page.context
    page.close(run_before_unload=False)
    page = context.new_page()
    page.goto(f"{door.path}/door")
    expect(page.locator("#door")).to_have_attribute("data-ready", "")
    return page


def scan(page: Page, code: str, says: str = "どうぞ") -> None:
    """Scan a code, and wait for the verdict; each begins anew."""
    page.evaluate("document.querySelector('[data-say]').textContent = ''")
    type_code(page, code)
    expect(page.locator("[data-say]")).to_contain_text(says)


def results(live: Live, door: Door) -> list[tuple[str, str | None]]:
    """Result and reason of every scan at the door, in the order in which the server heard of them."""
    return [(scan.result.value, scan.reason) for scan in scans(live, door) if scan.result]


def scans(live: Live, door: Door) -> list[Scan]:
    """Every scan at the door."""
    with live.database.transaction(writes=False) as session:
        rows = list(session.scalars(select(Scan).where(Scan.event_id == door.event_id).order_by(Scan.id)))
        session.expunge_all()
        return rows


def check_ins(live: Live, door: Door) -> int:
    """How many are in."""
    with live.database.transaction(writes=False) as session:
        standing = CheckIn.event_id == door.event_id, CheckIn.voided_at.is_(None)
        return len(session.scalars(select(CheckIn.id).where(*standing)).all())


def kept(page: Page) -> dict[str, Any]:
    """Everything this origin keeps in the browser, as text: {"local": …, "database": {store: [rows]}, "caches": …}."""
    found: dict[str, Any] = page.evaluate(DUMP)
    return found


DUMP = """async () => {
  const text = (value) => value instanceof ArrayBuffer ? new TextDecoder("latin1").decode(value)
    : ArrayBuffer.isView(value) ? new TextDecoder("latin1").decode(value)
    : value instanceof CryptoKey ? `key, ${value.extractable ? "open" : "sealed"}`
    : value && typeof value === "object" ? fields(value) : value;
  const fields = (value) => Object.fromEntries(Object.entries(value).map(([name, part]) => [name, text(part)]));
  const database = {};
  for (const { name } of await indexedDB.databases()) {
    const opened = await new Promise((done) => (indexedDB.open(name).onsuccess = (event) => done(event.target.result)));
    for (const store of opened.objectStoreNames) {
      const all = (ask) => new Promise((done) => (ask.onsuccess = () => done(ask.result)));
      const place = opened.transaction(store).objectStore(store);
      const [keys, rows] = await Promise.all([all(place.getAllKeys()), all(place.getAll())]);
      database[store] = keys.map((key, at) => [key, text(rows[at])]);
    }
    opened.close();
  }
  const pages = {};
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) {
      const answer = await caches.match(request);
      pages[new URL(request.url).pathname] = await answer.text();
    }
  }
  return { local: { ...localStorage }, session: { ...sessionStorage }, database, caches: pages };
}"""
