"""Tables that open in a spreadsheet as what they are: text, in UTF-8, and never a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from organizer.events.models import Event

BOM = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "−", "﹦", "﹢", "﹣", "﹫")


def csv_bytes(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table as CSV: UTF-8 with its mark, every field in quotes, lines ending in CR LF."""
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([harmless(heading) for heading in headings])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return (BOM + file.getvalue()).encode()


def file_name(what: str, event: Event) -> str:
    """Under which name an event's table is saved: with the day of the event where it is held. Circle loaded."""
    return f"{what}-{event.starts_at.astimezone(ZoneInfo(event.circle.time_zone)):%Y%m%d}.csv"


def instant(moment: datetime | None, zone: str) -> str:
    """An instant as spreadsheets read it, by the clock of `zone`; empty for none."""
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S}" if moment else ""


def harmless(text: str) -> str:
    """The text with an apostrophe before whatever would begin a formula, even behind spaces."""
    plain = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    begins = plain.lstrip(" \u3000\u00a0\ufeff")
    return f"'{plain}" if begins.startswith(FORMULA_STARTS) or plain.startswith(FORMULA_STARTS) else plain
