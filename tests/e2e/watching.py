"""What a browser must never do while it shows our pages: ask somebody else, or complain."""

from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

OpenContext = Callable[..., tuple[BrowserContext, "Watch"]]
"""Opens a phone in a browser, and watches it: see the fixture `open_context`."""
OWN_SCHEMES = ("data", "blob", "about")


class Watch:
    """Listens to every page of a browser context; `assert_quiet` at the end says what was heard."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.own = urlsplit(origin).netloc
        self.heard: list[str] = []
        self.allowed: tuple[str, ...] = ()
        context.on("page", self._page)
        context.on("request", self._request)
        context.on("console", self._console)

    def allow(self, *parts: str) -> None:
        """Let messages pass that contain one of these: for tests that cut the network themselves."""
        self.allowed += parts

    def assert_quiet(self) -> None:
        """No request left our origin, the console stayed empty, no script failed."""
        heard = [line for line in self.heard if not any(part in line for part in self.allowed)]
        assert not heard, "\n".join(heard)

    def _page(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.heard.append(f"error: {error}"))

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in OWN_SCHEMES and parts.netloc != self.own:
            self.heard.append(f"request: {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        self.heard.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")
