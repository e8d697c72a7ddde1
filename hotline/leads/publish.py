"""Let a lead out, and take it back.

A lead leaves only where `consent.case_of` lets each of its facts be told to each agency, in the transaction that
releases it. Where somebody who only saw it told us, a member of staff must have read the account and answer for that:
the reporter's own answer or the machine may be wrong.
"""

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update

from hotline import audit, consent
from hotline.consent import Case
from hotline.domain.report import day
from hotline.errors import NotFound
from hotline.leads import misp, notices, outcomes, questions, revising, waiting
from hotline.leads.disclose import LeadDraft, disclose, fields_of
from hotline.leads.items import recalled_item
from hotline.leads.leaving import K, Plan, decide, let_out
from hotline.leads.names import names_of
from hotline.leads.recipients import theme_told, whom
from hotline.leads.releasing import revoke, told_to
from hotline.leads.tables import lead_sources, leads
from hotline.reports import desk_of
from hotline.store import Session, new_id

__all__ = ["forget", "of_report", "publish", "recall", "review", "theme_told", "whom"]


def publish(
    session: Session,
    draft: LeadDraft,
    *,
    report_id: str,
    by: str,
    at: datetime,
    to: Collection[str] | None = None,
    account: str = "",
    confirmed_by: str = "",
    offered: Collection[str] = (),
    k: int = K,
    replaces: str = "",
    wait: tuple[int, int] | None = None,
    at_once: bool = False,
    form_id: str = "",
) -> str:
    """Let *draft* out and return the id of the lead, which follows from nothing.

    *to* are ids of agencies; None means all that may be told. *account*, the redacted text of the report, is only held
    against the words of the lead. *confirmed_by* is who answers for it that a bystander told it.
    *offered* are ids of organizations that were offered to the person: no lead says that they help.
    What it tells of a person must fit *k* sources. *form_id*, random, is that of the form that was sent: sent twice, it
    lets one lead out, which bears that id.
    *replaces* is the lead of which it is a later version. It leaves after *wait*, from so many hours to so many, and
    then only if it still may; without it, or *at_once*, because a life is in danger, now.

    Raises:
        LeadRefused: its `problems` name what decided: the words, the consent, or whom it was to be told.
        NotFound: the report has no lead *replaces*.
        AlreadyWaits: a later version of that lead waits.
    """
    names = names_of(session, report_id, offered)
    told = disclose(draft, account=account, staff=names.staff, organizations=names.organizations)
    case = consent.case_of(session, report_id, lock=True)
    is_now = wait is None or at_once
    if _was_let_out(session, form_id, report_id, is_now=is_now):
        return form_id
    if replaces:
        revising.see_that_stands(session, replaces, report_id)
        waiting.see_that_none_waits(session, replaces)
    plan = Plan(
        lead_id=replaces or _fresh(session, form_id),
        report_id=report_id,
        told=told,
        tlp=draft.tlp,
        could_know=draft.could_know,
        by=by,
        confirmed_by=confirmed_by,
        to=None if to is None else tuple(to),
        is_newer=bool(replaces),
        warned=draft.warned,
    )
    leave = decide(session, case, plan, k=k, at=at)
    if wait is None or is_now:
        let_out(session, plan, leave, by=by, at=at)
    else:
        waiting.keep(session, plan, leave, wait, at=at)
    return plan.lead_id


def recall(session: Session, lead_id: str, *, by: str, at: datetime) -> bool:
    """Take a lead back: each of its objects is replaced by a revoked, empty one. False where it was so already.

    What an agency has read it still knows; its tools learn here that the lead no longer stands. A later version that
    waits never leaves.

    Raises:
        NotFound: there is no such lead.
    """
    lead = session.execute(select(leads).where(leads.c.id == lead_id)).one_or_none()
    if lead is None:
        raise NotFound(ref=lead_id)
    item, in_misp = recalled_item(lead.item, at), misp.kept_of_recalled(lead.day, lead.tlp)
    emptied = {"recalled_day": day(at), "told": {}, "item": item, **in_misp, **_NOBODY}
    changed = session.execute(
        update(leads).where(leads.c.id == lead_id, leads.c.recalled_day == "").values(**emptied)
    )
    if changed.rowcount != 1:
        return False
    waiting.end_of_lead(session, lead_id)
    questions.end(session, lead_id)
    for agency in told_to(session, lead_id):
        revoke(session, agency, lead, at=at)
    notices.give_to_rest(session, lead_id, at=at)
    report_id = _report_behind(session, lead_id)
    desk = desk_of(session, report_id) if report_id else ""
    audit.record(session, at=at, who=by, did="recall", desk=desk, report_id=report_id, what=lead_id)
    return True


