"""Legal process as a record: what came, by when we must answer, what became of it, and whether the person was told."""

from collections.abc import Callable
from datetime import date

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline import triage
from hotline.console.acting import act_on
from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.domain.staff import Right
from hotline.errors import Malformed
from hotline.parts import here
from hotline.retention import docket
from hotline.retention import legal as law
from hotline.retention.legal import HoldTooLong, Kind, State, WordsMissing
from hotline.triage.access import hidden_from

legal = room("legal", Right.OVERSEE)

_PAGE = 50
_TYPED = ("kind", "step", "words", "deadline", "until")


@legal.get("/legal")
def show_legal() -> Response:
    """List what this desk was asked and has not answered, the next deadline first."""
    after, desk = request.args.get("after", ""), g.keyholder.desk
    hidden = hidden_from(g.keyholder.staff_id)
    with here().store.read() as session:
        found = docket.open_processes(session, desk, after=after, limit=_PAGE + 1, hidden=hidden)
        untold = () if after else docket.untold_processes(session, desk, hidden=hidden)
    return show(
        "console/legal.html",
        processes=found[:_PAGE],
        untold=untold,
        after=after,
        next=found[_PAGE - 1].id if len(found) > _PAGE else "",
    )


@legal.get("/report/<report_id>/legal")
def show_report(report_id: str) -> Response:
    return _page(report_id)


@legal.post("/report/<report_id>/legal")
def receive(report_id: str) -> AnyResponse:
    """Write down that somebody asks; with a day in the hold's field the report is held from now on."""
    kind = request.form.get("kind", "")
    if kind not in list(Kind):
        raise Malformed(ref=report_id)
    _act(
        law.receive,
        report_id,
        kind=Kind(kind),
        words=request.form.get("words", ""),
        deadline=_day_in("deadline"),
        hold_until=_day_in("until"),
    )
    return _back(report_id)


@legal.post("/report/<report_id>/legal/<process_id>")
def go_on(report_id: str, process_id: str) -> AnyResponse:
    """Write down the next step of a process, or that the person was told."""
    step, words = request.form.get("step", ""), request.form.get("words", "")
    if step == law.TOLD:
        _act(law.tell_person, report_id, process_id=process_id, words=words)
    elif step in list(State):
        _act(law.advance, report_id, process_id=process_id, to=State(step), words=words)
    else:
        raise Malformed(ref=report_id)
    return _back(report_id)


@legal.post("/report/<report_id>/hold")
def hold(report_id: str) -> AnyResponse:
    until = _day_in("until")
    if until is None:
        raise HoldTooLong(ref=report_id)
    _act(law.hold, report_id, why=request.form.get("words", ""), until=until)
    return _back(report_id)


@legal.post("/report/<report_id>/hold/<hold_id>/lift")
def lift(report_id: str, hold_id: str) -> AnyResponse:
    me, at, why = g.keyholder, g.at, request.form.get("words", "")
    keyring = here().keyring
    here().store.write(
        lambda session: law.lift(
            session,
            report_id,
            hold_id,
            keyring=keyring,
            desk=me.desk,
            by=me.staff_id,
            why=why,
            at=at,
        )
    )
    return _back(report_id)


@legal.errorhandler(WordsMissing)
def ask_for_words(_error: WordsMissing) -> Response:
    return _again("words")


@legal.errorhandler(HoldTooLong)
def ask_for_day(_error: HoldTooLong) -> Response:
    return _again("until")


def _act(what: Callable[..., object], report_id: str, **facts: object) -> None:
    act_on(what, report_id, keyring=here().keyring, **facts)


def _back(report_id: str) -> AnyResponse:
    return go("legal.show_report", report_id=report_id)


def _again(fault: str) -> Response:
    """Show the page again, with what was typed, and say what is missing where it is missing."""
    its = request.view_args or {}
    at = str(its.get("process_id") or its.get("hold_id") or (request.endpoint or "").split(".")[-1])
    return _page(str(its["report_id"]), status=422, fault=fault, fault_at=at)


def _page(report_id: str, *, status: int = 200, fault: str = "", fault_at: str = "") -> Response:
    with here().store.read() as session:
        facts = triage.report_facts(session, report_id, desk=g.keyholder.desk)
        processes = docket.processes_of(session, report_id)
        holds = law.holds_of(session, report_id)
        steps = docket.steps_of(session, g.keyholder, report_id)
    return show(
        "console/legal/report.html",
        status=status,
        report=facts,
        processes=processes,
        holds=holds,
        steps=steps,
        kinds=list(Kind),
        at=g.at,
        tomorrow=date.fromordinal(g.at.date().toordinal() + 1).isoformat(),
        longest=(g.at.date() + law.LONGEST).isoformat(),
        fault=fault,
        fault_at=fault_at,
        typed={name: request.form.get(name, "") for name in _TYPED},
    )


def _day_in(name: str) -> date | None:
    """Return a day of the form; None where none was chosen.

    Raises:
        Malformed: it is no day.
    """
    typed = request.form.get(name, "")
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise Malformed from None
