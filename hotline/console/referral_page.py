"""The page of a referral: what is asked for, which services fit and why, what was offered and what came of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Response, g, request

from hotline import handoff
from hotline.consent import Case, Decision, ExclusionKind, case_of
from hotline.console.agreed import frozen_facts
from hotline.console.handing import Offered, asked_last, offered
from hotline.console.matching import languages_of, matches
from hotline.console.packing import suggested_fields
from hotline.console.showing import show
from hotline.console.speech import age_text, locale
from hotline.console.wishes import (
    AGES,
    AROUND,
    MARKS,
    PERSONS,
    WAITS,
    WITHIN,
    Wishes,
    suggested,
)
from hotline.domain.urgency import Need
from hotline.handoff.events import OUTCOMES, REASONS, Status
from hotline.i18n import country_name
from hotline.parts import here
from hotline.triage import ReportFacts, report_facts
from referral.languages import SIGNED_IN, is_signed
from referral.match import Match
from referral.places import place_names
from referral.reaching import HouseAddress
from referral.reasons import Reason

_SHOWN = 100


@dataclass(frozen=True, slots=True, repr=False)
class Where:
    """How to get to a service: its *houses*, whom to call, and whether it is *open*, as far as the directory says."""

    houses: Sequence[HouseAddress]
    telephones: Sequence[str]
    open: Reason | None


@dataclass(frozen=True, slots=True, repr=False)
class Typed:
    """What was just tried at an offer, and did not go: *act* is its step."""

    act: str = ""
    words: str = ""
    reason: str = ""


def facts_of(report_id: str) -> ReportFacts:
    """Return what is known of a report, if whoever is signed in may see it."""
    with here().store.read() as session:
        return report_facts(session, report_id, desk=g.keyholder.desk)


def referral_page(
    facts: ReportFacts,
    wishes: Wishes | None = None,
    *,
    refused: str | None = None,
    at_offer: str = "",
    where: Where | None = None,
    typed: Typed | None = None,
    status: int = 200,
) -> Response:
    """Show what fits; *refused* is why nothing was offered, or was told to whom the offer *at_offer* is about.

    *where* is how to get there, of that offer, where somebody who may know asked for it; *typed* what was tried there.
    """
    with here().store.read() as session:
        case, answers = case_of(session, facts.id), handoff.responsiveness(session, g.at)
        made = offered(session, g.keyholder, facts, case, answers, at=g.at)
        if wishes is None:
            wishes = asked_last(made) or suggested(facts)
        found = matches(session, wishes, case, answers, at=g.at)
        places = place_names(session)
        tongues = _tongues(languages_of(session, wishes.need), facts, wishes)
        frozen = frozen_facts(session, g.keyholder, facts.id, case, speaks=locale())
    fitting, fallen_out = found.fitting[:_SHOWN], found.fallen_out[:_SHOWN]
    return show(
        "console/referral.html",
        status=status,
        report=facts,
        refused=refused,
        at_offer=at_offer,
        where=where,
        tried=typed or Typed(),
        ticked=request.form.getlist("fields") if at_offer else [],
        asked=wishes,
        wanted=suggested_fields(facts, wishes.need, wishes),
        fitting=fitting,
        fallen_out=fallen_out,
        how_many=(len(found.fitting), len(found.fallen_out)),
        offered=made,
        offered_ids=_known(made),
        outcomes=OUTCOMES,
        declines=REASONS,
        measured=answers,
        may=_decisions(case, fitting, g.at),
        reason_of=_reasons(case),
        ago=lambda at: age_text(max(g.at - at, timedelta()), locale()),
        **_choices(places, tongues),
        **frozen,
    )


def _known(made: Iterable[Offered]) -> set[str]:
    """Return the services that nobody needs to offer: they stand, or were offered for this very report."""
    return {
        one.its.service_id
        for one in made
        if one.its.status != Status.WITHDRAWN and (one.its.stands or not one.is_merged)
    }


def _choices(places: tuple[str, ...], tongues: list[str]) -> dict[str, object]:
    """Return everything that the form lets somebody choose from."""
    return {
        "needs": list(Need),
        "places": places,
        "persons": list(PERSONS),
        "ages": list(AGES),
        "waits": list(WAITS),
        "within": WITHIN,
        "around": AROUND,
        "marks": MARKS,
        "spoken": [code for code in tongues if not is_signed(code)],
        "signed": [code for code in tongues if is_signed(code)],
        "is_signed": is_signed,
        "sign_countries": {
            code: country_name(country, locale()) for country, code in SIGNED_IN.items()
        },
    }


def _tongues(helped_in: list[str], facts: ReportFacts, wishes: Wishes) -> list[str]:
    """Return the languages to choose from: theirs, those of our pages, and those in which anybody helps."""
    first = [*wishes.languages, facts.language, *here().languages.offered]
    found = dict.fromkeys([*first, *helped_in, *SIGNED_IN.values()])
    return [code for code in found if code not in ("", "und")]


def _decisions(case: Case, fitting: Iterable[Match], at: datetime) -> dict[str, Decision]:
    """Return for each service that fits whether its organization may be told of this person now."""
    return {
        one.service.service_id: case.may(handoff.whom(one.service.organization_id), (), at=at)
        for one in fitting
    }


def _reasons(case: Case) -> dict[str, str]:
    """Return why it must not reach an organization, by its id."""
    kind = ExclusionKind.ORGANIZATION
    return {one.ref: one.reason for one in case.excluded if one.kind == kind}
