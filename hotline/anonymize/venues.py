"""Hide the names of hotels, bars, farms and agencies: beside the word for such a place, after "called", in quotes.

The word itself stays where it only says what kind of place it is ("the hotel"); it goes where it is part of the name
("Hotel Sol", "Golden Lotus Nails").
"""

from functools import lru_cache

from hotline.anonymize.reading import Reading, Rule, Word
from hotline.anonymize.wording import wording, words_for, words_of
from hotline.domain.identity import Label
from hotline.lexicon import open_lexicon, phrases
from hotline.lexicon.format import Stays

_LONGEST_NAME = 5
_LONGEST_QUOTED = 7
_WORDS_TO_NAMING = 2
_MOST_BETWEEN = 2
_LONGEST_CHUNK = 24
_LONGEST_RUN = 12
_SHORT_FORM = 3
_COMMON = 4.9
_MOST_LANGUAGES = 3
_VERY_ORDINARY = int(Stays.AFTER_INTRODUCER)
_OPENING = frozenset("\"“„«‹「『《【'‘’”")
_CLOSING = frozenset("\"”“»›」』》】'’")


def hide_venues(reading: Reading) -> None:
    """Mark the words of the names of places in *reading* as hidden, beside what says that they are places."""
    words = reading.words
    kinds = wording(reading.languages, "venues").found_in(reading)
    name_of = wording(reading.languages, "name_of").found_in(reading) if kinds else []
    before = {end for _, end in name_of}
    for first, end in kinds:
        start, is_told = _after_naming(reading, end)
        if _opens_quote(reading, start):
            _hide_quoted(reading, start)
        elif start > end:
            _hide_named(words, start, is_told=is_told)
        elif first in before and words[first].joined:
            _hide_named(words, end, is_told=True)
        elif not _hide_chunk(words, end):
            _hide_after(reading, first, end)
        _hide_before(reading, first, end)
    for _, end in wording(reading.languages, "ship_codes").found_in(reading):
        _hide_named(words, end, is_told=True)
    _hide_companies(reading)


def _after_naming(reading: Reading, end: int) -> tuple[int, bool]:
    """Return where a name would start: after "called", "se llama", "is"; and whether that surely tells a name."""
    words, forms = reading.words, reading.forms
    told = wording(reading.languages, "naming")
    weak = wording(reading.languages, "weak_naming")
    for index in range(end, min(len(words), end + _WORDS_TO_NAMING)):
        if not words[index].joined:
            break
        if after := told.end_at(forms, index):
            return after, True
        if after := weak.end_at(forms, index):
            return after, False
    return end, False


def _opens_quote(reading: Reading, index: int) -> bool:
    if index >= len(reading.words):
        return False
    gap = reading.folded[reading.words[index - 1].end : reading.words[index].start]
    return len(gap) <= 3 and not _OPENING.isdisjoint(gap) and "\n" not in gap


def _hide_quoted(reading: Reading, index: int) -> None:
    """Hide up to the closing quote; nothing where none comes soon."""
    words = reading.words
    for last in range(index, min(len(words), index + _LONGEST_QUOTED)):
        following = words[last + 1].start if last + 1 < len(words) else len(reading.folded)
        if not _CLOSING.isdisjoint(reading.folded[words[last].end : following]):
            _mark(words[index : last + 1])
            return


def _hide_named(words: list[Word], index: int, *, is_told: bool) -> None:
    """ "se llama la esperanza vieja": hide until a word that no name would hold, or the sentence ends."""
    end = index
    while end < min(len(words), index + _LONGEST_NAME) and (end == index or words[end].joined):
        if not words[end].hidden and _is_plain(words[end]) and not _connects(words[end]):
            break
        end += 1
    while end > index and _connects(words[end - 1]) and not words[end - 1].name_like:
        end -= 1
    named = [word for word in words[index:end] if not _connects(word)]
    if named and (is_told or named[0].name_like):
        _mark(words[index:end])


def _is_plain(word: Word) -> bool:
    return word.is_number or bool(word.stays & _VERY_ORDINARY)


def _is_common(reading: Reading, word: Word) -> bool:
    """Say whether *word* is too common, or too much of these reports, to be half of a name that is not hidden yet."""
    lexicons = map(open_lexicon, reading.languages[:_MOST_LANGUAGES])
    return _is_plain(word) or any(
        lexicon.zipf(word.folded) >= _COMMON for lexicon in lexicons if lexicon
    )


