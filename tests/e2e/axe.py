"""What axe and a ruler find on a page."""

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).parent.parent / "vendor" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = f"async () => (await axe.run(document, {{runOnly: {TAGS}}})).violations"
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@cache
def _source() -> str:
    return AXE.read_text(encoding="utf-8")


def faults(page: Page) -> list[str]:
    """axe's findings on the page as it stands, a line each; empty when all is well."""
    page.evaluate(_source())
    found: list[dict[str, Any]] = page.evaluate(RUN)
    return [f"{fault['id']}: {fault['nodes'][0]['html'][:160]} ({len(fault['nodes'])})" for fault in found]


def overflows(page: Page) -> bool:
    """Whether the page can be scrolled sideways."""
    return bool(page.evaluate(WIDE))
