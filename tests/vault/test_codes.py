"""The return code survives being said, written down, and typed on any keyboard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.vault.codes import BITS, ReturnCode, is_word, mint, parse
from tests.examples import examples

NUMBERS = st.integers(0, 2**BITS - 1)
CODE = ReturnCode(12345678901234567890)


@examples(100)
@given(number=NUMBERS)
def test_digits_and_words_both_say_the_code(number: int) -> None:
    code = ReturnCode(number)
    assert parse(code.digits) == parse(code.words) == code


def test_a_minted_code_has_66_bits_of_chance() -> None:
    codes = {mint().number for _ in range(200)}
    assert len(codes) == 200
    assert all(number < 2**BITS for number in codes)
    # The highest bit is drawn too: over 200 codes it is sometimes set.
    assert any(number >> (BITS - 1) for number in codes)


@pytest.mark.parametrize(
    "typed",
    [
        "123456789012345678907",
        "123-456-789-012-345-678-907",
        " 123.456.789 012 345 678 907\n",
        "١٢٣ ٤٥٦ ٧٨٩ ٠١٢ ٣٤٥ ٦٧٨ ٩٠٧",
        "۱۲۳۴۵۶۷۸۹۰۱۲۳۴۵۶۷۸۹۰۷",
        "१२३ ४५६ ७८९ ०१२ ३४५ ६७८ ९०७",
        "１２３４５６７８９０１２３４５６７８９０７",
        "\u202b123 456 789\u200f 012 345 678 907\u202c",
        "client power occur intact label fog",
        "CLIENT, Power; occur\tintact - label/FOG.",
        "clie powe occu inta labe fog",
    ],
)
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert parse(typed) == CODE


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "123 456 789 012 345 678 90",
        "123 456 789 012 345 678 9077",
        "client power occur intact label",
        "client power occur intact label fog fog",
        "client power occur intact label fogg",
        "client power occur intact label f",
        "clientele power occur intact label fog",
        "client power occur intact label fog 7",
        # A right check digit, but more than 66 bits.
        "999999999999999999999",
        "\ud800" * 500,
        "9" * 100_000,
    ],
)
def test_what_is_no_code_is_none(typed: str) -> None:
    assert parse(typed) is None


def test_a_word_is_known_from_its_first_letters() -> None:
    assert all(is_word(word) for word in ("client", "CLIE", "power", "fog", "act"))
    assert not any(is_word(word) for word in ("", "c", "cli", "clientele", "fogg", "привет"))


@examples(30)
@given(number=NUMBERS)
def test_every_wrong_digit_is_noticed(number: int) -> None:
    digits = ReturnCode(number).digits.replace(" ", "")
    for position, right in enumerate(digits):
        for wrong in set("0123456789") - {right}:
            assert parse(digits[:position] + wrong + digits[position + 1 :]) is None


@examples(60)
@given(number=NUMBERS)
def test_every_swap_of_neighbours_is_noticed(number: int) -> None:
    digits = ReturnCode(number).digits.replace(" ", "")
    for position in range(len(digits) - 1):
        one, other = digits[position], digits[position + 1]
        if one != other:
            assert parse(digits[:position] + other + one + digits[position + 2 :]) is None


def test_a_code_does_not_show_itself() -> None:
    assert repr(CODE) == "<ReturnCode>"
