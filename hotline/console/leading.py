"""Publish a lead: a caseworker drafts it, sees exactly what would leave, and lets it out or not."""

from datetime import datetime
from typing import Any

from flask import Response, g, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from hotline import triage
from hotline.consent import case_of
from hotline.console.acting import act_on
from hotline.console.agreed import frozen_facts
from hotline.console.allowed import outlook
from hotline.console.drafting import (
    Proposal,
    account_text,
    draft_of,
    first_form,
    offered_to,
    propose,
    released,
    stepped,
)
from hotline.console.reading import Reading, read_report
from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.console.speech import countries, locale, months_back
from hotline.domain.staff import Right
from hotline.errors import NotFound
from hotline.leads.codes import CODES, COUNTRIES
from hotline.leads.disclose import LeadDraft, LeadRefused
from hotline.leads.publish import publish, recall
from hotline.leads.sending import sender
from hotline.leads.wording import Fact, Problem
from hotline.parts import here
from hotline.store import Session
from hotline.triage.proposals import decided_on
from hotline.triage.reviews import unreviewed
from hotline.triage.tallying import note_withheld

leading = room("leading", Right.PUBLISH)


@leading.get("/report/<report_id>/lead")
def show_lead(report_id: str) -> Response:
    reading = _read(report_id)
    with here().store.read() as session:
        decided = decided_on(session, report_id)
    return _page(reading, first_form(reading.facts, g.at, decided), None)


@leading.post("/report/<report_id>/lead")
def look(report_id: str) -> Response:
    """Show what would leave, and whether it may."""
    return _look(report_id, ())


@leading.post("/report/<report_id>/lead/publish")
def let_out(report_id: str) -> AnyResponse:
    draft, to = draft_of(request.form, g.at), request.form.getlist("to")
    account, confirmed_by = account_text(_read(report_id)), _confirmed_by(request.form)
    lead_id = act_on(
        _publish, report_id, draft=draft, to=to, account=account, confirmed_by=confirmed_by
    )
    return go("leading.show_lead", report_id=report_id, left=lead_id)


@leading.post("/report/<report_id>/lead/<lead_id>/recall")
def take_back(report_id: str, lead_id: str) -> AnyResponse:
    act_on(_recall, report_id, lead_id=lead_id)
    return go("leading.show_lead", report_id=report_id)


@leading.errorhandler(LeadRefused)
def explain(error: LeadRefused) -> Response:
    """Show the draft again with what decided against it."""
    at = g.at
    here().store.write(lambda session: note_withheld(session, error.problems, at=at))
    return _look(str((request.view_args or {})["report_id"]), error.problems, status=422)


def _publish(
    session: Session,
    report_id: str,
    *,
    desk: str,
    by: str,
    at: datetime,
    draft: LeadDraft,
    to: list[str],
    account: str,
    confirmed_by: str,
) -> str:
    """Let *draft* out as consent decides at this moment, in the transaction that claims the report.

    A message that came in since somebody reviewed the report counts: nothing leaves before that is reviewed, too.
    """
    triage.claim(session, report_id, desk=desk, by=by, at=at)
    if unreviewed(session, report_id):
        raise LeadRefused(Problem("review", Fact.NOT_REVIEWED))
    return publish(
        session,
        draft,
        report_id=report_id,
        by=by,
        at=at,
        to=to,
        account=account,
        confirmed_by=confirmed_by,
        offered=offered_to(session, report_id),
    )


def _recall(
    session: Session, report_id: str, *, desk: str, by: str, at: datetime, lead_id: str
) -> None:
    triage.report_facts(session, report_id, desk=desk)
    if lead_id not in [lead.id for lead in released(session, report_id)]:
        raise NotFound(ref=lead_id)
    recall(session, lead_id, by=by, at=at)


def _look(report_id: str, refused: tuple[Problem, ...], *, status: int = 200) -> Response:
    form = stepped(request.form)
    reading, at, confirmed_by = _read(report_id), g.at, _confirmed_by(form)
    draft = draft_of(form, at)
    who = here().store.write(lambda session: sender(session, at=at))
    with here().store.read() as session:
        case = case_of(session, report_id)
        proposal = propose(session, case, draft, reading, who, at=at, confirmed_by=confirmed_by)
    return _page(reading, form, proposal, refused=refused, status=status)


def _confirmed_by(form: MultiDict[str, str]) -> str:
    """Return who says in *form* that a bystander told it; empty where nobody does."""
    return str(g.keyholder.staff_id) if "saw_only" in form else ""


def _read(report_id: str) -> Reading:
    with here().store.read() as session:
        return read_report(session, g.keyholder, report_id)


def _page(
    reading: Reading,
    form: MultiDict[str, str],
    proposal: Proposal | None,
    *,
    refused: tuple[Problem, ...] = (),
    status: int = 200,
) -> Response:
    country = form.get("country", "") or reading.facts.country
    with here().store.read() as session:
        case = case_of(session, reading.facts.id)
        facts: dict[str, Any] = {
            "released": (made := released(session, reading.facts.id)),
            "outlook": outlook(session, case, country, at=g.at),
            "unreviewed": unreviewed(session, reading.facts.id),
            **frozen_facts(session, g.keyholder, reading.facts.id, case, speaks=locale()),
        }
    return show(
        "console/lead.html",
        status=status,
        just_left=next((one for one in made if one.id == request.args.get("left")), None),
        country=country,
        report=reading.facts,
        typed=lambda name: form.get(name, ""),
        chosen=form.getlist,
        form=form,
        confirmed=bool(_confirmed_by(form)),
        proposal=proposal,
        refused=refused,
        codes=CODES,
        codes_of=CODES,
        countries=countries(COUNTRIES),
        months=months_back(g.at),
        **facts,
    )
