"""Cut a folded text into words and numbers, as places in the text."""

import re
from collections.abc import Iterator

from hotline.lexicon.folding import MARKS, bare

# Thai, Lao, Burmese, Khmer, kana and Han stand without spaces: a run of them is cut by `segmenting`.
_RUN = "\u0e00-\u0e4e\u0e80-\u0eff\u1000-\u109f\uaa60-\uaa7f\u1780-\u17df\u3005\u3007\u3040-\u30ff\u3400-\u9fff"
HAS_RUN = re.compile(f"[{_RUN}]")
_NUMBER = r"\d+(?:[.,:]\d+)+(?![^\W\d_])"
_ELSE = rf"[^\W_](?:[^\W_]|[{MARKS}]|['\u200c\u200d](?=[^\W_]))*"
TOKEN = re.compile(f"{_NUMBER}|{_ELSE}")
_NOT_RUN = rf"[^\W_{_RUN}](?:[^\W_{_RUN}]|[{MARKS}]|['\u200c\u200d](?=[^\W_{_RUN}]))*"
TOKEN_OR_RUN = re.compile(f"{_NUMBER}|{_NOT_RUN}|[{_RUN}](?:[{_RUN}{MARKS}])*")


def places(folded: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of every word, number, or run of a script without spaces."""
    pattern = TOKEN_OR_RUN if HAS_RUN.search(folded) else TOKEN
    for found in pattern.finditer(folded):
        yield found.span()


def words_in(folded: str) -> list[str]:
    """Return the words of *folded* in the form that lexicons list."""
    return [bare(folded[start:end]) for start, end in places(folded)]


def is_run(token: str) -> bool:
    return HAS_RUN.match(token) is not None
