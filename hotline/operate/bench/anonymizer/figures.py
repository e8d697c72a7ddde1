"""One run's figures, and how they are written: in percent, a dash where there was nothing to count."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import groupby

from hotline.operate.bench.anonymizer.cost import Cost
from hotline.operate.bench.anonymizer.countries import with_finer_places
from hotline.operate.bench.anonymizer.measuring import Outcome
from hotline.operate.bench.anonymizer.scoring import Tally, score

NONE = "–"


@dataclass(slots=True)
class Table:
    """*notes* stand below it, one sentence a line."""

    title: str
    head: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Beside:
    """What another tool made of the same sets, and what it knows names by."""

    name: str
    outcomes: list[Outcome]
    reads: Callable[[str], str]
    start_ms: float
    memory_mb: float
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything of one run."""

    outcomes: list[Outcome]
    cost: Cost
    beside: Beside | None = None

    @property
    def sets(self) -> list[Outcome]:
        return [each for each in self.outcomes if not each.of.corpus]

    @property
    def corpora(self) -> list[tuple[str, list[Outcome]]]:
        """Return the accounts, by corpus."""
        accounts = sorted((each for each in self.outcomes if each.of.corpus), key=_corpus)
        return [(name, list(own)) for name, own in groupby(accounts, key=_corpus)]

    def by(self, outcome: Outcome) -> Outcome | None:
        """Return what the other tool made of the set of *outcome*."""
        if self.beside is None:
            return None
        found = (each for each in self.beside.outcomes if each.of is outcome.of)
        return next(found, None)

    def columns(self, *names: str) -> tuple[str, ...]:
        """Return heads of columns for the other tool's figures, none where there is no other tool."""
        return tuple(f"{self.beside.name}: {each}" for each in names) if self.beside else ()


def finer_places(outcomes: Iterable[Outcome]) -> Tally:
    """Return the places within a country that are labelled in *outcomes*, and what leaked of them."""
    labels = ("LOCATION", "PLACE")
    found = (score(with_finer_places(each.of), each.masks).of(*labels) for each in outcomes)
    return sum(found, Tally())


def _corpus(outcome: Outcome) -> str:
    return outcome.of.corpus


def share(tally: Tally) -> str:
    """Return the part of *tally* that leaks, or a dash where there is nothing that could."""
    return percent(tally.leak) if tally.spans else NONE


def visible(tally: Tally) -> str:
    return percent(tally.visible / tally.spans) if tally.spans else NONE


def percent(part: float) -> str:
    """Return *part* in percent: to a hundredth where little is left, so that nothing looks like zero that is not."""
    in_percent = part * 100
    return f"{in_percent:.2f}" if 0 < in_percent < 1 else f"{in_percent:.1f}"
