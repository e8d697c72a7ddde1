"""Find the words around placeholders that tell what part somebody plays: "my boss", "locked me", "call me on".

The words are data (``lexicon/phrases/roles/<code>.txt``). Reading them costs one pass over the text for each kind and
language, whatever the text holds.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from hotline.anonymize.language import candidates
from hotline.anonymize.tokens import RUN, forms_of, is_run, places
from hotline.anonymize.wording import as_pattern, asked
from hotline.domain.identity import Label, Redaction
from hotline.lexicon import phrases
from hotline.lexicon.folding import MARKS, fold, without_unseen


class Kind(StrEnum):
    """What a phrase says; the names of the lines in the data."""

    SELF = "self"  # stands right before the writer's own name
    MINE = "mine"  # a contact of the writer: "my number", "write to me"
    BOSS = "boss"  # who is in charge: boss, recruiter, landlady
    ACTS = "acts"  # harm that somebody does, the doer before it
    ACTS_ON_ME = "acts_on_me"  # harm done to the writer: "locked us in"
    AGENT = "agent"  # "by", before a doer
    AGENT_AFTER = "agent_after"  # what marks a doer from behind
    OBJECT = "object"  # what marks whom it is done to, before the name
    OBJECT_AFTER = "object_after"  # the same, behind the name
    KIN = "kin"  # the writer's family
    FELLOW = "fellow"  # who is in the same situation, or seen in it: friend, girl, co-worker
    HARM = "harm"  # the state of somebody harmed: "cannot leave", "was sold"
    US = "us"  # the writer is in it: "I work", "we are kept", "my salary"
    WITNESS = "witness"  # the writer is not: "I saw", "I am writing for"
    SITE = "site"  # what names or follows the place of work: "we work at"
    HIRES = "hires"  # who brought somebody there: agency, "recruited by"
    CARRIES = "carries"  # what vehicles do there
    HOME = "home"  # where somebody is from, or where a family lives
    LURE = "lure"  # what people were drawn in by: advertisement, page, link
    REFUGE = "refuge"  # police, embassy, hospital: nobody's part in the case


class Mention(NamedTuple):
    """A placeholder where it stands in a redacted text."""

    placeholder: str
    label: Label
    start: int
    end: int


class Cue(NamedTuple):
    """Words that say something, where they stand in a redacted text."""

    kind: Kind
    start: int
    end: int


_PLACEHOLDER = re.compile(rf"\[({'|'.join(Label)}) \d{{1,6}}\]")
_LETTER = rf"[\w{MARKS}]"
_ANY_LETTERS = rf"{_LETTER}{{0,20}}"
_BLANK = "\ufffc"
_COST = re.compile(
    rf"(?P<space>[^\S\n]+)|(?P<run>[{RUN}])|(?P<comma>[,،、，;；])|(?P<dot>\.)|(?P<end>[!?।۔။።。！？؟\n])"
)
_ROUND_SELF = (Kind.KIN, Kind.FELLOW, Kind.BOSS, Kind.US, Kind.MINE, Kind.WITNESS, Kind.ACTS_ON_ME)
# A word costs three, a character of a run a third of a word: distances are compared in thirds of words.
_PRICES = {"space": 3, "run": 1, "comma": 3, "dot": 12, "end": 15}


def mentions_in(text: str) -> list[Mention]:
    """Return the placeholders of a redacted text; its square brackets are always ours."""
    return [
        Mention(found.group(), Label(found[1]), found.start(), found.end())
        for found in _PLACEHOLDER.finditer(text)
    ]


class Distances:
    """How far apart two places of a text are, in thirds of words; punctuation sets further apart."""

    def __init__(self, text: str) -> None:
        self._at: list[int] = []
        self._sums = [0]
        for found in _COST.finditer(text):
            self._at.append(found.start())
            self._sums.append(self._sums[-1] + _PRICES[found.lastgroup or "space"])

    def __call__(self, start: int, end: int) -> int:
        return self._sums[bisect_left(self._at, end)] - self._sums[bisect_left(self._at, start)]


class Cues:
    """The cues of one kind, in order, so that the nearest one to a place is found at once."""

    def __init__(self, found: Iterable[Cue]) -> None:
        self.found = sorted(set(found), key=lambda cue: (cue.start, -cue.end))
        self._starts = [cue.start for cue in self.found]
        self._by_end = sorted(self.found, key=lambda cue: (cue.end, cue.start))
        self._ends = [cue.end for cue in self._by_end]

    def last_before(self, place: int) -> Cue | None:
        index = bisect_right(self._ends, place)
        return self._by_end[index - 1] if index else None

    def first_after(self, place: int) -> Cue | None:
        index = bisect_left(self._starts, place)
        return self.found[index] if index < len(self.found) else None

    def __len__(self) -> int:
        return len(self.found)


def cues_in(redaction: Redaction) -> dict[Kind, Cues]:
    """Return what the words around the placeholders of *redaction* say, in the languages it may be in."""
    blanked = _PLACEHOLDER.sub(lambda found: _BLANK * len(found.group()), redaction.text)
    seen, seen_at = without_unseen(blanked)
    words, at = _as_listed(seen)
    found: dict[Kind, list[Cue]] = {kind: [] for kind in Kind}
    for code in _languages(seen, redaction.language):
        for kind, pattern in _patterns(code):
            for match in pattern.finditer(words):
                start, end = at[match.start()], at[match.end() - 1] + 1
                if seen_at is not None:
                    start, end = seen_at[start], seen_at[end - 1] + 1
                found[kind].append(Cue(kind, start, end))
    found[Kind.ACTS] = _outside(found[Kind.ACTS], found[Kind.HARM])
    found[Kind.SELF] = _outside(
        found[Kind.SELF], [cue for kind in _ROUND_SELF for cue in found[kind]]
    )
    return {kind: Cues(cues) for kind, cues in found.items()}


def verb_stands(language: str) -> str:
    """Return where the verb stands in a sentence of *language*: ``first``, ``last``, or ``amid`` subject and object."""
    return next(iter(phrases.role_kinds(language).get("order", ())), "amid")


def _languages(text: str, told: str) -> tuple[str, ...]:
    named = (told, f"{told}-Latn") if told.isalpha() else ()
    return tuple(dict.fromkeys((*named, *asked(candidates(text, named)))))


def _as_listed(text: str) -> tuple[str, Sequence[int]]:
    """Return *text* in the form of the lists, and where each of its characters stands in *text*."""
    folded = fold(text)
    if folded.isascii():
        return folded, range(len(folded))
    parts: list[str] = []
    at: list[int] = []
    position = 0
    spans = places(folded)
    for (start, end), word in zip(spans, forms_of(folded, spans), strict=True):
        parts += (folded[position:start], word)
        at.extend(range(position, start))
        at.extend(min(start + offset, end - 1) for offset in range(len(word)))
        if word:
            at[-1] = end - 1
        position = end
    parts.append(folded[position:])
    at.extend(range(position, len(folded)))
    return "".join(parts), at


@lru_cache(maxsize=256)
def _patterns(code: str) -> tuple[tuple[Kind, re.Pattern[str]], ...]:
    kinds = phrases.role_kinds(code)
    prefixes = kinds.get("prefixes", ())
    listed = ((kind, kinds.get(str(kind), ())) for kind in Kind)
    return tuple((kind, _pattern(some, prefixes)) for kind, some in listed if some)


def _pattern(listed: Sequence[str], prefixes: Sequence[str]) -> re.Pattern[str]:
    """Return a pattern for *listed*; in scripts with spaces a phrase is whole words, unless ``*`` says otherwise."""
    in_runs = [phrase for phrase in listed if is_run(phrase.lstrip("*"))]
    whole = [phrase for phrase in listed if phrase not in in_runs and not phrase.startswith("*")]
    within = [
        phrase.lstrip("*") for phrase in listed if phrase not in in_runs and phrase not in whole
    ]
    prefix = f"(?:{as_pattern(prefixes)})?" if prefixes else ""
    branches: list[str] = []
    if whole:
        branches.append(f"(?<!{_LETTER}){prefix}(?:{as_pattern(whole)})(?!{_LETTER})")
    if within:
        branches.append(f"(?:{as_pattern(within)})(?!{_LETTER})")
    if in_runs:
        branches.append(f"(?:{as_pattern(in_runs)})")
    return re.compile("|".join(branches).replace(r"\*", _ANY_LETTERS))


def _outside(cues: Iterable[Cue], wider: Iterable[Cue]) -> list[Cue]:
    """Return those of *cues* that begin in no cue of *wider*: who "was beaten" beat nobody."""
    around = sorted(wider, key=lambda cue: cue.start)
    kept: list[Cue] = []
    passed = reached = 0
    for cue in sorted(cues, key=lambda each: each.start):
        while passed < len(around) and around[passed].start <= cue.start:
            reached = max(reached, around[passed].end)
            passed += 1
        if cue.start >= reached:
            kept.append(cue)
    return kept
