"""Offer a referral: which services fit, in which order and why, and why the others fell out.

What the person agreed to is told to the organization by staff themselves, who then write down here that they did.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from flask import Response, g, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from hotline import handoff, triage
from hotline.consent import HANDOFF, Case, ConsentRefused, Decision, ExclusionKind, Why, case_of
from hotline.console.acting import act_on
from hotline.console.agreed import frozen_facts
from hotline.console.handing import hand_over, offered
from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.console.speech import locale
from hotline.domain.staff import Right
from hotline.domain.urgency import Need
from hotline.errors import NotFound
from hotline.leads.wording import Fact
from hotline.parts import here
from hotline.store import Session
from hotline.triage import ReportFacts
from hotline.triage.reviews import NotReviewed
from hotline.vault.opening import Keyholder
from referral.candidate import Candidate, Person
from referral.match import Match, Matches, match
from referral.shortlist import area_named, area_names, candidate, shortlist

referring = room("referring", Right.REFER)

PERSONS = {
    "anyone": Person(),
    "woman": Person(minor=False, gender="woman"),
    "man": Person(minor=False, gender="man"),
    "woman_with_children": Person(minor=False, gender="woman", with_children=True),
    "man_with_children": Person(minor=False, gender="man", with_children=True),
    "child": Person(minor=True),
}
WAITS = {"any": None, "now": timedelta(), "today": timedelta(hours=12), "week": timedelta(days=7)}
_SHOWN = 100


@referring.get("/report/<report_id>/referral")
def show_matches(report_id: str) -> Response:
    facts = _facts(report_id)
    return _page(facts, _suggested(facts))


@referring.post("/report/<report_id>/referral")
def match_again(report_id: str) -> Response:
    """Match with other wishes; they are sent and never stand in an address."""
    return _page(_facts(report_id), request.form)


@referring.post("/report/<report_id>/referral/offer")
def offer(report_id: str) -> AnyResponse:
    """Write the offer down, and go on to the answer that makes it."""
    need = request.form.get("need", "")
    with here().store.read() as session:
        service = candidate(session, request.form.get("offer", ""))
    if service is None or need not in list(Need):
        raise NotFound(ref=report_id)
    made = act_on(_offer, report_id, keyholder=g.keyholder, service=service, need=need)
    return go("report.show_report", report_id=report_id, offer=made, _anchor="reply")


@referring.post("/report/<report_id>/referral/<offer_id>/told")
def write_down(report_id: str, offer_id: str) -> AnyResponse:
    """Write down which of the facts that were agreed to the organization was told."""
    ticked = request.form.getlist("fields")
    fields = [name for name in HANDOFF if name in ticked]
    act_on(hand_over, report_id, offer_id=offer_id, fields=fields)
    return go("referring.show_matches", report_id=report_id, _anchor="offered")


def _suggested(facts: ReportFacts) -> MultiDict[str, str]:
    return MultiDict(
        [
            ("need", facts.needs[0] if facts.needs else Need.SHELTER),
            ("language", facts.language),
            ("whom", "child" if facts.minor else "anyone"),
        ]
    )


def _offer(
    session: Session,
    report_id: str,
    *,
    desk: str,
    by: str,
    at: datetime,
    keyholder: Keyholder,
    service: Candidate,
    need: str,
) -> str:
    triage.claim(session, report_id, desk=desk, by=by, at=at)
    return handoff.offer(
        session,
        keyholder,
        report_id=report_id,
        service_id=service.service_id,
        service_name=f"{service.organization}: {service.name}"[:255],
        organization_id=service.organization_id,
        need=need,
        at=at,
    )


def _facts(report_id: str) -> ReportFacts:
    with here().store.read() as session:
        return triage.report_facts(session, report_id, desk=g.keyholder.desk)


@referring.errorhandler(ConsentRefused)
def explain(error: ConsentRefused) -> Response:
    """Show the page again: whom the person named meanwhile has fallen out, or what may not be told stands there."""
    its = request.view_args or {}
    facts, offer_id = _facts(str(its["report_id"])), str(its.get("offer_id", ""))
    form = _suggested(facts) if offer_id else request.form
    return _page(facts, form, refused=error.why, at_offer=offer_id, status=422)


@referring.errorhandler(NotReviewed)
def review_first(_error: NotReviewed) -> Response:
    """Show the page again: what is told of the account must be reviewed first."""
    its = request.view_args or {}
    facts = _facts(str(its["report_id"]))
    refused, at_offer = Fact.NOT_REVIEWED, str(its.get("offer_id", ""))
    return _page(facts, _suggested(facts), refused=refused, at_offer=at_offer, status=422)


def _page(
    facts: ReportFacts,
    form: MultiDict[str, str],
    *,
    refused: Why | Fact | None = None,
    at_offer: str = "",
    status: int = 200,
) -> Response:
    """Show what fits; *refused* is why nothing was offered, or was told to whom the offer *at_offer* is about."""
    with here().store.read() as session:
        case = case_of(session, facts.id)
        matches = _matches(session, form, case, g.at)
        made = offered(session, facts.id, case, at=g.at)
        areas = area_names(session)
        frozen = frozen_facts(session, g.keyholder, facts.id, case, speaks=locale())
    fitting, fallen_out = matches.fitting[:_SHOWN], matches.fallen_out[:_SHOWN]
    return show(
        "console/referral.html",
        status=status,
        report=facts,
        refused=refused,
        at_offer=at_offer,
        ticked=request.form.getlist("fields") if at_offer else [],
        typed=lambda name: form.get(name, ""),
        fitting=fitting,
        fallen_out=fallen_out,
        how_many=(len(matches.fitting), len(matches.fallen_out)),
        needs=list(Need),
        areas=areas,
        persons=list(PERSONS),
        waits=list(WAITS),
        offered=made,
        offered_ids={one.its.service_id for one in made if one.its.status != "withdrawn"},
        may=_decisions(case, fitting, g.at),
        reason_of=_reasons(case),
        need=_need(form),
        tongues=dict.fromkeys([facts.language, *here().languages.offered]),
        **frozen,
    )


def _decisions(case: Case, fitting: Iterable[Match], at: datetime) -> dict[str, Decision]:
    """Return for each service that fits whether its organization may be told of this person now."""
    return {
        one.service.service_id: case.may(handoff.whom(one.service.organization_id), (), at=at)
        for one in fitting
    }


def _excluded(case: Case) -> frozenset[str]:
    kind = ExclusionKind.ORGANIZATION
    return frozenset(one.ref for one in case.excluded if one.kind == kind)


def _reasons(case: Case) -> dict[str, str]:
    """Return why it must not reach an organization, by its id."""
    kind = ExclusionKind.ORGANIZATION
    return {one.ref: one.reason for one in case.excluded if one.kind == kind}


def _matches(session: Session, form: MultiDict[str, str], case: Case, at: datetime) -> Matches:
    need, wait = _need(form), WAITS.get(form.get("wait", "any"))
    language = form.get("language", "")
    return match(
        shortlist(session, need=need),
        need=need,
        at=at,
        where=area_named(session, name) if (name := form.get("where", "")) else None,
        languages=(language,) if language not in ("", "und") else (),
        for_whom=PERSONS.get(form.get("whom", ""), PERSONS["anyone"]),
        excluded=_excluded(case),
        needs_no_documents="no_documents" in form,
        must_be_free="free" in form,
        needs_step_free="step_free" in form,
        needs_fetching="fetch" in form,
        open_by=None if wait is None else at + wait,
    )


def _need(form: MultiDict[str, str]) -> str:
    need = form.get("need", "")
    return need if need in list(Need) else Need.SHELTER
