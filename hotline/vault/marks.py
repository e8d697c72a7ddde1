"""What people decided about the placeholders of a message, and what they masked by hand in it (pure).

A message has one such record while it is reviewed, sealed like its account: its *acts* in the order in which they were
done, so that each can be taken back. Ranges count code points of the account as it lies sealed. JSON, version 1::

    {"v": 1, "acts": [[7, "PERSON 1", "accepted"], [8, 12, 17, "PERSON", "<tag>"], [9, 12, 17]]}

The first number is the act's own: what one person did at once, in many messages, has the same. Then stand a decision
(``accepted``, ``rejected`` or another label), a mark with its label and tag, or a mark that was taken off again. What
has the number 0 is settled: nothing takes it back.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hotline.domain.identity import Label
from hotline.errors import Malformed
from hotline.vault.contents import from_json, to_json
from hotline.vault.graphemes import is_boundary

ACCEPTED = "accepted"
REJECTED = "rejected"
SETTLED = 0
"""The number of what nobody can take back."""
MOST = 400
"""Acts that a record keeps one by one; of more than these the older ones are settled, each as it stands."""
MOST_MARKS = 400
"""Marks that one message may have: each costs a little wherever the message is read."""
PLACEHOLDER = re.compile(rf"\[(?:{'|'.join(label.value for label in Label)}) \d{{1,4}}\]")
_VERSION = 1


class RangeRefused(Malformed):
    default_message = "this part of the text cannot be masked"


class TooManyMarks(RangeRefused):
    default_message = "this would be more marks than one message may have"


@dataclass(frozen=True, slots=True, repr=False)
class Act:
    """One thing that somebody did: a *decision* about the placeholder *name*, or a range that is marked or no more."""

    n: int
    name: str = ""
    decision: str = ""
    start: int = 0
    end: int = 0
    label: str = ""
    tag: str = ""

    def to_list(self) -> list[Any]:
        if self.name:
            return [self.n, self.name, self.decision]
        range_ = [self.n, self.start, self.end]
        return [*range_, self.label, self.tag] if self.label else range_

    @classmethod
    def from_list(cls, kept: Sequence[Any]) -> "Act":
        if isinstance(kept[1], str):
            return cls(kept[0], kept[1], kept[2])
        label, tag = kept[3:] or ("", "")
        return cls(kept[0], start=kept[1], end=kept[2], label=label, tag=tag)


@dataclass(frozen=True, slots=True, repr=False)
class Mark:
    """Characters *start* to *end* of a sealed account that stand for a *label*; equal *tags* are the same one."""

    start: int
    end: int
    label: Label
    tag: str

    def meets(self, start: int, end: int) -> bool:
        return self.start < end and start < self.end


@dataclass(frozen=True, slots=True, repr=False)
class Marks:
    """The record of a message."""

    acts: tuple[Act, ...] = ()

    @property
    def last(self) -> int:
        """The number of what was done last; 0 where nothing was."""
        return max((act.n for act in self.acts), default=0)

    @property
    def decisions(self) -> dict[str, str]:
        """What was decided about each placeholder; what was decided last counts."""
        return {act.name: act.decision for act in self.acts if act.name}

    @property
    def ranges(self) -> tuple[Mark, ...]:
        """The marks in the order of the text: what overlaps is one mark, and is what was said of it last."""
        starts: list[int] = []
        ends: list[int] = []
        marks: list[Mark] = []
        for act in self.acts:
            if act.name:
                continue
            # They lie apart and in order, so those that an act meets are neighbours.
            first, behind = bisect_right(ends, act.start), bisect_left(starts, act.end)
            behind = max(first, behind)
            new = [_grown(act, marks[first:behind])] if act.label else []
            starts[first:behind] = [mark.start for mark in new]
            ends[first:behind] = [mark.end for mark in new]
            marks[first:behind] = new
        return tuple(marks)

    def plus(self, *acts: Act) -> "Marks":
        together = (*self.acts, *acts)
        return Marks(together if len(together) <= MOST else _compacted(together))

    def without(self, n: int) -> "Marks":
        """Return this as it was before the act *n*; what is settled stays."""
        return Marks(tuple(act for act in self.acts if act.n == SETTLED or act.n != n))

    def to_json(self) -> bytes:
        return to_json({"v": _VERSION, "acts": [act.to_list() for act in self.acts]})

    @classmethod
    def from_json(cls, plain: bytes) -> "Marks":
        return cls(tuple(Act.from_list(kept) for kept in from_json(plain)["acts"]))

    def __repr__(self) -> str:
        return "<Marks>"


@dataclass(frozen=True, slots=True, repr=False)
class Supplement:
    """What a finished review adds to an identity: words behind new placeholders, and new names of old ones."""

    entities: tuple[tuple[str, str], ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.entities or self.renamed)

    def to_json(self) -> bytes:
        return to_json(
            {"entities": [list(pair) for pair in self.entities], "renamed": dict(self.renamed)}
        )

    @classmethod
    def from_json(cls, plain: bytes) -> "Supplement":
        facts = from_json(plain)
        return cls(tuple((name, words) for name, words in facts["entities"]), facts["renamed"])

    def added_to(self, entities: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """Return *entities* under their new names, and the new ones behind them."""
        kept = [(self.renamed.get(name, name), words) for name, words in entities]
        behind = dict(kept)
        # Somebody may have masked a placeholder together with what stands beside it.
        whole = [
            (name, PLACEHOLDER.sub(lambda one: behind.get(one[0], one[0]), words))
            for name, words in self.entities
        ]
        return (*kept, *whole)


def checked(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a range of *text* that can be masked: as asked for, but never a part of a placeholder.

    Raises:
        RangeRefused: it does not lie in the text, cuts a character that a reader sees as one, or is blank.
    """
    if not 0 <= start < end <= len(text):
        raise RangeRefused
    if not (is_boundary(text, start) and is_boundary(text, end)):
        raise RangeRefused
    met = [one.span() for one in PLACEHOLDER.finditer(text) if one.start() < end]
    met = [(left, right) for left, right in met if start < right]
    if any(left <= start and end <= right for left, right in met):
        raise RangeRefused
    start, end = min([start, *(left for left, _ in met)]), max([end, *(right for _, right in met)])
    if not text[start:end].strip():
        raise RangeRefused
    return start, end


