"""Find the phrases of a kind ("street", "in the city of") where they stand among the words of a text."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from hotline.anonymize.reading import Reading
from hotline.anonymize.tokens import HAS_RUN, words_in
from hotline.lexicon import phrases

# So many mixtures of languages are remembered at once, each with some thirty kinds of phrases. Strangers choose them: what
# is kept for each must have an end.
MIXTURES = 128
_KINDS = 32
_NONE: tuple[tuple[str, ...], ...] = ()


class Wording:
    """Phrases by their first word. In scripts without spaces they are looked for in the text instead."""

    def __init__(self, listed: Iterable[str]) -> None:
        self.by_first: dict[str, tuple[tuple[str, ...], ...]] = {}
        in_runs: list[str] = []
        for phrase in sorted(set(listed), key=lambda each: (-len(each), each)):
            if HAS_RUN.search(phrase):
                in_runs.append(phrase)
            if words := words_in(phrase):
                self.by_first[words[0]] = (*self.by_first.get(words[0], _NONE), tuple(words[1:]))
        self.firsts = frozenset(self.by_first)
        self.in_runs = one_of(in_runs) if in_runs else None


class Wordings:
    """What several languages say for the same thing. One object a language, so that any mixture of them costs little."""

    def __init__(self, parts: Sequence[Wording]) -> None:
        self._parts = [part.by_first for part in parts if part.firsts]
        self.firsts = frozenset[str]().union(*(part.firsts for part in parts))
        self._in_runs = [part.in_runs for part in parts if part.in_runs]

    def __contains__(self, word: str) -> bool:
        return word in self.firsts and any(() in part.get(word, _NONE) for part in self._parts)

    def found_in(self, reading: Reading) -> list[tuple[int, int]]:
        """Return the first word of each phrase that stands in *reading*, and the word after its last."""
        found: list[tuple[int, int]] = []
        reached = 0
        for index in reading.where_any(self.firsts):
            if index >= reached and (end := self.end_at(reading.forms, index)):
                found.append((index, end))
                reached = end
        if reading.has_runs and self._in_runs:
            found = sorted({*found, *self._within_runs(reading)})
        return found

    def end_at(self, forms: Sequence[str], index: int) -> int:
        """Return the word after the longest phrase that starts at *index* among *forms*; 0 where none does."""
        if index >= len(forms) or (first := forms[index]) not in self.firsts:
            return 0
        longest = 0
        for part in self._parts:
            for rest in part.get(first, _NONE):
                end = index + 1 + len(rest)
                if end > longest and (not rest or tuple(forms[index + 1 : end]) == rest):
                    longest = end
        return longest

    def _within_runs(self, reading: Reading) -> Iterator[tuple[int, int]]:
        starts = {word.start: index for index, word in enumerate(reading.words)}
        ends = {word.end: index + 1 for index, word in enumerate(reading.words)}
        for pattern in self._in_runs:
            for found in pattern.finditer(reading.folded):
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


@lru_cache(maxsize=2048)
def wording_of(code: str, *kinds: str) -> Wording:
    """Return the phrases of *kinds* in one language."""
    return Wording(phrase for kind in kinds for phrase in phrases.of(code, kind))


@lru_cache(maxsize=MIXTURES * _KINDS // 2)
def wording(languages: tuple[str, ...], *kinds: str) -> Wordings:
    """Return the phrases of *kinds* that a text in *languages* may use."""
    return Wordings([wording_of(code, *kinds) for code in asked(languages)])


@lru_cache(maxsize=64)
def wording_everywhere(*kinds: str) -> Wordings:
    """Return the phrases of *kinds* in all languages together."""
    return Wordings([Wording(phrase for kind in kinds for phrase in phrases.everywhere(kind))])


@lru_cache(maxsize=4096)
def words_of(code: str, kind: str) -> frozenset[str]:
    """Return the phrases of one kind in one language as a set."""
    return frozenset(phrases.of(code, kind))


@lru_cache(maxsize=MIXTURES * _KINDS // 2)
def words_for(languages: tuple[str, ...], kind: str) -> frozenset[str]:
    """Return the phrases of one kind that a text in *languages* may use, as a set."""
    return frozenset[str]().union(*(words_of(code, kind) for code in asked(languages)))
