"""A report as a page: why it is urgent, what was said, who it is from (sealed), and what was done."""

from typing import Any

from flask import Response, g, request

from hotline import handoff, triage
from hotline.consent import Case, case_of
from hotline.console.agreed import frozen_facts, state_of
from hotline.console.around import around
from hotline.console.duties import rule_of
from hotline.console.ending import how_it_ends
from hotline.console.interpreted import interpreted, written
from hotline.console.kinds import can_be_heard
from hotline.console.other_readers import other_readers
from hotline.console.paged import note_opened
from hotline.console.phoning import phoning
from hotline.console.phrasing import tongue_of
from hotline.console.reach import reach
from hotline.console.reading import Reading, read_report
from hotline.console.reasons import telling
from hotline.console.rooms import room
from hotline.console.sealed import read_sealed
from hotline.console.showing import count_opened, show
from hotline.console.speech import locale
from hotline.console.told import emergency_of
from hotline.contact import underway
from hotline.domain.report import Channel
from hotline.domain.staff import Right
from hotline.domain.urgency import Urgency
from hotline.handoff import Offer
from hotline.i18n import REPORTER
from hotline.leads import questions
from hotline.messages import render, weight
from hotline.parts import here
from hotline.retention import duties, feedback
from hotline.retention.docket import processes_of
from hotline.retention.legal import holds_of
from hotline.store import Session
from hotline.triage.access import colleagues_of, named_for
from hotline.triage.copies import copy_asked
from hotline.vault.envelope import SealBroken
from hotline.vault.revealing import PURPOSES

report = room("report", Right.READ)


@report.get("/report/<report_id>")
def show_report(report_id: str) -> Response:
    """Show a report; after an offer that was just made, the answer that tells of it stands ready.

    So does what tells that we call for help, or called, once that was asked for.
    """
    offered = _offered(report_id, request.args.get("offer", ""))
    asked = request.args.get("ready", "")
    reviewing = request.args.get("spans", 0, type=int)
    answer = asked if asked in _ANSWERS else ""
    shown = report_page(report_id, offered=offered, answer=answer, spans_open=reviewing)
    note_opened(report_id)
    # Who reviews what is masked comes back after each step, and has opened the account before.
    return shown if reviewing else count_opened(shown)


def _offered(report_id: str, offer_id: str) -> Offer | None:
    if not offer_id:
        return None
    with here().store.read() as session:
        made = handoff.offers(session, report_id)
    return next((one for one in made if one.id == offer_id), None)


def report_page(report_id: str, *, status: int = 200, **facts: Any) -> Response:
    """Return the page of a report; *facts* is what was just tried on it, such as a reply to be sent."""
    with here().store.read() as session:
        reading = read_report(session, g.keyholder, report_id)
        case = case_of(session, report_id)
        kept = _kept(session, report_id, reading, case)
    its, draft = reading.facts, facts.get("draft")
    made: Offer | None = facts.get("offered")
    answer = _tells_of(case, made) if made else facts.get("answer")
    ready = _ready_answer(its, answer) if answer else ""
    waiting, until = its.waiting_since, its.claimed_until
    limits = here().config.limits_of(its.desk)
    return show(
        "console/report.html",
        status=status,
        reading=reading,
        report=its,
        asking=kept["sealed"].find(request.values.get("what", "")),
        left=max(0, int((until - g.at).total_seconds()) // 60) if until else 0,
        answer_locales=here().languages.complete(REPORTER),
        written=written,
        colleagues=colleagues_of(here().keyring, its.desk),
        rule_of=rule_of,
        urgencies=list(Urgency),
        purposes=PURPOSES,
        can_be_heard=can_be_heard,
        quotes=reading.quotes,
        telling=telling,
        clock=triage.clock(its.urgency, waiting, g.at, limits) if waiting else None,
        ready=ready,
        weighed=weight(draft.words if draft else ready),
        **kept,
        **{**_UNTRIED, **facts},
    )


def _kept(session: Session, report_id: str, reading: Reading, case: Case) -> dict[str, Any]:
    """Return what is kept of a report beside what was said in it."""
    me, at, keyring = g.keyholder, g.at, here().keyring
    clocks = here().law.feedback(reading.facts.desk)
    return {
        **_ways_back(session, report_id),
        **frozen_facts(session, me, report_id, case, speaks=locale()),
        **around(session, me, keyring, reading, at=at),
        **other_readers(session, reading, case, staff_id=me.staff_id, at=at),
        "end": how_it_ends(session, report_id, at=at),
        "law": processes_of(session, report_id),
        "holds": [hold for hold in holds_of(session, report_id) if hold.holds(at)],
        "owed": duties.of_report(session, report_id),
        "feedback": feedback.clocks_of(session, report_id, reading.facts.day, clocks),
        "texts": {text.seq: text for text in underway(session, report_id) if text.seq},
        "sealed": read_sealed(session, me, keyring, reading, at=at),
        "consented": state_of(session, report_id, case, at=at),
        "asked": questions.count_open(session, report_id) if me.may(Right.PUBLISH) else 0,
        "copy_asked": copy_asked(session, report_id),
        "emergency": emergency_of(session, me, report_id),
        "named": named_for(session, report_id),
        "interpreting": interpreted(session, me, reading, at=at),
        "tongue": tongue_of(session, reading.facts),
    }


def _ways_back(session: Session, report_id: str) -> dict[str, Any]:
    """Return how the reporter is written to and called; where what they said of it does not open, that it is shut."""
    try:
        return {
            "reach": reach(session, g.keyholder, report_id),
            "phoning": phoning(session, g.keyholder, report_id),
            "is_shut": False,
        }
    except SealBroken:
        return {"reach": None, "phoning": None, "is_shut": True}


def _tells_of(case: Case, made: Offer) -> str:
    """Return which answer tells of an offer: nobody is asked for a yes that stands."""
    agreed = case.may(handoff.whom(made.organization_id), (), at=g.at)
    return "offer_agreed" if agreed else "offer"


def _ready_answer(facts: triage.ReportFacts, answer: str) -> str:
    """Return an answer in the reporter's language that names nothing: staff read it before they send it."""
    return render(here().languages, answer, Channel.SMS, facts.locale)


_ANSWERS = ("help_first", "help_called")

_UNTRIED: dict[str, Any] = {
    "fault": "",
    "draft": None,
    "put": False,
    "offered": None,
    "shown": None,
    "urgent": None,
    "urgent_since": 0,
    "seconds_urgent": 0,
    "answer": "",
    "tried": None,
    "typed_task": {"task": "", "to": "", "due": ""},
    "typed_link": "",
    "typed_selector": ("", ""),
    "typed_outcome": "",
    "typed_why": "",
    "disputed": {"rule": "", "choice": "", "words": ""},
    "spans_open": 0,
    "span_typed": None,
    "dials": (),
    "shut": (),
}
