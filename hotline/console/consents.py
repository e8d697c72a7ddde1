"""The page of consent as a whole: shown as it is, and again with what was typed where something was refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, g
from werkzeug.datastructures import MultiDict

from hotline import triage
from hotline.consent import GivenHow, Purpose, Why, asking, case_of
from hotline.consent.case import Case
from hotline.consent.grant import LONGEST
from hotline.console.ages import ages_of
from hotline.console.agreed import Named, asked, decided, frozen_facts, given
from hotline.console.choices import choices, recipient_names
from hotline.console.putting import Put, words_put
from hotline.console.reach import reach
from hotline.console.showing import show
from hotline.console.speech import countries, locale
from hotline.console.terms import FIELDS, SUGGESTED, Terms, organization_in, terms_in
from hotline.leads import agencies
from hotline.leads.codes import COUNTRIES
from hotline.parts import here
from hotline.store import Session
from hotline.triage import ReportFacts
from hotline.vault.roster import MemberEntry

WRITTEN_DOWN = (GivenHow.WRITTEN, GivenHow.CALL)
"""How somebody may have agreed for whom staff write it down; the other ways are the person's own."""


@dataclass(frozen=True, slots=True, repr=False)
class Proposed:
    """What was chosen, the exact words of it, and everything that speaks against asking now."""

    terms: Terms
    recipient: Named
    words: tuple[Put, ...]
    unaskable: tuple[Why, ...]

    @property
    def value(self) -> str:
        return self.terms.value

    @property
    def purpose(self) -> str:
        return self.terms.purpose

    @property
    def fields(self) -> tuple[str, ...]:
        return self.terms.fields

    @property
    def until(self) -> str:
        return self.terms.until.isoformat()


def consent_page(
    report_id: str,
    *,
    form: MultiDict[str, str] | None = None,
    looks: bool = False,
    refused: Sequence[Why] = (),
    fault: str = "",
    tried: str = "",
    status: int = 200,
) -> Response:
    """Show the page. With *looks* what *form* chooses is shown in its exact words, where it is whole.

    *tried* is what was just tried, such as ``write_down`` or the id of an exclusion; *refused* and *fault* say what
    speaks against it, each at its own field.
    """
    typed, me, at = form or MultiDict(), g.keyholder, g.at
    with here().store.read() as session:
        facts = triage.report_facts(session, report_id, desk=me.desk)
        case = case_of(session, report_id)
        terms = terms_in(typed, at=at) if looks else None
        put = _proposed(session, facts, case, terms) if terms else None
        offered = choices(
            session,
            facts,
            case,
            named=typed.get("named", "") if not tried else "",
            also=organization_in(typed),
        )
        again_on = _again_on(session, facts, terms)
        way = reach(session, me, report_id) if put else None
        page: dict[str, Any] = {
            "given": given(session, me, report_id, at=at),
            "asked": asked(session, report_id, at=at),
            **frozen_facts(session, me, report_id, case, speaks=locale()),
            "interests": decided(session, me, report_id, at=at),
            "agencies": agencies.everyone(session),
            "organizations": _named_ones(session, facts, case, typed),
        }
    return show(
        "console/consent.html",
        status=status,
        report=facts,
        is_child=facts.minor or bool(page["interests"]),
        ages=ages_of(facts.country),
        put=put,
        way=way,
        refused=[str(why) for why in refused],
        again_on=again_on,
        fault=fault,
        tried=tried,
        choices=offered,
        found=any(one.purpose == Purpose.HANDOFF and not one.is_offered for one in offered),
        fields=FIELDS,
        countries=countries(COUNTRIES),
        ways=WRITTEN_DOWN,
        colleagues=_colleagues(),
        locales=here().languages.offered,
        typed=lambda name: typed.get(name, ""),
        chosen=typed.getlist,
        today=at.date().isoformat(),
        suggested=(at.date() + SUGGESTED).isoformat(),
        longest=(at.date() + LONGEST).isoformat(),
        **page,
    )


def name_of(session: Session, terms: Terms) -> str:
    return recipient_names(session, [terms.recipient]).get(terms.recipient, "")


def _proposed(session: Session, facts: ReportFacts, case: Case, terms: Terms) -> Proposed | None:
    """Return what would be agreed to; None while somebody to be told, or what, is missing."""
    if not terms.recipient or not terms.fields:
        return None
    who = name_of(session, terms)
    words = words_put(here().languages, terms, who, locale=facts.locale, reads=locale())
    return Proposed(
        terms, Named(terms.recipient, who), words, _against(session, facts, case, terms)
    )


def _against(session: Session, facts: ReportFacts, case: Case, terms: Terms) -> tuple[Why, ...]:
    """Return why the person may not be asked now: what speaks against it at all, and that they were asked already."""
    why = case.why_not_ask(terms.told(facts.country), at=g.at)
    waits = asking.pending(session, facts.id, at=g.at)
    often = Why.ASKED_ALREADY if waits else Why.ASKED_OFTEN
    is_often = bool(waits or _again_on(session, facts, terms))
    return tuple(filter(None, (why, often if is_often else None)))


def _again_on(session: Session, facts: ReportFacts, terms: Terms | None) -> str:
    if terms is None or not terms.recipient:
        return ""
    whom = terms.told(facts.country)
    most = here().config.asks_of(g.keyholder.desk)
    return asking.again_from(session, facts.id, whom, at=g.at, most=most)


def _named_ones(
    session: Session, facts: ReportFacts, case: Case, typed: MultiDict[str, str]
) -> list[tuple[str, str]]:
    """Return organizations that may be ticked: those that were offered, those of a typed name, and those ticked."""
    ticked = [one.partition(" ")[2] for one in typed.getlist("means") if one.startswith("org")]
    found = choices(session, facts, case, named=typed.get("named", ""))
    names = {one.id: one.name for one in found if one.purpose == Purpose.HANDOFF}
    return list((names | recipient_names(session, ticked)).items())


def _colleagues() -> list[MemberEntry]:
    """Return who may have heard it too: of this desk alone, because no desk learns another's names."""
    me = g.keyholder
    members = here().keyring.members
    return [one for one in members if one.desk == me.desk and one.id != me.staff_id]
