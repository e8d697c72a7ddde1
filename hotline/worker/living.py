"""The process that works: a thread inside the web process, or a worker on a machine of its own; how it starts and ends."""

import logging
import signal
import threading
import time
from contextlib import suppress
from datetime import datetime, timedelta

from hotline import jobs
from hotline.jobs import Priority
from hotline.parts import Hotline
from hotline.store import Session
from hotline.worker.claiming import give_back, wait_aside, work_off
from hotline.worker.work import ALARMING, STANDING

log = logging.getLogger(__name__)

PARTING_SECONDS = 15.0
"""So long an ending process goes on with the jobs that it began."""

_IDLE_SECONDS = 5.0
_ROSTER_SECONDS = 60.0


class Embedded(threading.Thread):
    """The worker inside the web process; `ring` is its doorbell."""

    def __init__(self, hotline: Hotline) -> None:
        super().__init__(name="worker", daemon=True)
        self._hotline = hotline
        self._bell = threading.Event()
        self._stopping = False

    def ring(self) -> None:
        self._bell.set()

    def stop(self) -> None:
        """Begin nothing more, wait a while for what was begun, and give back what is not done."""
        end = time.monotonic() + PARTING_SECONDS
        self._stopping = True
        self._bell.set()
        self.join(timeout=PARTING_SECONDS)
        wait_aside(max(0.0, end - time.monotonic()))
        give_back(self._hotline)

    def run(self) -> None:
        while not self._stopping:
            self._bell.clear()
            try:
                while not self._stopping and work_off(
                    self._hotline, is_over=lambda: self._stopping
                ):
                    pass
            except Exception:
                _tell("worker could not look for jobs")
            self._bell.wait(self._until_next())

    def _until_next(self) -> float:
        """Return how long to sleep: until the next job is due, and never longer than a few seconds."""
        try:
            with self._hotline.store.read() as session:
                due = jobs.next_due(session)
        except Exception:
            return _IDLE_SECONDS
        if due is None:
            return _IDLE_SECONDS
        return min(max((due - self._hotline.clock()) / timedelta(seconds=1), 0.05), _IDLE_SECONDS)


_here: Embedded | None = None
_over = threading.Event()
"""Set when what was begun here last is to end."""


def start(hotline: Hotline) -> Embedded | None:
    """Begin to work inside this process, or only ring for the workers elsewhere when Redis is set up."""
    global _here
    hotline.threads.rotate(hotline.clock())
    hotline.store.write(lambda session: come_back(session, hotline.clock()))
    _watch_roster(hotline)
    if hotline.config.redis_url:
        # A house without Redis need not load what speaks with it: 0.1 s.
        from hotline.jobs.bell import RedisBell

        hotline.store.on_jobs(RedisBell(hotline.config.redis_url).ring)
        return None
    _here = Embedded(hotline)
    hotline.store.on_jobs(_here.ring)
    _here.start()
    return _here


def stop() -> None:
    """End what `start` or `serve` began in this process: nothing more is begun, and what is not done is given back."""
    _over.set()
    if _here is not None:
        _here.stop()


def _watch_roster(hotline: Hotline) -> None:
    """Seal to whom the newest roster names, also when another process wrote it; until this one is told to end."""
    global _over
    _over = threading.Event()
    threading.Thread(target=_watch, args=(hotline, _over), name="roster", daemon=True).start()


def _watch(hotline: Hotline, is_over: threading.Event) -> None:
    while not is_over.wait(_ROSTER_SECONDS):
        try:
            hotline.keyring.refresh()
        except Exception:
            _tell("roster not refreshed")
        try:
            come_on_time(hotline)
        except Exception:
            _tell("worker could not look for jobs")


def _tell(what: str) -> None:
    """Log *what* failed; where memory is used up that fails, too, and must not end the thread that works."""
    with suppress(Exception):
        log.exception(what)


def come_on_time(hotline: Hotline) -> None:
    """See that no standing job rests for longer than it ever does: the clock may have been ahead, and put right since."""
    at = hotline.clock()
    hotline.store.write(lambda session: jobs.pull_in(session, STANDING, at=at))


def come_back(session: Session, at: datetime) -> None:
    """See that standing jobs are asked for once, and are due at every start."""
    jobs.ensure(session, list(ALARMING), Priority.ALARM, at=at)
    jobs.ensure(session, list(STANDING), at=at)
    jobs.hasten(session, list(STANDING), at=at)


def rung() -> None:
    """What RQ calls: somebody rang."""
    if _here is not None:
        _here.ring()


def serve(hotline: Hotline) -> None:
    """Be a worker on a machine of many: look by the clock, and at once when RQ rings; until told to end."""
    # See `start`.
    from hotline.jobs.bell import listen

    global _here
    told = threading.Event()
    _watch_roster(hotline)
    _here = Embedded(hotline)
    hotline.store.on_jobs(_here.ring)
    _here.start()
    try:
        while not told.is_set():
            # RQ puts handlers of its own in their place while it listens.
            _end_when_told(told)
            if hotline.config.redis_url and listen(hotline.config.redis_url):
                break
            told.wait(_IDLE_SECONDS)
    finally:
        stop()


def _end_when_told(told: threading.Event) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
