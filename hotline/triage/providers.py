"""What follows from what providers answer, or do not: the person is told, the next service is asked, somebody looks.

What was prepared for the person goes out by itself where it still may; whatever takes a person becomes a task of the
report, or of the one that it was merged into. At a report that is closed nobody has tasks: there supervisors are called.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from hotline import contact
from hotline.contact.preparing import drop_but
from hotline.domain.report import Status
from hotline.domain.urgency import Urgency
from hotline.domain.waiting import USUAL, Limits
from hotline.handoff import answering, events, mailing
from hotline.handoff.clocks import reminder_at
from hotline.handoff.events import Event, Happened
from hotline.handoff.tables import handoffs
from hotline.reports.belonging import desk_of
from hotline.reports.joined import family, root_of
from hotline.reports.tables import reports
from hotline.store import Session
from hotline.triage import tasks
from hotline.triage.alerts import Kind, raise_alert
from hotline.vault.keyring import Keyring
from hotline.vault.opening import Keyholder

_TO_ASK = timedelta(hours=4)
_TO_ANSWER = timedelta(minutes=10)

_TASKS = {
    Event.DECLINED: tasks.Kind.NEXT_SERVICE,
    Event.NO_SPACE: tasks.Kind.NEXT_SERVICE,
    Event.LEFT: tasks.Kind.NEXT_SERVICE,
    Event.PIN_CLOSED: tasks.Kind.NEXT_SERVICE,
    Event.UNANSWERED: tasks.Kind.NEXT_SERVICE,
    Event.ASKED_DESK: tasks.Kind.ANSWER_PROVIDER,
    Event.ASK_ARRIVED: tasks.Kind.ASK_ARRIVED,
    Event.UNTOLD: tasks.Kind.TELL_PERSON,
}
_OUTCOMES = (Event.ARRIVED, Event.WAITING, Event.NO_SPACE, Event.LEFT)


@dataclass(frozen=True, slots=True)
class Terms:
    """By which rules a house goes on: *limits_of* a desk is how long its reports may wait for a person."""

    keyring: Keyring
    limits_of: Callable[[str], Limits]
    zone: ZoneInfo


def happened(session: Session, terms: Terms, what: Happened, *, at: datetime) -> None:
    """Do what follows from something that a provider answered, or staff heard from one, or the clock says.

    To be called in the transaction that keeps it.
    """
    root, limits = root_of(session, what.report_id), terms.limits_of(what.desk)
    if what.event is Event.ACCEPTED:
        _remind(session, terms, what.handoff_id, at)
        _tell(session, terms, what, root, at)
    if what.event in _OUTCOMES:
        kind = tasks.Kind.ASK_ARRIVED
        tasks.settle(session, root, kind=kind, by="system", at=at, about=what.handoff_id)
    if what.event is Event.UNANSWERED:
        _warn(session, what, root, at)
    asked_for = _TASKS.get(what.event)
    if asked_for and not (asked_for is tasks.Kind.NEXT_SERVICE and _awaits_another(session, what)):
        _ask(session, limits, what, root, asked_for, at)
    if what.event is Event.NO_SPACE:
        _ask(session, limits, what, root, tasks.Kind.TELL_PERSON, at)
    let_go(session, what.report_id, at=at, limits=limits)


def answer(
    session: Session,
    keyholder: Keyholder,
    keyring: Keyring,
    handoff_id: str,
    words: str,
    *,
    at: datetime,
) -> None:
    """Answer what a provider asked: the task to do so is done.

    Raises:
        What `handoff.answering.answer_provider` raises.
    """
    answering.answer_provider(session, keyholder, keyring, handoff_id, words, at)
    its = select(handoffs.c.report_id).where(handoffs.c.id == handoff_id)
    root = root_of(session, session.execute(its).scalar_one())
    kind = tasks.Kind.ANSWER_PROVIDER
    tasks.settle(session, root, kind=kind, by=keyholder.staff_id, at=at, about=handoff_id)


def asked(session: Session, report_id: str, *, by: str, at: datetime) -> None:
    """Say that *by* asked a service: the task to ask the next one is done."""
    root = root_of(session, report_id)
    tasks.settle(session, root, kind=tasks.Kind.NEXT_SERVICE, by=by, at=at)


def let_go(session: Session, report_id: str, *, at: datetime, limits: Limits = USUAL) -> None:
    """Forget what was prepared for an answer that is awaited no more: the text for the person, the mail to the provider.

    What was to tell the person of a place that fell through goes no more: somebody tells them how it stands. To be
    called wherever offers of a report are withdrawn, or their links closed.
    """
    _take_back_answers(session, report_id, limits, at)
    rows = handoffs.c
    awaited = (rows.report_id == report_id, rows.status == events.Status.ASKED)
    kept = session.execute(select(rows.prepared_id).where(*awaited)).scalars().all()
    drop_but(session, report_id, kept=[one for one in kept if one])
    mailing.end_closed(session, at=at, report_id=report_id)


def sweep(session: Session, terms: Terms, *, at: datetime) -> None:
    """Go on where the clock says so: nobody answered in time, or said what came of it, or the person was not told."""
    expired, due = answering.expire(session, at), answering.due_outcomes(session, at)
    for what in (*expired, *due, *answering.untold(session)):
        happened(session, terms, what, at=at)


def _remind(session: Session, terms: Terms, handoff_id: str, at: datetime) -> None:
    """Have staff asked in the desk's next morning to find out what came of it, whoever kept that it was accepted."""
    its = update(handoffs).where(handoffs.c.id == handoff_id)
    session.execute(its.values(ask_again_at=reminder_at(at, terms.zone)))


