"""How the house is at one moment, in numbers that tell of nobody: what waits, what is late, what failed.

It is read from the database alone, also beside a server that runs. Each query is bounded, whatever the house keeps.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select, union

from hotline import worker
from hotline.audit.checkpoints import newest_checkpoint
from hotline.config import Config
from hotline.contact.spending import spent
from hotline.contact.tables import erase_at_provider
from hotline.domain.report import Status, day
from hotline.domain.urgency import Urgency
from hotline.errors import Unavailable
from hotline.jobs.summing import JobKind, kinds
from hotline.operate.machine import database_file
from hotline.reports.tables import counters, reports
from hotline.store import Session, Store
from hotline.triage import alerts, on_call, paging
from hotline.triage.rota import on_duty
from hotline.triage.tables import pages, rota

MOST = 10_000
"""More than so many of anything count as so many."""


@dataclass(frozen=True, slots=True)
class Work:
    """The jobs: *kinds* is what waits, and *rounds* when each standing job was last done."""

    kinds: tuple[JobKind, ...]
    rounds: Mapping[str, datetime]
    unerased: int
    stuck: int
    checkpoint_at: datetime | None

    @property
    def count(self) -> int:
        return sum(one.count for one in self.kinds)

    @property
    def late(self) -> int:
        return sum(one.late for one in self.kinds)

    @property
    def failing(self) -> int:
        return sum(one.failing for one in self.kinds)

    @property
    def last_round(self) -> datetime | None:
        """When anything standing was last done: then the house could write, too."""
        return max(self.rounds.values(), default=None)


@dataclass(frozen=True, slots=True)
class People:
    """What people wrote, and what staff have before them. *oldest* is since when the first of each urgency waits."""

    came: int
    today: Mapping[str, int]
    waiting: Mapping[Urgency, int]
    oldest: Mapping[Urgency, datetime]
    parts: int
    alerts: int
    pages: int
    on_duty: int
    on_call: int


@dataclass(frozen=True, slots=True)
class Pulse:
    """Both, of one moment."""

    work: Work
    people: People

    @classmethod
    def of(cls, config: Config, at: datetime) -> "Pulse":
        """Read the house of *config* beside whatever runs; nothing is written, and no database is made.

        Raises:
            Unavailable: the database is not there, does not answer, or has another shape.
        """
        file = database_file(config)
        if file and not file.exists():
            raise Unavailable
        store = Store(config.database_url)
        try:
            with store.read() as session:
                return cls(work_of(session, at=at), people_of(session, config, at=at))
        finally:
            store.close()


def work_of(session: Session, *, at: datetime) -> Work:
    """Return how the jobs stand."""
    found = kinds(session, at=at)
    held = select(erase_at_provider.c.is_stuck).limit(MOST).subquery()
    stuck = func.sum(case((held.c.is_stuck, 1), else_=0))
    holds = session.execute(select(func.count(), stuck).select_from(held)).one()
    newest = newest_checkpoint(session)
    return Work(
        kinds=found,
        rounds=_rounds(found),
        unerased=holds[0],
        stuck=holds[1] or 0,
        checkpoint_at=newest.at if newest else None,
    )


def people_of(session: Session, config: Config, *, at: datetime) -> People:
    """Return what waits for staff, and how many of them are there."""
    desks, zone = _desks(session, config.desk), config.opening.zone
    rows = counters.c
    counted = session.execute(select(rows.urgency, rows.open, rows.came)).all()
    return People(
        came=sum(row.came for row in counted),
        today=_today(session, desks, day(at)),
        waiting={
            urgency: sum(row.open for row in counted if row.urgency == urgency.rank)
            for urgency in Urgency
        },
        oldest=_oldest(session, desks),
        parts=sum(spent(session, day=day(at)).values()),
        alerts=sum(alerts.count_open(session, desk) for desk in desks),
        pages=_unanswered_pages(session),
        on_duty=sum(len(on_duty(session, desk, zone, at=at)) for desk in desks),
        on_call=sum(len(on_call.who_is_on_call(session, desk, at=at)) for desk in desks),
    )


def _rounds(found: Sequence[JobKind]) -> dict[str, datetime]:
    """Return when each standing job was last done: it rests for a fixed while, and one that fails rests otherwise."""
    return {
        one.name: one.due_at - worker.STANDING[one.name]
        for one in found
        if one.name in worker.STANDING and not one.tries
    }


def _desks(session: Session, first: str) -> list[str]:
    """Return the desks that ever had a report or a rota, and the *first*."""
    known = union(select(counters.c.desk), select(rota.c.desk))
    return sorted({first, *session.execute(known).scalars()})


def _unanswered_pages(session: Session) -> int:
    some = select(pages.c.id).where(pages.c.state.in_(paging.WAITS)).limit(MOST).subquery()
    return session.execute(select(func.count()).select_from(some)).scalar_one()


def _today(session: Session, desks: Sequence[str], today: str) -> dict[str, int]:
    """Return how many reports began today, by channel; more than `MOST` of a desk count as so many."""
    found: dict[str, int] = {}
    for desk in desks:
        its = select(reports.c.channel).where(reports.c.desk == desk, reports.c.day == today)
        some = its.limit(MOST).subquery()
        by_channel = select(some.c.channel, func.count()).group_by(some.c.channel)
        for channel, count in session.execute(by_channel):
            found[channel] = found.get(channel, 0) + count
    return found


def _oldest(session: Session, desks: Sequence[str]) -> dict[Urgency, datetime]:
    """Return since when the first of each urgency waits for an answer; nothing where none waits."""
    rows = reports.c
    found: dict[Urgency, datetime] = {}
    for urgency in Urgency:
        for desk in desks:
            its = (rows.desk == desk, rows.status == Status.OPEN, rows.urgency == urgency.rank)
            waits = (*its, rows.unanswered, rows.waiting_since.is_not(None))
            first = select(rows.waiting_since).where(*waits).order_by(rows.waiting_since).limit(1)
            since = session.execute(first).scalar_one_or_none()
            if since and since < found.get(urgency, since + timedelta(1)):
                found[urgency] = since
    return found
