"""Claim what is due, do it, and settle it. What people wait for comes first, whatever upkeep has piled up.

Each round has three parts. The first calls people: a page. The second does what somebody waits for: a text that goes
out, a ring. The third is upkeep, such as erasing at the provider. Each later one has its share of each round, so that
nobody can put it off for ever by writing without end; after that it goes on only while nothing waits that goes before
it. So a page stands behind one text at most of those that a provider keeps hanging.
"""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from hotline import contact, jobs, logs
from hotline.jobs import Priority
from hotline.jobs.aside import Aside
from hotline.jobs.outbox import CLAIM
from hotline.parts import Hotline
from hotline.store import Session
from hotline.worker.work import ASIDE, STANDING, TOGETHER, WORK

log = logging.getLogger(__name__)

IsOver = Callable[[], bool]

_aside = Aside()
_held: dict[str, tuple[jobs.Undone, datetime]] = {}
"""What this process has claimed and not settled, and until when it may: it is given back when the process ends."""

_SOON = timedelta(seconds=1)
_SHARE_SECONDS = 1.0
"""So much of each round each kind has, whoever waits."""

_LONGEST_SECONDS = 30.0
"""After so long nothing more of what was claimed is begun: long before the claim is over, or others would do it too."""

_BATCH = 50


def work_off(hotline: Hotline, *, is_over: IsOver = lambda: False) -> int:
    """Do what is due now and return how much that was; once it *is_over*, nothing more is begun."""
    return sum(_work_off(hotline, priority, is_over) for priority in jobs.Priority)


def wait_aside(seconds: float) -> None:
    """Wait for what is done beside the rest, no longer than *seconds*."""
    _aside.wait(seconds)


def give_back(hotline: Hotline) -> None:
    """Let others do at once what this process claimed and will not do any more."""
    if held := _still_ours([job for job, _ in list(_held.values())], hotline.clock()):
        hotline.store.write(lambda session: jobs.give_back(session, held))


def _still_ours(batch: Sequence[jobs.Undone], at: datetime) -> list[jobs.Undone]:
    """Return which of *batch* are claimed yet: the others somebody else may have by now."""
    return [job for job in batch if (its := _held.get(job.id)) and its[1] > at]


def _work_off(hotline: Hotline, priority: Priority, is_over: IsOver) -> int:
    if not _is_due(hotline, priority):
        return 0
    at = hotline.clock()
    batch = hotline.store.write(lambda session: jobs.claim(session, priority, at=at, limit=_BATCH))
    _held.update({job.id: (job, at + CLAIM) for job in batch})
    rests = _rest(hotline, priority, is_over)
    _begin_aside(hotline, [job for job in batch if job.name in ASIDE])
    alone = [job for job in batch if job.name not in {*ASIDE, *TOGETHER}]
    _settle_all(hotline, left=[job for job in alone if not _does(hotline, job, rests)])
    for name in TOGETHER:
        if its := [job for job in batch if job.name == name]:
            _do_together(hotline, name, its, rests)
    return len(batch)


def _is_due(hotline: Hotline, priority: Priority) -> bool:
    with hotline.store.read() as session:
        return jobs.is_due(session, priority, at=hotline.clock())


def _rest(hotline: Hotline, priority: Priority, is_over: IsOver) -> IsOver:
    """Return what tells whether to begin nothing more: in the end, after long, and once what goes before it waits."""
    begun = time.monotonic()
    before = [one for one in Priority if one < priority]

    def rests() -> bool:
        passed = time.monotonic() - begun
        if is_over() or passed > _LONGEST_SECONDS:
            return True
        return passed > _SHARE_SECONDS and any(_is_due(hotline, one) for one in before)

    return rests


