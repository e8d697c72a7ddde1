"""Words are found in any script, without regard to case, accents, vowel signs or width; placeholders are no words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.triage.wording import NoWords, Words, around, fold


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("PASSPORT", "He keeps my passport."),
        ("pasaporté", "Tiene mi PASAPORTE."),
        ("strasse", "in der Straße"),
        ("كتاب", "هذا كِتَابٌ"),
        ("مدرسه", "في المـــدرسة"),
        ("ilgi", "İLGİ"),
        ("istanbul", "ıstanbul"),
        ("duc", "ông Đức"),
        ("ｐａｙ", "no pay"),
        ("πασσ", "ΠΑΣΣ"),
        ("паспорт", "забрал ПАСПОРТ"),
        ("ช่วย", "กรุณาช่วยด้วย"),
        ("hilfe bitte", "Bitte, bitte: Hilfe!"),
        ("100", "pays 100 a month"),
    ],
)
def test_words_are_found_however_they_are_written(typed: str, text: str) -> None:
    assert Words.of(typed).found_in(text)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("passport visa", "He keeps my passport."),
        ("person", "[PERSON 1] took it"),
        ("कम", "कर्म"),
        ("pay", "nobody is paid"[:9]),
    ],
)
def test_what_does_not_stand_there_is_not_found(typed: str, text: str) -> None:
    assert Words.of(typed).found_in(text) is None


@pytest.mark.parametrize("typed", ["", "  ", "\u064b\u0640", "... !", "\u200b"])
def test_without_a_letter_there_are_no_words(typed: str) -> None:
    with pytest.raises(NoWords):
        Words.of(typed)


def test_where_they_stand_is_told_in_the_text_as_it_is() -> None:
    text = "ÉCOLE: [PERSON 1] a dit Straßé."
    found = Words.of("strasse").found_in(text)
    assert found
    assert text[slice(*found)] == "Straßé"


def test_what_stands_about_them_cuts_no_word_and_no_placeholder() -> None:
    text = "before " * 30 + "[PERSON 12] took my passport " + "after " * 30
    found = Words.of("took").found_in(text)
    assert found
    first, last = around(text, *found, most=12)
    assert text[first:last] == "[PERSON 12] took my passport"
    assert Words.of("passport").__repr__() == "<Words>"


@given(st.text(), st.text(min_size=1, max_size=12), st.text())
def test_any_text_that_holds_the_words_is_found(before: str, word: str, after: str) -> None:
    if not any(letter.isalnum() for letter in fold(word)) or word.split() != [word]:
        return
    text = f"{before} {word} {after}".replace("[", "")
    found = Words.of(word.replace("[", "")).found_in(text) if "[" not in word else (0, 0)
    assert found is not None
    assert 0 <= found[0] <= found[1] <= len(text)
