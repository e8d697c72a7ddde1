"""A message word by word: what the anonymizer masked and what it let stand, each with the rule that decided."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from hotline import anonymize
from hotline.anonymize import Decision, Rule
from hotline.console.placeholders import Numbering, Piece, name_of
from hotline.domain.identity import Redaction
from hotline.triage.given_back import is_one_word
from hotline.vault.contents import Account, placeholder_of

GIVEABLE = frozenset({Rule.UNLISTED, Rule.NAME, Rule.CAPITAL, Rule.LONE})
"""Rules that look at the word itself. What a detector found is no word, and what went because of the words around it
would go again however ordinary it is."""


@dataclass(frozen=True, slots=True, repr=False)
class Bit:
    """Some of the original text. *number* is that of the masked part it shows, *rule* why a word stayed; else both are empty."""

    text: str
    number: int = 0
    rule: str = ""


@dataclass(slots=True, repr=False)
class Masked:
    """Everything that one placeholder stands for: *name* is what its message calls it, *piece* what the report does.

    *why* has the words that each rule took, each once.
    """

    number: int
    name: str
    piece: Piece
    words: str
    is_single: bool = True
    why: dict[Rule, list[str]] = field(default_factory=dict)
    roles: tuple[Any, ...] = ()

    @property
    def is_giveable(self) -> bool:
        """Tell whether it is a single word that a person may take for ordinary."""
        return self.is_single and self.why.keys() <= GIVEABLE and is_one_word(self.words)


@dataclass(frozen=True, slots=True, repr=False)
class Explained:
    """*is_as_kept* tells whether the account says today's decisions, or those of other word lists."""

    language: str
    bits: tuple[Bit, ...]
    masked: tuple[Masked, ...]
    kept: dict[Rule, tuple[str, ...]]
    redacted: str
    is_as_kept: bool

    def find(self, name: str) -> Masked | None:
        return next((one for one in self.masked if one.name == name), None)


class Decided:
    """The decisions about a text, in order, found by where they stand."""

    def __init__(self, decisions: Sequence[Decision]) -> None:
        self._decisions = decisions
        self._starts = [decision.start for decision in decisions]

    def between(self, start: int, end: int) -> Sequence[Decision]:
        """Return the decisions about what begins from *start* to before *end*."""
        first = bisect_left(self._starts, start)
        return self._decisions[first : bisect_left(self._starts, end, first)]


def explain(
    original: str,
    account: Account,
    numbering: Numbering,
    *,
    seq: int,
    locale: str,
    also: frozenset[str],
) -> Explained:
    """Explain a message as it is redacted today; *locale* is what somebody may have chosen as its language."""
    hints, redaction = _as_redacted(original, account.text, locale, also)
    is_as_kept = redaction.text == account.text
    decided = Decided(anonymize.explain(original, languages=hints, also=also))
    masked: dict[str, Masked] = {}
    bits: list[Bit] = []
    done = 0
    for span, name in zip(redaction.spans, _names(redaction), strict=True):
        bits += _kept_bits(original, done, span.start, decided)
        one = masked.get(name)
        if one is None:
            piece = _piece(account, name, numbering, seq=seq, is_as_kept=is_as_kept)
            one = Masked(len(masked) + 1, name[1:-1], piece, original[span.start : span.end])
            masked[name] = one
        _add_why(one, original, decided.between(span.start, span.end))
        bits.append(Bit(original[span.start : span.end], one.number))
        done = span.end
    bits += _kept_bits(original, done, len(original), decided)
    return Explained(
        redaction.language,
        tuple(bits),
        tuple(masked.values()),
        _by_rule(bits),
        redaction.text,
        is_as_kept,
    )


def _as_redacted(
    original: str, kept: str, locale: str, also: frozenset[str]
) -> tuple[tuple[str, ...], Redaction]:
    """Return the hints under which *original* becomes what was *kept*, and its redaction under them.

    Whether somebody chose the language is not kept with a message: both ways are tried.
    """
    found = anonymize.redact(original, also=also)
    if found.text == kept or not locale:
        return (), found
    hinted = anonymize.redact(original, languages=(locale,), also=also)
    return ((locale,), hinted) if hinted.text == kept else ((), found)


def _names(redaction: Redaction) -> Iterator[str]:
    """Yield the placeholder of each span, such as ``[PERSON 1]``."""
    shift = 0
    for span in redaction.spans:
        start = span.start + shift
        end = redaction.text.index("]", start) + 1
        yield redaction.text[start:end]
        shift = end - span.end


def _piece(
    account: Account, name: str, numbering: Numbering, *, seq: int, is_as_kept: bool
) -> Piece:
    """Return a placeholder as the whole report calls it; by its own number where the account says something else."""
    if is_as_kept:
        return name_of(account, name, numbering, seq=seq)
    named = placeholder_of(name)
    return Piece("", *named, name=name[1:-1]) if named else Piece(name)


def _add_why(one: Masked, original: str, decisions: Sequence[Decision]) -> None:
    one.is_single = one.is_single and len(decisions) == 1
    for decision in decisions:
        word, words = original[decision.start : decision.end], one.why.setdefault(decision.rule, [])
        if word not in words:
            words.append(word)


def _kept_bits(original: str, start: int, end: int, decided: Decided) -> Iterator[Bit]:
    """Yield the text from *start* to *end*, in which nothing is masked, with the rule of each word."""
    for decision in decided.between(start, end):
        if not decision.masked:
            if decision.start > start:
                yield Bit(original[start : decision.start])
            yield Bit(original[decision.start : decision.end], rule=decision.rule)
            start = decision.end
    if start < end:
        yield Bit(original[start:end])


def _by_rule(bits: Iterable[Bit]) -> dict[Rule, tuple[str, ...]]:
    """Return the words that stayed by their rule, each once, in the order in which they are read."""
    kept: dict[Rule, dict[str, None]] = {}
    for bit in bits:
        if bit.rule:
            kept.setdefault(Rule(bit.rule), {})[bit.text.lower()] = None
    return {rule: tuple(kept[rule]) for rule in Rule if rule in kept}
