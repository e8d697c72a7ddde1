"""Decide which words go: whatever is not ordinary where it stands, and whatever a name drags along."""

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
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
    needs = _needed_company(reading)
    for word in words:
        if not word.hidden and not word.is_number and not word.stays & needs(word):
            word.hide(_reason(word))
    if len(words) <= _FEW_WORDS and not reading.was_redacted:
        _hide_lone_names(reading)
    _hide_introduced(reading)
    hide_saluted(reading)
    hide_within_runs(reading)
    _hide_titled(reading)
    if any(word.name_like for word in words):
        _hide_beside(reading)
        _hide_bridges(words)
        _hide_syllables(reading)


def _reason(word: Word) -> Rule:
    if not word.stays:
        return Rule.UNLISTED
    return Rule.CAPITAL if word.is_capital else Rule.NAME


def _needed_company(reading: Reading) -> Callable[[Word], int]:
    """Return which `Stays` bit a word of this text needs, given how it is written."""
    all_shouted = sum(word.is_shouted for word in reading.words) > 0.6 * len(reading.words)
    in_lower_case = int(Stays.AMONG_CAPITALS if reading.capitals_tell else Stays.WITHOUT_CASE)
    without_case, shouted = int(Stays.WITHOUT_CASE), int(Stays.SHOUTED)
    opening, capitalized = int(Stays.OPENING), int(Stays.CAPITALIZED)

    def needs(word: Word) -> int:
        if not word.is_capital:
            return in_lower_case if word.has_case else without_case
        if all_shouted:
            return without_case
        if word.is_shouted:
            return shouted
        return opening if word.opens else capitalized

    return needs


def _hide_lone_names(reading: Reading) -> None:
    """In a text too short to tell its language, hide what is a name anywhere and a word only where we guess: "Daren"."""
    persons = open_names("persons")
    codes = {*reading.languages[1:], *most_spoken(reading.words[0].folded)}
    others = [lexicon for lexicon in map(open_lexicon, codes) if lexicon]
    for word in reading.words:
        is_word = any((lexicon.stays(word.folded) or 0) & _NO_NAME for lexicon in others)
        if word.folded in persons and not is_word:
            word.hide(Rule.LONE)


@dataclass(frozen=True, slots=True)
class _Introducer:
    """Words that stand before a name; *respects* is what an ordinary word after them must have to stay."""

    before: tuple[str, ...]
    respects: int


@lru_cache(maxsize=MIXTURES)
def _introducers(languages: tuple[str, ...]) -> dict[str, list[_Introducer]]:
    """Return the introducers of *languages*, by their last word, the longest first."""
    by_last: dict[str, list[_Introducer]] = {}
    listed = {p for code in (*languages, "en") for p in phrases.of(code, "introducers")}
    for phrase in sorted(listed, key=lambda each: (len(each.removeprefix("~")), each[0] != "~")):
        *before, last = phrase.removeprefix("~").split()
        respects = Stays.BESIDE_A_NAME if phrase.startswith("~") else Stays.AFTER_INTRODUCER
        by_last.setdefault(last, []).insert(0, _Introducer(tuple(before), int(respects)))
    return by_last


def _hide_introduced(reading: Reading) -> None:
    words, folded = reading.words, reading.folded
    by_last = _introducers(reading.languages)
    if reading.said.isdisjoint(by_last):
        return
    for index, word in enumerate(words[:-1]):
        for introducer in by_last.get(word.folded, ()):
            first = index - len(introducer.before)
            said = tuple(each.folded for each in words[max(0, first) : index])
            if said == introducer.before:
                if _LEADS_ON.fullmatch(folded, word.end, words[index + 1].start):
                    _hide_following(words, index + 1, introducer.respects)
                break


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
    titles = _titles(reading.languages)
    if reading.said.isdisjoint(titles):
        return
    words = reading.words
    for index, word in enumerate(words[:-1]):
        if word.folded in titles:
            for following in words[index + 1 : index + 3]:
                is_apart = not following.joined
                if is_apart or following.is_number or following.stays & _NO_NAME:
                    break
                following.hide(Rule.TITLED)


@lru_cache(maxsize=MIXTURES)
def _titles(languages: tuple[str, ...]) -> frozenset[str]:
    return words_for(languages, "titles") | words_for(languages, "kin")


def _hide_beside(reading: Reading) -> None:
    """Let what is hidden spread to neighbours that may be parts of the same name."""
    may_go = _Neighbours(reading)
    pairs = list(itertools.pairwise(reading.words))
    backwards = [(word, before) for before, word in reversed(pairs)]
    for _ in range(_SPREADS):
        for source, word in itertools.chain(pairs, backwards):
            if source.name_like and not word.hidden and may_go(source, word):
                word.hide(Rule.BESIDE)


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
        later = word if word.start > source.start else source
        if later.is_near and word.folded in self._offices:
            return True
        if not later.joined:
            return self._is_tied(source, word)
        if word.is_number:
            return False
        return self._is_tied(source, word) or not self._keeps_apart(word)

    def _is_tied(self, source: Word, word: Word) -> bool:
        """ "Jean-du-Lac", "Mar@ia", "T- Bone": what no space parts, or one typed beside a hyphen, is one name."""
        first, last = (source, word) if source.start < word.start else (word, source)
        between = self._text[first.end : last.start]
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


def _hide_bridges(words: list[Word]) -> None:
    """Hide up to two small words between parts of a name: "María de la Paz"."""
    connectors = phrases.everywhere("connectors")
    for index in range(1, len(words) - 1):
        if words[index].hidden or not words[index - 1].name_like:
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
        is_short = (
            len(before.folded + word.folded) <= _LONGEST_CUT and len(word.folded) <= _SYLLABLE
        )
        if not is_short or not before.name_like or word.hidden or not word.has_case:
            continue
        is_cut = reading.text[before.end : word.start].isspace() and before.folded not in persons
        if is_cut and before.folded + word.folded in persons:
            word.hide(Rule.BESIDE)
