"""Leads of a report that left or wait to leave: whom they went to, who read them, what came back; taking them back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from flask import Response, g, request
from sqlalchemy import func, select
from werkzeug.wrappers import Response as AnyResponse

from hotline import triage
from hotline.console.acting import act_on
from hotline.console.lead_links import link_facts
from hotline.console.reading import read_report
from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.console.speech import day_text, locale, month_text, time_text
from hotline.domain.staff import Right
from hotline.errors import NotFound
from hotline.leads import agencies, fetching, notices, outcomes, questions, waiting
from hotline.leads.codes import CODES
from hotline.leads.disclose import Disclosure
from hotline.leads.drafts import told_of
from hotline.leads.ladders import GENDERS
from hotline.leads.publish import of_report, recall
from hotline.leads.questions import QUESTIONS
from hotline.leads.releasing import those_who_knew
from hotline.leads.tables import lead_releases, lead_sources, leads
from hotline.leads.waiting import Waiting
from hotline.parts import here
from hotline.store import Session

released_leads = room("released_leads", Right.PUBLISH)

_MOST = 50


@dataclass(frozen=True, slots=True)
class Released:
    """A lead that left *to* agencies, by name; *recalled_day* is empty while it stands.

    *taken_from* counts the agencies that may not know it any more while others may.
    """

    id: str
    day: str
    recalled_day: str
    taken_from: int
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Waits:
    """A lead that waits to leave *to* agencies, by name; none named: to all that may be told."""

    its: Waiting
    to: tuple[str, ...]


@released_leads.get("/report/<report_id>/lead/<lead_id>")
def show_one(report_id: str, lead_id: str) -> Response:
    """Show what left, who read it when, what agencies asked and said of it."""
    with here().store.read() as session:
        reading = read_report(session, g.keyholder, report_id)
        row = _row(session, report_id, lead_id)
        (one,) = released(session, report_id, lead_id)
        facts: dict[str, Any] = {
            "one": one,
            "lead_row": row,
            "told": None if row.recalled_day else told_of(row.told),
            "knew": [] if row.recalled_day else those_who_knew(session, lead_id),
            "readers": fetching.readers_of(session, lead_id),
            "recalls": notices.of_lead(session, lead_id),
            "outcomes": outcomes.of_lead(session, lead_id),
            **link_facts(session, g.keyholder, report_id, lead_id),
            "waits": [each for each in waits(session, report_id) if each.its.lead_id == lead_id],
        }
    return show("console/lead_left.html", report=reading.facts, **words(), **facts)


@released_leads.post("/report/<report_id>/lead/<lead_id>/recall")
def take_back(report_id: str, lead_id: str) -> AnyResponse:
    act_on(_recall, report_id, lead_id=lead_id)
    return go("released_leads.show_one", report_id=report_id, lead_id=lead_id)


@released_leads.post("/report/<report_id>/lead/waiting/<waiting_id>/back")
def call_back(report_id: str, waiting_id: str) -> AnyResponse:
    """Let a lead that waits never leave."""
    act_on(_call_back, report_id, waiting_id=waiting_id)
    return go("leading.show_lead", report_id=report_id)


def page_facts(session: Session, report_id: str) -> dict[str, Any]:
    """Return what the page of a lead shows of those before it, the one among them that was let out just now."""
    left = request.args.get("left", "")
    made, its = released(session, report_id), waits(session, report_id)
    return {
        "released": made,
        "waiting_leads": its,
        "asked": questions.of_report(session, report_id),
        "not_told": request.args.get("not_told", ""),
        "too_few": request.args.get("too_few", ""),
        "just_left": next((one for one in made if one.id == left), None),
        "just_waits": next((one for one in its if one.its.lead_id == left), None),
        **words(),
    }


def words() -> dict[str, Any]:
    """Return what puts a lead into words."""
    return {
        "codes_of": CODES,
        "genders": GENDERS,
        "questions": QUESTIONS,
        "month_text": partial(month_text, speaks=locale()),
        "moment": partial(_moment, speaks=locale()),
    }


def _moment(at: datetime, speaks: str) -> str:
    return f"{day_text(at.date().isoformat(), speaks)}, {time_text(at, speaks)}"


def released(session: Session, report_id: str, lead_id: str = "") -> list[Released]:
    """Return the leads that came from a report, the newest first; or only one of them."""
    ids = [one for one in of_report(session, report_id) if lead_id in ("", one)]
    gone = select(func.count()).where(
        lead_releases.c.lead_id == leads.c.id, lead_releases.c.recalled_day != ""
    )
    rows = session.execute(
        select(leads.c.id, leads.c.day, leads.c.recalled_day, gone.scalar_subquery().label("gone"))
        .where(leads.c.id.in_(ids))
        .order_by(leads.c.day.desc(), leads.c.id)
        .limit(_MOST)
    ).all()
    to = _whom(session, [row.id for row in rows])
    return [
        Released(row.id, row.day, row.recalled_day, row.gone, to.get(row.id, ())) for row in rows
    ]


def waits(session: Session, report_id: str) -> list[Waits]:
    """Return what of a report waits to leave."""
    found = waiting.of_report(session, report_id)
    names = _names(session) if found else {}
    return [
        Waits(one, tuple(sorted(names.get(each, each) for each in one.to or ()))) for one in found
    ]


def standing(session: Session, report_id: str, lead_id: str) -> tuple[Disclosure, str, str]:
    """Return what a lead of the report tells, who could know it, and its marking.

    Raises:
        NotFound: the report has no such lead, or it was recalled.
    """
    row = _row(session, report_id, lead_id)
    if row.recalled_day:
        raise NotFound(ref=lead_id)
    return told_of(row.told), row.could_know, row.tlp


def _row(session: Session, report_id: str, lead_id: str) -> Any:
    its = (lead_sources.c.report_id == report_id, leads.c.id == lead_id)
    columns = (
        leads.c.told,
        leads.c.recalled_day,
        leads.c.could_know,
        leads.c.tlp,
        leads.c.k,
        leads.c.warned,
    )
    query = select(*columns).join(lead_sources, lead_sources.c.lead_id == leads.c.id)
    row = session.execute(query.where(*its)).one_or_none()
    if row is None:
        raise NotFound(ref=lead_id)
    return row


def _whom(session: Session, lead_ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Return the names of the agencies that each lead went to, those included from which it was taken back."""
    rows = lead_releases.c
    found = session.execute(
        select(rows.lead_id, rows.agency_id).where(rows.lead_id.in_(lead_ids))
    ).all()
    names = _names(session) if found else {}
    told: dict[str, list[str]] = {}
    for row in found:
        told.setdefault(row.lead_id, []).append(names.get(row.agency_id, row.agency_id))
    return {lead_id: tuple(sorted(each)) for lead_id, each in told.items()}


def _names(session: Session) -> Mapping[str, str]:
    return {agency.id: agency.name for agency in agencies.everyone(session)}


def _recall(
    session: Session, report_id: str, *, desk: str, by: str, at: datetime, lead_id: str
) -> None:
    triage.report_facts(session, report_id, desk=desk)
    _row(session, report_id, lead_id)
    recall(session, lead_id, by=by, at=at)


def _call_back(
    session: Session, report_id: str, *, desk: str, by: str, at: datetime, waiting_id: str
) -> None:
    triage.report_facts(session, report_id, desk=desk)
    if waiting_id not in [one.id for one in waiting.of_report(session, report_id)]:
        raise NotFound(ref=waiting_id)
    waiting.call_back(session, waiting_id, by=by, at=at)
