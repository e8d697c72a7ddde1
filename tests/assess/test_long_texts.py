"""Whoever writes to us must not keep others waiting: a long text costs in proportion to its length."""

import time

import pytest

from hotline.assess import assess


@pytest.mark.parametrize("piece", ["he has a knife ", "help me ", "passport boss door "])
def test_the_longest_text_of_the_web_is_assessed_in_seconds(piece: str) -> None:
    assess(piece, language="en", answers={})
    began = time.process_time()
    assess((piece * 64_000)[:64_000], language="en", answers={})
    assert time.process_time() - began < 2.0


@pytest.mark.parametrize("number", ["1" * 9000, "1.234," * 4000, "\u0661" * 9000])
def test_an_endless_number_hides_nothing(number: str) -> None:
    told = "He has a knife, he will kill me now, help"
    plain = assess(told, language="en", answers={})
    assert assess(f"{told} {number}", language="en", answers={}).urgency is plain.urgency
