"""A lead before it leaves: what the form says, what must hold, and exactly what would be seen of it."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from hotline import consent
from hotline.consent import Consent
from hotline.console.reading import Reading
from hotline.i18n import SOURCE
from hotline.leads import agencies
from hotline.leads.agencies import Agency
from hotline.leads.codes import CodeList, suggested
from hotline.leads.disclose import Disclosure, LeadDraft, LeadRefused, disclose
from hotline.leads.publish import Bystander, Ground, WithConsent, of_report
from hotline.leads.stix import Sender, lead_objects, new_ids
from hotline.leads.tables import leads
from hotline.leads.wording import Fact, Problem
from hotline.store import Session, new_id
from hotline.triage import ReportFacts

_LONGEST = {"summary": 8000, "headline": 400, "links": 4000}


@dataclass(frozen=True, slots=True, repr=False)
class Proposal:
    """A draft against everything that decides whether it may leave.

    *told* and *stix* are None and empty while *problems* with the words remain; *ground* is None without
    consent; *recipients* are the agencies that it could be told.
    """

    draft: LeadDraft
    problems: tuple[Problem, ...]
    told: Disclosure | None
    stix: str
    ground: Ground | None
    consent: Consent | None
    recipients: tuple[Agency, ...]

    @property
    def may_leave(self) -> bool:
        return bool(self.told and self.ground and self.recipients)


@dataclass(frozen=True, slots=True)
class Released:
    """A lead that left; *recalled_day* is empty while it stands."""

    id: str
    day: str
    recalled_day: str


def first_form(facts: ReportFacts, at: datetime) -> MultiDict[str, str]:
    """Return what the form suggests before anyone has filled it in."""
    form = MultiDict(
        [
            ("country", facts.country),
            ("seen", facts.day[:7] or f"{at:%Y-%m}"),
            ("language", SOURCE),
        ]
    )
    form.setlist("indicators", list(suggested(CodeList.INDICATOR, facts.indicators)))
    form.setlist("control", list(suggested(CodeList.CONTROL, facts.indicators)))
    if facts.minor:
        form["minor"] = "1"
    return form


def draft_of(form: MultiDict[str, str], at: datetime) -> LeadDraft:
    """Read the form; what cannot be read there is left out, and then missed by the rules."""
    return LeadDraft(
        country=_line(form, "country"),
        area=_line(form, "area").upper(),
        seen=_month(_line(form, "seen"), at),
        people=int(people)
        if (people := _line(form, "people")).isascii() and people.isdigit()
        else None,
        minor="minor" in form,
        exploitation=tuple(form.getlist("exploitation")),
        indicators=tuple(form.getlist("indicators")),
        control=tuple(form.getlist("control")),
        sector=_line(form, "sector"),
        person_language=_line(form, "person_language") or None,
        links=tuple(_line(form, "links").split()),
        headline=_line(form, "headline"),
        summary=_line(form, "summary"),
        language=_line(form, "language") or SOURCE,
    )


def propose(
    session: Session,
    draft: LeadDraft,
    reading: Reading,
    sender: Sender,
    *,
    at: datetime,
    confirmed_by: str,
) -> Proposal:
    """Hold *draft* against its own words, the ground that there is, and whom it could be told."""
    facts = reading.facts
    told, problems = _told(draft, account_text(reading))
    ground, given = ground_of(session, facts, at=at, confirmed_by=confirmed_by)
    recipients = tuple(
        agency
        for agency in agencies.of_country(session, draft.country)
        if given is None or given.covers(agency.id)
    )
    if told and given:
        missing = [name for name in told.fields if not given.allows(name)]
        problems = tuple(Problem(name, Fact.NOT_IN_CONSENT) for name in missing)
    if isinstance(ground, Bystander):
        problems += ground.problems
    return Proposal(
        draft,
        problems,
        None if problems else told,
        _stix(told, sender, at) if told else "",
        ground,
        given,
        recipients if ground else (),
    )


def ground_of(
    session: Session, facts: ReportFacts, *, at: datetime, confirmed_by: str
) -> tuple[Ground | None, Consent | None]:
    """Return why a lead from this report may leave: somebody only saw it, or the person agreed.

    Where a consent was ever written down the person decides, whatever the machine took them for.
    *confirmed_by* is who says, having read it, that they only saw it; empty while nobody does.
    """
    if facts.bystander and not consent.of_report(session, facts.id, limit=1):
        return Bystander(facts.id, confirmed_by), None
    given = consent.standing(session, facts.id, consent.Purpose.LEAD, at=at)
    return (WithConsent(given.id), given) if given else (None, None)


def account_text(reading: Reading) -> str:
    """Return the redacted words of the report, which no lead may quote."""
    return "\n".join(one.account.text for one in reading.accounts if one.account)


def released(session: Session, report_id: str) -> list[Released]:
    """Return the leads that came from a report, the newest first."""
    ids = of_report(session, report_id)
    rows = session.execute(
        select(leads.c.id, leads.c.day, leads.c.recalled_day)
        .where(leads.c.id.in_(ids))
        .order_by(leads.c.day.desc(), leads.c.id)
    )
    return [Released(row.id, row.day, row.recalled_day) for row in rows]


def _told(draft: LeadDraft, account: str) -> tuple[Disclosure | None, tuple[Problem, ...]]:
    try:
        return disclose(draft, account=account), ()
    except LeadRefused as refused:
        return None, refused.problems


def _stix(told: Disclosure, sender: Sender, at: datetime) -> str:
    """Return what investigators' tools would receive; the random ids are others when it leaves."""
    objects = lead_objects(told, new_ids(new_id()), sender, at.date())
    return json.dumps(objects, ensure_ascii=False, indent=2)


def _line(form: MultiDict[str, str], name: str) -> str:
    return form.get(name, "").strip()[: _LONGEST.get(name, 40)]


def _month(text: str, at: datetime) -> date:
    """Return the first day of a month such as ``2026-11``; this month where that is not one."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return at.date().replace(day=1)
