"""Find the phrases of a kind ("street", "in the city of") where they stand among the words of a text."""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import lru_cache

from hotline.anonymize.reading import Reading, Word
from hotline.anonymize.tokens import HAS_RUN, words_in
from hotline.lexicon import phrases


class Wording:
    """Phrases by their first word. In scripts without spaces they are looked for in the text instead."""

    def __init__(self, listed: Iterable[str]) -> None:
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        in_runs: list[str] = []
        for phrase in sorted(set(listed), key=lambda each: (-len(each), each)):
            if HAS_RUN.search(phrase):
                in_runs.append(phrase)
            if words := words_in(phrase):
                self._by_first.setdefault(words[0], []).append(tuple(words[1:]))
        self._in_runs = one_of(in_runs) if in_runs else None

    @property
    def firsts(self) -> Container[str]:
        """Return the words with which a phrase begins."""
        return self._by_first

    def __contains__(self, word: str) -> bool:
        return () in self._by_first.get(word, ())

    def found_in(self, reading: Reading) -> list[tuple[int, int]]:
        """Return the first word of each phrase that stands in *reading*, and the word after its last."""
        words = reading.words
        found: list[tuple[int, int]] = []
        reached = 0
        for index, word in enumerate(words):
            if index >= reached and word.folded in self._by_first:
                reached = self.end_at(words, index)
                if reached:
                    found.append((index, reached))
        if self._in_runs and any(word.is_run for word in words):
            found = sorted({*found, *self._within_runs(reading)})
        return found

    def end_at(self, words: Sequence[Word], index: int) -> int:
        """Return the word after the phrase that starts at *index*; 0 where none does."""
        for rest in self._by_first.get(words[index].folded, ()):
            end = index + 1 + len(rest)
            if not rest:
                return end
            if tuple(word.folded for word in words[index + 1 : end]) == rest:
                return end
        return 0

    def _within_runs(self, reading: Reading) -> Iterator[tuple[int, int]]:
        if self._in_runs is None:
            return
        starts = {word.start: index for index, word in enumerate(reading.words)}
        ends = {word.end: index + 1 for index, word in enumerate(reading.words)}
        for found in self._in_runs.finditer(reading.folded):
            first, end = starts.get(found.start()), ends.get(found.end())
            if first is not None and end is not None:
                yield first, end


def one_of(listed: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern for the longest of *listed* that stands at a place, tried letter by letter."""
    return re.compile(as_pattern(listed))


def as_pattern(listed: Iterable[str]) -> str:
    """Return *listed* as an expression in which phrases with the same beginning share it: a hundred cost as few do."""
    tree: dict[str, object] = {}
    for phrase in listed:
        node: dict[str, object] = tree
        for char in phrase:
            node = node.setdefault(char, {})  # type: ignore[assignment]
        node[""] = {}
    return _branch(tree)


def _branch(node: dict[str, object]) -> str:
    ends = "" in node
    branches = [_letter(char) + _branch(rest) for char, rest in sorted(node.items()) if char]  # type: ignore[arg-type]
    if not branches:
        return ""
    together = branches[0] if len(branches) == 1 and not ends else f"(?:{'|'.join(branches)})"
    return f"{together}?" if ends else together


def _letter(char: str) -> str:
    return r"\s+" if char == " " else re.escape(char)


def asked(languages: tuple[str, ...]) -> tuple[str, ...]:
    """Return whose phrases a text in *languages* may use: also English, and what is of no single language."""
    bases = (code.partition("-")[0] for code in languages)
    return tuple(dict.fromkeys((*languages, *bases, "en", "mul")))


@lru_cache(maxsize=1024)
def wording(languages: tuple[str, ...], *kinds: str) -> Wording:
    """Return the phrases of *kinds* that a text in *languages* may use."""
    codes = asked(languages)
    return Wording(phrase for code in codes for kind in kinds for phrase in phrases.of(code, kind))


@lru_cache(maxsize=64)
def wording_everywhere(*kinds: str) -> Wording:
    """Return the phrases of *kinds* in all languages together."""
    return Wording(phrase for kind in kinds for phrase in phrases.everywhere(kind))
