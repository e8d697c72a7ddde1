"""A lead before it leaves: what the form says, what must hold, and exactly what would be seen of it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from hotline import handoff
from hotline.consent import Case
from hotline.consent.case import Ground
from hotline.consent.never import Kind
from hotline.console.allowed import Judged, judged, not_agreed
from hotline.console.reading import Reading
from hotline.i18n import SOURCE
from hotline.leads import agencies
from hotline.leads.agencies import Agency
from hotline.leads.codes import CodeList, suggested
from hotline.leads.disclose import (
    CouldKnow,
    Disclosure,
    LeadDraft,
    LeadRefused,
    disclose,
    fields_in,
)
from hotline.leads.names import Names, names_of
from hotline.leads.publish import of_report
from hotline.leads.stix import Sender, lead_objects, new_ids
from hotline.leads.tables import lead_releases, leads
from hotline.leads.wording import Fact, Problem
from hotline.store import Session, new_id
from hotline.triage import ReportFacts
from hotline.triage.proposals import Decided, Pair

_CODED = {
    "indicators": CodeList.INDICATOR,
    "control": CodeList.CONTROL,
    "exploitation": CodeList.EXPLOITATION,
}
Choice = TypeVar("Choice", bound=StrEnum)
_LONGEST = {"summary": 8000, "headline": 400, "links": 4000}


@dataclass(frozen=True, slots=True, repr=False)
class Proposal:
    """A draft against everything that decides whether it may leave.

    *told* and *stix* are None and empty while *problems* remain, with its words or with what may be told. *agencies* are all of the country,
    each with what consent decides for it; *recipients* those that may be told.
    """

    draft: LeadDraft
    problems: tuple[Problem, ...]
    told: Disclosure | None
    stix: str
    agencies: tuple[Judged, ...]

    @property
    def recipients(self) -> tuple[Agency, ...]:
        return tuple(one.agency for one in self.agencies if one.decision)

    @property
    def may_leave(self) -> bool:
        return bool(self.told and self.recipients)

    def words_of(self, problem: Problem) -> str:
        """Return the words that *problem* points to, for facts that a list decides; empty for the others."""
        texts = {
            "summary": self.draft.summary,
            "headline": self.draft.headline,
            **{f"translations.{name}": text for name, text in self.draft.translations.items()},
        }
        if problem.fact.value not in [kind.value for kind in Kind]:
            return ""
        return texts.get(problem.field, "")[problem.start : problem.end]


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


def first_form(
    facts: ReportFacts, at: datetime, decided: Mapping[Pair, Decided] | None = None
) -> MultiDict[str, str]:
    """Return what the form suggests before anyone has filled it in: the codes that a person accepted, then what our
    indicators suggest and nobody rejected."""
    form = MultiDict(
        [
            ("country", facts.country),
            ("seen", facts.day[:7] or f"{at:%Y-%m}"),
            ("language", SOURCE),
        ]
    )
    for name, code_list in _CODED.items():
        by_machine = suggested(code_list, facts.indicators)
        form.setlist(name, _first(code_list, by_machine, decided or {}))
    if facts.minor:
        form["minor"] = "1"
    return form


def _first(
    code_list: CodeList, by_machine: Iterable[str], decided: Mapping[Pair, Decided]
) -> list[str]:
    said = {code: one.is_accepted for (name, code), one in decided.items() if name == code_list}
    accepted = [code for code, is_accepted in said.items() if is_accepted]
    return [*accepted, *(code for code in by_machine if code not in said)]


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
        could_know=_one_of(CouldKnow, _line(form, "could_know"), CouldKnow.UNKNOWN),
        warned="warned" in form,
    )


def propose(
    session: Session,
    case: Case,
    draft: LeadDraft,
    reading: Reading,
    sender: Sender,
    *,
    at: datetime,
    confirmed_by: str,
) -> Proposal:
    """Hold *draft* against its own words, and against what consent decides for each agency.

    *confirmed_by* is who says, having read it, that a bystander told it; empty while nobody does.
    """
    offered = offered_to(session, reading.facts.id)
    names = names_of(session, reading.facts.id, offered)
    told, problems = _told(draft, account_text(reading), names)
    fields = told.fields if told else fields_in(draft)
    known = judged(session, case, draft.country, fields, at=at)
    problems += _against(case, fields, known, at, confirmed_by)
    return Proposal(
        draft, problems, None if problems else told, _stix(told, sender, at) if told else "", known
    )


def _against(
    case: Case, fields: tuple[str, ...], known: tuple[Judged, ...], at: datetime, confirmed_by: str
) -> tuple[Problem, ...]:
    """Return what stands against a lead besides its words: facts that no agency may be told, or nobody confirmed."""
    may = [one for one in known if one.decision]
    if any(one.decision.ground is Ground.BYSTANDER for one in may) and not confirmed_by:
        return (Problem("saw_only", Fact.NOT_CONFIRMED),)
    if may:
        return ()
    missing = [not_agreed(case, one.agency, fields, at=at) for one in known]
    fewest = min(filter(None, missing), key=len, default=[])
    return tuple(Problem(name, Fact.NOT_IN_CONSENT) for name in fewest)


def stepped(form: MultiDict[str, str]) -> MultiDict[str, str]:
    """Return *form* after the step that was pressed in it, such as ``could_know 5+``."""
    name, _, value = form.get("step", "").partition(" ")
    after = MultiDict([pair for pair in form.items(multi=True) if pair[0] not in ("step", name)])
    if name:
        after.add(name, value)
    return after


def account_text(reading: Reading) -> str:
    """Return the redacted words of the report, and of what is merged into it, which no lead may quote."""
    return "\n".join(one.account.text for one in reading.told if one.account)


def released(session: Session, report_id: str) -> list[Released]:
    """Return the leads that came from a report, the newest first."""
    ids = of_report(session, report_id)
    gone = select(func.count()).where(
        lead_releases.c.lead_id == leads.c.id, lead_releases.c.recalled_day != ""
    )
    rows = session.execute(
        select(leads.c.id, leads.c.day, leads.c.recalled_day, gone.scalar_subquery().label("gone"))
        .where(leads.c.id.in_(ids))
        .order_by(leads.c.day.desc(), leads.c.id)
    )
    to = _whom(session, ids)
    return [
        Released(row.id, row.day, row.recalled_day, row.gone, to.get(row.id, ())) for row in rows
    ]


def _whom(session: Session, lead_ids: list[str]) -> dict[str, tuple[str, ...]]:
    """Return the names of the agencies that each lead went to, those included from which it was taken back."""
    rows = lead_releases.c
    found = session.execute(
        select(rows.lead_id, rows.agency_id).where(rows.lead_id.in_(lead_ids))
    ).all()
    names = {agency.id: agency.name for agency in agencies.everyone(session)}
    told: dict[str, list[str]] = {}
    for row in found:
        told.setdefault(row.lead_id, []).append(names.get(row.agency_id, row.agency_id))
    return {lead_id: tuple(sorted(each)) for lead_id, each in told.items()}


def offered_to(session: Session, report_id: str) -> set[str]:
    """Return the ids of the organizations that were offered to the person, which no lead may name."""
    return {one.organization_id for one in handoff.offers(session, report_id)}


def _told(
    draft: LeadDraft, account: str, names: Names
) -> tuple[Disclosure | None, tuple[Problem, ...]]:
    never = {"staff": names.staff, "organizations": names.organizations}
    try:
        return disclose(draft, account=account, **never), ()
    except LeadRefused as refused:
        return None, refused.problems


def _stix(told: Disclosure, sender: Sender, at: datetime) -> str:
    """Return what investigators' tools would receive; the random ids are others when it leaves."""
    objects = lead_objects(told, new_ids(new_id()), sender, at.date())
    return json.dumps(objects, ensure_ascii=False, indent=2)


def _one_of(kind: type[Choice], value: str, otherwise: Choice) -> Choice:
    return kind(value) if value in [one.value for one in kind] else otherwise


def _line(form: MultiDict[str, str], name: str) -> str:
    return form.get(name, "").strip()[: _LONGEST.get(name, 40)]


def _month(text: str, at: datetime) -> date:
    """Return the first day of a month such as ``2026-11``; this month where that is not one."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return at.date().replace(day=1)
