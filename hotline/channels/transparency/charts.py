"""The charts of a quarter, as facts: what is drawn and stands in the tables, and in which order."""

from collections.abc import Iterable
from dataclasses import dataclass

from hotline.domain.urgency import Urgency
from hotline.store import Session
from hotline.triage import quarters
from hotline.triage.publishing import OTHERS, Act, Facet
from hotline.triage.quarters import Quarter
from hotline.triage.withholding import Published

_BEFORE = 8
_LOOKS = (Act.REVEALED, Act.EMERGENCY, Act.TOLD_EMERGENCY, Act.TOLD_LAW)
_LEGAL = (Act.LEGAL_RECEIVED, Act.LEGAL_OBJECTED, Act.LEGAL_COMPLIED, Act.LEGAL_WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Cell:
    """One row of a table; *value* is None where it is too small to be told, *share* where there is none or it is."""

    code: str
    value: int | None
    share: int | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart by its *name*: its cells in order, and how they are drawn: "lying", "standing", as "shares" or a "map"."""

    name: str
    kind: str
    cells: tuple[Cell, ...]

    @property
    def largest(self) -> Cell | None:
        """Return the first of the largest cells that are told, if any is."""
        told = (cell for cell in self.cells if cell.value)
        return max(told, key=lambda cell: cell.value or 0, default=None)

    @property
    def first_share(self) -> Cell | None:
        """Return the first cell of which a share is told."""
        return next((cell for cell in self.cells if cell.share is not None), None)

    def of(self, code: str) -> int | None:
        return next(cell.value for cell in self.cells if cell.code == code)

    @property
    def told(self) -> dict[str, int]:
        """Return the numbers that are told, by code."""
        return {cell.code: cell.value for cell in self.cells if cell.value}


def charts_of(session: Session, quarter: Quarter) -> tuple[Chart, ...]:
    """Return the charts of a quarter in the order of the page."""
    came = quarters.received(session, quarter.name, limit=_BEFORE)
    return (
        Chart("received", "standing", tuple(Cell(*one) for one in came)),
        Chart("answer", "shares", tuple(_answers(quarter))),
        Chart("country", "map", _parts(quarter.parts(Facet.COUNTRY))),
        Chart("lead", "lying", tuple(_leads(quarter))),
        Chart("reason", "lying", _parts(quarter.parts(Facet.REASON))),
        Chart("opened", "lying", _acts(quarter, _LOOKS)),
        Chart("law", "lying", _acts(quarter, _LEGAL)),
        Chart("person", "lying", tuple(_persons(quarter))),
    )


def _parts(published: Published) -> tuple[Cell, ...]:
    """Return what is told, the largest first, and behind it one row for all that is withheld."""
    cells = [Cell(code, value) for code, value in published.in_order.items()]
    return (*cells, Cell(OTHERS, None)) if published.withholds else tuple(cells)


def _acts(quarter: Quarter, acts: Iterable[Act]) -> tuple[Cell, ...]:
    return tuple(Cell(act, quarter.of(Facet.ACT, act)) for act in acts)


def _answers(quarter: Quarter) -> Iterable[Cell]:
    for urgency in Urgency:
        count = quarter.of(Facet.ANSWER, urgency)
        yield Cell(urgency, count, quarter.of(Facet.IN_TIME, urgency))


def _leads(quarter: Quarter) -> Iterable[Cell]:
    yield Cell(Act.RELEASED, quarter.of(Facet.ACT, Act.RELEASED))
    yield Cell(Facet.WITHHELD, quarter.of(Facet.WITHHELD))
    yield Cell(Act.RECALLED, quarter.of(Facet.ACT, Act.RECALLED))


def _persons(quarter: Quarter) -> Iterable[Cell]:
    """Yield what was erased, and how many complained where anybody wrote that down."""
    yield Cell(Act.ERASED, quarter.of(Facet.ACT, Act.ERASED))
    if quarter.knows_complaints:
        yield Cell(Facet.COMPLAINT, quarter.of(Facet.COMPLAINT))
