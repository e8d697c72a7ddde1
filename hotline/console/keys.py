"""The keys of a desk: which periods there are, who opens them, what is sealed to each; new ones, and the end of old.

Sealing anew goes on for as long as somebody keeps the page open. It may be left at any moment and taken up again
by anyone who holds the keys, at the same time too.
"""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Response, g, request
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.numbers import number_in
from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.domain.staff import Right
from hotline.errors import Conflict, NotFound
from hotline.parts import here
from hotline.store import Session
from hotline.vault.depths import depths_of
from hotline.vault.erasing import SLICE, closable, older_epochs, reseal, sealed_left
from hotline.vault.house import PERIOD, House
from hotline.vault.renewing import not_on_paper
from hotline.vault.roster import RECOVERY, EpochEntry
from hotline.vault.tables import epoch_wraps

keys = room("keys", Right.KEYS)

_SECONDS_A_STEP = 1.5


@dataclass(frozen=True, slots=True)
class Period:
    """One key period as the page shows it; *left* counts what is sealed to it."""

    epoch: EpochEntry
    age: int
    is_current: bool
    members: Sequence[str]
    is_on_paper: bool
    is_mine: bool
    left: int
    may_close: bool


@dataclass(frozen=True, slots=True)
class Work:
    """How far sealing anew has come: *left* of *total* is sealed to older periods, *shut* of it not for the reader."""

    left: int
    total: int
    shut: int

    @property
    def done(self) -> int:
        return self.total - self.left

    @property
    def is_over(self) -> bool:
        return self.left <= self.shut


@keys.get("/keys")
def show_keys() -> Response:
    return _page()


@keys.post("/keys/begin")
def begin() -> AnyResponse:
    """Begin a new period at every depth."""
    _house().begin_epochs(g.keyholder, at=g.at)
    return go("keys.show_keys")


@keys.post("/keys/reseal")
def seal_anew() -> AnyResponse:
    """Seal anew for a moment, then show how far it is; the form on that page goes on."""
    total = number_in(request.form, "total") or 0
    until, is_done = time.monotonic() + _SECONDS_A_STEP, False
    while not is_done:
        is_done = reseal(here().store, here().keyring, g.keyholder, limit=SLICE) == 0
        if time.monotonic() >= until:
            break
    return _page(is_working=not is_done, is_tried=is_done, total=total)


@keys.post("/keys/close/<epoch_id>")
def close(epoch_id: str) -> AnyResponse:
    """Close an old period for good; the first time the form is sent, ask whether that is meant."""
    with here().store.read() as session:
        ready = closable(session, here().keyring, g.keyholder.desk, g.at)
    epoch = next((one for one in ready if one.id == epoch_id), None)
    if epoch is None:
        raise _why_not(epoch_id)
    if request.form.get("sure") != "yes":
        return show("console/keys_page_close.html", epoch=epoch)
    _house().close_epoch(g.keyholder, epoch_id, at=g.at)
    return go("keys.show_keys")


def _why_not(epoch_id: str) -> Exception:
    """Return what to say of a period that may not be closed now."""
    ours = {e.id for e in here().keyring.roster.epochs if e.desk == g.keyholder.desk}
    return Conflict() if epoch_id in ours else NotFound(ref=epoch_id)


def _page(*, is_working: bool = False, is_tried: bool = False, total: int = 0) -> Response:
    hotline, desk = here(), g.keyholder.desk
    with hotline.store.read() as session:
        left = sealed_left(session, hotline.keyring, desk)
        ready = {epoch.id for epoch in closable(session, hotline.keyring, desk, g.at)}
        openers = _openers(session, [e for e in hotline.keyring.roster.epochs if e.desk == desk])
    older = {epoch.id for epoch in older_epochs(hotline.keyring, desk)}
    epochs = [epoch for epoch in hotline.keyring.roster.epochs if epoch.desk == desk]
    periods = [_period(epoch, older, left, ready, openers) for epoch in epochs]
    work = _work(periods, total)
    return show(
        "console/keys_page.html",
        depths=depths_of(hotline.keyring.desk(desk)),
        periods=sorted(periods, key=lambda one: one.epoch.number, reverse=True),
        work=work,
        is_working=is_working and not work.is_over,
        is_tried=is_tried,
        days=PERIOD.days,
    )


def _period(
    epoch: EpochEntry,
    older: Collection[str],
    left: Mapping[str, int],
    ready: Collection[str],
    openers: Mapping[str, set[str]],
) -> Period:
    who = openers.get(epoch.id, set())
    entries = [member for member in here().keyring.members if member.id in who]
    return Period(
        epoch=epoch,
        age=max(0, (g.at.date() - date.fromisoformat(epoch.begun)).days),
        is_current=epoch.id not in older,
        members=sorted(member.name for member in entries),
        is_on_paper=RECOVERY in who,
        is_mine=g.keyholder.staff_id in who,
        left=left.get(epoch.id, 0),
        may_close=epoch.id in ready,
    )


def _work(periods: Sequence[Period], total: int) -> Work:
    """Return how far it is; *total* was left when the work began, and may have grown since."""
    waiting = [one for one in periods if not one.is_current]
    left = sum(one.left for one in waiting)
    return Work(left, max(total, left), sum(one.left for one in waiting if not one.is_mine))


def _openers(session: Session, epochs: Collection[EpochEntry]) -> dict[str, set[str]]:
    """Return who has a wrap of which period; the papers, where it is to those in force."""
    hotline, rows = here(), epoch_wraps.c
    openers: dict[str, set[str]] = {epoch.id: set() for epoch in epochs}
    query = select(rows.epoch_id, rows.member_id).where(rows.epoch_id.in_(list(openers)))
    for epoch_id, member_id in session.execute(query):
        openers[epoch_id].add(member_id)
    recovery, locks = hotline.keyring.roster.recovery, hotline.door.locks
    for epoch in not_on_paper(session, epochs, recovery=recovery, locks=locks):
        openers[epoch.id].discard(RECOVERY)
    return openers


def _house() -> House:
    hotline = here()
    return House(hotline.store, hotline.keyring, hotline.door.locks)
