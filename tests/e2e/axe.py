"""What axe and a ruler find on a page."""

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page

AXE = Path(__file__).parent.parent / "vendor" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALL = f"{{runOnly: {TAGS}, resultTypes: ['violations']}}"
COLOURS = "{runOnly: ['color-contrast'], resultTypes: ['violations']}"
ALL_BUT_COLOURS = (
    f"{{runOnly: {TAGS}, resultTypes: ['violations'], rules: {{'color-contrast': {{enabled: false}}}}}}"
)
"""Colours take half of axe's time; they differ between light and dark, not between two languages or two widths."""
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@cache
def _source() -> str:
    return AXE.read_text(encoding="utf-8")


def ready(context: BrowserContext) -> None:
    """Have axe there on every page that this browser opens from now on: much quicker than bringing it to each."""
    context.add_init_script(path=AXE)


def faults(page: Page, look_at: str = ALL) -> list[str]:
    """axe's findings on the page as it stands, a line each; empty when all is well."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_source())
    run = f"async () => (await axe.run(document, {look_at})).violations"
    found: list[dict[str, Any]] = page.evaluate(run)
    return [f"{fault['id']}: {fault['nodes'][0]['html'][:160]} ({len(fault['nodes'])})" for fault in found]


def overflows(page: Page) -> bool:
    """Whether the page can be scrolled sideways."""
    return bool(page.evaluate(WIDE))
