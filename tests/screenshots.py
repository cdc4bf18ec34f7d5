"""Draws the pictures of the README: the demo circle in a running house. `python -m tests.screenshots`."""

import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import func, select

from organizer import demo
from organizer.domain.lifecycle import RegistrationState
from organizer.events.models import Event
from organizer.people.models import Person
from organizer.registrations import tickets
from organizer.registrations.models import Registration
from tests import services
from tests.e2e import camera
from tests.e2e.live import Live
from tests.factories import NOW

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
PATIENCE_MS = 20_000


@dataclass
class Scene:
    """Tonight's event of the demo: who runs it, who comes, and what their ticket's QR says."""

    event: Event
    host: Person
    guest: Person
    ticket: str
    code: str


def main() -> None:
    """Draw all pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="enishi-pictures-") as scratch, Live(Path(scratch)) as house:
        scene = _set(house)
        film = camera.film(Path(scratch) / "film.mjpeg", [(None, 1.0), (scene.code, 20.0)])
        with sync_playwright() as play:
            browser = play.chromium.launch(
                executable_path=services.chromium(), args=["--lang=ja-JP", *camera.switches(film)]
            )
            _draw(house, browser, scene)
            browser.close()


def _draw(house: Live, browser: Browser, scene: Scene) -> None:
    event = scene.event.public_id
    host = _page(house, browser, scene.host, DESK)
    _shoot(host, f"/events/{event}/admission", "desk")
    guest = _page(house, browser, scene.guest, PHONE)
    _shoot(guest, "/", "home")
    _shoot(guest, f"/me/tickets/{scene.ticket}", "ticket")
    house.move_clock(scene.event.starts_at - timedelta(minutes=10))
    door = _page(house, browser, scene.host, PHONE, permissions=["camera"])
    door.goto(f"/events/{event}/door")
    start = door.locator("[data-start]")
    if start.is_visible():
        start.click()
    door.locator("[data-verdict]:not([hidden])").wait_for()
    door.wait_for_timeout(600)
    door.screenshot(path=PICTURES / "door.png")


def _page(house: Live, browser: Browser, person: Person, size: dict[str, int], **options: object) -> Page:
    """A page in a new browser of this size, in which the person is signed in."""
    context = browser.new_context(  # type: ignore[call-overload]
        viewport=size,
        device_scale_factor=2 if size is PHONE else 1,
        locale="ja-JP",
        base_url=house.url,
        **options,
    )
    context.set_default_timeout(PATIENCE_MS)
    house.sign_in(context, person)
    page: Page = context.new_page()
    return page


def _shoot(page: Page, path: str, name: str) -> None:
    answer = page.goto(path)
    assert answer is not None, path
    assert answer.ok, (path, answer.status)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / f"{name}.png")


def _set(house: Live) -> Scene:
    """Load the demo; the guest is the first who is admitted tonight and has been here before."""
    signs = demo.load(house.config)
    with house.rows() as session:
        host = session.scalars(select(Person).where(Person.email == signs[0][1])).one()
        tonight = session.scalars(
            select(Event)
            .join(Registration, Registration.event_id == Event.id)
            .where(Event.starts_at > NOW, Registration.state == RegistrationState.ADMITTED)
            .group_by(Event.id)
            .order_by(func.min(Event.starts_at))
        ).first()
        assert tonight is not None, "the demo has an evening ahead"
        admitted = select(Registration).where(
            Registration.event_id == tonight.id, Registration.state == RegistrationState.ADMITTED
        )
        coming = session.scalars(admitted.order_by(Registration.first_time, Registration.id)).all()
        matched = select(Person.id).where(Person.email.in_([email for _, email, _ in signs[1:]]))
        known = set(session.scalars(matched))
        chosen = next((row for row in coming if row.person_id in known), coming[0])
        ticket = tickets.issue(session, chosen, NOW, house.config.secret_key)
        code = tickets.code_of(ticket, house.config.secret_key)
        guest = session.get_one(Person, chosen.person_id)
        return Scene(tonight, host, guest, chosen.public_id, f"{house.url}/q/{code}")


if __name__ == "__main__":
    main()
