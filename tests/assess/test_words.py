"""How people type, folded to one form without losing the place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.assess.words import Reading, fold, read

_PLAIN = Reading()


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("ÉCRÍT", "ecrit"),
        ("ｈｅｌｐ", "help"),
        ("İstanbul ılık", "istanbul ilik"),
        ("đường łódź", "duong lodz"),
        ("مُحْتَجَزَةٌ", "محتجزه"),
        ("كــفيل", "كفيل"),
        ("إلى أمي", "الي امي"),
        ("ہمیں", fold("ھمين")),
        ("ज़्यादा माँ", "ज्यादा मां"),
        ("ёлка Їжа", "елка іжа"),
        ("can’t can't", "cant cant"),
        ("oʻgʻil o‘g‘il", "ogil ogil"),
        ("қўрққан", "курккан"),
        ("ماڵەوە بڕۆین", fold("مالهوه بروين")),
        ("ګولۍ", fold("گولی")),
    ],
)
def test_ways_of_writing_become_one(typed: str, folded: str):
    assert fold(typed) == folded


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("16hrs a day", ["16", "hrs", "a", "day"]),
        ("14,000 or 14.000", ["14000", "or", "14000"]),
        ("at 5.30 or 7:00", ["at", "5", "or", "7"]),
        ("عمرها ١٦", ["عمرها", "16"]),
        ("heeeelp plssss", ["help", "pls"]),
        ("no! wait…", ["no", ".", "wait", "."]),
        ("one\ntwo", ["one", ".", "two"]),
    ],
)
def test_words_are_told_apart(text: str, tokens: list[str]):
    assert read(text, _PLAIN).tokens[1:-1] == tokens


def test_an_apostrophe_may_split_or_join():
    assert read("l'hôtel", Reading(apostrophe_splits=True)).tokens[1:-1] == ["l", "hotel"]
    assert read("l'hôtel", _PLAIN).tokens[1:-1] == ["lhotel"]


def test_digits_may_be_letters():
    assert read("3andi mar7aba", Reading(digits_in_words=True)).tokens[1:-1] == ["3andi", "mar7aba"]


def test_a_span_points_at_the_original_words():
    text = "🙏 She  TOOK my passport!"
    words = read(text, _PLAIN)
    start = words.line.index("took")
    first, last = words.span(start, words.line.index("passport") + len("passport"))
    assert text[first:last] == "TOOK my passport"


@given(st.text(max_size=300))
def test_words_and_their_places_always_agree(text: str):
    for reading in (_PLAIN, Reading(unsegmented=True), Reading(digits_in_words=True)):
        words = read(text, reading)
        assert len(words.tokens) == len(words.spans) == len(words.starts)
        assert all(
            words.line.startswith(token, start)
            for token, start in zip(words.tokens, words.starts, strict=True)
        )
