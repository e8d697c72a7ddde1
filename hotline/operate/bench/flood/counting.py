"""After the flood: whether what was acknowledged is there, and where it stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select

from hotline import triage
from hotline.domain.report import Status
from hotline.operate.bench.flood.people import Person
from hotline.operate.bench.rig import Rig
from hotline.reports.tables import reports
from hotline.store import Session, Store
from hotline.vault.argon import PRODUCTION
from hotline.vault.codes import parse
from hotline.vault.keyfolder import KeyFolder
from hotline.vault.reporters import CodeDesk, find_reporter
from hotline.vault.tables import return_codes


@dataclass(frozen=True)
class Counted:
    """*missed* people do not stand in the queue; *lost* codes open nothing; *of_others* stand there of the flood.

    *aside* wait in quarantine, and *kept* are all.
    """

    missed: int
    lost: int
    of_others: int
    aside: int
    kept: int


def count(served: Rig, codes: list[str], people: list[Person], *, looks: int) -> Counted:
    """Look up every one of *people* and *looks* of *codes*: each costs what a try of a code costs."""
    desk = CodeDesk.load(KeyFolder(served.folder / "keys").code_salt, profile=PRODUCTION)
    store = Store(served.database_url)
    step = max(1, len(codes) // looks)
    with store.read() as session:
        theirs = [_report(session, desk, person.code) for person in people]
        others = [_report(session, desk, code) for code in codes[::step]]
        queue = set(_queue(session))
        kept = session.execute(select(func.count()).select_from(return_codes)).scalar_one()
        aside = session.execute(
            select(func.count()).where(reports.c.status == Status.QUARANTINED)
        ).scalar_one()
    store.close()
    return Counted(
        missed=sum(one not in queue for one in theirs),
        lost=sum(not one for one in (*theirs, *others)),
        of_others=len(queue) - len(queue.intersection(theirs)),
        aside=aside,
        kept=kept,
    )


def _report(session: Session, desk: CodeDesk, code: str) -> str:
    found = find_reporter(session, desk.derive(parse(code)).lookup)
    return found.report_id if found else ""


def _queue(session: Session) -> Iterator[str]:
    """Yield what a caseworker sees who goes through the whole queue."""
    after, at = "", datetime.now(UTC)
    while True:
        page = triage.queue_page(session, desk="main", view="open", at=at, after=after, limit=200)
        yield from (row.id for row in page.rows)
        after = page.next
        if not after:
            return
