"""A code word is typed on a telephone: digits as they are, Latin letters by the keys that carry them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.domain.keypad import is_typed, keys_of


@pytest.mark.parametrize(
    ("word", "keys"),
    [
        ("rosa", "7672"),
        ("ROSA", "7672"),
        ("4711", "4711"),
        ("luna 22", "586222"),
        ("Ñandú", "62638"),
        ("straße", "7872773"),
        ("Łódź", "5639"),
        ("çiçək"[:3], "242"),
        ("ﬁn", "346"),
        ("pqrs-wxyz", "77779999"),
        ("٤٧", "47"),
        ("४७", "47"),
    ],
)
def test_a_word_has_its_keys(word, keys):
    assert keys_of(word) == keys
    assert is_typed(word, keys)
    assert is_typed(word, f"{keys}#")


@pytest.mark.parametrize("word", ["роза", "وردة", "玫瑰", "rosaж", "", "!?"])
def test_a_word_that_is_on_no_keys_is_never_right(word):
    assert keys_of(word) == ""
    assert not is_typed(word, "")
    assert not is_typed(word, "7672")


@pytest.mark.parametrize("keys", ["", "767", "76722", "#", "7 6 7 2 1", "٧٦٧٢"])
def test_other_keys_are_not_the_word(keys):
    assert not is_typed("rosa", keys)


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_word_and_no_keys_break_it(word, keys):
    assert keys_of(word).isdecimal() or keys_of(word) == ""
    assert is_typed(word, keys) in (True, False)


@given(st.text("0123456789", min_size=1, max_size=12))
def test_digits_are_typed_as_they_are(digits):
    assert is_typed(digits, digits)