def review(session: Session, report_id: str, *, by: str, at: datetime) -> list[str]:
    """Take back what may no longer be known, from each agency that may no longer know it, and what waits to leave.

    To be called in the transaction that takes a yes back, lets one end or excludes somebody. Returns the leads that
    changed.
    """
    case = consent.case_of(session, report_id, lock=True)
    waiting.review(session, case, report_id, by=by, at=at)
    standing = select(leads).join(lead_sources, lead_sources.c.lead_id == leads.c.id)
    its = (lead_sources.c.report_id == report_id, leads.c.recalled_day == "")
    found = session.execute(standing.where(*its).order_by(leads.c.id)).all()
    return [lead.id for lead in found if _review(session, case, lead, by=by, at=at)]


def of_report(session: Session, report_id: str) -> list[str]:
    """Return the ids of the leads that came from a report, for the caseworkers of its desk."""
    found = select(lead_sources.c.lead_id).where(lead_sources.c.report_id == report_id)
    return list(session.execute(found.order_by(lead_sources.c.lead_id)).scalars())


def count_of(session: Session, report_ids: Collection[str]) -> Mapping[str, int]:
    """Return how many leads came from each of these reports that has any."""
    its = lead_sources.c.report_id
    query = select(its, func.count().label("leads")).where(its.in_(report_ids)).group_by(its)
    return {row.report_id: row.leads for row in session.execute(query)}


def forget(session: Session, report_id: str) -> None:
    """Cut the tie between a report that is being erased and its leads; recall them first where they must go.

    What still waits never leaves, and what agencies asked stands as if nobody answered.
    """
    waiting.forget(session, report_id)
    for lead_id in of_report(session, report_id):
        questions.close(session, lead_id)
        outcomes.tell_nobody(session, lead_id)
        session.execute(update(leads).where(leads.c.id == lead_id).values(**_NOBODY))
    session.execute(delete(lead_sources).where(lead_sources.c.report_id == report_id))


_ID = re.compile(r"[0-9a-f]{32}")

_NOBODY: Mapping[str, Any] = {"k": 0, "could_know": "", "warned": False}
"""What the row of a lead says of the person once there is nobody left to guess."""


def _was_let_out(session: Session, form_id: str, report_id: str, *, is_now: bool) -> bool:
    """Tell whether a form was sent before, and its lead waits or stands. What *is_now* to leave waits no longer."""
    if form_id in [one.lead_id for one in waiting.of_report(session, report_id)]:
        if is_now:
            waiting.end_of_lead(session, form_id)
        return not is_now
    stands = select(leads.c.id).where(leads.c.id == form_id, leads.c.recalled_day == "")
    is_there = session.execute(stands).first() is not None
    return is_there and _report_behind(session, form_id) == report_id


def _fresh(session: Session, form_id: str) -> str:
    """Return the id for a new lead: that of its form, unless it is none, or was taken since."""
    taken = select(leads.c.id).where(leads.c.id == form_id)
    is_free = session.execute(taken).first() is None and not waiting.waits(session, form_id)
    return form_id if _ID.fullmatch(form_id) and is_free else new_id()


def _report_behind(session: Session, lead_id: str) -> str:
    """Return the report that a lead came from; empty when it is no more."""
    source = select(lead_sources.c.report_id).where(lead_sources.c.lead_id == lead_id)
    return session.execute(source).scalar_one_or_none() or ""


def _review(session: Session, case: Case, lead: Any, *, by: str, at: datetime) -> bool:
    """Take one lead back from whom may not know it any more; tell whether that changed anything."""
    told = fields_of(lead.told)
    there = told_to(session, lead.id)
    gone = [one for one in there if not case.still(whom(one), told, at=at)]
    if len(gone) == len(there):
        return recall(session, lead.id, by=by, at=at)
    for agency in gone:
        revoke(session, agency, lead, at=at)
    if gone:
        session.execute(update(leads).where(leads.c.id == lead.id).values(is_for_all=False))
        report_id = _report_behind(session, lead.id)
        desk = desk_of(session, report_id)
        what = f"{lead.id} {len(gone)}"
        audit.record(
            session, at=at, who=by, did="recall_some", desk=desk, report_id=report_id, what=what
        )
    return bool(gone)
