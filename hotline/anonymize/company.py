"""Decide which words go: whatever is not ordinary where it stands, and whatever a name drags along."""

import itertools
import re
from collections.abc import Iterable
from functools import lru_cache

from hotline.anonymize.language import most_spoken
from hotline.anonymize.reading import Reading, Rule, Word
from hotline.anonymize.runs import hide_within_runs
from hotline.anonymize.salutations import hide_saluted
from hotline.anonymize.wording import MIXTURES, words_for
from hotline.lexicon import open_lexicon, open_names, phrases
from hotline.lexicon.format import Stays

# Plain integers: an enumeration's own "&" costs more than all else here.
_AFTER_INTRODUCER, _BESIDE_A_NAME = int(Stays.AFTER_INTRODUCER), int(Stays.BESIDE_A_NAME)
_CAPITALIZED, _AMONG_CAPITALS = int(Stays.CAPITALIZED), int(Stays.AMONG_CAPITALS)
_WITHOUT_CASE, _SHOUTED, _OPENING = (
    int(Stays.WITHOUT_CASE), int(Stays.SHOUTED), int(Stays.OPENING),
)  # fmt: skip
_NO_NAME = _AFTER_INTRODUCER | _BESIDE_A_NAME
_SPREADS = 2
_LONGEST_NAME = 3
_FEW_WORDS = 2
_LONGEST_INITIALS, _LONGEST_SCRAP = 3, 2
_LONGEST_CUT, _SYLLABLE = 8, 3
# What stands between two words of one name, or of a name written so that nobody finds it, and is no space.
_PARTS_WORDS = re.compile(r"[\s.,;:!?…/\\|()\[\]{}\"«»“”„<>*&+=~。،؛؟、，]")
# What may stand between "my name is" and the name: a colon, the end of a line, a hesitation; not the end of a sentence.
_LEADS_ON = re.compile(r"(?:[^\w.!?;)\]}।۔።။。！？；]|\.{2,})*")


def hide_names(reading: Reading) -> None:
    """Mark every word of *reading* that must not be seen as hidden."""
    words = reading.words
    if not words:
        return
    _hide_unlisted(reading)
    if len(words) <= _FEW_WORDS and not reading.was_redacted:
        _hide_lone_names(reading)
    _hide_introduced(reading)
    hide_saluted(reading)
    hide_within_runs(reading)
    _hide_titled(reading)
    if any(word.name_like for word in words):
        _hide_beside(reading)
        _hide_bridges(reading)
        _hide_syllables(reading)


def _hide_unlisted(reading: Reading) -> None:
    """Hide each word that may not stay, given how it is written."""
    in_lower_case = _AMONG_CAPITALS if reading.capitals_tell else _WITHOUT_CASE
    for word in reading.words:
        if word.hidden or word.is_number:
            continue
        if word.is_capital:
            needed = _with_capital(word, reading)
        else:
            needed = in_lower_case if word.has_case else _WITHOUT_CASE
        if not word.stays & needed:
            word.hide(_reason(word))


def _with_capital(word: Word, reading: Reading) -> int:
    """Return which `Stays` bit a word with a capital needs."""
    if reading.is_shouted:
        return _WITHOUT_CASE
    if word.is_shouted:
        return _SHOUTED
    return _OPENING if word.opens else _CAPITALIZED


def _reason(word: Word) -> Rule:
    if not word.stays:
        return Rule.UNLISTED
    return Rule.CAPITAL if word.is_capital else Rule.NAME


def _hide_lone_names(reading: Reading) -> None:
    """In a text too short to tell its language, hide what is a name anywhere and a word only where we guess: "Daren"."""
    persons = open_names("persons")
    codes = {*reading.languages[1:], *most_spoken(reading.words[0].folded)}
    others = [lexicon for lexicon in map(open_lexicon, codes) if lexicon]
    for word in reading.words:
        is_word = any((lexicon.stays(word.folded) or 0) & _NO_NAME for lexicon in others)
        if word.folded in persons and not is_word:
            word.hide(Rule.LONE)


class _Introducers:
    """Words that stand before a name, by the last of them, and what an ordinary word after them must have to stay."""

    def __init__(self, listed: Iterable[str]) -> None:
        self._by_last: dict[str, dict[tuple[str, ...], int]] = {}
        # What is listed without the mark holds, where it is listed with it too.
        for phrase in sorted(listed, key=lambda each: each[0] != "~"):
            *before, last = phrase.removeprefix("~").split()
            respects = Stays.BESIDE_A_NAME if phrase.startswith("~") else Stays.AFTER_INTRODUCER
            self._by_last.setdefault(last, {})[tuple(before)] = int(respects)
        self._lengths = {
            last: sorted({len(before) for before in befores}, reverse=True)
            for last, befores in self._by_last.items()
        }
        self.lasts = frozenset(self._by_last)

    def respects(self, forms: list[str], index: int) -> int:
        """Return the `Stays` bits for what follows the longest introducer that ends at *index*; 0 where none does."""
        befores = self._by_last[forms[index]]
        for length in self._lengths[forms[index]]:
            if length <= index and (found := befores.get(tuple(forms[index - length : index]))):
                return found
        return 0


@lru_cache(maxsize=MIXTURES)
def _introducers(languages: tuple[str, ...]) -> _Introducers:
    return _Introducers({p for code in (*languages, "en") for p in phrases.of(code, "introducers")})


def _hide_introduced(reading: Reading) -> None:
    words = reading.words
    introducers = _introducers(reading.languages)
    for index in reading.where_any(introducers.lasts):
        if index + 1 == len(words):
            return
        respects = introducers.respects(reading.forms, index)
        if respects and _leads_on(reading.folded, words[index].end, words[index + 1].start):
            _hide_following(words, index + 1, respects)


