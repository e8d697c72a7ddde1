"""Decide, word by word, in which company it may stay. Thresholds are Zipf frequencies, measured on public sets.

A miss can cost a life, an extra placeholder costs a little sense: a word stays only where it is known to be
ordinary, and what is also a name must be much more frequent to stay.
"""

from collections.abc import Callable
from dataclasses import dataclass

from hotline.lexicon import phrases
from hotline.lexicon.format import Stays
from hotline.lexicon.gazetteers import Gazetteers, arabic_bar, skeleton
from hotline.lexicon.wordlists import WITHOUT_CASE, Entry, Known, Language

RARE = 1.0
ORDINARY = 3.4
ORDINARY_IN_LOWER_CASE = 3.2
PERSON_AMONG_CAPITALS = 4.9
FOREIGN_AMONG_CAPITALS = 3.9
FOREIGN_IN_LOWER_CASE = 5.0
BOTH_IN_LOWER_CASE = 5.6
PLACE_IN_LOWER_CASE = 4.3
OPENING = 4.4
BESIDE = 4.2
CALENDAR = 4.5
ORDINARY_WITHOUT_CASE = 4.2
ORDINARY_IN_RUNS = 3.5
ORDINARY_UNKNOWN_TO_DICTIONARY = 5.2
BY_HAND = 5.2
EVERYWHERE = 6.8
BY_STEM = 4.6
OFTEN_CAPITALIZED = 0.35
SELDOM_CAPITALIZED = 0.12
# Under which locale names of a language are listed, where its code is another one.
_LOCALES = {"tl": "fil", "nb": "no", "sr-Latn": "hr", "ca": "es", "pcm": "en", "ht": "fr"}
_PARTICLES, _FREQUENT_NAME = frozenset("وفبلک"), 50


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
    foreign_person: bool
    place: bool
    large_place: bool
    calendar: bool

    @property
    def is_name(self) -> bool:
        names = self.person or self.foreign_person or self.place or self.known is Known.AS_BOTH
        return not self.by_hand and names

    @property
    def is_letter(self) -> bool:
        return (
            len(self.word) == 1
            and not self.has_no_case
            and self.word not in phrases.of("mul", "short_words")
        )

    @property
    def has_no_case(self) -> bool:
        return self.script in WITHOUT_CASE


def candidate(
    word: str, entry: Entry, language: Language, names: Gazetteers, never: frozenset[str]
) -> Candidate:
    """Return *word* with what the gazetteers say of it."""
    person = _is_person(word, entry, language, names, never)
    is_plain = entry.capitals is not None and entry.capitals < SELDOM_CAPITALIZED
    return Candidate(
        word,
        entry.zipf,
        entry.known,
        entry.by_hand,
        language.script,
        language.has_dictionary,
        person=person,
        foreign_person=not person
        and not is_plain
        and _is_name_elsewhere(word, entry, language, names),
        place=not is_plain and names.is_place(word),
        large_place=not is_plain and names.is_large_place(word),
        calendar=not entry.by_hand and word in names.months.get(language.code, ()),
    )


def _is_person(
    word: str, entry: Entry, language: Language, names: Gazetteers, never: frozenset[str]
) -> bool:
    """Say whether *word* is the name of somebody where *language* is spoken."""
    zipf = entry.zipf
    if word in never or _is_inflected(word, language.code, never):
        return True
    if language.script == "abjad":
        count = max(names.arabic[word], _with_particle(word, names))
        is_frequent_name = language.code != "ar" and count >= 1000 and zipf < 7
        return count > 0 and (zipf < arabic_bar(count) or is_frequent_name)
    if language.script == "indic" and zipf < 5.0 and skeleton(word) in names.skeletons:
        return True
    if entry.capitals is not None and word in names.persons:
        return entry.capitals > OFTEN_CAPITALIZED
    if language.has_no_case or entry.known is not Known.AS_WORD:
        return word in names.persons
    return _LOCALES.get(language.code, language.code) in names.persons.get(word, ())


