"""Does what the outbox asks for: one table from a job's name to a room's function.

The rows are the truth. A worker thread inside the web process is the default; with Redis, RQ rings the
bell for workers on other machines, and a job of RQ's carries nothing but the word "due". Whoever is
rung claims what is due; a clock rings too, so a lost bell costs seconds, never a job.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from hotline import contact, jobs, logs, retention
from hotline.channels import herald
from hotline.channels.twilio import concerns_people, prove_erased, reconcile
from hotline.channels.voice import rounds
from hotline.contact.recordings import Belongs
from hotline.contact.sending import Tell
from hotline.handoff import mailing
from hotline.jobs.aside import Aside
from hotline.jobs.bell import RedisBell, listen
from hotline.jobs.outbox import CLAIM
from hotline.leads import fetching, waiting
from hotline.leads.webhooks.calling import Caller
from hotline.leads.webhooks.delivering import deliver
from hotline.leads.webhooks.subscribing import agencies_of
from hotline.leads.webhooks.subscribing import sweep as forget_receipts
from hotline.parts import Hotline
from hotline.proofreading.marking import forget_mended
from hotline.retention.legal import end_holds
from hotline.store import Session
from hotline.triage import (
    alerts,
    duties,
    emergency,
    escalating,
    lead_alerts,
    pagers,
    providers,
    quarters,
    revealing,
    rota,
    statistics,
)
from hotline.triage.access import open_to_supervisors
from hotline.triage.alerts import Kind
from hotline.triage.ending import tell_of_endings
from hotline.triage.excluding import sweep as end_lapsed
from hotline.triage.interpreting import sweep as end_interpreting
from hotline.triage.reviews import is_reviewed
from hotline.triage.taking_back import review_after
from hotline.vault import given, unfinished
from hotline.vault.stream import CHUNK

log = logging.getLogger(__name__)

Work = Callable[[Hotline, str], None]


def _send(hotline: Hotline, ref: str) -> None:
    at = hotline.clock()
    if hotline.carrier:
        caps, tell = contact.Caps.of(hotline.config), _teller(hotline, at)
        contact.send(
            hotline.store, hotline.carrier, hotline.relay, ref, at=at, caps=caps, tell=tell
        )


def _teller(hotline: Hotline, at: datetime) -> Tell:
    """Return what lets operators know of a trouble."""

    def tell(session: Session, trouble: contact.Trouble, code: str) -> None:
        alerts.raise_trouble(session, trouble, code, desk=hotline.config.desk, at=at)

    return tell


def _price(hotline: Hotline, ref: str) -> None:
    if hotline.carrier:
        contact.price(hotline.store, hotline.carrier, hotline.relay, ref)


def _erase(hotline: Hotline, refs: Sequence[str], is_over: Callable[[], bool]) -> contact.Unasked:
    at = hotline.clock()

    def tell(session: Session, ref: str) -> None:
        alerts.raise_alert(
            session, desk=hotline.config.desk, kind=Kind.PROVIDER_HOLDS, at=at, once=ref
        )

    if not hotline.carrier:
        return contact.Unasked()
    return contact.erase(hotline.store, hotline.carrier, refs, at=at, tell=tell, is_over=is_over)


def _fetch_picture(hotline: Hotline, ref: str) -> None:
    budget = hotline.reception.file_budget
    _fetch(hotline, ref, partial(contact.fetch_picture, at=hotline.clock(), budget=budget))


def _fetch_recording(hotline: Hotline, ref: str) -> None:
    at, budget = hotline.clock(), (hotline.config.recording_budget_mb << 20) // CHUNK
    tell = _teller(hotline, at)
    _fetch(hotline, ref, partial(contact.fetch_recording, at=at, budget=budget, tell=tell))


def _fetch(hotline: Hotline, ref: str, fetch: Callable[..., None]) -> None:
    if hotline.carrier:
        fetch(hotline.store, hotline.carrier, hotline.relay, hotline.keyring, ref)


def _expire(hotline: Hotline, ref: str) -> None:
    contact.expire(hotline.store, ref, at=hotline.clock())


def _belongs(hotline: Hotline) -> Belongs:
    """Return what says to which message of ours a recording of a call belongs."""

    def belongs(_session: Session, call_id: str) -> tuple[str, int] | None:
        spot = hotline.calls.spot_of(call_id)
        return (spot.report_id, spot.seq) if spot else None

    return belongs


def _reconcile(hotline: Hotline, _ref: str) -> None:
    if hotline.carrier:
        reconcile(hotline.carrier, hotline.reception, at=hotline.clock(), belongs=_belongs(hotline))


def _prove_erased(hotline: Hotline, _ref: str) -> None:
    """Check what the provider still has, and call people when it does not empty; once a week is enough."""
    at = hotline.clock()
    if not hotline.carrier:
        return
    proof = prove_erased(hotline.carrier, hotline.reception, at=at, belongs=_belongs(hotline))
    if concerns_people(hotline.store, proof):
        week = f"{at:%G-%V}"
        hotline.store.write(
            lambda session: alerts.raise_alert(
                session, desk=hotline.config.desk, kind=Kind.PROVIDER_HOLDS, at=at, once=week
            )
        )


def _sweep(hotline: Hotline, _ref: str) -> None:
    at = hotline.clock()
    retention.sweep(hotline.store, hotline.threads, at=at)
    hotline.store.write(lambda session: contact.ask_again(session, at=at))
    hotline.store.write(contact.ask_pictures_again)
    hotline.store.write(contact.ask_recordings_again)
    unfinished.sweep(hotline.store, at=at)
    hotline.store.write(lambda session: contact.forget_ended(session, at=at))
    rounds.sweep(hotline)
    hotline.store.write(lambda session: end_lapsed(session, at=at))
    hotline.store.write(lambda session: open_to_supervisors(session, hotline.keyring, at=at))
    hotline.store.write(lambda session: revealing.sweep(session, hotline.keyring, at=at))
    hotline.store.write(lambda session: duties.sweep(session, hotline.law, at=at))
    duties.remind(hotline.store, _desks(hotline), hotline.law, at=at)
    hotline.store.write(lambda session: alerts.sweep(session, at=at))
    hotline.store.write(lambda session: emergency.sweep(session, at=at))
    hotline.store.write(lambda session: given.sweep(session, at=at))
    statistics.count_due(hotline.store, _desks(hotline), at=at)
    quarters.count_due(hotline.store, _desks(hotline), at=at)
    hotline.store.write(lambda session: end_interpreting(session, hotline.keyring, at=at))
    hotline.store.write(lambda session: fetching.sweep(session, at=at))
    hotline.store.write(
        lambda session: lead_alerts.sweep(
            session, _desks(hotline), house=hotline.config.desk, at=at
        )
    )
    hotline.store.write(rota.forget_leavers)
    hotline.store.write(pagers.forget_leavers)
    hotline.store.write(lambda session: forget_receipts(session, at=at))
    hotline.store.write(lambda session: forget_mended(session, partial(_sentences, hotline)))


def _sentences(hotline: Hotline, locale: str) -> frozenset[str]:
    return frozenset(one.id for one in hotline.languages.safety(locale))


def _escalate(hotline: Hotline, _ref: str) -> None:
    limits_of, at = hotline.config.limits_of, hotline.clock()
    escalating.sweep(hotline.store, _desks(hotline), limits_of, at=at)


def _handoffs(hotline: Hotline, _ref: str) -> None:
    at, config = hotline.clock(), hotline.config
    terms = providers.Terms(hotline.keyring, config.limits_of, config.opening.zone)
    hotline.store.write(lambda session: providers.sweep(session, terms, at=at))
    hotline.store.write(lambda session: mailing.sweep(session, at=at))


def _mail_handoff(hotline: Hotline, ref: str) -> None:
    mailing.send(hotline.store, hotline.herald, hotline.relay, ref, at=hotline.clock())


def _desks(hotline: Hotline) -> list[str]:
    return [desk.name for desk in hotline.keyring.desks]


def _review(hotline: Hotline, ref: str) -> None:
    at = hotline.clock()
    hotline.store.write(lambda session: review_after(session, ref, at=at))


def _release_lead(hotline: Hotline, ref: str) -> None:
    at = hotline.clock()

    def let_out(session: Session) -> None:
        dropped = waiting.release(
            session, ref, k=hotline.config.lead_k, is_reviewed=is_reviewed, at=at
        )
        if dropped:
            lead_alerts.tell_of_dropped(session, dropped, at=at)

    hotline.store.write(let_out)


def _end(hotline: Hotline, _ref: str) -> None:
    at = hotline.clock()
    hotline.store.write(lambda session: end_holds(session, at=at))
    hotline.sweeper.sweep(at=at)
    hotline.store.write(lambda session: tell_of_endings(session, at=at))


def _deliver_webhook(hotline: Hotline, ref: str) -> None:
    caller = Caller(hotline.config.webhook_networks)
    deliver(hotline.store, hotline.relay, caller, ref, clock=hotline.clock)


def _sequence(hotline: Hotline, _ref: str) -> None:
    herald.keep_log(hotline, at=hotline.clock())


WORK: dict[str, Work] = {
    "send": _send,
    "expire": _expire,
    "price": _price,
    "fetch_picture": _fetch_picture,
    "fetch_recording": _fetch_recording,
    "ring_people": rounds.ring_people,
    "end_ring": rounds.end_ring,
    "call_back": rounds.call_back,
    "end_call_back": rounds.end_call_back,
    "reconcile": _reconcile,
    "prove_erased": _prove_erased,
    "sweep": _sweep,
    "review": _review,
    waiting.RELEASE: _release_lead,
    "sequence": _sequence,
    "hand_out": herald.hand_out,
    "page": herald.call,
    "page_one": herald.call_one,
    "page_on": herald.page_on,
    "page_staff": herald.page_staff,
    "escalate": _escalate,
    "end": _end,
    "deliver_webhook": _deliver_webhook,
    "handoffs": _handoffs,
    mailing.SEND: _mail_handoff,
}
"""Each function is idempotent, gets an opaque id, and raises what should be tried again later."""

STANDING = {
    "reconcile": timedelta(minutes=5),
    "prove_erased": timedelta(days=1),
    "sweep": timedelta(minutes=10),
    "escalate": timedelta(minutes=1),
    "handoffs": timedelta(minutes=1),
    "end": timedelta(minutes=10),
    "sequence": timedelta(minutes=10),
}
"""Jobs that are never done: they rest and come back."""

ASIDE: Mapping[str, Callable[[Session, Sequence[str]], Mapping[str, str]]] = {
    "deliver_webhook": agencies_of
}
"""Jobs that wait for machines of others: they are done beside the rest, so that no text and no page waits for them.
Each with what says for whom they are done: of these nobody waits for another.
"""

TOGETHER: Mapping[str, Callable[[Hotline, Sequence[str], Callable[[], bool]], contact.Unasked]] = {
    "erase": _erase
}
"""Jobs of which each text brings one: those that are due are done in one go, and settled in one transaction."""

_aside = Aside()
_held: dict[str, tuple[jobs.Undone, datetime]] = {}
"""What this process has claimed and not settled, and until when it may: it is given back when the process ends."""
_SOON = timedelta(seconds=1)
PARTING_SECONDS = 15.0
"""So long an ending process goes on with the jobs that it began."""

_TOGETHER_SECONDS = 30.0
"""So long nobody waits for jobs that are done together; what is left of them then comes back."""

_IDLE_SECONDS = 5.0
_ROSTER_SECONDS = 60.0
_BATCH = 50


def work_off(hotline: Hotline, *, is_over: Callable[[], bool] = lambda: False) -> int:
    """Do what is due now and return how much that was; once it *is_over*, nothing more is begun."""
    at = hotline.clock()
    with hotline.store.read() as session:
        if not jobs.is_due(session, at=at):
            return 0
    batch = hotline.store.write(lambda session: jobs.claim(session, at=at, limit=_BATCH))
    _held.update({job.id: (job, at + CLAIM) for job in batch})
    _begin_aside(hotline, [job for job in batch if job.name in ASIDE])
    for job in batch:
        if job.name not in {*ASIDE, *TOGETHER} and not is_over():
            _do(hotline, job)
    for name in TOGETHER:
        its = [job for job in batch if job.name == name]
        if its and not is_over():
            _do_together(hotline, name, its, is_over)
    return len(batch)


def _do_together(
    hotline: Hotline, name: str, batch: Sequence[jobs.Undone], is_over: Callable[[], bool]
) -> None:
    started = time.perf_counter()
    end = time.monotonic() + _TOGETHER_SECONDS
    refs = [job.ref for job in batch]
    try:
        unasked = TOGETHER[name](hotline, refs, lambda: is_over() or time.monotonic() > end)
    except Exception as error:
        unasked = contact.Unasked(frozenset(refs))
        _log(batch[0], "failed", started, error=type(error).__name__, count=len(batch))
    busy = [job for job in batch if job.ref in unasked.busy]
    left = [job for job in batch if job.ref in unasked.left]
    over = [job for job in batch if job.ref not in unasked.busy | unasked.left]
    hotline.store.write(lambda session: _settle_each(session, over, busy, left, hotline.clock()))
    for job in batch:
        _held.pop(job.id, None)
    if over:
        _log(over[0], "done", started, count=len(over))


def _settle_each(
    session: Session,
    over: Sequence[jobs.Undone],
    busy: Sequence[jobs.Undone],
    left: Sequence[jobs.Undone],
    at: datetime,
) -> None:
    jobs.done(session, *over)
    for job in busy:
        jobs.failed(session, job, at=at)
    if left:
        jobs.give_back(session, left, at=at + _SOON)


def _give_back(hotline: Hotline) -> None:
    """Let others do at once what this process claimed and will not do any more."""
    at = hotline.clock()
    held = [job for job, until in list(_held.values()) if until > at]
    if held:
        hotline.store.write(lambda session: jobs.give_back(session, held, at=at))


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
    if late or again:
        hotline.store.write(lambda session: _let_go(session, late, again, hotline.clock()))
    for job in (*late, *again):
        _held.pop(job.id, None)


def _parties(hotline: Hotline, batch: Sequence[jobs.Undone]) -> dict[str, str]:
    """Return for whom each of these is done, by its id; what is for nobody any more is for itself."""
    found: dict[str, str] = {}
    with hotline.store.read() as session:
        for name, whose in ASIDE.items():
            its = [job for job in batch if job.name == name]
            of = whose(session, [job.ref for job in its])
            found |= {job.id: of.get(job.ref, job.ref) for job in its}
    return found


def _let_go(
    session: Session, late: Sequence[jobs.Undone], again: Sequence[jobs.Undone], at: datetime
) -> None:
    jobs.give_back(session, late, at=at + _SOON)
    for job in again:
        jobs.done(session, job)


def _do_aside(hotline: Hotline, job: jobs.Undone) -> None:
    """Do *job* where nobody waits for what it raises; what could not be kept comes back when its claim is over."""
    try:
        _do(hotline, job)
    except Exception:
        log.exception("worker could not keep what it did")


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


def _log(job: jobs.Undone, status: str, started: float, **more: object) -> None:
    milliseconds = round((time.perf_counter() - started) * 1000)
    level = logging.INFO if status == "done" else logging.WARNING
    log.log(level, "job", extra={"job": job.name, "status": status, "ms": milliseconds, **more})


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
        _aside.wait(max(0.0, end - time.monotonic()))
        _give_back(self._hotline)

    def run(self) -> None:
        while not self._stopping:
            self._bell.clear()
            try:
                while not self._stopping and work_off(
                    self._hotline, is_over=lambda: self._stopping
                ):
                    pass
            except Exception:
                log.exception("worker could not look for jobs")
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


def start(hotline: Hotline) -> Embedded | None:
    """Begin to work inside this process, or only ring for the workers elsewhere when Redis is set up."""
    global _here
    hotline.threads.rotate(hotline.clock())
    hotline.store.write(lambda session: _come_back(session, hotline.clock()))
    _watch_roster(hotline)
    if hotline.config.redis_url:
        hotline.store.on_jobs(RedisBell(hotline.config.redis_url).ring)
        return None
    _here = Embedded(hotline)
    hotline.store.on_jobs(_here.ring)
    _here.start()
    return _here


def stop() -> None:
    """End what `start` or `serve` began in this process: nothing more is begun, and what is not done is given back."""
    if _here is not None:
        _here.stop()


def _watch_roster(hotline: Hotline) -> None:
    """Seal to whom the newest roster names, also when another process wrote it; for as long as this one lives."""
    threading.Thread(target=_watch, args=(hotline,), name="roster", daemon=True).start()


def _watch(hotline: Hotline) -> None:
    while True:
        time.sleep(_ROSTER_SECONDS)
        try:
            hotline.keyring.refresh()
        except Exception:
            log.exception("roster not refreshed")
        try:
            come_on_time(hotline)
        except Exception:
            log.exception("worker could not look for jobs")


def come_on_time(hotline: Hotline) -> None:
    """See that no standing job rests for longer than it ever does: the clock may have been ahead, and put right since."""
    at = hotline.clock()
    hotline.store.write(lambda session: jobs.pull_in(session, STANDING, at=at))


def _come_back(session: Session, at: datetime) -> None:
    """See that standing jobs are asked for once, and are due at every start."""
    jobs.ensure(session, list(STANDING), at=at)
    jobs.hasten(session, list(STANDING), at=at)


def rung() -> None:
    """What RQ calls: somebody rang."""
    if _here is not None:
        _here.ring()


def serve(hotline: Hotline) -> None:
    """Be a worker on a machine of many: look by the clock, and at once when RQ rings; until told to end."""
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
