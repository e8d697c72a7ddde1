"""Find a return code in what somebody texted, among other words: twenty-one digits, or six words of the list."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hotline.vault.codes import ReturnCode, is_word, parse

_DIGITS = re.compile(r"(?<!\d)(?=(\d(?:[\W_]{0,3}\d){20})(?!\d))")
_WORD = re.compile(r"[^\W\d_]+")
_WORDS = 6


@dataclass(frozen=True, slots=True, repr=False)
class Found:
    """A code, and where in the text it stands (code points)."""

    code: ReturnCode
    start: int
    end: int

    def __repr__(self) -> str:
        return "<Found>"


def codes_in(text: str) -> Iterator[Found]:
    """Yield what could be codes in *text*, those in digits first; they may overlap.

    Digits carry a check, so one that is found was meant as one. Any six words of the list could be a code.
    """
    for match in _DIGITS.finditer(text):
        code = parse(match[1])
        if code is not None:
            yield Found(code, match.start(1), match.end(1))
    words = list(_WORD.finditer(text))
    # Of six in a row one stands at a place that six divides: nearly every text is done with here.
    if not any(is_word(word[0]) for word in words[_WORDS - 1 :: _WORDS]):
        return
    known = [is_word(word[0]) for word in words]
    for first in range(len(words) - _WORDS + 1):
        if all(known[first : first + _WORDS]):
            start, end = words[first].start(), words[first + _WORDS - 1].end()
            code = parse(text[start:end])
            if code is not None:
                yield Found(code, start, end)


def without(text: str, found: list[Found], mark: str = "…") -> str:
    """Return *text* with each of *found* replaced by *mark*; what overlaps is replaced as one."""
    kept, last = [], 0
    for one in sorted(found, key=lambda each: each.start):
        if one.start >= last:
            kept.append(text[last : one.start] + mark)
        last = max(last, one.end)
    return "".join([*kept, text[last:]])