def found(text: str, words: str) -> list[tuple[int, int]]:
    """Return where *words* stand in *text*, in whatever case: as whole words, or anywhere where they never do.

    What stands inside a placeholder, or cuts a character, is left out.
    """
    wanted, _ = _folded(words.strip())
    folded, at = _folded(text)
    if not wanted:
        return []
    spots = [match.start() for match in re.finditer(f"(?={re.escape(wanted)})", folded)]
    ranges = [(at[spot], at[spot + len(wanted)]) for spot in spots]
    held = [one.span() for one in PLACEHOLDER.finditer(text)]
    good = list(_apart(one for one in clear_of(held, ranges) if _is_maskable(text, *one)))
    whole = [one for one in good if _is_whole(text, *one)]
    return whole or good


def clear_of(
    held: Sequence[tuple[int, int]], ranges: Iterable[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Yield those of *ranges* that meet nothing of *held*; both are in the order of the text."""
    rights = [right for _, right in held]
    for start, end in ranges:
        at = bisect_right(rights, start)
        if at == len(held) or held[at][0] >= end:
            yield start, end


def covers(marks: Sequence[Mark], others: Iterable[Mark]) -> bool:
    """Tell whether *marks* (in order) hide all that *others* hide."""
    ends = [mark.end for mark in marks]
    for other in others:
        at = bisect_left(ends, other.end)
        if at == len(marks) or marks[at].start > other.start:
            return False
    return True


def _grown(act: Act, met: Sequence[Mark]) -> Mark:
    """Return the mark that *act* makes of its range and of those that it met."""
    start = min([act.start, *(mark.start for mark in met[:1])])
    end = max([act.end, *(mark.end for mark in met[-1:])])
    return Mark(start, end, Label(act.label), act.tag)


def _compacted(acts: Sequence[Act]) -> tuple[Act, ...]:
    """Return what the older of *acts* came to, settled, and behind it the newer ones; what was done last stays whole."""
    first = min(acts[-MOST // 2].n + 1, acts[-1].n)
    older = Marks(tuple(act for act in acts if act.n < first))
    decisions = [Act(SETTLED, name, said) for name, said in older.decisions.items()]
    marks = [
        Act(SETTLED, start=one.start, end=one.end, label=one.label.value, tag=one.tag)
        for one in older.ranges
    ]
    return (*decisions, *marks, *(act for act in acts if act.n >= first))


def _is_maskable(text: str, start: int, end: int) -> bool:
    whole = is_boundary(text, start) and is_boundary(text, end)
    return whole and start < end and bool(text[start:end].strip())


def _is_whole(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    opens = before.isalnum() and text[start].isalnum()
    closes = after.isalnum() and text[end - 1].isalnum()
    return not (opens or closes)


def _apart(ranges: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    done = 0
    for start, end in ranges:
        if start >= done:
            yield start, end
            done = end


def _folded(text: str) -> tuple[str, list[int]]:
    """Return *text* without case, and for each of its characters, and its end, where it stands in *text*."""
    folded, at = "", []
    for index, char in enumerate(text):
        fold = char.casefold()
        folded += fold
        at += [index] * len(fold)
    return folded, [*at, len(text)]
