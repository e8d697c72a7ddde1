"""Publish a lead: a caseworker drafts it, sees exactly what would leave, and lets it out or not."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline import triage
from hotline.consent import case_of
from hotline.console.acting import act_on
from hotline.console.agreed import frozen_facts
from hotline.console.allowed import outlook
from hotline.console.comparing import Compared, compare, write_down_own_look
from hotline.console.drafting import Proposal, account_text, offered_to, propose
from hotline.console.lead_forms import Form, draft_of, eased, first_form, form_of, stepped
from hotline.console.reading import Reading, read_report
from hotline.console.released_leads import page_facts, standing
from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.console.speech import countries, locale, months_back
from hotline.console.weighing import rows_of
from hotline.domain.staff import Right
from hotline.leads import crowds
from hotline.leads.codes import CODES, COUNTRIES
from hotline.leads.crowds import Step
from hotline.leads.disclose import LeadDraft, LeadRefused, coarse
from hotline.leads.gating import FACTS
from hotline.leads.name_like import NameLike, name_like
from hotline.leads.publish import publish
from hotline.leads.sending import sender
from hotline.leads.waiting import AlreadyWaits
from hotline.leads.wording import Fact, Problem
from hotline.parts import here
from hotline.store import Session, new_id
from hotline.triage.proposals import decided_on
from hotline.triage.reviews import unreviewed
from hotline.triage.tallying import note_withheld
from hotline.vault.opening import Keyholder

leading = room("leading", Right.PUBLISH)

_LOOKED = "looked_myself"
_ORDER = (*FACTS, "place", "time", "people", "plates", "numbers", "handles", "links")
"""The facts of the table: what tells of the person, then what tells of the scene."""


@dataclass(frozen=True, slots=True, repr=False)
class _Page:
    """What the page shows beside the form: what was proposed, why it was refused, what the cheapest way was."""

    proposal: Proposal | None = None
    refused: tuple[Problem, ...] = ()
    cheapest: str = ""
    eased: Sequence[Step] = field(default=())


@leading.get("/report/<report_id>/lead")
def show_lead(report_id: str) -> Response:
    """Show the form as it begins; ``newer`` is a lead that left, of which it is to be a newer version."""
    reading, newer = _read(report_id), request.args.get("newer", "")
    with here().store.read() as session:
        if newer:
            form = form_of(*standing(session, report_id, newer))
            form["replaces"] = newer
        else:
            form = first_form(reading.facts, g.at, decided_on(session, report_id))
    return _show(reading, form, _Page())


@leading.post("/report/<report_id>/lead")
def look(report_id: str) -> Response:
    """Show what would leave, and whether it may; or count again after a step."""
    if "cheapest" in request.form:
        return _ease(report_id)
    if "step" in request.form:
        return _show(_read(report_id), stepped(request.form), _Page())
    return _look(report_id, ())


@leading.post("/report/<report_id>/lead/publish")
def let_out(report_id: str) -> AnyResponse:
    form, reading = request.form, _read(report_id)
    draft = draft_of(form, g.at)
    compared, names = _compared(report_id, draft), _names(draft)
    against = compared.against(looked_myself=_LOOKED in form)
    if against := (*against, *names.against(_looked_at(form))):
        raise LeadRefused(*against)
    looks = {"compared_by_hand": not compared.was_possible, "names_looked_at": bool(names.words)}
    lead_id = act_on(
        _publish,
        report_id,
        draft=draft,
        keyholder=g.keyholder,
        looks=[did for did, is_so in looks.items() if is_so],
        to=form.getlist("to"),
        account=account_text(reading),
        confirmed_by=_confirmed_by(form),
        replaces=form.get("replaces", ""),
        form_id=form.get("form_id", ""),
        at_once=form.get("when", "") == "at_once",
        wait=here().config.lead_wait,
        k=here().config.lead_k,
    )
    return go("leading.show_lead", report_id=report_id, left=lead_id)


@leading.errorhandler(AlreadyWaits)
def explain_waiting(_error: AlreadyWaits) -> Response:
    """Show the draft again: what waits already would take its place."""
    problem = Problem("ground", Fact.ALREADY_WAITS)
    return _look(str((request.view_args or {})["report_id"]), (problem,), status=409)


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
    keyholder: Keyholder,
    looks: Sequence[str],
    **more: Any,
) -> str:
    """Let *draft* out as consent decides at this moment, in the transaction that claims the report.

    A message that came in since somebody reviewed the report counts: nothing leaves before that is reviewed, too.
    *looks* are those at the words for which the *keyholder* answers, as no machine could judge.
    """
    triage.claim(session, report_id, desk=desk, by=by, at=at)
    if unreviewed(session, report_id):
        raise LeadRefused(Problem("review", Fact.NOT_REVIEWED))
    for did in looks:
        write_down_own_look(session, keyholder, report_id, did, at=at)
    offered = offered_to(session, report_id)
    return publish(session, draft, report_id=report_id, by=by, at=at, offered=offered, **more)


def _ease(report_id: str) -> Response:
    """Choose the steps that cost least and let the lead pass, and say why each was taken."""
    form, reading = request.form, _read(report_id)
    draft, k = draft_of(form, g.at), here().config.lead_k
    with here().store.read() as session:
        after, steps = crowds.cheapest(session, report_id, draft, k=k, at=g.at)
        passes = (
            not steps and not crowds.judge(session, report_id, coarse(draft), k=k, at=g.at).problems
        )
    cheapest = "chosen" if steps else "passes" if passes else "none"
    return _show(reading, eased(form, draft, after), _Page(cheapest=cheapest, eased=steps))


def _look(report_id: str, refused: tuple[Problem, ...], *, status: int = 200) -> Response:
    form, reading, at = request.form, _read(report_id), g.at
    draft = draft_of(form, at)
    compared = _compared(report_id, draft)
    who = here().store.write(lambda session: sender(session, at=at))
    with here().store.read() as session:
        proposal = propose(
            session,
            case_of(session, report_id),
            draft,
            reading,
            who,
            compared=compared,
            looked_myself=_LOOKED in form,
            names=_names(draft),
            looked_at=_looked_at(form),
            k=here().config.lead_k,
            at=at,
            confirmed_by=_confirmed_by(form),
        )
    return _show(reading, form, _Page(proposal, refused), status=status)


def _compared(report_id: str, draft: LeadDraft) -> Compared:
    """Return what the words say of who is sealed; looked up once for a request, as each look is written down."""
    if "compared" not in g:
        g.compared = compare(here(), g.keyholder, report_id, draft, at=g.at)
    found: Compared = g.compared
    return found


def _names(draft: LeadDraft) -> NameLike:
    return name_like(draft, also=here().kept_words())


def _looked_at(form: Form) -> list[str]:
    """Return the words of which somebody says in *form* that they name nobody: those that were shown to them."""
    return form.get("no_names", "").split()


def _confirmed_by(form: Form) -> str:
    """Return who says in *form* that a bystander told it; empty where nobody does."""
    return str(g.keyholder.staff_id) if "saw_only" in form else ""


def _read(report_id: str) -> Reading:
    with here().store.read() as session:
        return read_report(session, g.keyholder, report_id)


def _show(reading: Reading, form: Form, page: _Page, *, status: int = 200) -> Response:
    report_id, country = reading.facts.id, form.get("country", "") or reading.facts.country
    k = here().config.lead_k
    with here().store.read() as session:
        case = case_of(session, report_id)
        facts: dict[str, Any] = {
            "outlook": outlook(session, case, country, at=g.at),
            "unreviewed": unreviewed(session, report_id),
            "rows": rows_of(session, report_id, form, page.eased, k=k, at=g.at),
            "crowd": crowds.judge(session, report_id, coarse(draft_of(form, g.at)), k=k, at=g.at),
            **page_facts(session, report_id),
            **frozen_facts(session, g.keyholder, report_id, case, speaks=locale()),
        }
    return show(
        "console/lead.html",
        status=status,
        country=country,
        report=reading.facts,
        typed=lambda name: form.get(name, ""),
        chosen=form.getlist,
        form=form,
        confirmed=bool(_confirmed_by(form)),
        proposal=page.proposal,
        form_id=new_id(),
        refused=page.refused,
        cheapest=page.cheapest,
        order=_ORDER,
        person=FACTS,
        need=k,
        wait=here().config.lead_wait,
        codes=CODES,
        countries=countries(COUNTRIES),
        months=months_back(g.at),
        **facts,
    )
