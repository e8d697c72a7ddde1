"""Decide, word by word, in which company it may stay. Thresholds are Zipf frequencies, measured on public sets.

A miss can cost a life, an extra placeholder costs a little sense: a word stays only where it is known to be
ordinary, and what is also a name must be much more frequent to stay.
"""

from collections.abc import Callable
from dataclasses import dataclass

from hotline.lexicon import phrases
from hotline.lexicon.format import Stays
from hotline.lexicon.gazetteers import Gazetteers, arabic_bar, skeleton
from hotline.lexicon.wordlists import Entry, Known, Language

ORDINARY = 3.4
ORDINARY_IN_LOWER_CASE = 3.8
ORDINARY_WITHOUT_CASE = 4.2
ORDINARY_IN_RUNS = 3.5
ORDINARY_UNKNOWN_TO_DICTIONARY = 5.2
BY_HAND = 5.2
EVERYWHERE = 6.8
BY_STEM = 4.6
_WITHOUT_CASE = frozenset({"abjad", "indic", "plain", "run", "han"})
_SHORT_WORDS = frozenset(
    [
        "a",
        "i",
        "o",
        "u",
        "y",
        "e",
        "à",
        "é",
        "ó",
        "ò",
        "и",
        "а",
        "в",
        "с",
        "к",
        "о",
        "у",
        "я",
        "і",
        "й",
        "з",
        "є",
        "б",
    ]
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A word under judgement, and what it looks like besides an ordinary word."""

    word: str
    zipf: float
    known: Known
    by_hand: bool
    script: str
    has_dictionary: bool
    person: bool
    place: bool
    large_place: bool
    calendar: bool

    @property
    def is_name(self) -> bool:
        return not self.by_hand and (self.person or self.place or self.known is Known.AS_BOTH)

    @property
    def is_letter(self) -> bool:
        return len(self.word) == 1 and not self.has_no_case and self.word not in _SHORT_WORDS

    @property
    def has_no_case(self) -> bool:
        return self.script in _WITHOUT_CASE


def candidate(
    word: str, entry: Entry, language: Language, names: Gazetteers, never: frozenset[str]
) -> Candidate:
    """Return *word* with what the gazetteers say of it."""
    return Candidate(
        word,
        entry.zipf,
        entry.known,
        entry.by_hand,
        language.script,
        language.has_dictionary,
        person=_is_person(word, entry.zipf, language, names, never),
        place=names.is_place(word),
        large_place=names.is_large_place(word),
        calendar=not entry.by_hand and word in names.calendar.get(language.code, ()),
    )


def _is_person(
    word: str, zipf: float, language: Language, names: Gazetteers, never: frozenset[str]
) -> bool:
    if word in never or _is_inflected(word, language.code, never):
        return True
    if language.script == "abjad":
        count = names.arabic[word]
        is_frequent_name = language.code != "ar" and count >= 1000 and zipf < 7
        return count > 0 and (zipf < arabic_bar(count) or is_frequent_name)
    if language.script == "indic" and zipf < 5.0 and skeleton(word) in names.skeletons:
        return True
    return word in names.persons


def _is_inflected(word: str, code: str, never: frozenset[str]) -> bool:
    """Say whether *word* is one of the frequent names with a clitic: "চৌধুরীর"."""
    for in_front, parts, _ in phrases.clitics().get(code, ()) if never else ():
        for part in parts:
            if not in_front and word.endswith(part) and word[: -len(part)] in never:
                return True
    return False


def judge(it: Candidate) -> Stays:
    """Return where *it* may stay."""
    stays = Stays(0)
    if _is_ordinary(it):
        for where, may_stay in _RULES:
            if may_stay(it):
                stays |= where
    return stays


def _is_ordinary(it: Candidate) -> bool:
    if it.calendar:
        return False
    if it.is_letter and not it.by_hand:
        return False
    least = _least(it)
    if it.known is Known.UNKNOWN and it.has_dictionary:
        least = ORDINARY_UNKNOWN_TO_DICTIONARY
    return it.known is not Known.AS_NAME and it.zipf >= least


def _least(it: Candidate) -> float:
    """Return how frequent *it* must be; a single Han character is most often a part of something."""
    if it.script == "han":
        return 5.0 if len(it.word) == 1 else ORDINARY
    if it.script == "run":
        return ORDINARY_IN_RUNS
    return ORDINARY_WITHOUT_CASE if it.has_no_case else ORDINARY


def _among_capitals(it: Candidate) -> bool:
    return it.by_hand or (not (it.person and it.zipf < 4.9) and not (it.place and it.zipf < 3.9))


def _without_case(it: Candidate) -> bool:
    if it.by_hand:
        return True
    if it.large_place and it.zipf < (
        5.2 if it.known is Known.AS_WORD and it.has_dictionary else 6.0
    ):
        return False
    if it.script == "abjad":
        return not it.person and not (it.place and it.zipf < 4.9)
    if it.has_no_case:
        return not (it.person and it.zipf < 5.6) and not (it.place and it.zipf < 4.9)
    if it.zipf < ORDINARY_IN_LOWER_CASE:
        return False
    if it.person and (it.zipf < 5.6 or it.known is Known.UNKNOWN):
        return False
    if it.known is Known.AS_BOTH and it.zipf < 5.5:
        return False
    return not (it.place and it.zipf < (4.3 if it.known is Known.AS_WORD else 5.2))


def _opening(it: Candidate) -> bool:
    return _is_german_noun(it) or (it.zipf >= (5.8 if it.is_name else 4.6) and not it.is_letter)


def _capitalized(it: Candidate) -> bool:
    may_be_name = it.person or it.place or it.known is Known.AS_BOTH
    if _is_german_noun(it):
        return True
    return not it.is_letter and it.zipf >= (EVERYWHERE if may_be_name else 6.0)


def _is_german_noun(it: Candidate) -> bool:
    return it.script == "nouns" and it.zipf >= 4.0 and not it.person and not it.place


def _shouted(it: Candidate) -> bool:
    return it.zipf >= 4.6 and not it.is_name and not it.is_letter


def _beside_a_name(it: Candidate) -> bool:
    if it.by_hand and it.script in {"abjad", "indic", "han"}:
        return it.script != "han" or len(it.word) > 1 or not it.person
    if it.is_letter or (it.person and it.zipf < 6.3) or (it.place and it.zipf < 5.3):
        return False
    if it.known is not Known.AS_WORD and it.zipf < 5.2:
        return False
    if it.script == "han":
        return it.zipf >= (6.4 if len(it.word) == 1 else 4.0)
    if it.script == "run":
        return it.by_hand or it.zipf >= 5.0
    if it.has_no_case:
        return not (it.zipf < 4.6 or (len(it.word) <= 2 and it.zipf < 5.9))
    return it.by_hand or it.zipf >= 4.2


def _after_introducer(it: Candidate) -> bool:
    return it.zipf >= 5.6 and not it.person


def _as_english_loan(it: Candidate) -> bool:
    return (it.zipf >= 4.4 and not it.is_name) or it.zipf >= 6.2


_RULES: tuple[tuple[Stays, Callable[[Candidate], bool]], ...] = (
    (Stays.AMONG_CAPITALS, _among_capitals),
    (Stays.WITHOUT_CASE, _without_case),
    (Stays.OPENING, _opening),
    (Stays.CAPITALIZED, _capitalized),
    (Stays.SHOUTED, _shouted),
    (Stays.BESIDE_A_NAME, _beside_a_name),
    (Stays.AFTER_INTRODUCER, _after_introducer),
    (Stays.AS_ENGLISH_LOAN, _as_english_loan),
)
