"""Tables that open in a spreadsheet as what they are: text, in UTF-8, and never a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

BOM = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "−", "﹦", "﹢", "﹣", "﹫")


def csv_bytes(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table as CSV: UTF-8 with its mark, every field in quotes, lines ending in CR LF."""
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([harmless(heading) for heading in headings])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return (BOM + file.getvalue()).encode()


def harmless(text: str) -> str:
    """The text with an apostrophe before whatever would begin a formula, even behind spaces."""
    plain = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    begins = plain.lstrip(" \u3000\u00a0\ufeff")
    return f"'{plain}" if begins.startswith(FORMULA_STARTS) or plain.startswith(FORMULA_STARTS) else plain
