"""What comes of an offer: staff answer the provider, hear from them by telephone, take a link back, see where to go."""

from collections.abc import Sequence
from datetime import datetime

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline import audit, triage
from hotline.console.acting import act_on
from hotline.console.handing import offer_of
from hotline.console.referral_page import referral_page
from hotline.console.rooms import go, room
from hotline.domain.staff import Right
from hotline.errors import Conflict, Malformed
from hotline.handoff import links
from hotline.handoff.answering import outcome_by_staff
from hotline.handoff.events import FREES, Status
from hotline.parts import here
from hotline.store import Session
from hotline.triage import providers
from hotline.vault.keyring import Keyring
from hotline.vault.opening import Keyholder
from referral.reaching import HouseAddress, houses_of

following_offers = room("following_offers", Right.REFER)

_FAULTS = {"answer": "say_words", "keep_outcome": "say_outcome"}


@following_offers.post("/report/<report_id>/referral/<offer_id>/answer")
def answer(report_id: str, offer_id: str) -> AnyResponse:
    """Answer what the provider asked; only the browser that opened the link reads it."""
    words = request.form.get("words", "")
    act_on(
        _answer,
        report_id,
        offer_id=offer_id,
        keyholder=g.keyholder,
        keyring=here().keyring,
        words=words,
    )
    return _back(report_id)


@following_offers.post("/report/<report_id>/referral/<offer_id>/outcome")
def keep_outcome(report_id: str, offer_id: str) -> AnyResponse:
    """Write down what the provider said by telephone of what came of it."""
    config = here().config
    act_on(
        _keep_outcome,
        report_id,
        offer_id=offer_id,
        keyholder=g.keyholder,
        outcome=request.form.get("outcome", ""),
        terms=providers.Terms(here().keyring, config.limits_of, config.opening.zone),
    )
    return _back(report_id)


@following_offers.post("/report/<report_id>/referral/<offer_id>/back")
def take_back(report_id: str, offer_id: str) -> AnyResponse:
    """Close the link while nobody has answered; what was offered stands."""
    act_on(_take_back, report_id, offer_id=offer_id, keyholder=g.keyholder)
    return _back(report_id)


@following_offers.post("/report/<report_id>/referral/<offer_id>/houses")
def show_houses(report_id: str, offer_id: str) -> Response:
    """Show where to go, which stands nowhere else; that somebody looked is written down first."""
    houses = act_on(_houses, report_id, offer_id=offer_id)
    return referral_page(_facts(report_id), at_offer=offer_id, houses=houses)


@following_offers.errorhandler(Malformed)
def explain_words(_error: Malformed) -> Response:
    act = (request.endpoint or "").rpartition(".")[2]
    return _again(_FAULTS.get(act, "changed"), 422)


@following_offers.errorhandler(Conflict)
def explain(error: Conflict) -> Response:
    """Show the page as it stands now: somebody else was faster, or the link is closed."""
    return _again("held" if isinstance(error, triage.Held) else "changed", 409)


def _again(fault: str, status: int) -> Response:
    its = request.view_args or {}
    facts, offer_id = _facts(str(its["report_id"])), str(its["offer_id"])
    return referral_page(facts, refused=fault, at_offer=offer_id, status=status)


def _facts(report_id: str) -> triage.ReportFacts:
    with here().store.read() as session:
        return triage.report_facts(session, report_id, desk=g.keyholder.desk)


def _back(report_id: str) -> AnyResponse:
    return go("referring.show_matches", report_id=report_id, _anchor="offered")


def _answer(
    session: Session,
    report_id: str,
    *,
    desk: str,
    by: str,
    at: datetime,
    offer_id: str,
    keyholder: Keyholder,
    keyring: Keyring,
    words: str,
) -> None:
    triage.claim(session, report_id, desk=desk, by=by, at=at)
    offer_of(session, report_id, offer_id)
    providers.answer(session, keyholder, keyring, offer_id, words, at=at)


def _keep_outcome(
    session: Session,
    report_id: str,
    *,
    desk: str,
    by: str,
    at: datetime,
    offer_id: str,
    keyholder: Keyholder,
    outcome: str,
    terms: providers.Terms,
) -> None:
    triage.claim(session, report_id, desk=desk, by=by, at=at)
    offer_of(session, report_id, offer_id)
    what = outcome_by_staff(session, keyholder, offer_id, outcome, at=at, zone=terms.zone)
    providers.happened(session, terms, what, at=at)


def _take_back(
    session: Session,
    report_id: str,
    *,
    desk: str,
    by: str,
    at: datetime,
    offer_id: str,
    keyholder: Keyholder,
) -> None:
    triage.claim(session, report_id, desk=desk, by=by, at=at)
    offer_of(session, report_id, offer_id)
    links.take_back(session, keyholder, offer_id, at=at)
    providers.let_go(session, report_id, at=at)


def _houses(
    session: Session, report_id: str, *, desk: str, by: str, at: datetime, offer_id: str
) -> Sequence[HouseAddress]:
    """Return the houses of a service that took the person in, and write down that *by* saw them.

    Raises:
        Conflict: it has not taken them in, or not any more.
    """
    triage.claim(session, report_id, desk=desk, by=by, at=at)
    offer = offer_of(session, report_id, offer_id)
    if offer.status != Status.ACCEPTED or offer.outcome in FREES:
        raise Conflict(ref=offer_id)
    audit.record(
        session,
        at=at,
        who=by,
        did="houses_opened",
        desk=desk,
        report_id=report_id,
        what=offer.service_id,
    )
    return houses_of(session, offer.service_id)
