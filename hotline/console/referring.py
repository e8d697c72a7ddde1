"""Offer a referral: which services fit, in which order and why, and why the others fell out.

What the person agreed to is told to the organization by staff themselves, who then write down here that they did.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline import handoff, triage
from hotline.consent import HANDOFF, Case, ConsentRefused, Decision, ExclusionKind, Why, case_of
from hotline.console.acting import act_on
from hotline.console.agreed import frozen_facts
from hotline.console.handing import hand_over, offered
from hotline.console.matching import languages_of, matches
from hotline.console.rooms import go, room
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
    keep_wishes,
    suggested,
    wishes_of,
)
from hotline.domain.staff import Right
from hotline.domain.urgency import Need
from hotline.errors import NotFound
from hotline.i18n import country_name
from hotline.leads.wording import Fact
from hotline.parts import here
from hotline.store import Session
from hotline.triage import ReportFacts
from hotline.triage.reviews import NotReviewed
from hotline.vault.keyring import Keyring
from hotline.vault.opening import Keyholder
from referral.candidate import Candidate
from referral.languages import SIGNED_IN, is_signed
from referral.match import Match
from referral.places import place_names
from referral.shortlist import candidate

referring = room("referring", Right.REFER)

_SHOWN = 100


@referring.get("/report/<report_id>/referral")
def show_matches(report_id: str) -> Response:
    facts = _facts(report_id)
    return _page(facts, suggested(facts))


@referring.post("/report/<report_id>/referral")
def match_again(report_id: str) -> Response:
    """Match with other wishes; they are sent and never stand in an address."""
    return _page(_facts(report_id), wishes_of(request.form))


@referring.post("/report/<report_id>/referral/offer")
def offer(report_id: str) -> AnyResponse:
    """Write the offer down with what was asked for, and go on to the answer that makes it."""
    with here().store.read() as session:
        service = candidate(session, request.form.get("offer", ""))
    if service is None or request.form.get("need", "") not in list(Need):
        raise NotFound(ref=report_id)
    made = act_on(
        _offer,
        report_id,
        keyholder=g.keyholder,
        keyring=here().keyring,
        service=service,
        wishes=wishes_of(request.form),
    )
    return go("report.show_report", report_id=report_id, offer=made, _anchor="reply")


@referring.post("/report/<report_id>/referral/<offer_id>/told")
def write_down(report_id: str, offer_id: str) -> AnyResponse:
    """Write down which of the facts that were agreed to the organization was told."""
    ticked = request.form.getlist("fields")
    fields = [name for name in HANDOFF if name in ticked]
    act_on(hand_over, report_id, offer_id=offer_id, fields=fields)
    return go("referring.show_matches", report_id=report_id, _anchor="offered")


def _offer(
    session: Session,
    report_id: str,
    *,
    desk: str,
    by: str,
    at: datetime,
    keyholder: Keyholder,
    keyring: Keyring,
    service: Candidate,
    wishes: Wishes,
) -> str:
    triage.claim(session, report_id, desk=desk, by=by, at=at)
    made = handoff.offer(
        session,
        keyholder,
        report_id=report_id,
        service_id=service.service_id,
        service_name=f"{service.organization}: {service.name}"[:255],
        organization_id=service.organization_id,
        need=wishes.need,
        at=at,
    )
    keep_wishes(session, keyring, made, wishes, desk=desk, report_id=report_id)
    return made


def _facts(report_id: str) -> ReportFacts:
    with here().store.read() as session:
        return triage.report_facts(session, report_id, desk=g.keyholder.desk)


@referring.errorhandler(ConsentRefused)
def explain(error: ConsentRefused) -> Response:
    """Show the page again: whom the person named meanwhile has fallen out, or what may not be told stands there."""
    its = request.view_args or {}
    facts, offer_id = _facts(str(its["report_id"])), str(its.get("offer_id", ""))
    wishes = suggested(facts) if offer_id else wishes_of(request.form)
    return _page(facts, wishes, refused=error.why, at_offer=offer_id, status=422)


@referring.errorhandler(NotReviewed)
def review_first(_error: NotReviewed) -> Response:
    """Show the page again: what is told of the account must be reviewed first."""
    its = request.view_args or {}
    facts = _facts(str(its["report_id"]))
    refused, at_offer = Fact.NOT_REVIEWED, str(its.get("offer_id", ""))
    return _page(facts, suggested(facts), refused=refused, at_offer=at_offer, status=422)


def _page(
    facts: ReportFacts,
    wishes: Wishes,
    *,
    refused: Why | Fact | None = None,
    at_offer: str = "",
    status: int = 200,
) -> Response:
    """Show what fits; *refused* is why nothing was offered, or was told to whom the offer *at_offer* is about."""
    with here().store.read() as session:
        case = case_of(session, facts.id)
        found = matches(session, wishes, case, {}, at=g.at)
        made = offered(session, facts.id, case, at=g.at)
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
        ticked=request.form.getlist("fields") if at_offer else [],
        asked=wishes,
        fitting=fitting,
        fallen_out=fallen_out,
        how_many=(len(found.fitting), len(found.fallen_out)),
        offered=made,
        offered_ids={one.its.service_id for one in made if one.its.status != "withdrawn"},
        measured={},
        may=_decisions(case, fitting, g.at),
        reason_of=_reasons(case),
        ago=lambda at: age_text(max(g.at - at, timedelta()), locale()),
        **_choices(places, tongues),
        **frozen,
    )


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
