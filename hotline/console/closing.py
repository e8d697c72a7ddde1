"""Close a report, and decide with it what becomes of it: kept as the rules say, for years, handed over, or erased."""

from datetime import datetime

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline import triage
from hotline.consent import case_of
from hotline.console.acting import act_on
from hotline.console.numbers import number_in
from hotline.console.report import report_page
from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.domain.report import reference
from hotline.domain.staff import Right
from hotline.errors import HotlineError, Refused
from hotline.parts import here
from hotline.reports.joined import family
from hotline.retention import ErasureHeld
from hotline.retention.copying import Copy, NoCode, make_copy
from hotline.retention.docket import processes_of
from hotline.retention.endings import TooManyYears
from hotline.retention.legal import is_held
from hotline.store import Session
from hotline.triage.copies import copy_made
from hotline.triage.ending import NotOpen, set_duress
from hotline.triage.outcomes import OutcomeMissing, outcome_of
from hotline.vault.reporters import CodeNotOurs

closing = room("closing", Right.REPLY)


class WhoAsks(Refused):
    default_message = "somebody else may be answering: no copy is made"


class Doubted(Refused):
    default_message = "somebody else may be answering: nothing is erased"


_FAULTS: dict[type[HotlineError], tuple[int, str]] = {
    triage.ReasonMissing: (422, "why_close"),
    OutcomeMissing: (422, "outcome"),
    TooManyYears: (422, "years"),
    NoCode: (409, "no_code"),
    CodeNotOurs: (409, "no_code"),
    ErasureHeld: (409, "erase_held"),
    WhoAsks: (409, "copy_doubted"),
    Doubted: (409, "erase_doubted"),
    NotOpen: (409, "duress_closed"),
}


@closing.post("/report/<report_id>/close")
def close(report_id: str) -> AnyResponse:
    keep = request.form.get("keep", "")
    if keep == "erase":
        return _erase(report_id)
    if keep == "copy":
        _close_with_copy(report_id)
    else:
        years = (number_in(request.form, "years") or 0) if keep == "years" else None
        _close(report_id, read=number_in(request.form, "read"), years=years)
    return go("closed.show_end", report_id=report_id)


def _close(report_id: str, **facts: object) -> None:
    why, outcome = request.form.get("why", ""), outcome_of(request.form.get("outcome", ""))
    its = {"keyring": here().keyring, "why": why, "outcome": outcome, **facts}
    its["read_joined"] = number_in(request.form, "read_joined")
    act_on(triage.close, report_id, **its)


@closing.post("/report/<report_id>/copy")
def hand_copy(report_id: str) -> AnyResponse:
    """Hand the person the copy that they asked for; the report stays as it is."""
    me, at, copy = g.keyholder, g.at, _copy(report_id)

    def work(session: Session) -> None:
        triage.claim(session, report_id, desk=me.desk, by=me.staff_id, at=at)
        _keep_copy(session, copy, at)

    here().store.write(work)
    return go("report.show_report", report_id=report_id, _anchor="conversation")


def _copy(report_id: str) -> Copy:
    """Make a copy of what the form shows.

    Raises:
        Held: something was said since.
    """
    hotline, read = here(), number_in(request.form, "read")
    with hotline.store.read() as session:
        copy = make_copy(
            session,
            g.keyholder,
            hotline.keyring,
            house_public=hotline.log_key.public,
            report_id=report_id,
            at=g.at,
        )
    if read not in (None, copy.first - 1):
        raise triage.Held(ref=report_id)
    return copy


def _keep_copy(session: Session, copy: Copy, at: datetime) -> int:
    """Keep *copy* unless somebody else may be answering, who would read it; return how many messages there are then.

    Raises:
        WhoAsks: staff doubt that it is the person.
    """
    if case_of(session, copy.report_id, lock=True).is_doubted:
        raise WhoAsks(ref=copy.report_id)
    last = copy.keep(session, at=at)
    copy_made(session, copy.report_id)
    return last


def _close_with_copy(report_id: str) -> None:
    """Hand the copy over and close, both or neither."""
    hotline, me, at = here(), g.keyholder, g.at
    why, outcome = request.form.get("why", ""), outcome_of(request.form.get("outcome", ""))
    copy, read_joined = _copy(report_id), number_in(request.form, "read_joined")

    def work(session: Session) -> None:
        last = _keep_copy(session, copy, at)
        triage.close(
            session,
            report_id,
            keyring=hotline.keyring,
            desk=me.desk,
            by=me.staff_id,
            outcome=outcome,
            why=why,
            at=at,
            read=last,
            read_joined=read_joined,
        )

    hotline.store.write(work)


def _erase(report_id: str) -> AnyResponse:
    """Erase at once: a supervisor's act, and not by one click."""
    me = g.keyholder
    me.require(Right.OVERSEE)
    if request.form.get("sure", "").strip().upper() != reference(report_id):
        typed = {f"typed_{name}": request.form.get(name, "") for name in ("outcome", "why")}
        return report_page(report_id, status=422, fault="erase_sure", **typed)
    with here().store.read() as session:
        facts = triage.report_facts(session, report_id, desk=me.desk)
        if case_of(session, report_id).is_doubted:
            raise Doubted(ref=report_id)
        # What somebody asks for at law is no supervisor's to erase alone, also before it is held.
        its = [one for each in family(session, report_id) for one in processes_of(session, each)]
        is_asked_for = any(process.is_open for process in its)
        if is_asked_for or is_held(session, report_id, at=g.at):
            raise ErasureHeld(ref=report_id)
    if facts.is_open:
        _close(report_id, read=number_in(request.form, "read"))
    certificate = here().sweeper.eraser.erase(report_id, by=me.staff_id, at=g.at)
    return show("console/erased.html", certificate=certificate)


@closing.post("/report/<report_id>/erase")
def erase_closed(report_id: str) -> AnyResponse:
    """Erase a report that is closed already."""
    return _erase(report_id)


@closing.post("/report/<report_id>/duress")
def doubt(report_id: str) -> AnyResponse:
    """Say that the reporter may be under somebody's hand, or that this is over."""
    why, is_set = request.form.get("why", ""), request.form.get("duress") == "on"
    act_on(set_duress, report_id, keyring=here().keyring, is_set=is_set, why=why)
    return go("report.show_report", report_id=report_id, _anchor="course")


def ask_again(error: HotlineError) -> Response:
    """Show the report again, with what is missing at its place."""
    report_id = str((request.view_args or {})["report_id"])
    status, fault = next(_FAULTS[kind] for kind in type(error).__mro__ if kind in _FAULTS)
    is_duress = fault == "why_close" and request.endpoint == "closing.doubt"
    typed = {f"typed_{name}": request.form.get(name, "") for name in ("outcome", "why")}
    return report_page(
        report_id, status=status, fault="why_duress" if is_duress else fault, **typed
    )


for _kind in _FAULTS:
    closing.register_error_handler(_kind, ask_again)
