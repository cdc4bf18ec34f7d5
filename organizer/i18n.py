"""Which language and time zone, and how dates and money are written in them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_time
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel, Domain, LazyString, force_locale, get_locale
from markupsafe import Markup, escape

LOCALES = ("ja", "en")
DEFAULT_LOCALE = "ja"
DEFAULT_ZONE = "Asia/Tokyo"
CATALOGUES = Path(__file__).parent / "translations"

babel = Babel()


class RoomCatalogues(Domain):  # type: ignore[misc]
    """One catalogue a room (`translations/ja/events.po`, …), read as one. English is the language of the msgids."""

    def __init__(self) -> None:
        super().__init__()
        self._read: dict[str, NullTranslations] = {}

    def get_translations(self) -> NullTranslations:
        """The messages of the present language."""
        language = current_locale()
        if language not in self._read:
            self._read[language] = load_catalogue(language)
        return self._read[language]


def load_catalogue(language: str) -> NullTranslations:
    """All messages of a language, from its .po files; an empty catalogue where there are none."""
    translations = Translations()
    translations._catalog = messages(language)
    translations.plural = (lambda n: 0) if language == "ja" else (lambda n: int(n != 1))
    return translations


@cache
def messages(language: str) -> dict[str | tuple[str, int], str]:
    """msgid → msgstr, and (msgid, index) → msgstr for plurals, over all rooms of a language. Read once a process."""
    found: dict[str | tuple[str, int], str] = {}
    for path in sorted((CATALOGUES / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if not message.id or not message.string:
                    continue
                if isinstance(message.id, tuple | list):
                    strings = (
                        message.string if isinstance(message.string, tuple | list) else (message.string,)
                    )
                    found |= {(message.id[0], index): text for index, text in enumerate(strings) if text}
                else:
                    found[_key(message.context, message.id)] = str(message.string)
    return found


def _key(context: str | None, msgid: str) -> str:
    return f"{context}\x04{msgid}" if context else msgid


def current_locale() -> str:
    """`ja` or `en`: of this request, or of the letter being written."""
    locale = get_locale()
    return locale.language if locale is not None else DEFAULT_LOCALE


def current_zone() -> ZoneInfo:
    """The time zone in which times are shown where no event says another."""
    return ZoneInfo(getattr(g, "time_zone", None) or DEFAULT_ZONE)


@contextmanager
def speaking(locale: str, zone: str | None = None) -> Iterator[None]:
    """Within this block, words and times are those of a certain person: for mails and PDFs."""
    before = getattr(g, "time_zone", None)
    g.time_zone = zone or DEFAULT_ZONE
    try:
        with force_locale(locale):
            yield
    finally:
        g.time_zone = before


def choose_locale() -> str:
    """The language of this request: the choice made, else the person's, else the browser's, else Japanese."""
    if not has_request_context():
        return DEFAULT_LOCALE
    chosen = session.get("locale") or getattr(g, "person_locale", None)
    wanted = (language.partition("-")[0] for language in request.accept_languages.values())
    return chosen if chosen in LOCALES else next((w for w in wanted if w in LOCALES), DEFAULT_LOCALE)


def day(moment: datetime | date, zone: str | ZoneInfo | None = None) -> str:
    """`12月3日（木）` / `Thu, 3 December`; with the year when it is far off is the caller's affair (see `long_day`)."""
    pattern = "M月d日（E）" if current_locale() == "ja" else "EEE, d MMMM"
    return format_date(_local_date(moment, zone), pattern, locale=_locale())


def long_day(moment: datetime | date, zone: str | ZoneInfo | None = None) -> str:
    """`2026年12月3日（木）` / `Thu, 3 December 2026`."""
    pattern = "y年M月d日（E）" if current_locale() == "ja" else "EEE, d MMMM y"
    return format_date(_local_date(moment, zone), pattern, locale=_locale())


def clock_time(moment: datetime, zone: str | ZoneInfo | None = None) -> str:
    """`7:30`."""
    return format_time(moment.astimezone(_zone(zone)), "H:mm", locale=_locale())


def when(moment: datetime, zone: str | ZoneInfo | None = None) -> str:
    """Day and time in one: `12月3日（木）7:30` / `Thu, 3 December, 7:30`."""
    pattern = "M月d日（E）H:mm" if current_locale() == "ja" else "EEE, d MMMM, H:mm"
    return format_datetime(moment.astimezone(_zone(zone)), pattern, locale=_locale())


def yen(amount: int) -> str:
    """`3,000 円` / `¥3,000`."""
    return f"{amount:,} 円" if current_locale() == "ja" else f"¥{amount:,}"


def _locale() -> Locale:
    return Locale.parse(current_locale())


def _zone(zone: str | ZoneInfo | None) -> ZoneInfo:
    if zone is None:
        return current_zone()
    return zone if isinstance(zone, ZoneInfo) else ZoneInfo(zone)


def _local_date(moment: datetime | date, zone: str | ZoneInfo | None) -> date:
    return moment.astimezone(_zone(zone)).date() if isinstance(moment, datetime) else moment


def _escaped(text: LazyString) -> Markup:
    """Lazy texts hold plain words, sometimes what somebody typed: in HTML they are escaped like any other text."""
    return escape(str(text))


LazyString.__html__ = _escaped  # Flask-Babel's own takes every lazy text for ready HTML


def init_app(app: Flask) -> None:
    """Give the app its languages, and templates the filters `day`, `long_day`, `clock`, `when`, `yen`."""
    babel.init_app(
        app, default_locale=DEFAULT_LOCALE, default_timezone=DEFAULT_ZONE, locale_selector=choose_locale
    )
    babel.domain_instance = RoomCatalogues()
    app.jinja_env.filters |= {"day": day, "long_day": long_day, "clock": clock_time, "when": when, "yen": yen}
    app.context_processor(lambda: {"locale": current_locale()})
