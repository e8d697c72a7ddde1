"""Find reports: by the reference that staff say aloud, by facts, and by words in what was said.

Facts are found in the database, newest first, a page at a time. Words lie sealed: they are looked for in accounts that
a caseworker's session opens, a slice at a time, and they stand in no table, log or address. Who somebody is, is never
looked through.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, select, tuple_

from hotline.reports import messages, reports
from hotline.store import Session
from hotline.triage.access import seen_by
from hotline.triage.filtering import EVERYTHING, Filters, days_between
from hotline.triage.rows import COLUMNS, UNMERGED, QueuePage, QueueRow, as_row
from hotline.triage.wording import Words
from hotline.vault.contents import Account
from hotline.vault.opening import Keyholder
from hotline.vault.reviewed import Message

MOST = 5_000
"""So many reports one page looks at for those that fit."""

SLICE = 200
"""So many reports are opened at a time."""

COUNTED = 10_000
"""Beyond this nobody counts how many reports are to be looked through."""

_SAME_REFERENCE = 20
_MESSAGES = 600
_KEY = (reports.c.day, reports.c.id)
_NEWEST = (reports.c.day.desc(), reports.c.id.desc())


@dataclass(frozen=True, slots=True)
class Facts:
    """What a report must be, in codes and days; an empty value asks for nothing."""

    filters: Filters = EVERYTHING
    status: str = ""
    first: str = ""
    last: str = ""

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """Yield what must hold, the days apart: these are a range of an index."""
        yield from self.filters.conditions()
        if self.status:
            yield reports.c.status == self.status
        if self.filters.urgency:
            yield reports.c.urgency.in_(self.filters.ranks)


@dataclass(frozen=True, slots=True, repr=False)
class Hit:
    """A message in which the words stand, and where (*at*, code points of its account).

    It is read on the page of *shown_in*: its own report, or the one into which that was merged.
    """

    shown_in: str
    report_id: str
    seq: int
    account: Account
    at: tuple[int, int]


@dataclass(frozen=True, slots=True, repr=False)
class Slice:
    """What one slice gave: *looked* reports of it were opened; *next* is the place to go on from, empty at the end."""

    hits: tuple[Hit, ...]
    looked: int
    next: str = ""


def by_reference(session: Session, reference: str, *, desk: str, staff_id: str) -> tuple[str, ...]:
    """Return the ids of the reports of *desk* that staff call by *reference*: one as a rule, seldom two."""
    rows = reports.c
    its = (rows.desk == desk, rows.reference == tidied(reference), seen_by(staff_id))
    found = session.execute(select(rows.id).where(*its).order_by(rows.id).limit(_SAME_REFERENCE))
    return tuple(found.scalars())


def tidied(reference: str) -> str:
    """Return a reference that somebody typed as it stands on pages, such as ``K7-4QX``."""
    letters = "".join(letter for letter in reference.upper() if letter.isalnum())[:5]
    return f"{letters[:2]}-{letters[2:]}"


def found_page(
    session: Session, *, desk: str, staff_id: str, facts: Facts, after: str = "", limit: int = 50
) -> QueuePage:
    """Return *limit* reports of *desk* that *facts* describe, newest first, from the place *after* on.

    It looks at no more than `MOST`. A place that is gone is the beginning.
    """
    where = _where(session, desk, staff_id, facts, after)
    looked, end = _looked_at(session, where, MOST)
    if end is None:
        return QueuePage(())
    near = (*where, tuple_(*_KEY) >= tuple_(literal(end.day), literal(end.id)), *_fits(facts))
    found = select(*COLUMNS).where(*near).order_by(*_NEWEST).limit(limit + 1)
    rows = tuple(map(as_row, session.execute(found)))
    if len(rows) > limit:
        return QueuePage(rows[:limit], rows[limit - 1].id)
    return QueuePage(rows, end.id, is_cut=True) if looked == MOST else QueuePage(rows)


def rows_of(session: Session, ids: Sequence[str]) -> dict[str, QueueRow]:
    """Return the facts of reports by their ids."""
    found = session.execute(select(*COLUMNS).where(reports.c.id.in_(ids)))
    return {row.id: as_row(row) for row in found}


def about_how_many(session: Session, *, desk: str, staff_id: str, facts: Facts) -> int:
    """Return how many reports are to be looked through, as far as that is counted cheaply: at most `COUNTED`."""
    where = _where(session, desk, staff_id, facts, "")
    fits = _fits(facts) or (literal(True),)
    some = select(case((and_(*fits), 1), else_=0).label("fits")).where(*where)
    near = some.order_by(*_NEWEST).limit(COUNTED).subquery()
    return int(session.execute(select(func.sum(near.c.fits))).scalar_one() or 0)


def look_through(
    session: Session,
    keyholder: Keyholder,
    words: Words,
    *,
    facts: Facts,
    after: str = "",
) -> Slice:
    """Look for *words* in the accounts of the next reports that *facts* describe, opened for *keyholder*.

    Raises:
        Refused: without the right to read.
    """
    me = keyholder
    page = found_page(
        session, desk=me.desk, staff_id=me.staff_id, facts=facts, after=after, limit=SLICE
    )
    rows = _affordable(page.rows)
    goes_on = rows[-1].id if len(rows) < len(page.rows) else page.next
    hits = tuple(_hits(session, keyholder, words, [row.id for row in rows]))
    return Slice(hits, len(rows), goes_on)


def open_hits(
    session: Session, keyholder: Keyholder, found: Sequence[Message], words: Words
) -> tuple[Hit, ...]:
    """Open again what was found before, in that order; what is there no more, or hidden by now, is left out."""
    ids = [report_id for report_id, _ in found]
    seen = _seen(session, keyholder, ids)
    mine = [one for one in found if one[0] in seen]
    opened = keyholder.open_each(session, mine)
    return tuple(
        Hit(seen[one[0]], *one, opened[one], at)
        for one in mine
        if one in opened and (at := words.found_in(opened[one].text))
    )


def _hits(
    session: Session, keyholder: Keyholder, words: Words, ids: Sequence[str]
) -> Iterator[Hit]:
    """Yield the first message of each report in which the words stand, in the order of *ids*."""
    within = _within(session, keyholder, ids)
    rows = messages.c
    its = select(rows.report_id, rows.seq).where(rows.report_id.in_(within))
    found = [(row.report_id, row.seq) for row in session.execute(its)]
    opened = keyholder.open_each(session, found)
    order = {report_id: place for place, report_id in enumerate(ids)}
    told: set[str] = set()
    for one in sorted(opened, key=lambda one: (order[within[one[0]]], one[0], one[1])):
        at = words.found_in(opened[one].text)
        if at and within[one[0]] not in told:
            told.add(within[one[0]])
            yield Hit(within[one[0]], *one, opened[one], at)


def _within(session: Session, keyholder: Keyholder, ids: Sequence[str]) -> dict[str, str]:
    """Return *ids* and those that were merged into them, each with the report in which it is read."""
    rows = reports.c
    merged = select(rows.id, rows.joined_to).where(
        rows.joined_to.in_(ids), seen_by(keyholder.staff_id)
    )
    found = {row.id: row.joined_to for row in session.execute(merged)}
    return {**{report_id: report_id for report_id in ids}, **found}


def _seen(session: Session, keyholder: Keyholder, ids: Sequence[str]) -> dict[str, str]:
    """Return which of *ids* *keyholder* may see at their desk, each with the report in which it is read."""
    rows = reports.c
    its = (rows.id.in_(ids), rows.desk == keyholder.desk, seen_by(keyholder.staff_id))
    found = session.execute(select(rows.id, rows.joined_to).where(*its))
    return {row.id: row.joined_to or row.id for row in found}


def _affordable(rows: tuple[QueueRow, ...]) -> tuple[QueueRow, ...]:
    """Return as many of *rows* as have messages for one slice: a conversation may be long."""
    total = 0
    for count, row in enumerate(rows):
        total += row.messages
        if total > _MESSAGES and count:
            return rows[:count]
    return rows


def _where(
    session: Session, desk: str, staff_id: str, facts: Facts, after: str
) -> tuple[ColumnElement[bool], ...]:
    rows = reports.c
    seen = (rows.desk == desk, seen_by(staff_id))
    its = (*seen, UNMERGED, *days_between(facts.first, facts.last))
    place = select(rows.day).where(rows.id == after, *seen)
    day = session.execute(place).scalar() if after else None
    if day is None:
        return its
    return (*its, tuple_(*_KEY) < tuple_(literal(day), literal(after)))


def _fits(facts: Facts) -> tuple[ColumnElement[bool], ...]:
    """Return what *facts* ask for, said so that no other index than that of the days seems to fit."""
    asked = tuple(facts.conditions())
    return (case((and_(*asked), 1), else_=0) == 1,) if asked else ()


def _looked_at(
    session: Session, where: tuple[ColumnElement[bool], ...], most: int
) -> tuple[int, Any]:
    """Return how many the next *most* reports are, and the last of them; None where there is none."""
    some = select(*_KEY).where(*where).order_by(*_NEWEST).limit(most).subquery()
    counted = select(some, func.count().over().label("looked")).order_by(some.c.day, some.c.id)
    last = session.execute(counted.limit(1)).one_or_none()
    return (last.looked, last) if last else (0, None)
