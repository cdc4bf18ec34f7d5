"""The number of a qualified invoice issuer, and the tax within an amount."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizer.domain.invoices import check_digit, read_number, tax_within

REAL = ["T7010705000725", "T4011001098993", "T2120901007402", "T7123456789012"]


@pytest.mark.parametrize("number", REAL)
def test_numbers_as_they_are_given_out_are_read(number: str) -> None:
    assert read_number(number) == number


@pytest.mark.parametrize(
    "typed",
    [
        "Ｔ７０１０７０５０００７２５",
        "t7010705000725",
        "T7-0107-0500-0725",
        " T 7010705000725 ",
        "T7‐0107‐0500ー0725",
    ],
)
def test_the_same_number_is_read_however_it_was_typed(typed: str) -> None:
    assert read_number(typed) == "T7010705000725"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "T",
        "7010705000725",
        "T701070500072",
        "T70107050007255",
        "T701070500072X",
        "X7010705000725",
        "T0010705000725",
    ],
)
def test_what_is_no_number_is_none(typed: str) -> None:
    assert read_number(typed) is None


@pytest.mark.parametrize("number", REAL)
def test_any_one_wrong_digit_is_found_but_nine_for_zero(number: str) -> None:
    for place in range(1, 14):
        for digit in "0123456789":
            wrong = number[:place] + digit + number[place + 1 :]
            mixed_up = {digit, number[place]} == {"0", "9"} and place > 1
            becomes_a_person = place == 2 and digit in "89"
            if wrong != number and not mixed_up and not becomes_a_person:
                assert read_number(wrong) is None, wrong


def test_numbers_of_persons_are_taken_as_they_are() -> None:
    assert read_number("T1810123456789") == "T1810123456789"


@given(st.integers(0, 10**12 - 1))
def test_the_check_digit_is_one_to_nine(base: int) -> None:
    assert 1 <= check_digit(f"{base:012}") <= 9


@pytest.mark.parametrize(("yen", "tax"), [(3000, 272), (1100, 100), (1, 0), (10, 0), (11, 1), (5500, 500)])
def test_the_tax_is_that_within_the_amount(yen: int, tax: int) -> None:
    assert tax_within(yen) == tax