def _tell(session: Session, terms: Terms, what: Happened, root: str, at: datetime) -> None:
    """Let the person know that somebody takes them in: by what was prepared, or by a colleague."""
    limits, seq = terms.limits_of(what.desk), 0
    if what.prepared_id:
        seq = contact.send_prepared(session, terms.keyring, what.prepared_id, at=at, limits=limits)
    if seq:
        its = update(handoffs).where(handoffs.c.id == what.handoff_id)
        session.execute(its.values(answer_seq=seq))
    else:
        _ask(session, limits, what, root, tasks.Kind.TELL_PERSON, at)


def _take_back_answers(session: Session, report_id: str, limits: Limits, at: datetime) -> None:
    rows = handoffs.c
    is_over = (rows.status != events.Status.ACCEPTED) | rows.outcome.in_(events.FREES)
    its = (rows.report_id == report_id, rows.answer_seq.is_not(None), is_over)
    for offer in session.execute(select(rows.id, rows.answer_seq).where(*its)).all():
        session.execute(update(handoffs).where(rows.id == offer.id).values(answer_seq=None))
        if contact.take_back_answer(session, report_id, offer.answer_seq):
            what = Happened(report_id, desk_of(session, report_id), offer.id, Event.UNTOLD)
            root = root_of(session, report_id)
            _ask(session, limits, what, root, tasks.Kind.TELL_PERSON, at)


def _ask(
    session: Session, limits: Limits, what: Happened, root: str, kind: tasks.Kind, at: datetime
) -> None:
    row = session.execute(
        select(reports.c.urgency, reports.c.status).where(reports.c.id == root)
    ).one()
    if row.status == Status.OPEN:
        due = _due(session, what, kind, at=at, usual=limits.of(Urgency.of_rank(row.urgency)))
        its = {"desk": what.desk, "about": what.handoff_id}
        tasks.ask(session, root, kind=kind, at=at, due_at=due, **its)
    elif kind is not tasks.Kind.ASK_ARRIVED:
        once = f"{what.handoff_id} {what.event}"
        raise_alert(
            session, desk=what.desk, kind=Kind.PROVIDER_SAID, at=at, report_id=root, once=once
        )


def _due(
    session: Session, what: Happened, kind: tasks.Kind, *, at: datetime, usual: timedelta
) -> datetime:
    """Return until when something is to be done: a question before the time to answer of whoever asked it is over."""
    if kind is not tasks.Kind.ANSWER_PROVIDER:
        return at + (_TO_ASK if kind is tasks.Kind.ASK_ARRIVED else usual)
    its = select(handoffs.c.answer_by).where(handoffs.c.id == what.handoff_id)
    theirs: datetime | None = session.execute(its).scalar_one_or_none()
    return min(at + _TO_ANSWER, theirs or at + _TO_ANSWER)


def _awaits_another(session: Session, what: Happened) -> bool:
    """Tell whether another service is asked for the same need: nobody asks the next one before that is answered."""
    rows = handoffs.c
    need = select(rows.need).where(rows.id == what.handoff_id).scalar_subquery()
    its = (
        rows.report_id.in_(family(session, what.report_id)),
        rows.need == need,
        rows.status == events.Status.ASKED,
        rows.id != what.handoff_id,
    )
    return session.execute(select(rows.id).where(*its).limit(1)).first() is not None


def _warn(session: Session, what: Happened, root: str, at: datetime) -> None:
    """Put before the supervisors that a service was silent; they are called where every minute counts."""
    urgency = session.execute(select(reports.c.urgency).where(reports.c.id == root)).scalar_one()
    its = select(handoffs.c.digest).where(handoffs.c.id == what.handoff_id)
    # Each time they are asked it is another packet.
    digest = (session.execute(its).scalar_one_or_none() or "")[:8]
    raise_alert(
        session,
        desk=what.desk,
        kind=Kind.PROVIDER_SILENT,
        at=at,
        report_id=root,
        once=f"{what.handoff_id} {digest}".strip(),
        pages=urgency == Urgency.IMMEDIATE.rank,
    )