def _do_together(hotline: Hotline, name: str, batch: Sequence[jobs.Undone], rests: IsOver) -> None:
    started = time.perf_counter()
    refs = [job.ref for job in batch]
    try:
        unasked = TOGETHER[name](hotline, refs, rests)
    except Exception as error:
        unasked = contact.Unasked(frozenset(refs))
        _log(batch[0], "failed", started, error=type(error).__name__, count=len(batch))
    over = [job for job in batch if job.ref not in unasked.busy | unasked.left]
    _settle_all(
        hotline,
        over=over,
        busy=[job for job in batch if job.ref in unasked.busy],
        left=[job for job in batch if job.ref in unasked.left],
    )
    if over:
        _log(over[0], "done", started, count=len(over))


def _begin_aside(hotline: Hotline, batch: Sequence[jobs.Undone]) -> None:
    """Begin what may be begun now, and give the rest back. Of jobs that are the same one is enough."""
    once = {(job.name, job.ref): job for job in reversed(batch)}
    kept = {job.id for job in once.values()}
    party = _parties(hotline, list(once.values())) if once else {}
    late = [
        job
        for job in once.values()
        if not _aside.begin(partial(_do_aside, hotline, job), party=party[job.id])
    ]
    again = [job for job in batch if job.id not in kept]
    _settle_all(hotline, over=again, left=late, until=hotline.clock() + _SOON)


def _parties(hotline: Hotline, batch: Sequence[jobs.Undone]) -> dict[str, str]:
    """Return for whom each of these is done, by its id; what is for nobody any more is for itself."""
    found: dict[str, str] = {}
    with hotline.store.read() as session:
        for name, whose in ASIDE.items():
            its = [job for job in batch if job.name == name]
            of = whose(session, [job.ref for job in its])
            found |= {job.id: of.get(job.ref, job.ref) for job in its}
    return found


def _do_aside(hotline: Hotline, job: jobs.Undone) -> None:
    """Do *job* where nobody waits for what it raises; what could not be kept comes back when its claim is over."""
    try:
        _do(hotline, job)
    except Exception:
        log.exception("worker could not keep what it did")


def _does(hotline: Hotline, job: jobs.Undone, rests: IsOver) -> bool:
    """Do *job* and tell so, unless it is time to rest."""
    if rests():
        return False
    _do(hotline, job)
    return True


def _do(hotline: Hotline, job: jobs.Undone) -> None:
    try:
        with logs.about(job.id):
            _try(hotline, job)
    finally:
        _held.pop(job.id, None)


def _try(hotline: Hotline, job: jobs.Undone) -> None:
    started = time.perf_counter()
    try:
        WORK[job.name](hotline, job.ref)
    except Exception as error:
        # What it raised may hold words of a report or a number: only its kind is told.
        _log(job, "failed", started, error=type(error).__name__)
        hotline.store.write(lambda session: jobs.failed(session, job, at=hotline.clock()))
        return
    hotline.store.write(lambda session: _settle(session, job, hotline.clock()))
    _log(job, "done", started)


def _settle(session: Session, job: jobs.Undone, at: datetime) -> None:
    if job.name in STANDING:
        jobs.repeat(session, job, at=at + STANDING[job.name])
    else:
        jobs.done(session, job)


def _settle_all(
    hotline: Hotline,
    *,
    over: Sequence[jobs.Undone] = (),
    busy: Sequence[jobs.Undone] = (),
    left: Sequence[jobs.Undone] = (),
    until: datetime | None = None,
) -> None:
    """Delete what is *over*, let what is *busy* wait for its next try, and give back what is *left*, to rest *until* then."""
    if not (over or busy or left):
        return
    at = hotline.clock()

    def settle(session: Session) -> None:
        jobs.done(session, *over)
        for job in busy:
            jobs.failed(session, job, at=at)
        jobs.give_back(session, _still_ours(left, at), at=until)

    hotline.store.write(settle)
    for job in (*over, *busy, *left):
        _held.pop(job.id, None)


def _log(job: jobs.Undone, status: str, started: float, **more: object) -> None:
    milliseconds = round((time.perf_counter() - started) * 1000)
    level = logging.INFO if status == "done" else logging.WARNING
    log.log(level, "job", extra={"job": job.name, "status": status, "ms": milliseconds, **more})
