"""Cut a folded text into words and numbers, as places in the text."""

import re

from hotline.lexicon.folding import MARKS, bare, is_bare

# Thai, Lao, Burmese, Khmer, kana and Han stand without spaces: a run of them is cut by `segmenting`.
RUN = "\u0e00-\u0e4e\u0e80-\u0eff\u1000-\u1049\u1050-\u109f\uaa60-\uaa7f\u1780-\u17d3\u17d7\u17dc\u17dd\u3005\u3007\u3040-\u30ff\u3400-\u9fff"
HAS_RUN = re.compile(f"[{RUN}]")
_NUMBER = r"\d+(?:[.,:]\d+)+(?![^\W\d_])"
_ELSE = rf"[^\W_](?:[^\W_]|[{MARKS}]|['\u200c\u200d](?=[^\W_]))*"
TOKEN = re.compile(f"{_NUMBER}|{_ELSE}")
# Most texts hold no combining mark and no joiner: they are cut in a third of the time.
PLAIN_TOKEN = re.compile(rf"{_NUMBER}|[^\W_]+(?:'[^\W_]+)*")
# A class with dozens of ranges beyond U+FFFF tries them one by one on every letter: those marks are asked for as one block.
_FAR = "\U00011000"
_NEAR_MARKS = "".join(MARKS[at : at + 3] for at in range(0, len(MARKS), 3) if MARKS[at] < _FAR)
NOT_PLAIN = re.compile(f"[{_NEAR_MARKS}{_FAR}-\U000117ff{RUN}\u200c\u200d]")
_NOT_RUN = rf"[^\W_{RUN}](?:[^\W_{RUN}]|[{MARKS}]|['\u200c\u200d](?=[^\W_{RUN}]))*"
TOKEN_OR_RUN = re.compile(f"{_NUMBER}|{_NOT_RUN}|[{RUN}](?:[{RUN}{MARKS}])*")


def places(folded: str) -> list[tuple[int, int]]:
    """Return start and end of every word, number, or run of a script without spaces."""
    pattern = PLAIN_TOKEN
    if not folded.isascii() and NOT_PLAIN.search(folded):
        pattern = TOKEN_OR_RUN if HAS_RUN.search(folded) else TOKEN
    return [found.span() for found in pattern.finditer(folded)]


def forms_of(folded: str, spans: list[tuple[int, int]]) -> list[str]:
    """Return the words at *spans* in the form that lexicons list."""
    words = [folded[start:end] for start, end in spans]
    if folded.isascii() or is_bare(folded):
        return words
    return [word if word.isascii() else bare(word) for word in words]


def words_in(folded: str) -> list[str]:
    """Return the words of *folded* in the form that lexicons list."""
    return forms_of(folded, places(folded))


def is_run(token: str) -> bool:
    return HAS_RUN.match(token) is not None
