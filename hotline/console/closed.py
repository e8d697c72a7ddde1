"""After a report is closed: one quiet page with what comes next, and what was learned from one that was urgent.

Nothing is kept about whoever takes a breath here; a supervisor hears of it only where they ask to talk, and then no more
than their name.
"""

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline import triage
from hotline.console.acting import act_on
from hotline.console.report import report_page
from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.domain.staff import Right
from hotline.parts import here
from hotline.store import Session
from hotline.triage import outcomes
from hotline.triage.alerts import Kind, raise_alert

closed = room("closed", Right.REPLY)


@closed.get("/report/<report_id>/end")
def show_end(report_id: str) -> AnyResponse:
    """Show that it is done; a report that is open again is shown itself."""
    with here().store.read() as session:
        facts = triage.report_facts(session, report_id, desk=g.keyholder.desk)
        asks = outcomes.is_worth_a_look(session, facts)
        mine = [
            one
            for one in outcomes.lessons_of(session, g.keyholder, report_id)
            if one.by == g.keyholder.staff_id
        ]
    if facts.is_open:
        return go("report.show_report", report_id=report_id)
    return show("console/closed/end.html", report=facts, asks=asks and not mine, fault="")


@closed.post("/report/<report_id>/learned")
def learn(report_id: str) -> AnyResponse:
    """Keep what somebody learned from a report, sealed to the desk."""
    answers = {name: request.form.get(name, "") for name in outcomes.QUESTIONS}
    act_on(outcomes.learn, report_id, keyring=here().keyring, answers=answers)
    return go("closed.show_end", report_id=report_id)


@closed.get("/pause")
def pause() -> Response:
    """Show a page with nothing on it but that it is a pause."""
    return show("console/closed/pause.html", told="told" in request.args)


@closed.post("/talk")
def ask_to_talk() -> AnyResponse:
    """Let a supervisor know that somebody wants to talk: who, and nothing of what."""
    me, at = g.keyholder, g.at

    def work(session: Session) -> None:
        once = f"{me.staff_id} {at:%Y-%m-%d}"
        its = {"desk": me.desk, "who": me.staff_id, "once": once, "at": at}
        raise_alert(session, kind=Kind.TALK_WANTED, pages=False, **its)

    here().store.write(work)
    return go("closed.pause", told="")


@closed.errorhandler(outcomes.NothingSaid)
def ask_again(_error: outcomes.NothingSaid) -> Response:
    return _again("nothing_learned", 422)


@closed.errorhandler(outcomes.StillOpen)
def say_that_it_is_open(_error: outcomes.StillOpen) -> Response:
    return _again("", 409)


def _again(fault: str, status: int) -> Response:
    report_id = str((request.view_args or {})["report_id"])
    return report_page(report_id, status=status, fault=fault)
