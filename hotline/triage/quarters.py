"""What everybody may know of a quarter of the whole house: counted once, two weeks after it is over, and kept as it is told.

What was counted is kept nowhere, so neither who reads the page twice nor who reads the database learns more. How many
came, and how soon they were answered, is there by the day and month (`statistics`, `reports.tallying`); most of what was
done stands in the log. What nothing else keeps, why leads were withheld and how many complained, is counted as it
happens, and those counts go when the quarter is told.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from hotline.audit.counting import count_kinds
from hotline.consent.telling import Ground
from hotline.domain.quarter import first_day, quarter_after, quarter_name
from hotline.domain.urgency import Urgency
from hotline.reports.tables import first_answers
from hotline.store import Session, Store
from hotline.triage.publishing import OTHERS, Act, Counts, Draw, Facet, Row, by_chance, tell
from hotline.triage.statistics import Facet as Of
from hotline.triage.statistics import backlog, days_of, month_name
from hotline.triage.tables import quarters, statistics
from hotline.triage.tallying import forget_tallies, is_settled, tallies_of
from hotline.triage.withholding import Published

_ACTS: Mapping[tuple[str, str], Act] = {
    ("publish", ""): Act.RELEASED,
    ("recall", ""): Act.RECALLED,
    ("erased", ""): Act.ERASED,
    ("told", Ground.EMERGENCY): Act.TOLD_EMERGENCY,
    ("told", Ground.LAW): Act.TOLD_LAW,
    ("legal_received", ""): Act.LEGAL_RECEIVED,
    ("legal_objected", ""): Act.LEGAL_OBJECTED,
    ("legal_complied", ""): Act.LEGAL_COMPLIED,
    ("legal_withdrawn", ""): Act.LEGAL_WITHDRAWN,
}
# Whatever they were for.
_LOOKS = {"reveal": Act.REVEALED, "emergency": Act.EMERGENCY}


@dataclass(frozen=True, slots=True)
class Quarter:
    """What is told of a quarter such as ``2026-Q3``: by facet and code."""

    name: str
    told: Mapping[Facet, Mapping[str, int | None]]

    def of(self, facet: Facet, code: str = "") -> int | None:
        """Return a number that is always told or withheld."""
        return self.told[facet][code]

    def parts(self, facet: Facet) -> Published:
        """Return the parts of a number, as far as they are told."""
        its = self.told.get(facet, {})
        cells = {code: count for code, count in its.items() if count is not None}
        return Published(cells, withholds=OTHERS in its)

    @property
    def knows_complaints(self) -> bool:
        return Facet.COMPLAINT in self.told


def names(session: Session, *, limit: int = 40) -> tuple[str, ...]:
    """Return the quarters that are told, the newest first."""
    rows = quarters.c
    its = select(rows.quarter).where(rows.facet == Facet.RECEIVED, rows.code == "")
    return tuple(session.execute(its.order_by(rows.quarter.desc()).limit(limit)).scalars())


def quarter(session: Session, name: str) -> Quarter:
    """Return what is told of the quarter *name*: one that `names` names."""
    rows = quarters.c
    told: dict[Facet, dict[str, int | None]] = {}
    its = select(rows.facet, rows.code, rows["count"]).where(rows.quarter == name)
    for facet, code, count in session.execute(its.order_by(rows.facet, rows.code)):
        told.setdefault(Facet(facet), {})[code] = count
    return Quarter(name, told)


def received(session: Session, upto: str, *, limit: int) -> list[tuple[str, int | None]]:
    """Return how many came in the quarter *upto* and in some before it, the earliest first."""
    rows = quarters.c
    its = (rows.facet == Facet.RECEIVED, rows.quarter <= upto)
    found = select(rows.quarter, rows["count"]).where(*its).order_by(rows.quarter.desc())
    return [(row[0], row[1]) for row in session.execute(found.limit(limit))][::-1]


def count_due(store: Store, desks: Collection[str], *, at: datetime, draw: Draw = by_chance) -> int:
    """Count each quarter that is settled and not told, and tell it; return how many it were.

    It is read day by day, and reading takes no lock; what is told is one small write.
    """
    done = 0
    while first := _due(store, desks, at):
        rows = [*tell(_count(store, desks, first), draw)]
        name = quarter_name(first)
        store.write(lambda session: _keep(session, name, rows))  # noqa: B023 - it is called at once.
        done += 1
    return done


def _due(store: Store, desks: Collection[str], at: datetime) -> date | None:
    """Return the first day of the next quarter to count, if it is settled and its months are counted."""
    with store.read() as session:
        first = _next(session, desks)
        if first is None or not is_settled(first, at=at):
            return None
        end = month_name(quarter_after(first))
        waits = (one for desk in desks for one in backlog(session, desk, at=at))
        return None if any(one.month < end for one in waits) else first


def _next(session: Session, desks: Collection[str]) -> date | None:
    last = session.execute(select(func.max(quarters.c.quarter))).scalar_one()
    if last:
        return quarter_after(first_day(last))
    rows = statistics.c
    its = (rows.desk.in_(desks), rows.facet == Of.ALL)
    first = session.execute(select(func.min(rows.day)).where(*its)).scalar_one()
    return first_day(quarter_name(date.fromisoformat(first))) if first else None


def _count(store: Store, desks: Collection[str], first: date) -> Counts:
    end, name = quarter_after(first), quarter_name(first)
    acts: Counter[Act] = Counter()
    for one in days_of(first, end):
        with store.read() as session:
            acts += _acts(session, one)
    with store.read() as session:
        sums = _sums(session, desks, first, end)
        tallies = tallies_of(session, name)
        return Counts(
            received=sums.get(Of.ALL, {}).get("", 0),
            countries=sums.get(Of.COUNTRY, {}),
            answers=_answers(session, first, end),
            acts=acts,
            reasons=tallies.get(Facet.REASON, {}),
            complaints=tallies.get(Facet.COMPLAINT, {}),
        )


def _acts(session: Session, its_day: date) -> Counter[Act]:
    found: Counter[Act] = Counter()
    for (did, purpose), count in count_kinds(session, its_day).items():
        act = _LOOKS.get(did) or _ACTS.get((did, purpose))
        if act:
            found[act] += count
    return found


def _sums(
    session: Session, desks: Collection[str], first: date, end: date
) -> dict[str, dict[str, int]]:
    """Return how many came to all desks, in all and by country."""
    rows = statistics.c
    its = (rows.desk.in_(desks), rows.facet.in_((Of.ALL, Of.COUNTRY)))
    days = (rows.day >= first.isoformat(), rows.day < end.isoformat())
    query = select(rows.facet, rows.code, func.sum(rows["count"])).where(*its, *days)
    found: dict[str, dict[str, int]] = {}
    for facet, code, count in session.execute(query.group_by(rows.facet, rows.code)):
        found.setdefault(facet, {})[code] = int(count)
    return found


def _answers(session: Session, first: date, end: date) -> dict[Urgency, tuple[int, int]]:
    rows = first_answers.c
    its = (rows.month >= month_name(first), rows.month < month_name(end))
    summed = select(rows.urgency, func.sum(rows.in_time), func.sum(rows.late)).where(*its)
    return {
        Urgency.of_rank(rank): (int(in_time) + int(late), int(in_time))
        for rank, in_time, late in session.execute(summed.group_by(rows.urgency))
    }


def _keep(session: Session, name: str, told: list[Row]) -> None:
    """Keep what is told, unless somebody else told it meanwhile, and let go of what was counted."""
    rows = [
        {"quarter": name, "facet": facet, "code": code, "count": count}
        for facet, code, count in told
    ]
    adding = postgresql.insert if session.dialect.name == "postgresql" else sqlite.insert
    first = adding(quarters).values(rows[0]).on_conflict_do_nothing().returning(quarters.c.quarter)
    if session.execute(first).first() is not None:
        session.execute(insert(quarters), rows[1:])
        forget_tallies(session, name)
