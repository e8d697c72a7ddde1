"""Which phrases of a lexicon are worth trying on a text: those whose elements all stand near each other.

Each element has a bit, and each word the bits of the elements it may satisfy. A phrase is filed under
its rarest element. It comes up where a word satisfies that one, and only if the other elements have
a word within the reach that its gaps allow.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import or_

from hotline.assess.phrases import Grammar, Phrase
from hotline.assess.words import Words

_GRAM = 3
_NUMBER = "#"
# How many words a phrase may begin before, or end after, its needed elements: parts that may be missing.
_SLACK = 8
_START = 3

Candidate = tuple[int, int, int]
_Keys = dict[str, Sequence[int]]
_Particles = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class _Try:
    """A phrase and where, in words from its rarest element, each other element may stand."""

    phrase: int
    rule: str
    needed: int
    others: tuple[tuple[int, int, int], ...]
    first: int
    last: int


# The bits of the elements that a word satisfies, and the phrases filed under them.
_Weighed = tuple[int, tuple[_Try, ...]]
_NOTHING: _Weighed = (0, ())


class Index:
    """Finds the phrases that a text may fulfil, and the part of its line to try each on."""

    def __init__(self, phrases: Sequence[Phrase], grammar: Grammar) -> None:
        self._grammar = grammar
        self._particles: _Particles = defaultdict(list)
        for particle in grammar.proclitics:
            self._particles[particle[0]].append(particle)
        self._exact: _Keys = {}
        self._stems: _Keys = {}
        self._grams: _Keys = {}
        ids: dict[tuple[str, ...], int] = {}
        numbered = [
            [ids.setdefault(element, len(ids)) for element in phrase.elements] for phrase in phrases
        ]
        uses = Counter(bit for bits in numbered for bit in set(bits))
        for element, number in ids.items():
            for word in element:
                self._file(word, number)
        for keys in (self._exact, self._stems, self._grams):
            _share(keys)
        masks = [1 << number for number in range(len(ids))]
        sizes = [len(element) for element in ids]
        widths = [max(word.count(" ") for word in element) for element in ids]
        self._tries: dict[int, list[_Try]] = defaultdict(list)
        for number, (phrase, bits) in enumerate(zip(phrases, numbered, strict=True)):
            at = min(range(len(bits)), key=lambda place: (uses[bits[place]], sizes[bits[place]]))
            room = [widths[bit] for bit in bits]
            attempt = _attempt(number, phrase, [masks[bit] for bit in bits], at, room)
            self._tries[bits[at]].append(attempt)
        self._gram_lengths = sorted({len(gram) for gram in self._grams})
        self._shortest = min(_START, min(map(len, self._stems), default=0))
        self._stem_lengths = _lengths(self._stems, self._shortest)
        # Words of the lexicon that a text had: of 60,000 in all languages few are ever met.
        self._met: dict[str, _Weighed] = {}

    def _file(self, word: str, element: int) -> None:
        if self._grammar.unsegmented:
            _add(self._grams, word.split("*")[0][:_GRAM], element)
            return
        part = word
        if " " in word:
            part = max(word.split(" "), key=lambda part: len(part.strip("*")))
        if part.startswith("*"):
            _add(self._grams, part.strip("*")[:_GRAM], element)
        elif "*" in part:
            _add(self._stems, part.split("*")[0], element)
        else:
            _add(self._exact, part, element)

    def candidates(self, words: Words, found: Collection[str]) -> Iterator[Candidate]:
        """Yield the phrases to try, as number, start and end in the line; none of a rule in *found*.

        The caller may add to *found* while it iterates.
        """
        if self._grammar.unsegmented:
            yield from self._in_letters(words.line, found)
            return
        has_grams = any(gram in words.line for gram in self._grams)
        weighed = [
            self._met.get(token) or self._weighed(token, has_grams=has_grams)
            for token in words.tokens
        ]
        masks = [mask for mask, _ in weighed]
        present = reduce(or_, masks, 0)
        for at, (_, tries) in enumerate(weighed):
            for attempt in [each for each in tries if (all_of := each.needed) & present == all_of]:
                if attempt.rule not in found and (
                    not attempt.others or _all_near(attempt.others, masks, at)
                ):
                    yield attempt.phrase, *_part(words, at + attempt.first, at + attempt.last)

    def _in_letters(self, line: str, found: Collection[str]) -> Iterator[Candidate]:
        present: set[int] = set()
        for size in range(1, _GRAM + 1):
            for at in range(len(line) - size + 1):
                present.update(self._grams.get(line[at : at + size], ()))
        if any(character.isdigit() for character in line):
            present.update(self._grams.get(_NUMBER, ()))
        bits = _bits(present)
        for element in sorted(present):
            for attempt in self._tries.get(element, ()):
                if attempt.rule not in found and attempt.needed & bits == attempt.needed:
                    yield attempt.phrase, 0, len(line)

    def _weigh(self, elements: Iterable[int]) -> _Weighed:
        """Return *elements* as bits, and the phrases that are filed under them."""
        once = dict.fromkeys(elements)
        return _bits(once), tuple(
            attempt for element in once for attempt in self._tries.get(element, ())
        )

    def _weighed(self, token: str, *, has_grams: bool) -> _Weighed:
        elements = self._satisfied(token, has_grams=has_grams)
        weighed = self._weigh(elements) if elements else _NOTHING
        if token in self._exact:
            self._met[token] = weighed
        return weighed

    def _satisfied(self, token: str, *, has_grams: bool) -> list[int]:
        """Return the elements that *token* may be a word of, also without a particle glued to its front."""
        elements: list[int] = []
        for form in self._forms(token):
            if form in self._exact:
                elements += self._exact[form]
            for length in self._stem_lengths.get(form[: self._shortest], ()):
                if (stem := form[:length]) in self._stems:
                    elements += self._stems[stem]
            for length in self._gram_lengths if has_grams else ():
                for at in range(len(form) - length + 1):
                    elements += self._grams.get(form[at : at + length], ())
        if token.isdigit() and _NUMBER in self._exact:
            elements += self._exact[_NUMBER]
        return elements

    def _forms(self, token: str) -> list[str]:
        forms = [token]
        for particle in self._particles.get(token[:1], ()):
            if token.startswith(particle):
                rest = token[len(particle) :]
                before = self._grammar.proclitics_before
                if rest and (not before or rest[0] in before):
                    forms.append(rest)
        return forms


def _add(keys: _Keys, part: str, element: int) -> None:
    keys[part] = (*keys.get(part, ()), element)


def _lengths(parts: Iterable[str], start: int) -> dict[str, list[int]]:
    """Return how long the *parts* are that begin alike in *start* letters."""
    lengths: dict[str, list[int]] = {}
    for length, begins in sorted({(len(part), part[:start]) for part in parts}):
        lengths.setdefault(begins, []).append(length)
    return lengths


def _share(keys: _Keys) -> None:
    """Keep once what many words satisfy: those of a set satisfy the same."""
    once: dict[Sequence[int], Sequence[int]] = {}
    for part, elements in keys.items():
        keys[part] = once.setdefault(elements, elements)


def _bits(elements: Iterable[int]) -> int:
    return reduce(or_, (1 << element for element in elements), 0)


def _attempt(
    number: int, phrase: Phrase, masks: Sequence[int], anchor: int, widths: Sequence[int]
) -> _Try:
    """Return *phrase* as seen from its element *anchor*.

    *masks* are the bits of its elements, *widths* how many spaces each may hold. A word of several parts is known by one
    of them, so a distance may be off by its other parts.
    """
    nearest = [1 - left - right for left, right in pairwise(widths)]
    furthest = [
        gap + 1 + left + right
        for (left, right), gap in zip(pairwise(widths), phrase.gaps, strict=True)
    ]
    others = []
    for place, mask in enumerate(masks):
        if place > anchor:
            reach = sum(nearest[anchor:place]), sum(furthest[anchor:place])
            others.append((mask, *reach))
        elif place < anchor:
            reach = -sum(furthest[place:anchor]), -sum(nearest[place:anchor])
            others.append((mask, *reach))
    first = min((start for _, start, _ in others), default=0) - max(widths) - _SLACK
    last = max((end for _, _, end in others), default=0) + max(widths) + _SLACK
    return _Try(number, phrase.rule, reduce(or_, masks), tuple(others), first, last)


def _all_near(others: tuple[tuple[int, int, int], ...], masks: list[int], at: int) -> bool:
    """Tell whether each of *others* has a word within its reach of the word *at*."""
    for bit, first, last in others:
        for mask in masks[max(at + first, 0) : max(at + last + 1, 0)]:
            if mask & bit:
                break
        else:
            return False
    return True


def _part(words: Words, first: int, last: int) -> tuple[int, int]:
    """Return the part of the line from the word *first* to the word *last*, with the spaces around it."""
    starts = words.starts
    end = starts[last + 1] if last + 1 < len(starts) else len(words.line)
    return starts[max(first, 0)] - 1, end
