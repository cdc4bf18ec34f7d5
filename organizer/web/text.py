"""User's text on pages: Markdown made harmless, and words cleaned of what cannot be seen."""

import unicodedata

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_MARKDOWN = MarkdownIt("js-default", {"html": False, "breaks": True})
_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "h3", "h4", "blockquote", "hr", "code"}
_KEPT_CONTROLS = {"\n", "\t"}
MAX_COMBINING = 3


def markdown(text: str) -> Markup:
    """The text as HTML: few tags, links only to http and https, opened without a word of where from."""
    html = nh3.clean(
        _MARKDOWN.render(text),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return Markup(html)  # noqa: S704  cleaned just above


def clean(text: str) -> str:
    """The text in NFC, without control characters, bidi overrides, zero-width marks or towers of accents;
    lines kept, ends trimmed.
    """
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept: list[str] = []
    combining = 0
    for char in composed:
        category = unicodedata.category(char)
        combining = combining + 1 if category in ("Mn", "Me") else 0
        if combining > MAX_COMBINING or (
            category in ("Cc", "Cf", "Cs", "Co", "Cn") and char not in _KEPT_CONTROLS
        ):
            continue
        kept.append(char)
    return "".join(kept).strip()


def on_one_line(value: object) -> object:
    """A text without line breaks and tabs, which have no place in a name or a short answer; else the value itself."""
    return " ".join(value.split()) if isinstance(value, str) else value
