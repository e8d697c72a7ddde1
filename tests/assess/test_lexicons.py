"""Every lexicon is readable data: known rules, phrases that compile, sets that exist."""

from pathlib import Path

import pytest

import hotline.assess.lexicon as lexicon_room
from hotline.assess.lexicon import Lexicon, lexicon_for
from hotline.assess.phrases import MalformedPhrase, compile_row
from hotline.assess.rules import CORRECTING, INDICATORS, REASONS, STATED
from hotline.assess.words import read
from tests.scripts import one_of_each

_LANGUAGES = sorted(
    path.stem for path in (Path(lexicon_room.__file__).parent / "lexicons").glob("*.toml")
)


_ASKED_FOR = "en es fr pt ar zh ru uk ro vi th tl hi bn ur fa tr am sw ha yo ne my id pl bg"


def test_the_languages_people_write_in_are_there():
    assert set(_ASKED_FOR.split()) <= set(_LANGUAGES)


@pytest.mark.parametrize("language", _LANGUAGES)
def test_a_lexicon_can_be_read_and_states_known_rules(language: str):
    lexicon = lexicon_for(language)
    assert lexicon is not None
    rules = {phrase.rule for phrase in lexicon.phrases}
    assert rules <= STATED | CORRECTING
    assert rules >= INDICATORS - {"abuse_of_vulnerability"}


@pytest.mark.parametrize("language", one_of_each(_LANGUAGES))
def test_every_phrase_compiles(language: str):
    lexicon = lexicon_for(language)
    assert lexicon is not None
    for phrase in lexicon.phrases:
        compile_row(phrase.row, lexicon.grammar)


def test_a_region_a_script_and_a_neighbour_find_the_same_lexicon():
    assert lexicon_for("es-MX") is lexicon_for("es") is lexicon_for("ES_419")
    assert lexicon_for("fil") is lexicon_for("tl")
    assert lexicon_for("ar-Latn") is lexicon_for("ar")


@pytest.mark.parametrize("language", ["und", "", "xx", "../en", "en/../es", "-"])
def test_a_language_we_do_not_have_has_no_lexicon(language: str):
    assert lexicon_for(language) is None


def test_a_set_that_is_said_everywhere_too_keeps_its_own_words():
    lexicon = Lexicon(
        {
            "sets": {"docs": "passport"},
            "everywhere": {"docs": "papers"},
            "phrases": {"own_papers": "my @docs"},
        }
    )
    for text in ("my passport", "my papers"):
        assert "own_papers" in lexicon.find(read(text, lexicon.reading))


def test_a_set_that_is_missing_is_refused():
    with pytest.raises(MalformedPhrase):
        Lexicon({"sets": {}, "phrases": {"child": "@nobody works"}})


def test_a_phrase_that_needs_no_word_is_refused():
    with pytest.raises(MalformedPhrase):
        Lexicon({"sets": {}, "phrases": {"child": "maybe? .."}})


def test_every_rule_has_a_name_that_reasons_may_carry():
    assert STATED <= REASONS
    assert "urgency_unclear" in REASONS