def _with_particle(word: str, names: Gazetteers) -> int:
    """Return how often *word* is a frequent name behind "and", "to", "by": "وأحمد"."""
    count = names.arabic[word[1:]] if word[:1] in _PARTICLES and len(word) > 3 else 0
    return count if count >= _FREQUENT_NAME else 0


def _is_name_elsewhere(word: str, entry: Entry, language: Language, names: Gazetteers) -> bool:
    """Say whether *word* is a name in another language; of words listed by hand only a list of names may say so."""
    is_capitalized = not (language.has_no_case or entry.by_hand) and word in names.capitalized
    return word in names.persons or is_capitalized


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
    if it.calendar and (it.is_name or it.zipf < CALENDAR):
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
    if it.has_no_case:
        return ORDINARY_WITHOUT_CASE
    return RARE if it.known is Known.AS_WORD and it.has_dictionary else ORDINARY


def _among_capitals(it: Candidate) -> bool:
    if it.by_hand:
        return True
    if it.person and it.zipf < PERSON_AMONG_CAPITALS:
        return False
    is_word = it.known is Known.AS_WORD and it.has_dictionary
    may_be_name = it.foreign_person or (it.place and not is_word)
    return not may_be_name or it.zipf >= FOREIGN_AMONG_CAPITALS


def _without_case(it: Candidate) -> bool:
    if it.by_hand:
        return True
    if it.large_place and it.zipf < _least_of_large_place(it):
        return False
    if it.script == "abjad":
        return not it.person and not (it.place and it.zipf < 4.9)
    if it.has_no_case:
        return not (it.person and it.zipf < 5.6) and not (it.place and it.zipf < 4.9)
    return _in_lower_case(it)


def _least_of_large_place(it: Candidate) -> float:
    """Return how frequent a word must be that by itself names a country or a city."""
    if it.has_no_case:
        return EVERYWHERE
    return 5.2 if it.known is Known.AS_WORD and it.has_dictionary else 6.0


def _in_lower_case(it: Candidate) -> bool:
    """Say whether *it*, in a script with case, may stay in a text that makes no use of it."""
    is_word = it.known is Known.AS_WORD and it.has_dictionary
    least = ORDINARY_IN_LOWER_CASE if is_word else 3.8
    if it.person:
        least = max(least, 5.6)
    if it.foreign_person:
        least = max(least, FOREIGN_IN_LOWER_CASE if is_word else 5.6)
    if it.known is Known.AS_BOTH:
        least = max(least, BOTH_IN_LOWER_CASE)
    if it.large_place or (it.place and not is_word):
        least = max(least, PLACE_IN_LOWER_CASE if is_word else 5.2)
    return it.zipf >= least


def _opening(it: Candidate) -> bool:
    return _is_german_noun(it) or (it.zipf >= (5.8 if it.is_name else OPENING) and not it.is_letter)


def _capitalized(it: Candidate) -> bool:
    if _is_german_noun(it):
        return True
    return not it.is_letter and it.zipf >= (EVERYWHERE if it.is_name else 6.0)


def _is_german_noun(it: Candidate) -> bool:
    return it.script == "nouns" and it.zipf >= 4.0 and not it.is_name


def _shouted(it: Candidate) -> bool:
    return it.zipf >= 4.6 and not it.is_name and not it.is_letter


def _beside_a_name(it: Candidate) -> bool:
    if it.script == "han" and len(it.word) == 1:
        return it.zipf >= 6.4
    if it.by_hand and it.script in {"abjad", "indic", "han", "plain"}:
        return not it.person or it.zipf >= 6.3
    names = it.person or it.foreign_person
    if it.is_letter or (names and it.zipf < 6.3) or (it.place and it.zipf < 5.3):
        return False
    if it.known is not Known.AS_WORD and it.zipf < 5.2:
        return False
    if it.script == "han":
        return it.zipf >= 4.0
    if it.script == "run":
        return it.by_hand or it.zipf >= 5.0
    if it.has_no_case:
        return not (it.zipf < 4.6 or (len(it.word) <= 2 and it.zipf < 5.9))
    return it.by_hand or it.zipf >= BESIDE


def _after_introducer(it: Candidate) -> bool:
    return it.zipf >= 5.6 and not it.person and not it.foreign_person


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
