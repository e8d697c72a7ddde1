"""Two spellings of one plate, number, account or page are the same; what has nothing in common is not."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.domain.selector import Kind, SelectorTooShort, same


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("plate", "CT 12 ABC", "ct-12-abc"),
        ("plate", "А123ВС 77", "A123BC77"),
        ("plate", "ЈА 123 КМ", "JA-123-KM"),
        ("plate", "١٢٣ ا ب", "123اب"),
        ("number", "+40 722 555 014", "0722555014"),
        ("number", "(0722) 555-014", "0040722555014"),
        ("number", "٠٧٢٢٥٥٥٠١٤", "0722 555 014"),
        ("handle", "@Night.Work", "night.work"),
        ("handle", "https://social.example/night.work/", "@night.work"),
        ("page", "https://www.ads.example/item/77?utm_source=x", "ads.example/item/77/"),
        ("page", "http://m.ads.example/v?id=9&ref=a", "https://ads.example/v?id=9"),
    ],
)
def test_two_spellings_are_the_same(kind: str, one: str, other: str) -> None:
    assert same(Kind(kind), one) == same(Kind(kind), other)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("plate", "CT 12 ABC", "CT 12 ABD"),
        ("number", "0722555014", "0722555015"),
        ("handle", "night.work", "nightwork"),
        ("page", "https://ads.example/v?id=9", "https://ads.example/v?id=8"),
        ("page", "https://ads.example/a", "https://ads.example/b"),
    ],
)
def test_others_are_not(kind: str, one: str, other: str) -> None:
    assert same(Kind(kind), one) != same(Kind(kind), other)


@pytest.mark.parametrize(
    ("kind", "text"), [("plate", "A1"), ("number", "112"), ("handle", "@"), ("page", "https://")]
)
def test_what_would_be_equal_to_anything_is_refused(kind: str, text: str) -> None:
    with pytest.raises(SelectorTooShort):
        same(Kind(kind), text)


@given(st.sampled_from(list(Kind)), st.text(max_size=400))
def test_no_text_breaks_it(kind: Any, text: str) -> None:
    try:
        found = same(kind, text)
    except SelectorTooShort:
        return
    assert found
