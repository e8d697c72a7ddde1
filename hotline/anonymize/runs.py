"""Names in scripts that put no space between words: what introduces them is found anywhere, and they are cut anywhere."""

import itertools
import re
from collections.abc import Iterator

from hotline.anonymize.reading import Reading, Rule, Word
from hotline.anonymize.tokens import is_run
from hotline.anonymize.wording import words_for
from hotline.lexicon import phrases
from hotline.lexicon.format import Stays

_AFTER_INTRODUCER = int(Stays.AFTER_INTRODUCER)
_EVERYWHERE = int(Stays.CAPITALIZED)
_WITHIN = (("introducers", False), ("titles", True))
_LONGEST_NAME = 3
_SPACED_NAMES = re.compile("[\u0e00-\u0eff\u1780-\u17ff]")
_LONGEST_CHUNK, _SHORT_CHUNK, _FIRST_NAME, _TELLING_SHARE = 26, 16, 10, 0.34


def hide_within_runs(reading: Reading) -> None:
    """Hide what follows an introducer or a title, and what stands with it between the same spaces."""
    if not reading.has_runs or not any(word.is_run for word in reading.words):
        return
    starts = {word.start: index for index, word in enumerate(reading.words)}
    for kind, takes_along in _WITHIN:
        for phrase in _phrases(reading.languages, kind):
            at = reading.folded.find(phrase)
            while at >= 0:
                after = at + len(phrase)
                first = starts.get(after, starts.get(after + 1, -1))
                if first >= 0 and _hide_name(reading.words, first) and takes_along:
                    _hide_back_to(at, reading.words, first)
                at = reading.folded.find(phrase, after)
    _hide_before_respects(reading)
    _hide_chunks(reading.words)
    _hide_gaps(reading.words)
    _hide_kinds_of_place(reading)
    _hide_parts_of_names(reading)


def _hide_before_respects(reading: Reading) -> None:
    """Hide a surname of one character that is a word too, right before what respects its bearer: "高先生"."""
    respects, surnames = (words_for(reading.languages, kind) for kind in ("respects", "surnames"))
    for before, word in itertools.pairwise(reading.words):
        if word.folded in respects and before.end == word.start and before.folded in surnames:
            before.hide(Rule.TITLED)


def _phrases(languages: tuple[str, ...], kind: str) -> list[str]:
    listed = (phrase.lstrip("~") for code in languages for phrase in phrases.of(code, kind))
    return [phrase for phrase in listed if is_run(phrase)]


def _hide_name(words: list[Word], index: int) -> bool:
    """Hide up to three words of a run from *index*, until a very ordinary one; say whether any was hidden.

    Ordinary words do not end a name here: people are called Rain and Bird, and family names are made of words.
    """
    for offset, word in enumerate(words[index : index + _LONGEST_NAME]):
        is_apart = offset > 0 and word.start != words[index + offset - 1].end
        if is_apart or word.is_number or word.stays & _AFTER_INTRODUCER:
            return offset > 0
        word.hide(Rule.INTRODUCED)
    return True


def _hide_back_to(start: int, words: list[Word], first: int) -> None:
    """Hide the words before *first* as far back as the character *start*: the title that stands with a name."""
    for index in range(first - 1, -1, -1):
        if words[index].start < start:
            return
        words[index].hide(Rule.TITLED)


def _hide_chunks(words: list[Word]) -> None:
    """Hide a short run between spaces when a good part of it is hidden, or a name stands beside it."""
    chunks = [list(chunk) for chunk in _chunks(words)]
    for before, chunk in zip([[], *chunks], chunks, strict=False):
        if _is_name(chunk, before):
            for word in chunk:
                word.hide(Rule.BESIDE)
    for chunk, after in itertools.pairwise(chunks):
        if _is_first_name(chunk, after):
            for word in chunk:
                word.hide(Rule.BESIDE)


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
            word.hide(Rule.BRIDGE)


def _hide_kinds_of_place(reading: Reading) -> None:
    """Hide the kind of a place that touches its name, as it is a part of it: "Province" and "Temple" in Thai, "县"."""
    kinds = frozenset(phrase for code in reading.languages for phrase in phrases.of(code, "places"))
    for before, word in itertools.pairwise(reading.words):
        if before.end != word.start or not (before.is_run and word.is_run):
            continue
        for name, kind in ((before, word), (word, before)):
            if name.name_like and kind.folded in kinds and not kind.stays & _EVERYWHERE:
                kind.hide(Rule.BESIDE)


def _hide_parts_of_names(reading: Reading) -> None:
    """Hide the syllables that names are made of, and words are too, where they touch a hidden one or follow on kin."""
    parts, kin = (words_for(reading.languages, kind) for kind in ("name_parts", "kin"))
    if parts.isdisjoint(reading.said):
        return
    for before, word in itertools.pairwise(reading.words):
        is_led = before.name_like or before.folded in kin
        if is_led and before.end == word.start and word.folded in parts:
            word.hide(Rule.BESIDE)
    for after, word in itertools.pairwise(reading.words[::-1]):
        if after.name_like and word.end == after.start and word.folded in parts:
            word.hide(Rule.BESIDE)


def _is_name(chunk: list[Word], before: list[Word]) -> bool:
    """Say whether *chunk* is a name: hidden in good part already, or short and right after one."""
    length = chunk[-1].end - chunk[0].start
    if length > _LONGEST_CHUNK or not _SPACED_NAMES.match(chunk[0].folded):
        return False
    hidden = sum(word.end - word.start for word in chunk if word.name_like)
    is_plain = all(word.stays & _AFTER_INTRODUCER for word in chunk)
    follows_a_name = bool(before) and before[-1].name_like and chunk[0].joined and not is_plain
    return hidden >= _TELLING_SHARE * length or (follows_a_name and length <= _SHORT_CHUNK)


def _is_first_name(chunk: list[Word], after: list[Word]) -> bool:
    """Say whether *chunk* is short, not ordinary throughout, and stands right before a hidden family name."""
    length = chunk[-1].end - chunk[0].start
    if length > _FIRST_NAME or not _SPACED_NAMES.match(chunk[0].folded):
        return False
    stands_before = after[0].joined and all(word.name_like for word in after)
    return stands_before and not all(word.stays & _AFTER_INTRODUCER for word in chunk)
