"""The rounds of the log: number what waits, sign at the fixed time, hand out; and call a supervisor."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import select

from hotline import audit
from hotline.audit import Kept, LogBroken, NoteRefused
from hotline.audit.notes import Checkpoint
from hotline.audit.sequencing import BATCH
from hotline.domain.report import day
from hotline.i18n import CONSOLE, SOURCE
from hotline.jobs import Job, Priority, jobs, later
from hotline.parts import Hotline
from hotline.store import Session
from hotline.triage.alerts import Kind, raise_alert
from hotline.vault.keyfolder import KeyFolder
from hotline.vault.logkey import LogPin, LogSigner

log = logging.getLogger(__name__)


def keep_log(hotline: Hotline, *, at: datetime) -> None:
    """Number the lines whose turn it is, and when the fixed time has come sign how the log stands."""
    while hotline.store.write(lambda session: audit.sequence(session, at=at)) == BATCH:
        pass
    every = timedelta(minutes=hotline.config.checkpoint_minutes)
    with hotline.store.read() as session:
        if not audit.is_checkpoint_due(session, at=at, every=every):
            return
    pin = LogPin(KeyFolder(hotline.config.keys).log_pin)
    try:
        pinned = pin.read()
        kept = hotline.store.write(lambda session: _sign(session, hotline, at, pinned))
        if kept:
            pin.write(kept.note)
    except (LogBroken, NoteRefused):
        log.error("log not signed: it does not continue what was signed before")
        hotline.store.write(lambda session: _alarm(session, hotline, at))


def hand_out(hotline: Hotline, ref: str) -> None:
    """Bring a checkpoint, ``size place``, to one who holds it; not if a newer one is on its way."""
    size, _, number = ref.partition(" ")
    place = _place(hotline.config.checkpoint_to, number)
    with hotline.store.read() as session:
        newest = audit.newest_checkpoint(session)
    if place and newest and str(newest.size) == size:
        hotline.herald.tell(place, subject=hotline.config.log_name, text=newest.note)


def call(hotline: Hotline, _alert: str) -> None:
    """Call everyone who is to be called about an alert, each by a job of its own.

    Whom a call has not reached yet gets no second one: many alerts at once are still one reason to look.
    """

    def ask(session: Session) -> None:
        waiting = select(jobs.c.ref).where(
            jobs.c.name == "page_one", jobs.c.claimed_until.is_(None)
        )
        called = set(session.execute(waiting).scalars())
        for number in range(len(hotline.config.page_to)):
            if str(number) not in called:
                later(session, Job("page_one", str(number), priority=Priority.ALARM))

    hotline.store.write(ask)


def call_one(hotline: Hotline, number: str) -> None:
    """Ask one supervisor to look at the desk; why, the desk alone says."""
    place = _place(hotline.config.page_to, number)
    if not place:
        return
    locale = hotline.languages.best([hotline.config.default_locale]) or SOURCE
    said = hotline.languages.render("console/paged/mail.txt", locale, CONSOLE).strip()
    subject, _, text = said.partition("\n")
    hotline.herald.tell(place, subject=subject, text=text.strip() + "\n")


def _sign(
    session: Session, hotline: Hotline, at: datetime, pinned: Checkpoint | None
) -> Kept | None:
    signer = LogSigner(hotline.config.log_name, hotline.log_key)
    kept = audit.checkpoint(session, signer, at, pinned=pinned)
    if kept:
        for number in range(len(hotline.config.checkpoint_to)):
            later(session, Job("hand_out", f"{kept.size} {number}"))
    return kept


def _alarm(session: Session, hotline: Hotline, at: datetime) -> None:
    """Tell the supervisors, once a day, that the log does not continue: one of them alone cannot settle it for ever."""
    raise_alert(session, desk=hotline.config.desk, kind=Kind.LOG_NOT_WHOLE, at=at, once=day(at))


def _place(places: tuple[str, ...], number: str) -> str:
    """Return the address of that number; empty when the settings have changed since."""
    return places[int(number)] if number.isdigit() and int(number) < len(places) else ""
