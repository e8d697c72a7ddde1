"""The phrases of one language, ready to be looked for in a text.

A lexicon is a file of data, ``lexicons/<language>.toml``. It is read once, at first use. Looking for
its phrases is cheap because a phrase is tried only where all of its elements stand in the text, and
its pattern is compiled only when that first happens.
"""

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from hotline.assess.phrases import Grammar, Phrase, compile_row, read_phrases
from hotline.assess.words import Reading, Words, fold, read

_FOLDER = Path(__file__).parent / "lexicons"
_ALIASES = {"fil": "tl", "prs": "fa", "pes": "fa", "in": "id", "ms": "id", "zsm": "id", "mo": "ro"}
_NUMBER = "#"
_GRAM = 3

Span = tuple[int, int]


class Lexicon:
    """Finds the facts that a text states in one language."""

    def __init__(self, source: Mapping[str, Any]) -> None:
        reading = source.get("reading", {})
        negation = source.get("negation", {})
        self.reading = Reading(
            apostrophe_splits=reading.get("apostrophe_splits", False),
            digits_in_words=reading.get("digits_in_words", False),
            unsegmented=reading.get("unsegmented", False),
        )
        self._before = frozenset(fold(negation.get("before", "")).split())
        self._after = frozenset(fold(negation.get("after", "")).split())
        self._window = int(negation.get("window", 2))
        self._proclitics = tuple(fold(reading.get("proclitics", "")).split())
        self._proclitics_before = fold(reading.get("proclitics_before", ""))
        self._grammar = Grammar(
            sets={name: "|".join(fold(words).split()) for name, words in source["sets"].items()},
            numbers=_number_words(source.get("numbers", {})),
            negators=self._before | self._after,
            proclitics=self._proclitics,
            proclitics_before=self._proclitics_before,
            unsegmented=self.reading.unsegmented,
        )
        self._phrases: list[Phrase] = []
        for rule, lines in source["phrases"].items():
            folded = "\n".join(map(fold, lines.splitlines()))
            self._phrases += read_phrases(rule, folded, self._grammar)
        self._patterns: list[re.Pattern[str] | None] = [None] * len(self._phrases)
        self._index()

    def _index(self) -> None:
        """Map words to the elements they satisfy, and elements to the phrases to try on them."""
        ids: dict[tuple[str, ...], int] = {}
        uses = Counter(element for phrase in self._phrases for element in set(phrase.elements))
        self._exact: dict[str, list[int]] = defaultdict(list)
        self._stems: dict[str, list[int]] = defaultdict(list)
        self._grams: dict[str, list[int]] = defaultdict(list)
        for element in uses:
            ids[element] = len(ids)
            for word in element:
                self._register(word, ids[element])
        self._tries: list[list[tuple[int, frozenset[int]]]] = [[] for _ in ids]
        for number, phrase in enumerate(self._phrases):
            rarest = min(phrase.elements, key=lambda element: (uses[element], len(element)))
            needed = frozenset(ids[element] for element in phrase.elements)
            self._tries[ids[rarest]].append((number, needed))
        self._stem_lengths = sorted({len(stem) for stem in self._stems})

    def _register(self, word: str, element: int) -> None:
        if self.reading.unsegmented:
            self._grams[word.split("*")[0][:_GRAM]].append(element)
            return
        part = max(word.split(" "), key=lambda part: len(part.strip("*")))
        if part.startswith("*"):
            self._grams[part.strip("*")[:_GRAM]].append(element)
        elif "*" in part:
            self._stems[part.split("*")[0]].append(element)
        else:
            self._exact[part].append(element)

    def find(self, text: str) -> dict[str, Span]:
        """Return the rules that *text* satisfies, each with a span of *text* that does."""
        words = read(text, self.reading)
        present = self._present(words)
        found: dict[str, Span] = {}
        for element in sorted(present):
            for number, needed in self._tries[element]:
                phrase = self._phrases[number]
                if phrase.rule not in found and needed <= present:
                    span = self._match(number, words)
                    if span:
                        found[phrase.rule] = span
        return found

    def _present(self, words: Words) -> set[int]:
        present: set[int] = set()
        if self.reading.unsegmented:
            line = words.line
            for size in range(1, _GRAM + 1):
                for at in range(len(line) - size + 1):
                    present.update(self._grams.get(line[at : at + size], ()))
        else:
            for token in set(words.tokens):
                for form in self._forms(token):
                    self._satisfied(form, present)
        if any(token.isdigit() for token in words.tokens):
            present.update(self._grams.get(_NUMBER, ()), self._exact.get(_NUMBER, ()))
        return present

    def _forms(self, token: str) -> Iterator[str]:
        """Yield *token*, and what is left of it without a particle glued to its front."""
        yield token
        for particle in self._proclitics:
            if token.startswith(particle):
                rest = token[len(particle) :]
                if rest and (not self._proclitics_before or rest[0] in self._proclitics_before):
                    yield rest

    def _satisfied(self, form: str, present: set[int]) -> None:
        present.update(self._exact.get(form, ()))
        for length in self._stem_lengths:
            if length > len(form):
                break
            present.update(self._stems.get(form[:length], ()))
        if self._grams:
            for at in range(len(form) - _GRAM + 1):
                present.update(self._grams.get(form[at : at + _GRAM], ()))

    def _match(self, number: int, words: Words) -> Span | None:
        pattern = self._patterns[number]
        if pattern is None:
            pattern = self._patterns[number] = compile_row(self._phrases[number].row, self._grammar)
        for match in pattern.finditer(words.line):
            if not (self._phrases[number].heeds_negation and self._is_denied(match, words.line)):
                return words.span(match.start() + (not self.reading.unsegmented), match.end())
        return None

    def _is_denied(self, match: re.Match[str], line: str) -> bool:
        """Tell whether a negation stands right before, or in some languages right after, the match."""
        if self.reading.unsegmented:
            return line[: match.start()].endswith(tuple(self._before))
        clause = line[max(match.start() - 40, 0) : match.start()].rpartition(" . ")[2]
        before = clause.split(" ")[-self._window :]
        after = line[match.end() : match.end() + 20].split(" ", 2)[1:2]
        return not (self._before.isdisjoint(before) and self._after.isdisjoint(after))


def _number_words(table: Mapping[str, str]) -> dict[str, int]:
    return {
        word.replace("_", " "): int(value)
        for value, words in table.items()
        for word in fold(words).split()
    }


def lexicon_for(language: str) -> Lexicon | None:
    """Return the lexicon of a BCP 47 *language*, or None where we have none for it."""
    primary = language.replace("_", "-").split("-")[0].lower()
    return _open(_ALIASES.get(primary, primary))


@lru_cache(maxsize=64)
def _open(language: str) -> Lexicon | None:
    path = _FOLDER / f"{language}.toml"
    if not language.isalpha() or not path.is_file():
        return None
    return Lexicon(tomllib.loads(path.read_text("utf-8")))
