"""The words that the assessment looks for: they must survive, or a caseworker could not see why a report is urgent.

They are read from its own lexicons, so that no list of them has to be kept twice. Runs only when lexicons are built.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hotline.lexicon.folding import bare, fold
from hotline.lexicon.wordlists import HERE

_ASSESSMENT = HERE.parent / "assess" / "lexicons"
_BETWEEN = re.compile(r"[\s|_]+")
_SHORTEST_STEM = 4
_LONGEST_STEM = 16


@dataclass(frozen=True, slots=True)
class TriageWords:
    """Folded words, and beginnings of words, of one language."""

    words: frozenset[str] = frozenset()
    stems: frozenset[str] = frozenset()

    def begin(self, word: str) -> bool:
        """Say whether *word* begins with one of the stems."""
        longest = min(len(word), _LONGEST_STEM)
        return any(word[:end] in self.stems for end in range(_SHORTEST_STEM, longest + 1))


def triage_words(code: str) -> TriageWords:
    """Return what is looked for in language *code*; ``ar-Latn`` has the romanized words of ``ar``."""
    language, _, script = code.partition("-")
    path = _ASSESSMENT / f"{language}.toml"
    if not path.exists():
        return TriageWords()
    lexicon = tomllib.loads(path.read_text(encoding="utf-8"))
    listed = list(_elements(lexicon))
    latin = [each for each in listed if each.isascii()]
    romanized = (HERE / "keep" / f"{language}-Latn.txt").exists()
    chosen = latin if script else [each for each in listed if not (romanized and each.isascii())]
    return TriageWords(
        frozenset(
            bare(fold(each)) for each in chosen if each.replace("'", "").isalpha() or _marked(each)
        ),
        frozenset(
            bare(fold(each[:-1])) for each in chosen if each.endswith("*") and "*" not in each[:-1]
        ),
    )


def _marked(element: str) -> bool:
    """Say whether *element* is a word of a script whose vowel signs are no letters."""
    return not element.isascii() and "*" not in element and not any(map(str.isdigit, element))


def _elements(lexicon: dict[str, object]) -> Iterator[str]:
    for table in ("negation", "numbers", "sets", "phrases"):
        rows = lexicon.get(table)
        for text in rows.values() if isinstance(rows, dict) else ():
            yield from _words(str(text).splitlines())


def _words(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        for element in _BETWEEN.split(line):
            word = element.strip("~!?^$()")
            if len(word) > 1 and word[0] not in "@#<.":
                yield word
