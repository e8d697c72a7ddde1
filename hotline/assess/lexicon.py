"""The phrases of one language, ready to be looked for in a text.

A lexicon is a file of data, ``lexicons/<language>.toml``, beside the phrases of ``everywhere.toml``
that its sets can fill. It is read once, at first use. Looking for its phrases is cheap because a phrase is tried only where all of its elements stand in the text, and
its pattern is compiled only when that first happens.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from hotline.assess.index import Index
from hotline.assess.phrases import Grammar, Line, Phrase, compile_row, read_phrases
from hotline.assess.words import Reading, Words, fold
from hotline.locales import language_of

_FOLDER = Path(__file__).parent / "lexicons"
_EVERYWHERE: dict[str, str] = tomllib.loads(
    _FOLDER.with_name("everywhere.toml").read_text("utf-8")
)["phrases"]

_TEN = 10
_LONGEST_TENS = 16
# Rules whose verb may carry its own negation: "dövmüyor", he does not hit.
_DEEDS = frozenset({"physical_and_sexual_violence", "violence_now"})
_SET = re.compile(r"@(\w+)")
_TAG = re.compile("[a-z]{2,8}")
_NONE: frozenset[str] = frozenset()

Span = tuple[int, int]


class Lexicon:
    """Finds the facts that a text states in one language."""

    def __init__(self, source: Mapping[str, Any]) -> None:
        reading = source.get("reading", {})
        negation = source.get("negation", {})
        sets = dict(source["sets"])
        for name, words in source.get("everywhere", {}).items():
            sets[name] = f"{sets.get(name, '')} {words}"
        self.reading = Reading(
            apostrophe_splits=reading.get("apostrophe_splits", False),
            digits_in_words=reading.get("digits_in_words", False),
            unsegmented=reading.get("unsegmented", False),
        )
        self._before = frozenset(fold(negation.get("before", "")).split())
        self._after = frozenset(fold(negation.get("after", "")).split())
        self._nobody = tuple(
            f" {words.replace('_', ' ')} " for words in fold(negation.get("nobody", "")).split()
        )
        self._inside = _shapes(negation.get("inside", ""))
        self._window = int(negation.get("window", 2))
        self._not_after = {
            rule: frozenset(fold(words).split())
            for rule, words in source.get("not_after", {}).items()
        }
        self.grammar = Grammar(
            sets={name: "|".join(fold(words).split()) for name, words in sets.items()},
            numbers=_number_words(source.get("numbers", {})),
            negators=self._before | self._after,
            proclitics=tuple(fold(reading.get("proclitics", "")).split()),
            proclitics_before=fold(reading.get("proclitics_before", "")),
            unsegmented=self.reading.unsegmented,
            letters=int(reading.get("letters", 3)),
        )
        self._older = _older(source.get("tens", {}), self.grammar)
        phrases: list[Phrase] = []
        for rule, lines in source["phrases"].items():
            folded = "\n".join(map(fold, lines.splitlines()))
            phrases += read_phrases(rule, folded, self.grammar)
        if "everywhere" in source:
            for rule, lines in _EVERYWHERE.items():
                phrases += read_phrases(rule, _sayable(lines, sets), self.grammar)
        self._index = Index(phrases, self.grammar)
        # The index took what it needs: a quarter of what a lexicon holds in memory ends here.
        self.grammar.spelled.clear()
        self.phrases = [Line(each.rule, each.row, each.heeds_negation) for each in phrases]
        self._patterns: list[re.Pattern[str] | None] = [None] * len(self.phrases)

    def find(self, words: Words) -> dict[str, Span]:
        """Return the rules that the text *words*, read with `reading`, satisfies.

        Each comes with a span of the text that does.
        """
        found: dict[str, Span] = {}
        for number, start, end in self._index.candidates(words, found):
            if span := self._match(number, words, start, end):
                found[self.phrases[number].rule] = span
        return found

    def _match(self, number: int, words: Words, start: int, end: int) -> Span | None:
        pattern = self._patterns[number]
        if pattern is None:
            pattern = self._patterns[number] = compile_row(self.phrases[number].row, self.grammar)
        for match in pattern.finditer(words.line, start, end):
            if not self._is_denied(match, words.line, self.phrases[number]):
                return words.span(match.start() + (not self.reading.unsegmented), match.end())
        return None

    def _is_denied(self, match: re.Match[str], line: str, phrase: Line) -> bool:
        """Tell whether the words around the match turn it: a negation, or a word its rule may not follow."""
        if phrase.rule == "child" and self._is_older(match, line):
            return True
        if self.reading.unsegmented:
            before = line[: match.start()]
            return phrase.heeds_negation and before.endswith(tuple(self._before))
        # With the space that the match begins at, so that a sentence's end just before it is seen.
        before = line[max(match.start() - 60, 0) : match.start() + 1]
        clause = before.rpartition(" . ")[2].split()
        if not self._not_after.get(phrase.rule, _NONE).isdisjoint(clause[-3:]):
            return True
        if not phrase.heeds_negation:
            return False
        if self._nobody and any(map(f" {' '.join(clause[-4:])} ".__contains__, self._nobody)):
            return True
        if phrase.rule in _DEEDS and self._inside and any(map(self._inside, match[0].split())):
            return True
        after = line[match.end() : match.end() + 20].split(" ", 2)[1:2]
        return not (
            self._before.isdisjoint(clause[-self._window :]) and self._after.isdisjoint(after)
        )

    def _is_older(self, match: re.Match[str], line: str) -> bool:
        """Tell whether a number of the match is but a part of a higher one: six of twenty six."""
        if self._older is None:
            return False
        around = self._older.finditer(
            line, max(match.start() - _LONGEST_TENS, 0), match.end() + _LONGEST_TENS
        )
        return any(older.start() < match.end() and older.end() > match.start() for older in around)


def _shapes(patterns: str) -> Callable[[str], object] | None:
    """Return what tells words that look like one of *patterns*, such as ``*miyor``, from others."""
    shapes = [re.escape(word).replace(r"\*", ".*") for word in fold(patterns).split()]
    return re.compile("|".join(shapes)).fullmatch if shapes else None


def _sayable(lines: str, sets: Mapping[str, str]) -> str:
    """Return those of *lines* whose every set is among *sets*."""
    return "\n".join(line for line in lines.splitlines() if sets.keys() >= {*_SET.findall(line)})


def _older(tens: Mapping[str, str], grammar: Grammar) -> re.Pattern[str] | None:
    """Return the pattern of numbers from twenty on in words, or None where they are one word anyway."""
    if not tens:
        return None
    words = "|".join(re.escape(word.replace("_", " ")) for word in fold(tens["words"]).split())
    if grammar.unsegmented:
        return re.compile(words)
    link = f"(?:{fold(tens.get('link', ''))} )?"
    ones = "|".join(word for word, value in grammar.numbers.items() if value < _TEN)
    return re.compile(rf" (?:(?:{words}) {link}(?:{ones})|(?:{ones}) (?:{words}))(?= )")


def _number_words(table: Mapping[str, str]) -> dict[str, int]:
    return {
        word.replace("_", " "): int(value)
        for value, words in table.items()
        for word in fold(words).split()
    }


def lexicon_for(language: str) -> Lexicon | None:
    """Return the lexicon of a BCP 47 *language*, or None where we have none for it."""
    return _open(language_of(language))


@lru_cache(maxsize=64)
def _open(language: str) -> Lexicon | None:
    path = _FOLDER / f"{language}.toml"
    if not _TAG.fullmatch(language) or not path.is_file():
        return None
    return Lexicon(tomllib.loads(path.read_text("utf-8")))
