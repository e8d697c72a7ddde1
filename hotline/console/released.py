"""What was released to an agency, for its investigators: the page for one who works without a tool of their own.

Nothing here tells of whom a lead came or who let it out; what was recalled is told no more.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.following import following, our_agency
from hotline.console.rooms import go
from hotline.console.showing import show
from hotline.console.speech import countries, locale, month_text, months_back
from hotline.errors import HotlineError
from hotline.leads import fetching, outcomes, questions, received
from hotline.leads.codes import CODES, Theme
from hotline.leads.door import take_turn
from hotline.leads.ladders import GENDERS
from hotline.leads.outcomes import Outcome
from hotline.leads.questions import QUESTIONS, AskedBefore
from hotline.leads.received import RECALLED, STANDING, Received, Sought
from hotline.parts import here
from hotline.store import Session
from hotline.triage import lead_alerts

released = following("released")

_PAGE, _MONTHS = 25, 24
_OUTCOMES = tuple(Outcome)


@released.get("/released")
def show_released() -> Response:
    """Show what the agency received, newest first; ``before`` is where the page before ended.

    A page counts as a request of the agency, as what its tools ask does.
    """
    agency, sought = our_agency(), _sought()
    take_turn(agency, at=g.at)
    before = int(given) if re.fullmatch(r"\d{1,15}", given := request.args.get("before", "")) else 0
    with here().store.read() as session:
        rows = received.page(session, agency, sought, before=before, limit=_PAGE + 1)
    shown = rows[:_PAGE]
    _note(shown)
    return show(
        "console/released.html",
        agency=agency,
        leads=shown,
        sought=sought,
        kept={name: value for name, value in asdict(sought).items() if value},
        before=before,
        next=shown[-1].added if len(rows) > _PAGE else 0,
        countries=countries(agency.countries),
        themes=agency.themes or tuple(Theme),
        months=months_back(g.at, _MONTHS),
        outcomes=_OUTCOMES,
        **_words(),
    )


@released.get("/released/<lead_id>")
def show_lead(lead_id: str) -> Response:
    return _lead(lead_id)


@released.post("/released/<lead_id>/outcome")
def say_outcome(lead_id: str) -> AnyResponse:
    """Keep what came of a lead at the agency, and whether the person may hear that something did."""
    agency, at, by = our_agency(), g.at, g.keyholder.staff_id
    outcome, may_tell = request.form.get("outcome", ""), "may_tell" in request.form
    if outcome not in _OUTCOMES:
        return _lead(lead_id, status=422, fault="outcome")
    here().store.write(
        lambda session: outcomes.say(
            session, agency.id, lead_id, outcome, may_tell=may_tell, by=by, at=at
        )
    )
    # Only that it was of use is ever told, whatever was allowed.
    done = "not_told" if may_tell and outcome != Outcome.USED else "said"
    return go("released.show_lead", lead_id=lead_id, done=done)


@released.post("/released/<lead_id>/ask")
def ask(lead_id: str) -> AnyResponse:
    """Ask the hotline one of the questions that there are."""
    agency, at, by = our_agency(), g.at, g.keyholder.staff_id
    question = request.form.get("question", "")

    def ask_desk(session: Session) -> None:
        its_id = questions.ask(session, agency, lead_id, question, by=by, at=at)
        lead_alerts.tell_of_asked(session, its_id, at=at)

    here().store.write(ask_desk)
    return go("released.show_lead", lead_id=lead_id, done="asked")


@released.errorhandler(AskedBefore)
@released.errorhandler(questions.TooMany)
@released.errorhandler(questions.TooManyToday)
def refuse(error: HotlineError) -> Response:
    """Show the lead again with why nothing was asked."""
    fault = {AskedBefore: "before", questions.TooMany: "many"}.get(type(error), "today")
    return _lead((request.view_args or {})["lead_id"], status=422, fault=fault)


def _lead(lead_id: str, *, status: int = 200, fault: str = "") -> Response:
    """Show a lead, what its tools get of it, and what the agency itself did about it."""
    agency = our_agency()
    with here().store.read() as session:
        lead = received.one(session, agency, lead_id)
        asked = questions.of_agency(session, agency.id, lead_id, at=g.at)
        stix = received.stix(session, agency, lead_id) if lead.told else ""
        is_open = received.is_to_acknowledge(session, agency, lead_id)
    _note([lead])
    return show(
        "console/released/lead.html",
        status=status,
        fault=fault,
        lead=lead,
        stix=stix,
        asked={one.question: one for one in asked},
        questions=QUESTIONS,
        most_open=questions.MOST_OPEN,
        most_a_day=questions.MOST_A_DAY,
        outcomes=_OUTCOMES,
        to_acknowledge=is_open,
        done=request.args.get("done", ""),
        **_words(),
    )


def _note(shown: Sequence[Received]) -> None:
    """Write down that somebody of the agency reads these leads, before they do."""
    if shown:
        first, last = shown[-1].added, shown[0].added
        fetching.note(here().store, our_agency(), "page", first, last, at=g.at)


def _sought() -> Sought:
    """Return what the address asks for; what is not known narrows nothing."""
    agency = our_agency()
    month = request.args.get("month", "")
    return Sought(
        country=_one_of(agency.countries, "country"),
        theme=_one_of([theme.value for theme in Theme], "theme"),
        month=month if re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", month) else "",
        outcome=_one_of(_OUTCOMES, "outcome"),
        state=_one_of((STANDING, RECALLED), "state"),
    )


def _one_of(known: Collection[str], name: str) -> str:
    value = request.args.get(name, "")
    return value if value in known else ""


def _words() -> dict[str, Any]:
    speaks = locale()
    return {
        "codes_of": CODES,
        "genders": GENDERS,
        "month_text": lambda month: month_text(month, speaks),
    }
