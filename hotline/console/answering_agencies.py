"""What agencies asked of a report's leads: a caseworker gives one of the fixed answers, or none, which nobody can tell apart."""

from datetime import datetime

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from hotline import triage
from hotline.console.acting import act_on
from hotline.console.rooms import go, room
from hotline.domain.staff import Right
from hotline.errors import NotFound
from hotline.leads import questions
from hotline.leads.answering import TooFew
from hotline.leads.questions import MayNotBeTold
from hotline.parts import here
from hotline.store import Session

answering_agencies = room("answering_agencies", Right.PUBLISH)


@answering_agencies.post("/report/<report_id>/question/<question_id>")
def answer(report_id: str, question_id: str) -> AnyResponse:
    """Keep an answer; an empty one is none, and is never seen."""
    given = request.form.get("answer", "") or None
    act_on(_answer, report_id, question_id=question_id, given=given, k=here().config.lead_k)
    return go("leading.show_lead", report_id=report_id, _anchor="asked")


@answering_agencies.errorhandler(MayNotBeTold)
def explain(error: MayNotBeTold) -> AnyResponse:
    """Say at the question that the person did not agree to this answer."""
    report_id = str((request.view_args or {})["report_id"])
    return go("leading.show_lead", report_id=report_id, not_told=error.ref, _anchor="asked")


@answering_agencies.errorhandler(TooFew)
def explain_few(error: TooFew) -> AnyResponse:
    """Say at the question that with this answer too few people could be meant."""
    report_id = str((request.view_args or {})["report_id"])
    return go("leading.show_lead", report_id=report_id, too_few=error.ref, _anchor="asked")


def _answer(
    session: Session,
    report_id: str,
    *,
    desk: str,
    by: str,
    at: datetime,
    question_id: str,
    given: str | None,
    k: int,
) -> None:
    triage.report_facts(session, report_id, desk=desk)
    if question_id not in [one.id for one in questions.of_report(session, report_id)]:
        raise NotFound(ref=question_id)
    questions.answer(session, question_id, given, by=by, k=k, at=at)
