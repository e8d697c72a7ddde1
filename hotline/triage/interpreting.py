"""Who interprets a report: one person, one report at a time, and only after they said that they know nobody in it.

A caseworker picks what the interpreter gets, and hands it over (`vault.handed`); nothing else of the report opens for
them, and nothing at all before they declared that they have no part in it (`translating`). Whoever declares one, or
finds one later, is out, and the caseworker reads why. The work ends when a caseworker takes it back, when the report is
closed, after seven days, or when the interpreter leaves; then what was handed over is deleted. What the interpreter made
of it stays with the report, sealed to its desk, under their name.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, or_, select

from hotline.domain.report import day
from hotline.domain.staff import RIGHTS, Right
from hotline.errors import Conflict, Malformed, NotFound
from hotline.reports import reports
from hotline.store import Session, new_id
from hotline.triage import translations
from hotline.triage.access import seen_by
from hotline.triage.claims import claim
from hotline.triage.interpreter_work import (
    OPEN,
    SYSTEM,
    End,
    State,
    Work,
    as_swept,
    end,
    end_over,
    found,
    is_over,
    open_works,
    seal_for,
    work_in,
    write_down,
)
from hotline.triage.tables import interpretings
from hotline.triage.translations import LONGEST
from hotline.vault import handed
from hotline.vault.handed import Kind, Texts
from hotline.vault.keyring import Keyring
from hotline.vault.locks import Locks
from hotline.vault.roster import MemberEntry

LASTS = timedelta(days=7)
_LONGEST_LINE = 128


class NotAnInterpreter(Malformed):
    default_message = "nobody of that name interprets at this desk, or may see this report"


class AtWork(Conflict):
    default_message = "this interpreter has another report, or this report another interpreter"


class NothingPicked(Malformed):
    default_message = "pick what the interpreter is to get"


def interpreters(keyring: Keyring, desk: str) -> list[MemberEntry]:
    """Return who interprets at *desk*, by name."""
    found = [m for m in keyring.members if m.desk == desk and Right.INTERPRET in RIGHTS[m.role]]
    return sorted(found, key=lambda member: member.name.casefold())


def may_interpret(
    session: Session, keyring: Keyring, report_id: str, *, desk: str
) -> list[MemberEntry]:
    """Return who of *desk* may interpret a report: where it is restricted, only who is named for it."""
    return [m for m in interpreters(keyring, desk) if _sees(session, report_id, m)]


def busy(session: Session, desk: str, *, at: datetime) -> frozenset[str]:
    """Return the staff ids of the interpreters of *desk* who have a report."""
    found = session.execute(open_works(at).where(interpretings.c.desk == desk))
    return frozenset(row.interpreter for row in found)


def assign(
    session: Session,
    report_id: str,
    *,
    keyring: Keyring,
    locks: Locks,
    desk: str,
    by: str,
    at: datetime,
    interpreter: str,
    texts: Texts,
) -> str:
    """Ask an interpreter of *desk* to translate *texts* of a report, and return the id of the work.

    Raises:
        NotAnInterpreter: they do not interpret here, or do not see this report.
        NothingPicked: there are no texts.
        AtWork: they have another report, or the report another interpreter.
        Held, NotFound: see `claim`.
    """
    to = _interpreter(session, keyring, report_id, desk, interpreter)
    if not texts:
        raise NothingPicked(ref=report_id)
    claim(session, report_id, desk=desk, by=by, at=at)
    end_over(session, at, interpretings.c.desk == desk)
    taken = or_(interpretings.c.interpreter == to.id, interpretings.c.report_id == report_id)
    its = select(interpretings.c.id).where(taken, interpretings.c.state.in_(OPEN))
    if session.execute(its.limit(1)).first() is not None:
        raise AtWork(ref=report_id)
    work = Work(new_id(), report_id, desk, to.id, by, State.ASKED, "", day(at), day(at + LASTS))
    session.execute(insert(interpretings), {name: getattr(work, name) for name in work.__slots__})
    write_down(session, work, "interpreter_asked", by, at, what=to.id)
    _hand(session, work, to, texts, keyring=keyring, locks=locks, by=by, at=at)
    return work.id


def hand_over(
    session: Session,
    report_id: str,
    *,
    keyring: Keyring,
    locks: Locks,
    desk: str,
    by: str,
    at: datetime,
    texts: Texts,
) -> None:
    """Hand more of a report to its interpreter.

    Raises:
        NotFound: nobody interprets it.
        NothingPicked: there are no texts.
        Held: see `claim`.
    """
    work = _of(session, report_id, desk, at)
    to = _interpreter(session, keyring, report_id, desk, work.interpreter)
    if not texts:
        raise NothingPicked(ref=report_id)
    claim(session, report_id, desk=desk, by=by, at=at)
    _hand(session, work, to, texts, keyring=keyring, locks=locks, by=by, at=at)


def hand_draft(
    session: Session,
    report_id: str,
    *,
    keyring: Keyring,
    locks: Locks,
    desk: str,
    by: str,
    at: datetime,
    text: str,
    language: str,
) -> int:
    """Have the interpreter of a report put an answer into *language*; return the number of the draft.

    Raises:
        NotFound, Held, NothingPicked: as for `hand_over`.
    """
    text = text.strip()[:LONGEST]
    seq = translations.next_draft(session, report_id)
    texts = {(Kind.DRAFT, seq): handed.Handed(text, language, True)} if text else {}
    keys = {"keyring": keyring, "locks": locks}
    hand_over(session, report_id, **keys, desk=desk, by=by, at=at, texts=texts)  # type: ignore[arg-type]
    translations.keep(session, keyring, desk, report_id, Kind.DRAFT, seq, 0, text, by=by, at=at)
    return seq


def withdraw(session: Session, report_id: str, *, desk: str, by: str, at: datetime) -> None:
    """Take a report from its interpreter; anybody of the desk may, whoever holds it.

    Raises:
        NotFound: nobody interprets it.
    """
    end(session, [_of(session, report_id, desk, at)], End.WITHDRAWN, by=by, at=at)


def works_of_report(session: Session, report_id: str, *, at: datetime) -> list[Work]:
    """Return who interprets, interpreted or refused a report, the newest first; few ever do.

    One that is over and not yet swept is shown as the sweep will leave it.
    """
    rows = interpretings.c
    its = select(interpretings, is_over(at).label("is_over")).where(rows.report_id == report_id)
    newest = its.order_by(rows.day.desc(), rows.state, rows.id).limit(20)
    return [as_swept(session, row, at) for row in session.execute(newest).all()]


def end_with_report(session: Session, report_id: str, *, by: str, at: datetime) -> None:
    """End what is open about a report that is closed."""
    its = (interpretings.c.report_id == report_id, interpretings.c.state.in_(OPEN))
    rows = session.execute(select(interpretings).where(*its)).all()
    end(session, [work_in(row) for row in rows], End.CLOSED, by=by, at=at)


def sweep(session: Session, keyring: Keyring, *, at: datetime) -> None:
    """End work that is over, and that of whoever left."""
    end_over(session, at)
    here = {member.id for desk in keyring.desks for member in interpreters(keyring, desk.name)}
    its = (interpretings.c.state.in_(OPEN), interpretings.c.interpreter.not_in(here))
    gone = [work_in(row) for row in session.execute(select(interpretings).where(*its))]
    end(session, gone, End.LEFT, by=SYSTEM, at=at)


def forget(session: Session, report_id: str) -> None:
    """Delete who interpreted a report, and of which texts there are translations; the words go with the desk's."""
    handed.forget(session, report_id)
    translations.forget(session, report_id)
    session.execute(delete(interpretings).where(interpretings.c.report_id == report_id))


