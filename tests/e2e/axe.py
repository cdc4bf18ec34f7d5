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
NAMED = (
    "document-title html-has-lang html-lang-valid valid-lang page-has-heading-one empty-heading empty-table-header"
    " button-name link-name input-button-name image-alt image-redundant-alt role-img-alt svg-img-alt label select-name"
    " label-title-only label-content-name-mismatch form-field-multiple-labels summary-name frame-title landmark-unique"
    " aria-command-name aria-dialog-name aria-input-field-name aria-meter-name aria-progressbar-name"
    " aria-toggle-field-name aria-tooltip-name scrollable-region-focusable target-size"
)
IN_OTHER_WORDS = f"{{runOnly: {{type: 'rule', values: {NAMED.split()}}}, resultTypes: ['violations']}}"
"""What a page in another language can do wrong by its words or their length; all else is the same template's."""
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