def _leads_on(folded: str, start: int, end: int) -> bool:
    is_space = end - start == 1 and folded[start] == " "
    return is_space or _LEADS_ON.fullmatch(folded, start, end) is not None


def _hide_following(words: list[Word], index: int, respects: int) -> None:
    """Hide up to three words from *index*, until one that no name would be or the sentence ends.

    An article is no name, but may begin one: "alias el tuerto".
    """
    if index >= len(words):
        return
    has_article = respects == _AFTER_INTRODUCER and words[index].folded in phrases.everywhere(
        "articles"
    )
    first = index + 1 if has_article else index
    for offset, word in enumerate(words[first : first + _LONGEST_NAME]):
        is_apart = not word.joined and (offset > 0 or has_article)
        if word.is_number or is_apart or word.stays & respects:
            return
        respects |= _BESIDE_A_NAME
        word.hide(Rule.INTRODUCED)
        words[index].hide(Rule.INTRODUCED)


def _hide_titled(reading: Reading) -> None:
    """Hide up to two words after a title or kin: what is no ordinary word, or one that names are often made of."""
    words, parts = reading.words, words_for(reading.languages, "name_parts")
    for index in reading.where_any(_titles(reading.languages)):
        for following in words[index + 1 : index + 3]:
            is_apart = not following.joined
            is_ordinary = following.stays & _NO_NAME and following.folded not in parts
            if is_apart or following.is_number or is_ordinary:
                break
            following.hide(Rule.TITLED)


@lru_cache(maxsize=MIXTURES)
def _titles(languages: tuple[str, ...]) -> frozenset[str]:
    return words_for(languages, "titles") | words_for(languages, "kin")


def _hide_beside(reading: Reading) -> None:
    """Let what is hidden spread to neighbours that may be parts of the same name."""
    may_go = _Neighbours(reading)
    backwards = reading.words[::-1]
    for _ in range(_SPREADS):
        went = False
        for words in (reading.words, backwards):
            for source, word in itertools.pairwise(words):
                if source.name_like and not word.hidden and may_go(source, word):
                    word.hide(Rule.BESIDE)
                    went = True
        if not went:
            return


class _Neighbours:
    """Say of a word beside a hidden one whether it may be a part of the same name, or would tell whose it is."""

    def __init__(self, reading: Reading) -> None:
        self._text = reading.folded
        self._capitals_tell = reading.capitals_tell
        self._offices = words_for(reading.languages, "offices")
        self._titles = words_for(reading.languages, "titles")
        self._respects = _titles(reading.languages)
        self._nouns_have_capitals = "de" in reading.languages
        self._is_english = "en" in reading.languages

    def __call__(self, source: Word, word: Word) -> bool:
        first, last = (source, word) if source.start < word.start else (word, source)
        if last.is_near and word.folded in self._offices:
            return True
        if not last.joined:
            return self._is_tied(first, last)
        if word.is_number:
            return False
        return self._is_tied(first, last) or not self._keeps_apart(word)

    def _is_tied(self, first: Word, last: Word) -> bool:
        """ "Jean-du-Lac", "Mar@ia", "T- Bone": what no space parts, or one typed beside a hyphen, is one name."""
        between = self._text[first.end : last.start]
        if between == " ":
            return False
        tie = between.strip(" ")
        if between == "." and len(first.folded) > 1 == len(last.folded):
            return last.has_case
        return bool(tie) and len(between) <= 2 and not _PARTS_WORDS.search(tie)

    def _keeps_apart(self, word: Word) -> bool:
        """Say whether *word* is too ordinary to be part of the name beside it."""
        if word.is_shouted and self._capitals_tell and len(word.folded) <= _LONGEST_INITIALS:
            return False
        if word.is_capital and not word.is_shouted and not self._nouns_have_capitals:
            if word.opens:
                return bool(word.stays & _CAPITALIZED)
            is_pronoun = self._is_english and word.folded == "i"
            return is_pronoun or word.folded in self._respects
        is_scrap = len(word.folded) <= _LONGEST_SCRAP
        if self._capitals_tell and word.has_case and not word.is_capital and not is_scrap:
            return bool(word.stays & _AMONG_CAPITALS)
        if self._is_part_without_case(word):
            return False
        return bool(word.stays & _BESIDE_A_NAME)

    def _is_part_without_case(self, word: Word) -> bool:
        """Say whether *word* is an initial, or a title that people say as a part of the name."""
        if word.has_case or word.is_run:
            return False
        return len(word.folded) == 1 or word.folded in self._titles


def _hide_bridges(reading: Reading) -> None:
    """Hide up to two small words between parts of a name: "María de la Paz"."""
    words, connectors = reading.words, phrases.everywhere("connectors")
    for index in reading.where_any(connectors):
        if not index or words[index].hidden or not words[index - 1].name_like:
            continue
        last = index
        while (
            last < min(index + 2, len(words) - 1)
            and words[last].folded in connectors
            and not words[last].hidden
        ):
            last += 1
        bridged = words[index : last + 1]
        if last > index and words[last].name_like and all(word.joined for word in bridged):
            for word in bridged[:-1]:
                word.hide(Rule.BRIDGE)


def _hide_syllables(reading: Reading) -> None:
    """Hide the rest of a name cut in two by a space or the end of a line: "Mar ia", "Ma\nria"."""
    persons = open_names("persons")
    for before, word in itertools.pairwise(reading.words):
        if not before.name_like or word.hidden or not word.has_case:
            continue
        whole = before.folded + word.folded
        if len(whole) > _LONGEST_CUT or len(word.folded) > _SYLLABLE:
            continue
        is_cut = reading.text[before.end : word.start].isspace() and before.folded not in persons
        if is_cut and whole in persons:
            word.hide(Rule.BESIDE)
