"""What browser tests share: a house that really runs, and a browser that is watched."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, expect

from tests import services
from tests.e2e.doors import SCANNED
from tests.e2e.live import Live
from tests.e2e.watching import OpenContext, Watch

SWITCHES = ["--disable-dev-shm-usage", "--disable-gpu", "--lang=ja-JP"]
PATIENCE_MS = 15_000
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A running house with an empty database, the same for a whole module; its clock stands at `factories.NOW`."""
    with Live(tmp_path_factory.mktemp("live")) as house:
        yield house


@pytest.fixture
def house(live: Live) -> Iterator[Live]:
    """The house at the hour of the door; it answers again afterwards, whatever a test did to it."""
    live.move_clock(SCANNED)
    yield live
    live.revive()


def _launch(playwright: Playwright, *switches: str) -> Browser:
    return playwright.chromium.launch(
        executable_path=services.chromium(), args=[*SWITCHES, *switches], handle_sigint=False
    )


@pytest.fixture(scope="module")
def start_browser(playwright: Playwright) -> Iterator[Callable[..., Browser]]:
    """Starts the machine's Chromium: `start_browser("--some-switch")`. It ends with the module."""
    with ExitStack() as stack:

        def start(*switches: str) -> Browser:
            browser = _launch(playwright, *switches)
            stack.callback(browser.close)
            return browser

        yield start


@pytest.fixture(scope="session")
def plain_browser(playwright: Playwright) -> Iterator[Browser]:
    """A browser without a camera, the same for all tests of this process; each opens contexts of its own."""
    browser = _launch(playwright)
    yield browser
    browser.close()


@pytest.fixture
def open_context(live: Live) -> Iterator[OpenContext]:
    """Opens a phone in a browser: `open_context(browser)` gives the context and its watch, which must stay quiet."""
    with ExitStack() as stack:

        def open_one(browser: Browser, **options: object) -> tuple[BrowserContext, Watch]:
            shape = {
                "viewport": {"width": 390, "height": 844},
                "locale": "ja-JP",
                "base_url": live.url,
            } | options
            context = browser.new_context(**shape)  # type: ignore[arg-type]
            context.set_default_timeout(PATIENCE_MS)
            watch = Watch(context, live.url)
            stack.callback(watch.assert_quiet)
            stack.callback(context.close)
            return context, watch

        yield open_one


@pytest.fixture
def browser_context(plain_browser: Browser, open_context: OpenContext) -> BrowserContext:
    """One watched phone, speaking Japanese, in which nobody is signed in: `live.sign_in(browser_context, person)`."""
    return open_context(plain_browser)[0]


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """A folder for films and photos."""
    return tmp_path
