"""Ask somebody to interpret a report, hand them what they are to read, and take it back.

What they are to read is opened in the transaction that hands it over: whatever is masked by then is masked for them.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline import triage
from hotline.console.acting import act_on
from hotline.console.interpreted import texts_of
from hotline.console.reading import read_report
from hotline.console.replying import weigh
from hotline.console.report import report_page
from hotline.console.rooms import go, room
from hotline.domain.staff import Right
from hotline.errors import HotlineError
from hotline.parts import here
from hotline.reports.belonging import lock
from hotline.store import Session
from hotline.triage import interpreting as works

interpreting = room("interpreting", Right.REPLY)

_FAULTS: dict[type[HotlineError], tuple[int, str]] = {
    works.NotAnInterpreter: (422, "no_interpreter"),
    works.NothingPicked: (422, "nothing_picked"),
    works.AtWork: (409, "at_work"),
}


@interpreting.post("/report/<report_id>/interpreter")
def assign(report_id: str) -> AnyResponse:
    _hand(works.assign, report_id, interpreter=request.form.get("interpreter", ""))
    return _back(report_id)


@interpreting.post("/report/<report_id>/interpreter/hand")
def hand_over(report_id: str) -> AnyResponse:
    _hand(works.hand_over, report_id)
    return _back(report_id)


@interpreting.post("/report/<report_id>/interpreter/draft")
def hand_draft(report_id: str) -> AnyResponse:
    """Have an answer translated before it is sent; a name or a number in it is pointed out as before sending."""
    draft = weigh(request.form.get("words", ""))
    if draft.identifiers and "sure" not in request.form:
        return report_page(report_id, draft=draft)
    with here().store.read() as session:
        language = triage.report_facts(session, report_id, desk=g.keyholder.desk).language
    act_on(works.hand_draft, report_id, **_keys(), text=draft.words, language=language)
    return go("report.show_report", report_id=report_id, _anchor="drafts")


@interpreting.post("/report/<report_id>/interpreter/withdraw")
def withdraw(report_id: str) -> AnyResponse:
    act_on(works.withdraw, report_id)
    return _back(report_id)


@interpreting.errorhandler(works.NotAnInterpreter)
@interpreting.errorhandler(works.NothingPicked)
@interpreting.errorhandler(works.AtWork)
def explain(error: HotlineError) -> Response:
    """Show the report again, with what was typed, and why nobody got anything."""
    report_id = str((request.view_args or {})["report_id"])
    status, fault = _FAULTS[type(error)]
    words = request.form.get("words", "")
    draft = weigh(words) if words else None
    return report_page(report_id, status=status, fault=fault, draft=draft)


def _keys() -> dict[str, Any]:
    """Return what texts are sealed with."""
    return {"keyring": here().keyring, "locks": here().door.locks}


def _hand(what: Callable[..., object], report_id: str, **facts: str) -> None:
    """Do *what* with the texts that were picked."""
    me, keys = g.keyholder, _keys()
    numbers = request.form.getlist("text")
    picks = {int(seq) for seq in numbers if seq.isdecimal() and len(seq) < 9}

    def work(session: Session, report_id: str, *, desk: str, by: str, at: datetime) -> None:
        lock(session, report_id, desk=desk)
        texts = texts_of(read_report(session, me, report_id), picks)
        what(session, report_id, desk=desk, by=by, at=at, texts=texts, **keys, **facts)

    act_on(work, report_id)


def _back(report_id: str) -> AnyResponse:
    return go("report.show_report", report_id=report_id, _anchor="interpreter")