def _hand(
    session: Session,
    work: Work,
    to: MemberEntry,
    texts: Texts,
    *,
    keyring: Keyring,
    locks: Locks,
    by: str,
    at: datetime,
) -> None:
    seal_for(session, work, to, texts, keyring, locks)
    numbers = " ".join(f"{kind}-{seq}" for kind, seq in sorted(texts))
    write_down(
        session, work, "texts_handed", by, at, what=f"{len(texts)} {numbers}"[:_LONGEST_LINE]
    )


def _of(session: Session, report_id: str, desk: str, at: datetime) -> Work:
    its = (interpretings.c.report_id == report_id, interpretings.c.desk == desk)
    work = found(session, open_works(at).where(*its).with_for_update())
    if work is None:
        raise NotFound(ref=report_id)
    return work


def _interpreter(
    session: Session, keyring: Keyring, report_id: str, desk: str, staff_id: str
) -> MemberEntry:
    may = {member.id: member for member in may_interpret(session, keyring, report_id, desk=desk)}
    if staff_id not in may:
        raise NotAnInterpreter(ref=report_id)
    return may[staff_id]


def _sees(session: Session, report_id: str, member: MemberEntry) -> bool:
    its = (reports.c.id == report_id, reports.c.desk == member.desk, seen_by(member.id))
    return session.execute(select(reports.c.id).where(*its)).first() is not None
