"""The words of an RTF are read as they are shown, and nothing that stands beside them."""

import time

import pytest

from hotline.anonymize.files.parts import MOST_TEXT, Broken
from hotline.anonymize.files.rich_text import words_of_rich_text
from tests.anonymize.files import documents
from tests.anonymize.files.made import OWNER


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (rb"{\rtf1 hello\par world}", "hello\nworld"),
        (rb"{\rtf1\ansi\ansicpg1251 \'cf\'f0\'e8\'e2\'e5\'f2}", "Привет"),
        (rb"{\rtf1\ansi\ansicpg932 \'93\'fa\'96\'7b}", "日本"),
        (rb"{\rtf1\ansi\ansicpg99999 caf\'e9}", "café"),
        (rb"{\rtf1\uc1 \u1055?\u1088?}", "Пр"),
        (rb"{\rtf1\uc2 \u1055\'cf\'f0x}", "Пx"),
        (rb"{\rtf1\uc0 \u-4000 a}", "\uf060a"),
        (rb"{\rtf1 a\~b\{c\}\\d\emdash e\tab f\cell g\row}", "a\xa0b{c}\\d—e\tf\tg\n"),
        (rb"{\rtf1 {\fonttbl{\f0 Arial;}}{\*\secret x}{\info{\author y}}z}", "z"),
        (rb"{\rtf1 a}}}}b", "ab"),
        (b"{\\rtf1 a\\\nb}", "a\nb"),
        (rb"{\rtf1", ""),
    ],
)
def test_words_are_read(written, shown):
    assert words_of_rich_text(written) == shown


def test_a_letter_keeps_its_words_alone():
    words = words_of_rich_text(documents.rtf())
    assert words == "They keep us in the café —and more.\nSecond line.\n"
    assert OWNER not in words


def test_what_is_made_to_cost_costs_little():
    began = time.process_time()
    for bomb in (b"{" * 200_000, b"{\\rtf1" + b"{" * 3_000, rb"{\rtf1\bin99999999 a}"):
        with pytest.raises(Broken):
            words_of_rich_text(bomb)
    assert len(words_of_rich_text(b"{\\rtf1 " + b"word\\par " * 200_000)) < MOST_TEXT + 100
    with pytest.raises(Broken):
        words_of_rich_text(rb"\a" * 2_100_000)
    assert time.process_time() - began < 30
