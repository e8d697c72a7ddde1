"""What a lexicon says follows from how frequent a word is, and what else it may be."""

import time
from pathlib import Path

import pytest

from hotline.lexicon.build import hand_list, write_lexicon
from hotline.lexicon.folding import bare, fold
from hotline.lexicon.format import Stays
from hotline.lexicon.gazetteers import Gazetteers
from hotline.lexicon.judging import candidate, judge
from hotline.lexicon.opening import Lexicon
from hotline.lexicon.wordlists import Entry, Known, Language, languages

SPANISH = Language("es", "cased", "es", "es_ES", "spa", "-")
HINDI = Language("hi", "indic", "hi", "-", "hin", "-")


def _stays(word: str, entry: Entry, *, person: bool = False, place: bool = False) -> Stays:
    names = Gazetteers()
    if person:
        names.persons[word].add("es")
    if place:
        names.places.add(word)
    return judge(candidate(word, entry, SPANISH, names, frozenset()))


def test_a_rare_word_goes_and_a_frequent_one_stays() -> None:
    assert not _stays("xilófono", Entry(2.5, Known.AS_WORD)) & Stays.WITHOUT_CASE
    assert not _stays("pepenador", Entry(3.3, Known.UNKNOWN))
    assert _stays("trabajo", Entry(5.5, Known.AS_WORD)) & Stays.WITHOUT_CASE


def test_a_word_that_is_also_a_name_must_be_more_frequent() -> None:
    rosa = Entry(5.0, Known.AS_WORD)
    assert _stays("rosa", rosa) & Stays.WITHOUT_CASE
    assert not _stays("rosa", rosa, person=True) & Stays.WITHOUT_CASE
    assert not _stays("rosa", rosa, person=True) & (Stays.OPENING | Stays.BESIDE_A_NAME)


def test_what_a_dictionary_knows_only_as_a_name_never_stays() -> None:
    assert not _stays("madrid", Entry(5.9, Known.AS_NAME))


def test_what_was_listed_by_hand_stays_but_not_beside_a_name_it_could_belong_to() -> None:
    stays = _stays("blanco", Entry(5.2, Known.AS_WORD, by_hand=True), person=True)
    assert stays & Stays.WITHOUT_CASE
    assert not stays & Stays.BESIDE_A_NAME


def test_a_frequent_name_is_known_with_its_clitics() -> None:
    names, never = Gazetteers(), frozenset({"शर्मा"})
    entry = Entry(5.0, Known.UNKNOWN)
    assert not judge(candidate("शर्माको", entry, HINDI, names, never)) & Stays.BESIDE_A_NAME


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    path = tmp_path / "es.lexicon"
    write_lexicon(path, {"sí": (150, 3), "casa": (125, 255), "rosa": (90, 0)})
    lexicon = Lexicon(path)
    assert (lexicon.stays("casa"), lexicon.stays("rosa"), lexicon.stays("no")) == (255, 0, None)
    assert lexicon.zipf("casa") == pytest.approx(5.0)
    assert lexicon.marks("sí") == 150 * 256 + 3
    assert lexicon.beginnings("casas") == [(4, pytest.approx(5.0))]
    assert len(lexicon) == 3


def test_the_same_words_give_the_same_bytes(tmp_path: Path) -> None:
    words = {f"palabra{n}": (n % 200, n % 256) for n in range(500)}
    write_lexicon(tmp_path / "a", words)
    write_lexicon(tmp_path / "b", dict(reversed(words.items())))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"something else altogether")
    with pytest.raises(ValueError, match="not a compiled lexicon"):
        Lexicon(tmp_path / "x")


@pytest.mark.parametrize(
    "text", ["İstanbul", "ﬁ", "ＡＢＣ", "٣ ۴ ५", "①", "ßẞ", "’", "é", "\ud800", "𝒜", "ﷺ"]
)
def test_folding_never_changes_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_a_page_of_marks_on_one_letter_costs_no_time() -> None:
    started = time.process_time()
    bare("a" + "\u0315\u0316" * 50_000)
    assert time.process_time() - started < 1


def test_writings_of_one_word_meet() -> None:
    assert bare(fold("كِتَابٌ")) == bare(fold("کتاب"))
    assert bare(fold("e\u0301te\u0301")) == bare(fold("Été"))
    assert fold("٤٢") == fold("४२") == fold("４２") == "42"


@pytest.mark.parametrize("language", ["en", "es", "fr", "ar", "ru"])
def test_the_first_languages_keep_the_vocabulary_of_reports(language: str) -> None:
    assert len(set(hand_list("keep", language))) >= 150


def test_every_row_of_the_table_of_languages_is_whole() -> None:
    rows = languages()
    assert len({row.code for row in rows}) == len(rows) >= 70
    assert {row.script for row in rows} <= {
        "cased",
        "nouns",
        "latin",
        "abjad",
        "indic",
        "plain",
        "run",
        "han",
    }
