"""A hold keeps a report from ending, and all that is merged with it: with a reason, and with a last day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from hotline import audit
from hotline.domain.report import day
from hotline.errors import Malformed, NotFound, Refused
from hotline.reports.joined import family, lock_family
from hotline.retention import endings
from hotline.retention.tables import duties, holds
from hotline.store import Session, new_id
from hotline.vault.keyring import Keyring
from hotline.vault.words import write_down

LONGEST = timedelta(days=731)
"""A hold is placed again after two years, or it ends: what is held for ever was never decided on."""

_IS_HELD = (
    select(holds.c.id)
    .where(
        holds.c.report_id.in_(bindparam("reports", expanding=True)),
        holds.c.ended_day == "",
        holds.c.until_day >= bindparam("today"),
    )
    .limit(1)
)
# What the law makes us tell must still be there when it is told.
_IS_OWED = (
    select(duties.c.id)
    .where(duties.c.report_id.in_(bindparam("reports", expanding=True)), duties.c.state == "due")
    .limit(1)
)
_MOST = 200


class HoldTooLong(Malformed):
    default_message = "a hold ends on a later day than today, and within two years"


class WordsMissing(Refused):
    default_message = "say in a few words what this is about"


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold with its days; *ended_day* is empty while it was neither lifted nor found to have run out."""

    id: str
    report_id: str
    placed_by: str
    placed_day: str
    until_day: str
    ended_day: str

    @property
    def sort(self) -> tuple[str, str, str]:
        """Return who placed it, when and until when: what two holds share of which one was handed on."""
        return self.placed_by, self.placed_day, self.until_day

    def holds(self, at: datetime) -> bool:
        return not self.ended_day and self.until_day >= day(at)


def is_held(session: Session, report_id: str, *, at: datetime) -> bool:
    """Tell whether a report must not end on the day of *at*: a hold lasts, or we still have to tell of it by law.

    What is asked about one report is often told in another of the same person, so what is merged is kept together.
    """
    its = {"reports": _kept_with(session, report_id)}
    if session.execute(_IS_HELD, {**its, "today": day(at)}).first() is not None:
        return True
    return session.execute(_IS_OWED, its).first() is not None


def hold(
    session: Session,
    report_id: str,
    *,
    keyring: Keyring,
    desk: str,
    by: str,
    why: str,
    until: date,
    at: datetime,
) -> str:
    """Keep a report of *desk* from retention and erasure up to and including *until*; return the hold's id.

    *why* stands in the log, sealed to those who read it.

    Raises:
        HoldTooLong: *until* is not after today, or more than two years away.
        WordsMissing: *why* is empty.
        NotFound: *desk* has no such report.
    """
    words = said(why)
    if not at.date() < until <= at.date() + LONGEST:
        raise HoldTooLong(ref=report_id)
    # An erasure that runs at this moment ends first, or waits and sees the hold.
    ids = lock_family(session, report_id, desk=desk)
    row = {
        "id": new_id(),
        "report_id": report_id,
        "desk": desk,
        "placed_by": by,
        "placed_day": day(at),
        "until_day": until.isoformat(),
    }
    session.execute(insert(holds), {**row, "ended_day": ""})
    what = f"{row['id']} until {row['until_day']}"
    its: dict[str, Any] = {"at": at, "who": by, "did": "hold", "desk": desk, "words": words}
    for one in ids:
        write_down(session, keyring, report_id=one, what=what, **its)
    return row["id"]


def lift(
    session: Session,
    report_id: str,
    hold_id: str,
    *,
    keyring: Keyring,
    desk: str,
    by: str,
    why: str,
    at: datetime,
) -> None:
    """End a hold before its time. What it kept past its day ends after three days' notice, not at once.

    Raises:
        WordsMissing: *why* is empty.
        NotFound: *desk* has no such hold on this report, or it ended.
    """
    words = said(why)
    rows, ids = holds.c, lock_family(session, report_id, desk=desk)
    its = (rows.id == hold_id, rows.report_id.in_(ids), rows.desk == desk)
    ended = session.execute(
        update(holds).where(*its, rows.ended_day == "").values(ended_day=day(at))
    )
    if ended.rowcount == 0:
        raise NotFound(ref=report_id)
    line: dict[str, Any] = {"at": at, "who": by, "did": "hold_lifted", "desk": desk, "words": words}
    for one in ids:
        endings.put_off(session, at=at, report_id=one)
        write_down(session, keyring, report_id=one, what=hold_id, **line)


def hand_on(
    session: Session,
    report_ids: Collection[str],
    *,
    to: str,
    keyring: Keyring,
    desk: str,
    by: str,
    why: str,
    at: datetime,
) -> None:
    """Let each hold on one of *report_ids* hold *to*, too: they were merged, and are taken apart for the reason *why*."""
    there = {hold.sort for hold in holds_of(session, to, alone=True) if hold.holds(at)}
    lasting = (hold for its in report_ids for hold in holds_of(session, its, alone=True))
    for hold in lasting:
        if not hold.holds(at) or hold.sort in there:
            continue
        there.add(hold.sort)
        row = {name: getattr(hold, name) for name in Hold.__slots__}
        its_id = new_id()
        session.execute(insert(holds), {**row, "id": its_id, "report_id": to, "desk": desk})
        write_down(
            session,
            keyring,
            at=at,
            who=by,
            did="hold",
            desk=desk,
            report_id=to,
            what=f"{its_id} until {hold.until_day}",
            words=why,
        )


def end_holds(session: Session, *, at: datetime) -> int:
    """Write down which holds ran out since, and return how many; what they kept ends after three days' notice."""
    rows = holds.c
    query = select(rows.id, rows.report_id, rows.desk, rows.until_day)
    over = query.where(rows.ended_day == "", rows.until_day < day(at)).limit(_MOST)
    done = 0
    for one in session.execute(over).all():
        ended = session.execute(
            update(holds).where(rows.id == one.id, rows.ended_day == "").values(ended_day=day(at))
        )
        if ended.rowcount:
            done += 1
            for its in _kept_with(session, one.report_id):
                endings.put_off(session, at=at, report_id=its)
            audit.record(
                session,
                at=at,
                who="system",
                did="hold_ended",
                desk=one.desk,
                report_id=one.report_id,
                what=one.id,
            )
    return done


def holds_of(session: Session, report_id: str, *, alone: bool = False) -> tuple[Hold, ...]:
    """Return every hold that a report ever had, and unless *alone* what is merged with it, the newest day first."""
    columns = [holds.c[name] for name in Hold.__slots__]
    ids = (report_id,) if alone else _kept_with(session, report_id)
    query = select(*columns).where(holds.c.report_id.in_(ids))
    ordered = query.order_by(holds.c.placed_day.desc(), holds.c.id).limit(_MOST)
    return tuple(Hold(*row) for row in session.execute(ordered))


def _kept_with(session: Session, report_id: str) -> tuple[str, ...]:
    """Return what a hold on a report keeps: all that is merged with it, or what outlasts it where it is gone."""
    return family(session, report_id) or (report_id,)


def said(words: str, *, longest: int = 2000) -> str:
    """Return *words* as they are kept.

    Raises:
        WordsMissing: there are none.
    """
    words = "\n".join(" ".join(line.split()) for line in words.splitlines()).strip()
    if not words:
        raise WordsMissing
    return words[:longest]
