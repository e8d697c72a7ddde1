"""Hold words against everything that never leaves."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from hotline.consent.never.lists import OPENING, Counts, Kind, Rule, Who, lists
from hotline.consent.never.names import of_organizations, of_staff
from hotline.consent.never.squeezing import Squeezed, squeeze, without
from hotline.consent.never.subjects import counts
from hotline.errors import Refused

__all__ = ["Kind", "Never", "NeverLeaves", "found", "refuse"]


@dataclass(frozen=True, slots=True)
class Never:
    """One thing that never leaves: characters *start* to *end* of the words of *field*."""

    field: str
    kind: Kind
    start: int
    end: int


class NeverLeaves(Refused):
    """Words hold what never leaves; *problems* say what and where."""

    default_message = "this holds what never leaves"

    def __init__(self, problems: Collection[Never]) -> None:
        super().__init__()
        self.problems = tuple(problems)


def refuse(
    texts: Mapping[str, str], *, staff: Collection[str], organizations: Collection[str]
) -> None:
    """Let *texts* pass only where they hold nothing that never leaves; see `found`.

    Raises:
        NeverLeaves: they do; its `problems` say where.
    """
    problems = found(texts, staff=staff, organizations=organizations)
    if problems:
        raise NeverLeaves(problems)


def found(
    texts: Mapping[str, str], *, staff: Collection[str], organizations: Collection[str]
) -> list[Never]:
    """Return what of *texts*, by their field, never leaves, in the order of each text.

    *staff* are names and pseudonyms of those who work here. *organizations* are names, or addresses of pages, of
    those who help this person, and the hotline's own. Places count characters (code points).
    """
    return [
        Never(field, kind, start, end)
        for field, text in texts.items()
        for kind, start, end in _spots(text, staff, organizations)
    ]


def _spots(
    text: str, staff: Collection[str], organizations: Collection[str]
) -> list[tuple[Kind, int, int]]:
    squeezed = squeeze(text)
    spots = [*_phrases(squeezed)]
    if shorter := without(squeezed, lists().fillers):
        spots += _phrases(shorter)
    for kind, names in (
        (Kind.STAFF, of_staff(squeezed, text, staff)),
        (Kind.HELPED, of_organizations(squeezed, text, organizations)),
    ):
        spots += [(kind, *squeezed.span(start, end)) for start, end in names]
    kept: list[tuple[Kind, int, int]] = []
    for kind, start, end in sorted(spots, key=lambda spot: (spot[0], spot[1], -spot[2])):
        if not kept or kept[-1][0] is not kind or start >= kept[-1][2]:
            kept.append((kind, start, end))
    return sorted(kept, key=lambda spot: spot[1:])


def _phrases(text: Squeezed) -> Iterator[tuple[Kind, int, int]]:
    every = lists()
    letters, ends, prefixes = text.letters, text.ends, every.phrases.prefixes
    for start in text.starts:
        if letters[start : start + OPENING] not in every.openings:
            continue
        for phrase in prefixes(letters[start : start + every.longest]):
            end = start + len(phrase)
            rules = [rule for rule in every.rules_of(phrase) if rule.begins or end in ends]
            for kind in _told(text, start, rules, every.who):
                yield kind, *text.span(start, end)


def _told(
    text: Squeezed, start: int, rules: list[Rule], who: Mapping[str, Mapping[str, Who]]
) -> Iterator[Kind]:
    """Yield what the phrase at *start* tells: where several languages have it, none of them may clear it."""
    for kind in {rule.kind for rule in rules}:
        its = [rule for rule in rules if rule.kind is kind]
        if any(rule.counts is Counts.ALWAYS for rule in its) or all(
            counts(rule.counts, text, start, who[rule.language]) for rule in its
        ):
            yield kind
