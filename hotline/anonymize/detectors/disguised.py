"""Names in which signs stand for letters: "mar!a", "$am", "M@r1a", "Mar*a".

Read with its letters the word is a name of somebody, or it is cut so short that nobody writes a word like that.
"""

import re
from collections.abc import Iterator

from hotline.domain.identity import Label, Span
from hotline.lexicon import open_names

_MEANT = str.maketrans("!¡|1$5@4€30+7£6", "iiiissaaeeottlg")
_SIGNS = "!¡|$@€£+"
_SIGNED = re.compile(
    rf"(?<![\w{_SIGNS}])[$@]?[^\W\d_]*(?:[{_SIGNS}0-9][^\W\d_]+){{1,8}}!?(?![\w{_SIGNS}])"
)
_STARRED = re.compile(r"(?<![\w*])[^\W\d_]{1,20}(?:\*{1,5}[^\W\d_]{1,20}){1,8}(?![\w*])")
_SIGN = re.compile(rf"[*{_SIGNS}]")
_SIGN_BEFORE_LETTER = re.compile(rf"[{_SIGNS}0-9][^\W\d_]")
_SHORTEST, _SYLLABLE = 3, 2


def find(folded: str) -> Iterator[Span]:
    if not _SIGN.search(folded):
        return
    if _SIGN_BEFORE_LETTER.search(folded):
        yield from _signed(folded)
    if "*" in folded:
        for found in _STARRED.finditer(folded):
            if min(map(len, filter(None, found.group().split("*")))) <= _SYLLABLE:
                yield Span(found.start(), found.end(), Label.PERSON)


def _signed(folded: str) -> Iterator[Span]:
    for found in _SIGNED.finditer(folded):
        meant = found.group().translate(_MEANT)
        is_long = len(meant) >= _SHORTEST
        if is_long and _SIGN.search(found.group()) and meant in open_names("persons"):
            yield Span(found.start(), found.end(), Label.PERSON)
