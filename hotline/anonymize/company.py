"""Decide which words go: whatever is not ordinary where it stands, and whatever a name drags along."""

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from hotline.anonymize.reading import Reading, Word
from hotline.anonymize.tokens import is_run
from hotline.lexicon import open_names, phrases
from hotline.lexicon.format import Stays

# Plain integers: an enumeration's own "&" costs more than all else here.
_AFTER_INTRODUCER, _BESIDE_A_NAME = int(Stays.AFTER_INTRODUCER), int(Stays.BESIDE_A_NAME)
_CAPITALIZED, _AMONG_CAPITALS = int(Stays.CAPITALIZED), int(Stays.AMONG_CAPITALS)
_SPREADS = 2
_LONGEST_NAME = 3
_FEW_WORDS = 2
_WITHIN = (("introducers", False), ("titles", True))
_SPACED_NAMES = re.compile("[\u0e00-\u0eff\u1780-\u17ff]")
_LONGEST_CHUNK, _SHORT_CHUNK, _FIRST_NAME, _TELLING_SHARE = 26, 16, 10, 0.34


def hide_names(reading: Reading) -> None:
    """Mark every word of *reading* that must not be seen as hidden."""
    words = reading.words
    if not words:
        return
    needs = _needed_company(reading)
    for word in words:
        if not word.hidden and not word.is_number and not word.stays & needs(word):
            word.hidden = word.name_like = True
    if len(words) <= _FEW_WORDS:
        _hide_lone_names(words)
    _hide_introduced(reading)
    _hide_within_runs(reading)
    _hide_titled(reading)
    if any(word.name_like for word in words):
        _hide_beside(reading)
        _hide_bridges(words)


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


def _hide_lone_names(words: list[Word]) -> None:
    """In a text too short to tell its language, hide what is a name anywhere: "Ken", "kam"."""
    persons = open_names("persons")
    for word in words:
        if not word.stays & _AFTER_INTRODUCER and word.folded in persons:
            _hide(word)


def _hide(word: Word) -> None:
    word.hidden = word.name_like = True


@dataclass(frozen=True, slots=True)
class _Introducer:
    """Words that stand before a name; *respects* is what an ordinary word after them must have to stay."""

    before: tuple[str, ...]
    respects: int


@lru_cache(maxsize=512)
def _introducers(languages: tuple[str, ...]) -> dict[str, list[_Introducer]]:
    """Return the introducers of *languages*, by their last word, the longest first."""
    by_last: dict[str, list[_Introducer]] = {}
    listed = {p for code in (*languages, "en") for p in phrases.of(code, "introducers")}
    for phrase in sorted(listed, key=len):
        *before, last = phrase.removeprefix("~").split()
        respects = Stays.BESIDE_A_NAME if phrase.startswith("~") else Stays.AFTER_INTRODUCER
        by_last.setdefault(last, []).insert(0, _Introducer(tuple(before), int(respects)))
    return by_last


def _hide_introduced(reading: Reading) -> None:
    words = reading.words
    by_last = _introducers(reading.languages)
    for index, word in enumerate(words):
        for introducer in by_last.get(word.folded, ()):
            first = index - len(introducer.before)
            said = tuple(each.folded for each in words[max(0, first) : index])
            if said == introducer.before:
                _hide_following(words, index + 1, introducer.respects)
                break


def _hide_following(words: list[Word], index: int, respects: int) -> None:
    """Hide up to three words from *index*, until one that no name would be or the sentence ends."""
    for offset, word in enumerate(words[index : index + _LONGEST_NAME]):
        is_apart = not word.joined and (offset > 0 or word.opens)
        if word.is_number or is_apart or word.stays & respects:
            return
        if offset > 0:
            respects |= _BESIDE_A_NAME
        _hide(word)


def _hide_within_runs(reading: Reading) -> None:
    """Do the same where words have no spaces between them: phrases and titles are found in the text."""
    if not any(word.is_run for word in reading.words):
        return
    starts = {word.start: index for index, word in enumerate(reading.words)}
    for kind, takes_along in _WITHIN:
        for phrase in _phrases_in_runs(reading.languages, kind):
            at = reading.folded.find(phrase)
            while at >= 0:
                after = at + len(phrase)
                first = starts.get(after, starts.get(after + 1, -1))
                if first >= 0 and _hide_name_in_run(reading.words, first) and takes_along:
                    _hide_between(reading.words, at, after)
                at = reading.folded.find(phrase, after)
    _hide_chunks(reading.words)
    _hide_gaps(reading.words)


