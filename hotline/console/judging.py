"""What a person makes of what the machine says: a reason that is wrong, a code of the field that holds or does not."""

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.acting import act_on
from hotline.console.report import report_page
from hotline.console.rooms import go, room
from hotline.domain.staff import Right
from hotline.errors import Malformed
from hotline.parts import here
from hotline.triage import disagreeing, proposals

judging = room("judging", Right.REPLY)

_DECISIONS = {"accept": True, "reject": False, "open": None}


@judging.post("/report/<report_id>/disagree")
def disagree(report_id: str) -> AnyResponse:
    """Write down that a reason is wrong; it changes nothing about the report."""
    form = request.form
    its = {"rule": form.get("rule", ""), "choice": form.get("choice", "")}
    words = form.get("words", "")
    act_on(disagreeing.disagree, report_id, keyring=here().keyring, words=words, **its)
    return go("report.show_report", report_id=report_id, _anchor="why")


@judging.post("/report/<report_id>/agree-again")
def agree_again(report_id: str) -> AnyResponse:
    act_on(disagreeing.agree_again, report_id, rule=request.form.get("rule", ""))
    return go("report.show_report", report_id=report_id, _anchor="why")


@judging.post("/report/<report_id>/code")
def decide_code(report_id: str) -> AnyResponse:
    """Accept or reject a code that is proposed, or leave it open again."""
    form = request.form
    if form.get("decide", "") not in _DECISIONS:
        raise Malformed(ref=report_id)
    pair = form.get("list", ""), form.get("code", "")
    act_on(proposals.decide, report_id, pair=pair, is_accepted=_DECISIONS[form["decide"]])
    return go("report.show_report", report_id=report_id, _anchor="codes")


@judging.errorhandler(disagreeing.ChoiceMissing)
def ask_how(_error: disagreeing.ChoiceMissing) -> Response:
    return _again("choice")


@judging.errorhandler(disagreeing.SayHow)
def ask_for_words(_error: disagreeing.SayHow) -> Response:
    return _again("choice_words")


def _again(fault: str) -> Response:
    report_id = str((request.view_args or {})["report_id"])
    disputed = {name: request.form.get(name, "") for name in ("rule", "choice", "words")}
    return report_page(report_id, status=422, fault=fault, disputed=disputed)
