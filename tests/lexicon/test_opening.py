"""Lexicons are mapped, not loaded: every language together must cost little memory."""

import mmap
import re
from pathlib import Path

import pytest

from hotline.lexicon import available_languages, open_lexicon, open_names
from hotline.lexicon.format import Stays

MAPS = Path("/proc/self/maps")


def test_an_ordinary_word_stays_and_a_name_does_not() -> None:
    spanish = open_lexicon("es")
    assert spanish is not None
    assert (spanish.stays("trabajo") or 0) & Stays.WITHOUT_CASE
    assert not (spanish.stays("ramón") or 0) & Stays.WITHOUT_CASE
    assert spanish.stays("xqzw") is None


def test_a_language_without_lexicon_opens_to_nothing() -> None:
    assert open_lexicon("tlh") is None
    assert open_lexicon("../es") is None


def test_gazetteers_know_people_and_places() -> None:
    assert "maria" in open_names("persons")
    assert "nairobi" in open_names("places")


def test_every_lexicon_is_memory_mapped() -> None:
    # Opening all of them maps their files,
    for language in available_languages():
        lexicon = open_lexicon(language)
        assert lexicon is not None
        assert isinstance(lexicon._bytes, mmap.mmap)

    # and the process holds the files as mapped pages, not as a copy.
    if not MAPS.exists():
        pytest.skip("this system does not list what a process has mapped")
    maps = MAPS.read_text()
    assert len(set(re.findall(r"/compiled/([\w-]+)\.lexicon", maps))) == len(available_languages())