def _phrases_in_runs(languages: tuple[str, ...], kind: str) -> list[str]:
    return [phrase for code in languages for phrase in phrases.of(code, kind) if is_run(phrase)]


def _hide_name_in_run(words: list[Word], index: int) -> bool:
    """Hide up to three words of a run from *index*, until a very ordinary one; say whether any was hidden."""
    for offset, word in enumerate(words[index : index + _LONGEST_NAME]):
        is_apart = offset > 0 and word.start != words[index + offset - 1].end
        if is_apart or word.is_number or word.stays & _AFTER_INTRODUCER:
            return offset > 0
        _hide(word)
    return True


def _hide_between(words: list[Word], start: int, end: int) -> None:
    for word in words:
        if word.start >= start and word.end <= end:
            _hide(word)


def _hide_chunks(words: list[Word]) -> None:
    """Hide a short run between spaces when a good part of it is hidden, or a name stands beside it."""
    chunks = [list(chunk) for chunk in _chunks(words)]
    for before, chunk in zip([[], *chunks], chunks, strict=False):
        if _is_name(chunk, before):
            for word in chunk:
                _hide(word)
    for chunk, after in itertools.pairwise(chunks):
        if _is_first_name(chunk, after):
            for word in chunk:
                _hide(word)


def _chunks(words: list[Word]) -> Iterator[list[Word]]:
    """Yield the words that stand together without a space."""
    first = 0
    for index in range(1, len(words) + 1):
        if index == len(words) or words[index].start != words[index - 1].end:
            yield words[first:index]
            first = index


def _hide_gaps(words: list[Word]) -> None:
    """Hide a single character of a run between two hidden words: a Chinese name is cut anywhere."""
    for before, word, after in zip(words, words[1:], words[2:], strict=False):
        is_inside = (
            before.name_like
            and after.name_like
            and before.end == word.start
            and word.end == after.start
        )
        if is_inside and word.is_run and len(word.folded) == 1:
            _hide(word)


def _is_name(chunk: list[Word], before: list[Word]) -> bool:
    """Say whether *chunk* is a name: hidden in good part already, or short and right after one."""
    length = chunk[-1].end - chunk[0].start
    if length > _LONGEST_CHUNK or not _SPACED_NAMES.match(chunk[0].folded):
        return False
    hidden = sum(word.end - word.start for word in chunk if word.name_like)
    follows_a_name = bool(before) and before[-1].name_like and chunk[0].joined
    return hidden >= _TELLING_SHARE * length or (follows_a_name and length <= _SHORT_CHUNK)


def _is_first_name(chunk: list[Word], after: list[Word]) -> bool:
    """Say whether *chunk* is short, not ordinary throughout, and stands right before a hidden family name."""
    length = chunk[-1].end - chunk[0].start
    if length > _FIRST_NAME or not _SPACED_NAMES.match(chunk[0].folded):
        return False
    stands_before = after[0].joined and all(word.name_like for word in after)
    return stands_before and not all(word.stays & _AFTER_INTRODUCER for word in chunk)


@lru_cache(maxsize=512)
def _titles(languages: tuple[str, ...]) -> frozenset[str]:
    kinds = ("titles", "kin")
    return frozenset(
        title for code in (*languages, "en") for kind in kinds for title in phrases.of(code, kind)
    )


def _hide_titled(reading: Reading) -> None:
    titles = _titles(reading.languages)
    words = reading.words
    for index, word in enumerate(words[:-1]):
        if word.folded in titles:
            respects = _AFTER_INTRODUCER
            for following in words[index + 1 : index + 3]:
                is_apart = not following.joined
                if is_apart or following.is_number or following.stays & respects:
                    break
                _hide(following)
                respects |= _BESIDE_A_NAME


def _hide_beside(reading: Reading) -> None:
    """Let what is hidden spread to neighbours that may be parts of the same name."""
    words = reading.words
    pairs = [(before, word) for before, word in itertools.pairwise(words) if word.joined]
    backwards = [(word, before) for before, word in reversed(pairs)]
    for _ in range(_SPREADS):
        for source, word in itertools.chain(pairs, backwards):
            if (
                source.name_like
                and not word.hidden
                and not word.is_number
                and not _keeps_apart(word, reading)
            ):
                _hide(word)


def _keeps_apart(word: Word, reading: Reading) -> bool:
    """Say whether *word* is too ordinary to be part of the name beside it."""
    if word.is_capital and not word.is_shouted:
        return bool(word.stays & _CAPITALIZED)
    if reading.capitals_tell and word.has_case and not word.is_capital:
        return bool(word.stays & _AMONG_CAPITALS)
    return bool(word.stays & _BESIDE_A_NAME)


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
                _hide(word)
