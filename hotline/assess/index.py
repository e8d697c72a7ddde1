"""Which phrases of a lexicon are worth trying on a text: those whose elements all stand near each other.

Each element is known by the words that may satisfy it. A phrase is filed under its rarest element,
and comes up only where the words of its elements lie as close as its gaps allow.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from hotline.assess.phrases import Grammar, Phrase

_GRAM = 3
_NUMBER = "#"
_Places = dict[int, list[int]]


@dataclass(frozen=True, slots=True)
class _Try:
    """A phrase, its elements in order, and how far each may be from the one before (in words)."""

    phrase: int
    needed: frozenset[int]
    elements: tuple[int, ...]
    distances: tuple[tuple[int, int], ...]


class Index:
    """Maps the words of a text to the phrases that they may fulfil."""

    def __init__(self, phrases: Sequence[Phrase], grammar: Grammar) -> None:
        self._grammar = grammar
        self._exact: dict[str, list[int]] = defaultdict(list)
        self._stems: dict[str, list[int]] = defaultdict(list)
        self._grams: dict[str, list[int]] = defaultdict(list)
        uses = Counter(element for phrase in phrases for element in set(phrase.elements))
        ids = {element: number for number, element in enumerate(uses)}
        for element, number in ids.items():
            for word in element:
                self._file(word, number)
        self._tries: list[list[_Try]] = [[] for _ in ids]
        for number, phrase in enumerate(phrases):
            rarest = min(phrase.elements, key=lambda element: (uses[element], len(element)))
            elements = tuple(ids[element] for element in phrase.elements)
            self._tries[ids[rarest]].append(
                _Try(number, frozenset(elements), elements, _distances(phrase))
            )
        self._stem_lengths = sorted({len(stem) for stem in self._stems})
        self._known = {word: tuple(dict.fromkeys(self._satisfied(word))) for word in self._exact}

    def _file(self, word: str, element: int) -> None:
        if self._grammar.unsegmented:
            self._grams[word.split("*")[0][:_GRAM]].append(element)
            return
        part = max(word.split(" "), key=lambda part: len(part.strip("*")))
        if part.startswith("*"):
            self._grams[part.strip("*")[:_GRAM]].append(element)
        elif "*" in part:
            self._stems[part.split("*")[0]].append(element)
        else:
            self._exact[part].append(element)

    def candidates(self, tokens: Sequence[str], line: str) -> Iterator[int]:
        """Yield the numbers of the phrases to try, in a stable order."""
        if self._grammar.unsegmented:
            return self._filed(self._line_places(line), self._may_stand)
        return self._filed(self._places(tokens), _lie_close)

    def _filed(self, places: _Places, is_near: Callable[[_Try, _Places], bool]) -> Iterator[int]:
        present = set(places)
        for element in sorted(places):
            for attempt in self._tries[element]:
                if attempt.needed <= present and is_near(attempt, places):
                    yield attempt.phrase

    @staticmethod
    def _may_stand(attempt: _Try, places: _Places) -> bool:
        return True

    def _places(self, tokens: Sequence[str]) -> _Places:
        places: _Places = {}
        for at, token in enumerate(tokens):
            for element in self._known.get(token) or self._satisfied(token):
                if element in places:
                    places[element].append(at)
                else:
                    places[element] = [at]
        return places

    def _line_places(self, line: str) -> _Places:
        places: _Places = {}
        for size in range(1, _GRAM + 1):
            for at in range(len(line) - size + 1):
                for element in self._grams.get(line[at : at + size], ()):
                    places.setdefault(element, []).append(at)
        if any(character.isdigit() for character in line):
            for element in self._grams.get(_NUMBER, ()):
                places.setdefault(element, []).append(0)
        return places

    def _satisfied(self, token: str) -> list[int]:
        """Return the elements that *token* may be a word of, also without a particle glued to its front."""
        elements: list[int] = []
        for form in self._forms(token):
            elements += self._exact.get(form, ())
            for length in self._stem_lengths:
                if length > len(form):
                    break
                elements += self._stems.get(form[:length], ())
            if self._grams:
                for at in range(len(form) - _GRAM + 1):
                    elements += self._grams.get(form[at : at + _GRAM], ())
        if token.isdigit():
            elements += self._exact.get(_NUMBER, ())
        return elements

    def _forms(self, token: str) -> list[str]:
        forms = [token]
        for particle in self._grammar.proclitics:
            if token.startswith(particle):
                rest = token[len(particle) :]
                before = self._grammar.proclitics_before
                if rest and (not before or rest[0] in before):
                    forms.append(rest)
        return forms


def _distances(phrase: Phrase) -> tuple[tuple[int, int], ...]:
    """Return, for each neighbouring pair of elements, the least and greatest distance of their words.

    A word of several parts is known by one of them, so the distance may be off by its other parts.
    """
    widths = [max(word.count(" ") for word in element) for element in phrase.elements]
    return tuple(
        (1 - left - right, gap + 1 + left + right)
        for left, right, gap in zip(widths[:-1], widths[1:], phrase.gaps, strict=True)
    )


def _lie_close(attempt: _Try, places: _Places) -> bool:
    """Tell whether each element of *attempt* stands near enough to some place of the one before."""
    before = sorted(places[attempt.elements[0]])
    for element, (least, most) in zip(attempt.elements[1:], attempt.distances, strict=True):
        near = [
            there
            for there in sorted(places[element])
            if (first := bisect_left(before, there - most)) < len(before)
            and before[first] <= there - least
        ]
        if not near:
            return False
        before = near
    return True


def _has_between(places: list[int], first: int, last: int) -> bool:
    """Tell whether one of the rising *places* lies in first..last; in a long text this is asked often."""
    at = bisect_left(places, first)
    return at < len(places) and places[at] <= last
