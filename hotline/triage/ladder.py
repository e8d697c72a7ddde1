"""Who is paged before whom.

First whoever holds the report, then who is on duty and reads its language, others on duty, the supervisors, and those
whom the house calls (`HOUSE`). What no person opened goes to supervisors first. A restricted report asks the named alone.
"""

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from hotline.domain.staff import RIGHTS, Right
from hotline.store import Session
from hotline.triage.access import named_for
from hotline.triage.languages import readers
from hotline.triage.pagers import with_pagers
from hotline.triage.rota import on_duty
from hotline.vault.roster import MemberEntry

HOUSE = ""
"""Stands for whoever PAGE_TO names."""


class Reason(StrEnum):
    IMMEDIATE = "immediate"
    CLOCK_OVER = "clock_over"
    UNOPENED = "unopened"


@dataclass(frozen=True, slots=True)
class Terms:
    """How pages go round: *again* is how long each may take, *calls_house* whether PAGE_TO names anybody."""

    roster: Callable[[str], MemberEntry | None]
    zone: ZoneInfo
    again: timedelta
    rounds: int
    calls_house: bool


def in_order(
    session: Session, page: Any, report: Any, terms: Terms, *, at: datetime
) -> tuple[list[str], list[str]]:
    """Return who is asked one after the other, and who only when everybody is."""
    can = {who for who in with_pagers(session, page.desk) if _may_answer(terms, who, page.desk)}
    duty = on_duty(session, page.desk, terms.zone, at=at)
    if report.restricted:
        can &= set(named_for(session, page.report_id))
    read = _readers(session, page.desk, report.language)
    holds = report.claimed_by if report.claimed_until and report.claimed_until > at else None
    supervise = {who for who in can if _has(terms, who, Right.OVERSEE)}
    tiers = [{holds}, duty & read, duty, supervise]
    if page.reason == Reason.UNOPENED:
        tiers = [supervise & duty, supervise, duty & read, duty]
    if report.restricted:
        tiers.append(can)
    first = [who for tier in tiers for who in sorted(can & tier, key=_draw(page.id))]
    first = list(dict.fromkeys(first))
    others = sorted(can - set(first))
    house = [HOUSE] if terms.calls_house and not report.restricted else []
    return [*first, *house], others


def next_of(
    turn: int, asked: Collection[str], first: Sequence[str], others: Sequence[str], terms: Terms
) -> tuple[int, Sequence[str]]:
    """Return which round it is after *turn*, in which some were *asked*, and who is asked now: one, or in the end all."""
    left = [who for who in first if who not in asked]
    if left and turn < terms.rounds:
        return turn, left[:1]
    turn = turn + 1 if first else max(turn + 1, terms.rounds)
    return turn, first[:1] if turn < terms.rounds else [*first, *others]


def _readers(session: Session, desk: str, language: str) -> set[str]:
    tongue = language.partition("-")[0]
    by_language = readers(session, desk).items()
    return {who for code, ids in by_language if code.partition("-")[0] == tongue for who in ids}


def _may_answer(terms: Terms, staff_id: str, desk: str) -> bool:
    member = terms.roster(staff_id)
    return member is not None and member.desk == desk and _has(terms, staff_id, Right.REPLY)


def _has(terms: Terms, staff_id: str, right: Right) -> bool:
    member = terms.roster(staff_id)
    return member is not None and right in RIGHTS[member.role]


def _draw(page_id: str) -> Callable[[str], str]:
    """Return what puts equals in an order that is another for each page, so that nobody is always the first."""
    return lambda who: hashlib.sha256(f"{page_id} {who}".encode()).hexdigest()
