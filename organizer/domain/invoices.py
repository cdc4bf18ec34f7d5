"""The registration number of a qualified invoice issuer, and the consumption tax within an amount."""

import re
import unicodedata

TAX_PERCENT = 10
_DIGITS = re.compile(r"T([1-9])([0-9]{12})")
_BETWEEN = re.compile(r"[\s\-‐‑–—−ー]")
_CORPORATE = "01234567"
"""First digits of the twelve behind the check digit of a corporation; in those given to persons so far it is an 8."""


def read_number(text: str) -> str | None:
    """The number as it is printed, `T` and 13 digits, from whatever way it was typed; None where it is none.

    Of the 13 digits of a corporation the first checks the others: 9 less the remainder by 9 of the sum of the digits,
    from the last one on times 1, 2, 1, 2 … (Ordinance of the Ministry of Finance No. 70 of 2014, article 2). Of the
    numbers of persons the National Tax Agency says only that they are no corporation's: their form alone is looked at.
    """
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper()
    found = _DIGITS.fullmatch(plain)
    if found is None:
        return None
    check, base = found.groups()
    return plain if base[0] not in _CORPORATE or int(check) == check_digit(base) else None


def check_digit(base: str) -> int:
    """The check digit of the twelve digits of a corporation."""
    return 9 - sum(int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(base))) % 9


def tax_within(yen: int) -> int:
    """The consumption tax that an amount with tax contains, rounded down to the yen."""
    return yen * TAX_PERCENT // (100 + TAX_PERCENT)
