"""An account as it is read: words, placeholders with numbers that hold for the whole report, and the why.

A message numbers its placeholders by itself, because intake cannot read the messages before it. The tags
inside the sealed text say which of them mean the same; here they get one number for the whole report.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from hotline.domain.identity import Label
from hotline.domain.report import Reason
from hotline.vault.contents import Account

_LABELS = "|".join(label.value for label in Label)
_PLACEHOLDER = re.compile(rf"\[({_LABELS}) (\d{{1,4}})\]")


@dataclass(frozen=True, slots=True, repr=False)
class Piece:
    """Some of an account: plain *text*, or a placeholder (*label* and *number*); *rule* says what it shows.

    *finer* is what stands behind a place, an age or a date: the desk may read it, a lead may not tell it. *name* is
    what its own message calls a placeholder, such as ``PERSON 1``. It stands from *at* to *to* in the account.
    *state* is how far its review is: ``proposed``, ``accepted``, ``through`` or ``added`` (by hand); empty for text.
    *becomes* is the label that somebody chose for it, until the review is finished.
    """

    text: str
    label: str = ""
    number: int = 0
    finer: str = ""
    rule: str = ""
    name: str = ""
    at: int = 0
    to: int = 0
    state: str = ""
    becomes: str = ""


@dataclass(slots=True)
class Numbering:
    """Numbers for the placeholders of a whole report, in the order in which they are first read."""

    _numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    _next: dict[str, int] = field(default_factory=dict)

    def number(self, label: str, tag: str) -> int:
        """Return the number of what *tag* stands for."""
        key = (label, tag)
        if key not in self._numbers:
            self._next[label] = self._next.get(label, 0) + 1
            self._numbers[key] = self._next[label]
        return self._numbers[key]


def pieces(account: Account, numbering: Numbering, *, seq: int) -> list[Piece]:
    """Return *account* (message *seq*) in reading order.

    A placeholder without a tag is taken for one that stands for itself in its message only.
    """
    finer = account.details.get("quasi", {})
    read: list[Piece] = []
    for start, end, rule in _stretches(len(account.text), account.reasons):
        read += _split(account, start, end, rule, numbering, finer, seq)
    return read


def quote(account: Account, reason: Reason, numbering: Numbering, *, seq: int) -> list[Piece]:
    """Return the words that *reason* rests on."""
    finer = account.details.get("quasi", {})
    end = min(reason.end, len(account.text))
    return list(_split(account, reason.start, end, reason.rule, numbering, finer, seq))


def name_of(account: Account, name: str, numbering: Numbering, *, seq: int) -> Piece:
    """Return the placeholder *name* of a message, such as ``[PERSON 1]``, as the whole report calls it."""
    found = _PLACEHOLDER.fullmatch(name)
    if found is None:
        return Piece(name)
    tag = account.tags.get(name, f"{seq} {name}")
    return Piece("", found[1], numbering.number(found[1], tag), name=name[1:-1])


def _split(
    account: Account,
    start: int,
    end: int,
    rule: str,
    numbering: Numbering,
    finer: dict[str, str],
    seq: int,
) -> Iterator[Piece]:
    at = start
    for found in _PLACEHOLDER.finditer(account.text, start, end):
        if found.start() > at:
            yield Piece(account.text[at : found.start()], rule=rule, at=at, to=found.start())
        label, name = found[1], found[0]
        tag = account.tags.get(name, f"{seq} {name}")
        number, says = numbering.number(label, tag), finer.get(name, "")
        yield Piece("", label, number, says, rule, name[1:-1], found.start(), found.end())
        at = found.end()
    if at < end:
        yield Piece(account.text[at:end], rule=rule, at=at, to=end)


def _stretches(length: int, reasons: Sequence[Reason]) -> Iterator[tuple[int, int, str]]:
    """Yield the text from end to end, cut where a reason begins or ends; of two that overlap the first stands."""
    at = 0
    for reason in sorted(reasons, key=lambda reason: (reason.start, -reason.end)):
        start, end = max(reason.start, at), min(reason.end, length)
        if start >= end:
            continue
        if at < start:
            yield at, start, ""
        yield start, end, reason.rule
        at = end
    if at < length:
        yield at, length, ""
