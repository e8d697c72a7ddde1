"""Decide what is best for a child: one member of the desk proposes it with reasons, another agrees with theirs, or not.

What two decided ends the same way, with reasons: a no that the child speaks to staff has its place here.
"""

from collections.abc import Callable
from datetime import datetime

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline import triage
from hotline.consent import ConsentRefused
from hotline.consent.minors import ReasonsMissing, SamePerson
from hotline.console.acting import act_on
from hotline.console.consents import consent_page
from hotline.console.rooms import go, room
from hotline.console.terms import Terms, terms_in, text_in
from hotline.domain.staff import Right
from hotline.parts import here
from hotline.store import Session
from hotline.triage import deciding as interests
from hotline.vault.keyring import Keyring

deciding = room("deciding", Right.PUBLISH)


@deciding.post("/report/<report_id>/child")
def propose(report_id: str) -> AnyResponse:
    act_on(
        _propose,
        report_id,
        keyring=here().keyring,
        terms=terms_in(request.form, at=g.at),
        replaces_yes=request.form.get("replaces") == "1",
        reasons=text_in(request.form, "reasons"),
    )
    return _back(report_id)


@deciding.post("/report/<report_id>/child/<interest_id>/agree")
def agree(report_id: str, interest_id: str) -> AnyResponse:
    return _answer(interests.agree, report_id, interest_id)


@deciding.post("/report/<report_id>/child/<interest_id>/decline")
def decline(report_id: str, interest_id: str) -> AnyResponse:
    return _answer(interests.decline, report_id, interest_id)


@deciding.post("/report/<report_id>/child/<interest_id>/end")
def end(report_id: str, interest_id: str) -> AnyResponse:
    """End what was decided, and take back what was told by it."""
    return _answer(interests.end, report_id, interest_id)


@deciding.errorhandler(ReasonsMissing)
def ask_for_reasons(_error: ReasonsMissing) -> Response:
    return _again("reasons", 422)


@deciding.errorhandler(SamePerson)
def ask_for_a_colleague(_error: SamePerson) -> Response:
    return _again("same", 409)


@deciding.errorhandler(ConsentRefused)
def explain(error: ConsentRefused) -> Response:
    report_id = str((request.view_args or {})["report_id"])
    return consent_page(
        report_id, form=request.form, looks=True, refused=(error.why,), tried="propose", status=422
    )


def _again(fault: str, status: int) -> Response:
    its = request.view_args or {}
    act = (request.endpoint or "").rpartition(".")[2]
    return consent_page(
        str(its["report_id"]),
        form=request.form,
        looks="interest_id" not in its,
        fault=f"{fault}_{act}" if act in ("decline", "end") else fault,
        tried=str(its.get("interest_id", "propose")),
        status=status,
    )


def _answer(what: Callable[..., None], report_id: str, interest_id: str) -> AnyResponse:
    """Do *what* to one proposal or decision for the reasons in the form, claimed or not: another holds the report."""
    act_on(
        _act,
        report_id,
        answers=what,
        keyring=here().keyring,
        interest_id=interest_id,
        reasons=text_in(request.form, "reasons"),
    )
    return _back(report_id)


def _back(report_id: str) -> AnyResponse:
    return go("consenting.show_consent", report_id=report_id, _anchor="child")


def _propose(
    session: Session,
    report_id: str,
    *,
    desk: str,
    by: str,
    at: datetime,
    keyring: Keyring,
    terms: Terms,
    replaces_yes: bool,
    reasons: str,
) -> str:
    triage.claim(session, report_id, desk=desk, by=by, at=at)
    return interests.propose(
        session,
        keyring,
        report_id=report_id,
        purpose=terms.purpose,
        recipient=terms.recipient,
        fields=terms.fields,
        replaces_yes=replaces_yes,
        reasons=reasons,
        by=by,
        at=at,
    )


def _act(
    session: Session,
    report_id: str,
    *,
    desk: str,
    answers: Callable[..., None],
    keyring: Keyring,
    interest_id: str,
    **why: object,
) -> None:
    triage.report_facts(session, report_id, desk=desk)
    answers(session, keyring, interest_id, report_id=report_id, **why)
