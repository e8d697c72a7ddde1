"""The words that a desk sorts its reports by: a list of its own, put on reports by whoever works on them.

A tag stands in the clear, so it may name nobody: each is looked at as an account is, before it is taken into the list.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from hotline import audit
from hotline.domain.report import day
from hotline.errors import Conflict, Malformed, NotFound, Refused
from hotline.store import Session, new_id
from hotline.triage.reading import report_facts
from hotline.triage.tables import desk_tags, report_tags

LONGEST = 40
MOST = 100
"""Tags of a desk that are in use at a time."""

Masked = Callable[[str], Sequence[object]]
"""What would be masked in a text, as `anonymize.redact` finds it."""


class TagMissing(Malformed):
    default_message = "a tag has a few words, forty characters at most"


class TagNames(Refused):
    default_message = "a tag names nobody, no place and no number"


class TooManyTags(Refused):
    default_message = "retire a tag before another is added"


@dataclass(frozen=True, slots=True)
class Tag:
    """*retired_day* is empty while reports may get it."""

    id: str
    name: str
    retired_day: str

    @property
    def is_in_use(self) -> bool:
        return not self.retired_day


def add(session: Session, name: str, *, masked: Masked, desk: str, by: str, at: datetime) -> str:
    """Take *name* into the list of *desk*, or into use again; return its id.

    Raises:
        TagMissing: there is no name, or it is too long.
        TagNames: something in it would be masked in an account.
        Conflict: the desk has it.
        TooManyTags: the list is full.
    """
    said = " ".join(name.split())
    if not 0 < len(said) <= LONGEST:
        raise TagMissing
    if masked(said) or any(mark.isdigit() for mark in said):
        raise TagNames
    rows, folded = desk_tags.c, said.casefold()[:LONGEST]
    mine = (rows.desk == desk, rows.folded == folded)
    before = session.execute(select(desk_tags).where(*mine)).one_or_none()
    if before is not None and not before.retired_day:
        raise Conflict
    if len(in_use(session, desk)) >= MOST:
        raise TooManyTags
    its_id = before.id if before else new_id()
    values = {"name": said, "retired_day": ""}
    if before:
        session.execute(update(desk_tags).where(rows.id == its_id).values(values))
    else:
        row = {"id": its_id, "desk": desk, "folded": folded, **values}
        session.execute(insert(desk_tags).values(row))
    audit.record(session, at=at, who=by, did="tag_added", desk=desk, what=its_id)
    return its_id


def retire(session: Session, tag_id: str, *, desk: str, by: str, at: datetime) -> None:
    """Let no more reports get a tag; those that have it keep it.

    Raises:
        NotFound: *desk* has no such tag in use.
    """
    rows = desk_tags.c
    its = (rows.id == tag_id, rows.desk == desk, rows.retired_day == "")
    changed = session.execute(update(desk_tags).where(*its).values(retired_day=day(at)))
    if changed.rowcount == 0:
        raise NotFound(ref=tag_id)
    audit.record(session, at=at, who=by, did="tag_retired", desk=desk, what=tag_id)


def everything(session: Session, desk: str) -> tuple[Tag, ...]:
    """Return the tags of *desk* by name, those in use first."""
    rows = desk_tags.c
    order = (rows.retired_day != "", rows.folded)
    query = select(*_COLUMNS).where(rows.desk == desk).order_by(*order).limit(5 * MOST)
    return tuple(Tag(*row) for row in session.execute(query))


def in_use(session: Session, desk: str) -> tuple[Tag, ...]:
    """Return the tags that reports of *desk* may get, by name."""
    rows = desk_tags.c
    its = (rows.desk == desk, rows.retired_day == "")
    query = select(*_COLUMNS).where(*its).order_by(rows.folded).limit(MOST)
    return tuple(Tag(*row) for row in session.execute(query))


def put_on(
    session: Session, report_id: str, *, chosen: Collection[str], desk: str, by: str, at: datetime
) -> None:
    """Let a report of *desk* have the tags *chosen*, by their ids, and no others; retired ones that it has it may keep.

    Raises:
        NotFound: *desk* has no such report or tag.
    """
    report_facts(session, report_id, desk=desk)
    before = {tag.id for tag in tags_of(session, report_id)}
    may = {tag.id for tag in in_use(session, desk)} | before
    if not set(chosen) <= may:
        raise NotFound(ref=report_id)
    its = {"at": at, "who": by, "desk": desk, "report_id": report_id}
    for tag_id in sorted(set(chosen) - before):
        session.execute(insert(report_tags).values(report_id=report_id, tag=tag_id))
        audit.record(session, did="tagged", what=tag_id, **its)  # type: ignore[arg-type]
    for tag_id in sorted(before - set(chosen)):
        rows = report_tags.c
        mine = (rows.report_id == report_id, rows.tag == tag_id)
        session.execute(delete(report_tags).where(*mine))
        audit.record(session, did="untagged", what=tag_id, **its)  # type: ignore[arg-type]


def tags_of(session: Session, report_id: str) -> tuple[Tag, ...]:
    """Return the tags of a report, by name."""
    query = select(*_COLUMNS).join(report_tags, report_tags.c.tag == desk_tags.c.id)
    found = query.where(report_tags.c.report_id == report_id).order_by(desk_tags.c.folded)
    return tuple(Tag(*row) for row in session.execute(found.limit(5 * MOST)))


def forget(session: Session, report_id: str) -> None:
    """Delete which tags a report had."""
    session.execute(delete(report_tags).where(report_tags.c.report_id == report_id))


_COLUMNS = tuple(desk_tags.c[name] for name in Tag.__slots__)
