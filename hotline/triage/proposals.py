"""Codes of the field that the facts of a report propose: a person accepts or rejects each, and only those count.

The lists are `proposed.tsv`, which says for each code what proposes it: an indicator, a rule, a need, or an answer in
the form. Two facts with a plus between them propose it together. Sources are named in ``SOURCES.md``.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType

from sqlalchemy import delete, insert, select

from hotline import audit
from hotline.domain.report import day
from hotline.errors import NotFound
from hotline.store import Session
from hotline.triage.reading import ReportFacts, report_facts
from hotline.triage.tables import report_codes

STANDARDS: Mapping[str, str] = MappingProxyType(
    {
        "indicator": "ILO 2012",
        "control": "HTCDS 2.0",
        "exploitation": "HTCDS 2.0",
        "service": "HTCDS 2.0",
        "industry": "NIEM 6.0",
        "venue": "NIEM 6.0",
    }
)
"""Whose list each of ours is."""

Pair = tuple[str, str]
"""A list and one of its codes."""


@dataclass(frozen=True, slots=True)
class Code:
    """*label* is the standard's own English; *because* are the facts that propose it, each ``kind:fact``."""

    list: str
    code: str
    label: str
    because: tuple[str, ...]

    @property
    def standard(self) -> str:
        return STANDARDS[self.list]


@dataclass(frozen=True, slots=True)
class Decided:
    """Whether a person took a code for right, and who."""

    is_accepted: bool
    by: str
    day: str


@dataclass(frozen=True, slots=True)
class Proposed:
    """A code with the facts of a report that propose it, none once these are gone; *decided* is None while nobody did."""

    code: Code
    because: tuple[str, ...]
    decided: Decided | None


@cache
def known() -> Mapping[Pair, Code]:
    """Return every code that may be proposed."""
    found: dict[Pair, Code] = {}
    path = Path(__file__).with_name("proposed.tsv")
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            pair = row["list"], row["code"]
            before = found[pair].because if pair in found else ()
            found[pair] = Code(*pair, row["label"], (*before, row["because"]))
    return MappingProxyType(found)


def proposed(
    session: Session, facts: ReportFacts, chosen: Mapping[str, Iterable[str]]
) -> tuple[Proposed, ...]:
    """Return the codes that a report's facts and *chosen* answers propose, and those that were decided on."""
    decided = decided_on(session, facts.id)
    stated = set(_facts(facts, chosen))
    found = []
    for pair, code in known().items():
        because = tuple(one for one in code.because if _holds(one, stated))
        if because or pair in decided:
            found.append(Proposed(code, because, decided.get(pair)))
    return tuple(found)


def decided_on(session: Session, report_id: str) -> dict[Pair, Decided]:
    """Return what was decided on the codes of a report."""
    rows = report_codes.c
    query = select(rows.list, rows.code, rows.is_accepted, rows.by, rows.day)
    found = session.execute(query.where(rows.report_id == report_id))
    return {(row[0], row[1]): Decided(*row[2:]) for row in found}


def decide(
    session: Session,
    report_id: str,
    *,
    pair: Pair,
    is_accepted: bool | None,
    desk: str,
    by: str,
    at: datetime,
) -> None:
    """Accept or reject a code for a report, in the place of what was decided before; None decides nothing any more.

    Raises:
        NotFound: *desk* has no such report, or nothing may propose such a code.
    """
    report_facts(session, report_id, desk=desk)
    if pair not in known():
        raise NotFound(ref=report_id)
    rows = report_codes.c
    its = (rows.report_id == report_id, rows.list == pair[0], rows.code == pair[1])
    session.execute(delete(report_codes).where(*its))
    did = "code_undecided"
    if is_accepted is not None:
        row = {"report_id": report_id, "list": pair[0], "code": pair[1]}
        more = {"is_accepted": is_accepted, "by": by, "day": day(at)}
        session.execute(insert(report_codes).values(**row, **more))
        did = "code_accepted" if is_accepted else "code_rejected"
    what = f"{pair[0]} {pair[1]}"
    audit.record(session, at=at, who=by, did=did, desk=desk, report_id=report_id, what=what)


def forget(session: Session, report_id: str) -> None:
    """Delete what was decided on a report's codes."""
    session.execute(delete(report_codes).where(report_codes.c.report_id == report_id))


def _facts(facts: ReportFacts, chosen: Mapping[str, Iterable[str]]) -> Iterator[str]:
    yield from (f"indicator:{one}" for one in facts.indicators)
    yield from (f"need:{one}" for one in facts.needs)
    yield from (f"rule:{one.removeprefix('urgency_')}" for one in facts.rules)
    if facts.minor:
        yield "rule:minor"
    for answers in chosen.values():
        yield from (f"answer:{one}" for one in answers)


def _holds(because: str, stated: set[str]) -> bool:
    kind, _, together = because.partition(":")
    return all(f"{kind}:{one}" in stated for one in together.split("+"))
