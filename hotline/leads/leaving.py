"""What a caseworker lets out, whom it may be told at this moment, and the act itself: at once, or when its wait is over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert

from hotline import audit
from hotline.consent import Case, Decision
from hotline.consent.case import Ground
from hotline.domain.report import day
from hotline.leads import agencies, crowds, misp, revising
from hotline.leads.agencies import Agency
from hotline.leads.codes import Tlp
from hotline.leads.crowds import Judgement
from hotline.leads.disclose import CouldKnow, Disclosure, LeadRefused
from hotline.leads.gating import few_could_know
from hotline.leads.items import item_of
from hotline.leads.recipients import recipients_of, theme_told
from hotline.leads.releasing import Known, shelve
from hotline.leads.sending import sender
from hotline.leads.shelving import Origin
from hotline.leads.stix import Sender, lead_objects, new_ids
from hotline.leads.tables import lead_sources, leads
from hotline.leads.wording import Fact, Problem
from hotline.reports import desk_of
from hotline.store import Session

K = 5
"""How many sources it must fit unless another number was set."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What leaves of a report, by whom and to whom (ids of agencies; None: all that may be told).

    *confirmed_by* is who answers for it that a bystander told it. With *is_newer* it takes the place of what the
    lead told before. *warned* is whether the person was told that they may be guessed, and still agreed.
    """

    lead_id: str
    report_id: str
    told: Disclosure
    tlp: Tlp
    could_know: CouldKnow
    by: str
    confirmed_by: str = ""
    to: tuple[str, ...] | None = None
    is_newer: bool = False
    warned: bool = False


@dataclass(frozen=True, slots=True)
class Leave:
    """That a plan may leave now: to whom, on which ground, and how many it could be of (*judged*)."""

    recipients: tuple[Agency, ...]
    decision: Decision
    judged: Judgement


def decide(
    session: Session, case: Case, plan: Plan, *, k: int, at: datetime, to_fewer: bool = False
) -> Leave:
    """Return the leave that *plan* has at this moment; with *to_fewer* it goes without those who may not be told it.

    What it tells of a person, beside all that was told of them before, must fit *k* sources.

    Raises:
        LeadRefused: its `problems` name what decided.
    """
    recipients, decision = recipients_of(
        session, case, plan.told, plan.tlp, plan.to, at, to_fewer=to_fewer
    )
    if decision.ground is Ground.BYSTANDER and not plan.confirmed_by:
        raise LeadRefused(Problem("saw_only", Fact.NOT_CONFIRMED))
    if few := few_could_know(plan.could_know, warned=plan.warned):
        raise LeadRefused(*few)
    if plan.is_newer:
        recipients = revising.those_who_read_on(session, plan.lead_id, recipients)
    to = [agency.id for agency in recipients]
    # What is kept of this lead needs the salt that comes with the sender.
    sender(session, at=at)
    judged = crowds.judge(session, plan.report_id, plan.told, k=k, at=at, to=to)
    if judged.problems:
        raise LeadRefused(*judged.problems)
    return Leave(recipients, decision, judged)


def let_out(session: Session, plan: Plan, leave: Leave, *, by: str, at: datetime) -> None:
    """Let *plan* out; *by* is whose act it is."""
    answers_for_it = plan.confirmed_by if leave.decision.ground is Ground.BYSTANDER else ""
    who, marks = sender(session, at=at), _marks(session, plan, leave)
    source = _source(plan, leave, answers_for_it)
    if plan.is_newer:
        revising.revise(
            session, plan.lead_id, plan.told, marks, source, leave.recipients, who, at=at
        )
    else:
        _keep(session, plan, marks, source, at=at)
        _shelve_for_each(session, plan, leave.recipients, who, at=at)
    said = (plan.lead_id, leave.decision.ground, answers_for_it, "warned" if plan.warned else "")
    audit.record(
        session,
        at=at,
        who=by,
        did="revise" if plan.is_newer else "publish",
        desk=desk_of(session, plan.report_id),
        report_id=plan.report_id,
        what=" ".join(filter(None, said)),
    )


def _marks(session: Session, plan: Plan, leave: Leave) -> Mapping[str, Any]:
    """Return what the lead's row says beside what it tells."""
    everyone = agencies.of_country(session, plan.told.country)
    return {
        "is_for_all": len(leave.recipients) == len(everyone),
        "theme": theme_told(plan.told),
        "country": plan.told.country,
        "tlp": plan.tlp,
        "k": leave.judged.k,
        "could_know": plan.could_know,
        "warned": plan.warned,
        "told": plan.told.to_json(),
    }


def _source(plan: Plan, leave: Leave, confirmed_by: str) -> Mapping[str, Any]:
    return {
        "report_id": plan.report_id,
        "ground": leave.decision.ground,
        "grant_id": leave.decision.grant_id,
        "confirmed_by": confirmed_by,
        "person": leave.judged.person.to_json(),
    }


def _keep(
    session: Session,
    plan: Plan,
    marks: Mapping[str, Any],
    source: Mapping[str, Any],
    *,
    at: datetime,
) -> None:
    item = item_of(plan.told, plan.lead_id, at, tlp=plan.tlp)
    row = {"id": plan.lead_id, "day": day(at), "recalled_day": "", "by": plan.by, "item": item}
    told = plan.told.to_json()
    in_misp = misp.kept(told, plan.lead_id, day=day(at), tlp=plan.tlp)
    session.execute(insert(leads), {**row, **in_misp, **marks})
    session.execute(insert(lead_sources), {"lead_id": plan.lead_id, **source})


def _shelve_for_each(
    session: Session,
    plan: Plan,
    recipients: tuple[Agency, ...],
    who: Sender,
    *,
    at: datetime,
) -> None:
    own = lead_objects(
        plan.told, new_ids(plan.lead_id), who, at.astimezone(UTC).date(), tlp=plan.tlp
    )
    origin = Origin(plan.lead_id, plan.told.country, theme_told(plan.told))
    known = Known.of(plan.told, plan.tlp)
    for agency in recipients:
        shelve(session, agency, own, known, origin, who, at=at)
