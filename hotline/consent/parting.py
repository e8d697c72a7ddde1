"""Reports of one person that were merged come apart: what one of them shut stays shut in the other.

Nobody has to say it twice, and taking apart opens nothing. The person, or who works for them, lifts it where it was
meant for one alone.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import insert, select

from hotline.consent.case import ERASURE, NO, ExclusionKind
from hotline.consent.tables import asks, exclusions, grants
from hotline.store import Session, new_id


def keep_shut(session: Session, report_ids: Collection[str], *, to: str) -> None:
    """Let whom *report_ids* must not reach, and what was answered with no there, count for the report *to*, too."""
    for its in report_ids:
        _exclude(session, its, to)
        _refuse(session, its, to)


def _exclude(session: Session, report_id: str, to: str) -> None:
    there = {(row.kind, row.ref, row.reason) for row in _standing(session, to)}
    for row in _standing(session, report_id):
        copied = _readable(row)
        if copied and (copied["kind"], copied["ref"], copied["reason"]) not in there:
            whose = {"id": new_id(), "report_id": to, "meant_by": "", "words_sealed": b""}
            session.execute(insert(exclusions), copied | whose)
            there.add((copied["kind"], copied["ref"], copied["reason"]))


def _standing(session: Session, report_id: str) -> list[Any]:
    rows = exclusions.c
    its = (rows.report_id == report_id, rows.lifted_day == "", rows.reason != ERASURE)
    return list(session.execute(select(exclusions).where(*its).order_by(rows.day, rows.id)))


def _readable(row: Any) -> dict[str, Any] | None:
    """Return an exclusion as another report can have it: of words that nobody has read, that it must reach nobody.

    Words are sealed to their own row. Whom they mean stands in rows of its own once somebody has read them.
    """
    facts = dict(row._mapping)
    if row.kind != ExclusionKind.WORDS:
        return facts
    if row.read_day:
        return None
    return facts | {"kind": ExclusionKind.EVERYONE.value, "read_day": row.day}


def _refuse(session: Session, report_id: str, to: str) -> None:
    there = set(_refused(session, to))
    for (purpose, recipient), day in _refused(session, report_id).items():
        if (purpose, recipient) not in there:
            row = {"id": new_id(), "report_id": to, "purpose": purpose, "recipient": recipient}
            row |= {"until_day": day, "by": "", "day": day, "state": NO, "answered_day": day}
            session.execute(insert(asks), row | {"fields": []})


def _refused(session: Session, report_id: str) -> dict[tuple[str, str], str]:
    """Return about whom the person said no or took a yes back, and has not said yes since; each with the day."""
    asked, given = asks.c, grants.c
    noes = select(asked.purpose, asked.recipient, asked.answered_day.label("day")).where(
        asked.report_id == report_id, asked.state == NO
    )
    back = select(given.purpose, given.recipient, given.revoked_day.label("day")).where(
        given.report_id == report_id, given.revoked_day != ""
    )
    found = {
        (row.purpose, row.recipient): row.day
        for query in (noes, back)
        for row in session.execute(query)
    }
    standing = select(given.purpose, given.recipient).where(
        given.report_id == report_id, given.revoked_day == "", given.ended_day == ""
    )
    for row in session.execute(standing):
        found.pop((row.purpose, row.recipient), None)
    return found
