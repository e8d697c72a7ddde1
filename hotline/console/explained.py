"""A message word by word: what the anonymizer masked and what it let stand, each with the rule that decided."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from hotline import anonymize
from hotline.anonymize import Decision, Rule
from hotline.anonymize.roles import Role, RoleRule, propose
from hotline.console.placeholders import Numbering, Piece, name_of, quote
from hotline.domain.identity import Redaction
from hotline.domain.report import Reason
from hotline.triage.given_back import is_one_word
from hotline.vault.contents import Account
from hotline.vault.masking import BY_HAND, PUT_BACK, RENAMED, as_machine_left_it, names_in

GIVEABLE = frozenset({Rule.UNLISTED, Rule.NAME, Rule.CAPITAL, Rule.LONE})
"""Rules that look at the word itself. What a detector found is no word, and what went because of the words around it
would go again however ordinary it is."""


@dataclass(frozen=True, slots=True, repr=False)
class Bit:
    """Some of the original text. *number* is that of the masked part it shows, *rule* why a word stayed; else both are empty."""

    text: str
    number: int = 0
    rule: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Proposed:
    """The part in which the machine sees somebody; *because* are the words that decided, by which *rule*."""

    role: Role
    rule: RoleRule
    because: tuple[Piece, ...]


@dataclass(slots=True, repr=False)
class Masked:
    """Everything that one placeholder stands for: *name* is what its message calls it, *piece* what the report does.

    *why* has the words that each rule took, each once; *proposal* is the part in which the machine sees it. *is_here*
    says that it stands in the account, *is_by_hand* that somebody put it there.
    """

    number: int
    name: str
    piece: Piece
    words: str
    is_single: bool = True
    why: dict[Rule, list[str]] = field(default_factory=dict)
    proposal: Proposed | None = None
    is_here: bool = True
    is_by_hand: bool = False

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
    entities: Mapping[str, str],
) -> Explained:
    """Explain a message as it is redacted today; *locale* is what somebody may have chosen as its language.

    What people masked, relabelled or put back in the account since is told apart by *entities*, the words behind its
    placeholders. Where the account says something else all the same, placeholders have the numbers of the message
    and not of the report.
    """
    came = as_machine_left_it(account, entities)
    hints, redaction = _as_redacted(original, came, locale, also)
    is_as_kept = redaction.text == came or _is_put_back(account, came, redaction)
    if not is_as_kept:
        account, numbering = Account(redaction.text), Numbering()
    called = {old: new for new, old in account.details.get(RENAMED, {}).items()}
    here = {f"[{name}]" for name in names_in(account.text)}
    decided = Decided(anonymize.explain(original, languages=hints, also=also))
    masked: dict[str, Masked] = {}
    bits: list[Bit] = []
    done = 0
    for span, name in zip(redaction.spans, _names(redaction), strict=True):
        words = original[span.start : span.end]
        bits += _kept_bits(original, done, span.start, decided)
        if name not in masked:
            now = called.get(name, name)
            piece = name_of(account, now, numbering, seq=seq)
            number = len(masked) + 1
            masked[name] = Masked(number, now[1:-1], piece, words, is_here=now in here)
        _add_why(masked[name], original, decided.between(span.start, span.end))
        bits.append(Bit(words, masked[name].number))
        done = span.end
    bits += _kept_bits(original, done, len(original), decided)
    tags = {**account.tags, **{old: account.tags.get(new, "") for old, new in called.items()}}
    as_read = replace(account, text=redaction.text, tags=tags)
    for one in propose(redaction):
        if one.placeholder not in masked:
            continue
        because = quote(as_read, Reason(one.rule, one.start, one.end), numbering, seq=seq)
        masked[one.placeholder].proposal = Proposed(one.role, one.rule, tuple(because))
    for name in account.details.get(BY_HAND, ()):
        if name in here and name in entities:
            piece = name_of(account, name, numbering, seq=seq)
            its = (len(masked) + 1, name[1:-1], piece, entities[name])
            masked[name] = Masked(*its, is_single=False, is_by_hand=True)
    kept = _by_rule(bits)
    return Explained(redaction.language, tuple(bits), tuple(masked.values()), kept, is_as_kept)


def _is_put_back(account: Account, came: str, redaction: Redaction) -> bool:
    """Tell whether the account may differ only by words that somebody put back in it."""
    is_less = set(names_in(came)) <= set(names_in(redaction.text))
    return bool(account.details.get(PUT_BACK)) and is_less


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
