"""How much of what identifies somebody stays visible, and how much of the rest stays readable.

A span leaks when one letter or digit of it is left; it is visible when all of it is. An ordinary word counts as kept
only when it is whole and touches no labelled span; words with digits are left out. Scripts that put no spaces
between words are counted in letters.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from hotline.operate.bench.anonymizer.labelled import Gold, Labelled

WITHOUT_SPACES = frozenset({"zh", "ja", "th", "my", "km", "lo"})
Mask = tuple[int, int]

_JOINERS = "'’-_\u200c\u200d"
_WORD = re.compile("w+(?:jw+)*")


@dataclass(slots=True)
class Tally:
    """Labelled spans of one kind: how many, how many leaked, and how many nobody touched."""

    spans: int = 0
    leaked: int = 0
    visible: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.spans + other.spans, self.leaked + other.leaked, self.visible + other.visible
        )

    @property
    def leak(self) -> float:
        return self.leaked / self.spans if self.spans else 0.0


@dataclass(slots=True)
class Score:
    """What came of a set of texts, by label, and in ordinary words or letters."""

    texts: int = 0
    seconds: float = 0.0
    labels: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    ordinary: int = 0
    kept: int = 0

    def of(self, *labels: str) -> Tally:
        """Return the spans of all *labels* together."""
        return sum((self.labels[each] for each in labels if each in self.labels), Tally())

    @property
    def utility(self) -> float:
        return self.kept / self.ordinary if self.ordinary else 1.0

    @property
    def speed(self) -> float:
        return self.texts / self.seconds if self.seconds else 0.0

    def __add__(self, other: "Score") -> "Score":
        both = Score(
            self.texts + other.texts,
            self.seconds + other.seconds,
            ordinary=self.ordinary + other.ordinary,
            kept=self.kept + other.kept,
        )
        for label in (*self.labels, *other.labels):
            both.labels[label] = self.of(label) + other.of(label)
        return both


def score(
    texts: Sequence[Labelled], masks: Sequence[Sequence[Mask]], seconds: float = 0.0
) -> Score:
    """Return what came of *texts* when *masks* were laid over them."""
    total = Score(texts=len(texts), seconds=seconds)
    for each, laid in zip(texts, masks, strict=True):
        hidden = covered(each.text, laid)
        for span in each.spans:
            _count_span(total, each.text, hidden, span)
        _count_ordinary(total, each, hidden)
    return total


def covered(text: str, masks: Iterable[Mask]) -> bytearray:
    """Return one byte for each character of *text*: 1 where a mask lies."""
    marks = bytearray(len(text))
    for start, end in masks:
        start, end = max(0, start), min(end, len(text))
        marks[start:end] = b"\1" * (end - start)
    return marks


def words_of(text: str) -> Iterator[Mask]:
    """Yield where the words of *text* stand; marks that combine, and joiners inside, belong to them."""
    for found in _WORD.finditer("".join(map(_kind, text))):
        yield found.span()


@lru_cache(maxsize=16_384)
def _kind(character: str) -> str:
    if character.isalnum() or unicodedata.category(character) in {"Mn", "Mc"}:
        return "w"
    return "j" if character in _JOINERS else " "


def _count_span(total: Score, text: str, hidden: bytearray, span: Gold) -> None:
    telling = [hidden[at] for at in range(span.start, span.end) if text[at].isalnum()]
    if telling:
        tally = total.labels[span.label]
        tally.spans += 1
        tally.leaked += not all(telling)
        tally.visible += not any(telling)


def _count_ordinary(total: Score, each: Labelled, hidden: bytearray) -> None:
    labelled = covered(each.text, ((span.start, span.end) for span in each.spans))
    if each.language in WITHOUT_SPACES:
        free = [at for at, mark in enumerate(labelled) if not mark and each.text[at].isalpha()]
        total.ordinary += len(free)
        total.kept += sum(not hidden[at] for at in free)
        return
    for start, end in words_of(each.text):
        if not any(labelled[start:end]) and not any(map(str.isdigit, each.text[start:end])):
            total.ordinary += 1
            total.kept += not any(hidden[start:end])
