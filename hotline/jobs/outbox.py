"""Job rows: asked for in the transaction of their reason, claimed when they are due, done, failed or given back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from sqlalchemy import Executable, and_, bindparam, delete, func, insert, or_, select, update

from hotline.jobs.tables import jobs
from hotline.statements import Insert, Statement
from hotline.store import Session, UtcTime, new_id, one_of


def _stand_once(insert: Insert) -> Executable:
    names = ("id", "name", "ref", "priority", "due_at", "tries")
    its = insert(jobs).values({name: bindparam(name) for name in names})
    return its.on_conflict_do_nothing()


# Built once: building a statement costs four times what running it does.
_INSERT = Statement(insert(jobs))
_STAND = Statement(_stand_once)
_AT = bindparam("at", type_=UtcTime())
_IS_DUE = and_(
    jobs.c.priority == bindparam("priority"),
    jobs.c.due_at <= _AT,
    or_(jobs.c.claimed_until.is_(None), jobs.c.claimed_until <= _AT),
)
_DUE = Statement(select(jobs.c.id).where(_IS_DUE).limit(1))
_CLAIMABLE = Statement(
    select(jobs.c.id, jobs.c.name, jobs.c.ref, jobs.c.tries)
    .where(_IS_DUE)
    .order_by(jobs.c.due_at, jobs.c.id)
    .limit(bindparam("many"))
    .with_for_update(skip_locked=True)
)
_HOLD = Statement(
    update(jobs).where(one_of(jobs.c.id)).values(claimed_until=bindparam("until", type_=UtcTime()))
)
_NEXT = Statement(
    select(jobs.c.due_at)
    .where(jobs.c.priority == bindparam("priority"), jobs.c.claimed_until.is_(None))
    .order_by(jobs.c.due_at)
    .limit(1)
)
_DONE = Statement(delete(jobs).where(one_of(jobs.c.id)))
CLAIM = timedelta(minutes=2)
_LONG = CLAIM + timedelta(minutes=10)
"""Nobody holds a job until then, however the clocks of two hosts differ: who did had a clock that was put right since."""
_BACKOFF = (1, 5, 30, 120, 600, 3600)  # seconds, the last one repeats


class Priority(IntEnum):
    """Who waits for a job: somebody in danger, until it calls a person (*alarm*); *people*; or nobody, it is *upkeep*.

    Each kind is claimed by itself, so none stands behind another.
    """

    ALARM = -1
    PEOPLE = 0
    UPKEEP = 1


@dataclass(frozen=True, slots=True)
class Job:
    """Ask for *name* to be done to *ref*, an opaque id, not before *at*."""

    name: str
    ref: str = ""
    at: datetime | None = None
    priority: Priority = Priority.PEOPLE


@dataclass(frozen=True, slots=True)
class Undone:
    """A job as a worker holds it."""

    id: str
    name: str
    ref: str
    tries: int


def later(session: Session, job: Job) -> None:
    """Keep *job* if, and only if, *session* commits; if it is due at once the doorbell rings then."""
    now = datetime.now(UTC)
    due_at = job.at or now
    _INSERT.run(
        session,
        {
            "id": new_id(),
            "name": job.name,
            "ref": job.ref,
            "priority": job.priority,
            "due_at": due_at,
            "tries": 0,
        },
    )
    if due_at <= now:
        session.info["rings"] = True


def is_due(session: Session, priority: Priority, *, at: datetime) -> bool:
    """Tell whether there is anything of that *priority* to claim, without writing."""
    return _DUE.first(session, {"priority": priority, "at": at}) is not None


def claim(session: Session, priority: Priority, *, at: datetime, limit: int = 50) -> list[Undone]:
    """Take up to *limit* jobs of that *priority* that are due, for as long as `CLAIM`, oldest first.

    On PostgreSQL several workers claim side by side; each skips what another has locked.
    """
    rows = _CLAIMABLE.all(session, {"priority": priority, "at": at, "many": limit})
    if rows:
        _HOLD.run(session, {"ids": [row.id for row in rows], "until": at + CLAIM})
    return [Undone(row.id, row.name, row.ref, row.tries) for row in rows]


def done(session: Session, *held: Undone) -> None:
    """Delete what is done, in the transaction that keeps its effect."""
    _DONE.run(session, {"ids": [job.id for job in held]})


def failed(session: Session, job: Undone, *, at: datetime) -> None:
    """Let *job* go until its next try; the wait grows to an hour and stays there. Nothing is given up.

    So what waited while a provider was away for a day goes within the hour in which it is back.
    """
    wait = _BACKOFF[min(job.tries, len(_BACKOFF) - 1)]
    session.execute(
        update(jobs)
        .where(jobs.c.id == job.id)
        .values(tries=job.tries + 1, due_at=at + timedelta(seconds=wait), claimed_until=None)
    )


def give_back(session: Session, held: Sequence[Undone], *, at: datetime | None = None) -> None:
    """Let go of jobs that were claimed and not begun; no try of theirs is counted.

    They are due when they were, so that they still go in their order; with *at* not before then.
    """
    its = update(jobs).where(jobs.c.id.in_([job.id for job in held]))
    session.execute(its.values(claimed_until=None, **({"due_at": at} if at else {})))


def waiting(session: Session) -> int:
    """Return how many jobs are not done yet."""
    return session.execute(select(func.count()).select_from(jobs)).scalar_one()


def next_due(session: Session) -> datetime | None:
    """Return when the next job is due, claimed ones apart."""
    each = (_NEXT.first(session, {"priority": priority}) for priority in Priority)
    return min((row.due_at for row in each if row), default=None)


def ensure(
    session: Session, names: list[str], priority: Priority = Priority.PEOPLE, *, at: datetime
) -> None:
    """See that each of the standing jobs *names* is asked for, once: its id is its name, whoever else starts now."""
    present = set(session.execute(select(jobs.c.name).where(jobs.c.name.in_(names))).scalars())
    for name in set(names) - present:
        row = {"id": name, "name": name, "ref": "", "priority": priority, "due_at": at, "tries": 0}
        _STAND.run(session, row)


def repeat(session: Session, job: Undone, *, at: datetime) -> None:
    """Let a standing job rest until *at*, in place of `done`."""
    session.execute(
        update(jobs).where(jobs.c.id == job.id).values(due_at=at, tries=0, claimed_until=None)
    )


def pull_in(session: Session, every: Mapping[str, timedelta], *, at: datetime) -> int:
    """Make those standing jobs due that would rest for longer than they ever do, and return how many they were.

    They do where a clock was ahead when they last came round, and was put right since. Whatever was claimed meanwhile by
    a worker that died is let go of, too.
    """
    rows = jobs.c
    is_stale = rows.claimed_until > at + _LONG
    if session.execute(select(rows.id).where(is_stale).limit(1)).first():
        session.execute(update(jobs).where(is_stale).values(claimed_until=None))
    is_late = or_(*(and_(rows.name == name, rows.due_at > at + its) for name, its in every.items()))
    if session.execute(select(rows.id).where(is_late).limit(1)).first() is None:
        return 0
    return session.execute(update(jobs).where(is_late).values(due_at=at)).rowcount


def hasten(session: Session, names: list[str], *, at: datetime) -> None:
    """Make the standing jobs *names* due now, as after a start."""
    session.execute(
        update(jobs).where(jobs.c.name.in_(names)).values(due_at=at, claimed_until=None)
    )