def _connects(word: Word) -> bool:
    return word.folded in words_of("mul", "connectors")


def _hide_after(reading: Reading, first: int, end: int) -> None:
    """ "kebun sinar rimba abadi", "Hotel Sol": the hidden name right after the kind, with what stands between."""
    words = reading.words
    at = end
    while at < min(len(words), end + _MOST_BETWEEN) and words[at].joined and not words[at].hidden:
        is_small = _connects(words[at]) and words[first].is_capital
        if _is_common(reading, words[at]) and not is_small:
            return
        at += 1
    if at >= len(words) or not words[at].joined or not words[at].name_like:
        return
    if any(word.folded in _people() for word in words[end : at + 1]):
        return
    last = at
    limit = min(len(words), at + _LONGEST_RUN)
    while last + 1 < limit and words[last + 1].joined and words[last + 1].name_like:
        last += 1
    is_part = words[first].is_run or (words[first].is_capital and not words[first].opens)
    _mark(words[first if is_part else end : last + 1])


def _hide_chunk(words: list[Word], index: int) -> bool:
    """ "บริษัท เหนือฟ้า": where no spaces stand between words, one after the kind sets the name apart, up to the next."""
    if index >= len(words) or not words[index].is_run or not words[index - 1].is_run:
        return False
    if words[index].start - words[index - 1].end != 1 or _is_plain(words[index]):
        return False
    end = index + 1
    while end < len(words) and words[end].start == words[end - 1].end:
        end += 1
    if words[end - 1].end - words[index].start > _LONGEST_CHUNK:
        return False
    _mark(words[index:end])
    return True


@lru_cache(maxsize=1)
def _people() -> frozenset[str]:
    """Return titles and kin: "the bar madam Rosa" tells of her, not of a bar called Madam Rosa."""
    kinds = ("titles", "kin", "offices")
    return frozenset[str]().union(*(phrases.everywhere(kind) for kind in kinds))


def _hide_before(reading: Reading, first: int, end: int) -> None:
    """ "Golden Lotus Nails", "golden carp hub": the hidden name right before the kind, which is part of it."""
    words = reading.words
    if words[first].name_like and not words[first].has_case:
        _hide_up_to(reading, first, end)
    if first and words[first].joined and _may_be_named(reading, words[first - 1]):
        words[first - 1].hide(Rule.VENUE)
    if not first or not words[first].joined or not words[first - 1].name_like:
        return
    kind = words[first]
    if kind.is_capital or kind.is_run or not reading.capitals_tell:
        start = first - 1
        farthest = max(0, first - _LONGEST_RUN)
        while start > farthest and words[start].joined and words[start - 1].name_like:
            start -= 1
        _mark(words[start:end])


def _may_be_named(reading: Reading, word: Word) -> bool:
    """Say whether *word* is what people are called too, in a text without capitals: "hope high school"."""
    is_bare = word.has_case and not reading.capitals_tell
    return is_bare and word.folded in words_for(reading.languages, "name_parts")


def _hide_up_to(reading: Reading, first: int, end: int) -> None:
    """ "तिन तारा ब्रिक्स": where the kind itself is hidden, take along what stands right before it."""
    words = reading.words
    start = first
    while start and first - start < _MOST_BETWEEN and words[start].joined:
        is_bridge = start > 1 and words[start - 1].joined and words[start - 2].name_like
        if _is_common(reading, words[start - 1]) and not is_bridge:
            break
        start -= 1
    _mark(words[start:end])


def _hide_companies(reading: Reading) -> None:
    """Hide "Ltd", "SARL", "ООО" beside a hidden name, and call that name a venue."""
    words = reading.words
    for index in reading.where_any(phrases.everywhere("company_forms")):
        word = words[index]
        if len(word.folded) <= _SHORT_FORM and word.has_case and not word.is_shouted:
            continue
        for beside in (index - 1, index + 1):
            if (
                0 <= beside < len(words)
                and words[max(index, beside)].is_near
                and words[beside].name_like
            ):
                _mark([word, words[beside]])


def _mark(words: list[Word]) -> None:
    for word in words:
        word.hidden = True
        if word.label in {None, Label.OTHER_ID, Label.PLACE}:
            word.label = Label.VENUE
