"""Whom a message greets, and who signs it: "hi Hope", "thanks, Mercy", "- Joy" on the last line.

Names made of words stay in lower case as any word does, unless something says that somebody is spoken to.
"""

import re

from hotline.anonymize.reading import Reading, Rule, Word
from hotline.anonymize.wording import wording
from hotline.lexicon import open_names
from hotline.lexicon.format import Stays

_ANYWHERE = int(Stays.AFTER_INTRODUCER | Stays.CAPITALIZED)
_NO_NAME = _ANYWHERE | int(Stays.BESIDE_A_NAME)
_LEADS_ON = re.compile(r"[\s,،、:\-\u2010-\u2015~*♥❤️]*")
_SIGNS_OFF = re.compile(r"[^\w\n]*\n[^\w]*|[^\w]*\s[-\u2010-\u2015~*]+\s?")
_LONGEST_SIGNATURE = 2


def hide_saluted(reading: Reading) -> None:
    """Mark the one word after a greeting, and the last words where they are signed, as a name unless plainly ordinary."""
    words = reading.words
    for first, end in wording(reading.languages, "greetings").found_in(reading):
        if end < len(words) and words[first].opens and _is_lead(reading, end):
            _hide_person(words[end])
    for _, end in wording(reading.languages, "closings").found_in(reading):
        if 0 < len(words) - end <= _LONGEST_SIGNATURE and _is_lead(reading, end):
            for word in words[end:]:
                _hide_person(word)
    _hide_signature(reading)


def _is_lead(reading: Reading, index: int) -> bool:
    words = reading.words
    return _LEADS_ON.fullmatch(reading.text, words[index - 1].end, words[index].start) is not None


def _hide_signature(reading: Reading) -> None:
    """Hide a name that stands alone on the last line, or behind a dash at the end."""
    words = reading.words
    for count in range(1, min(len(words), _LONGEST_SIGNATURE + 1)):
        first = len(words) - count
        gap = reading.text[words[first - 1].end : words[first].start]
        if _SIGNS_OFF.fullmatch(gap):
            for word in words[first:]:
                _hide_person(word, is_signed=bool(gap.strip()))
            return


def _hide_person(word: Word, *, is_signed: bool = False) -> None:
    """Hide *word* where it is somebody's name and no very ordinary word; with a capital behind a dash, in any case."""
    if word.hidden or word.is_number:
        return
    if is_signed and word.is_capital:
        is_name = not word.stays & _ANYWHERE
    else:
        is_name = not word.stays & _NO_NAME and word.folded in open_names("persons")
    if is_name:
        word.hide(Rule.INTRODUCED)
