"""What comes of an offer: staff answer the provider, hear from them by telephone, take a link back, see where to go.

Also of one that was made for a report merged into this one: whoever holds this one follows it.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline import audit, triage
from hotline.consent import ConsentRefused
from hotline.console.acting import act_on
from hotline.console.handing import offer_in_family
from hotline.console.referral_page import Typed, Where, facts_of, referral_page
from hotline.console.replying import weigh
from hotline.console.rooms import go, room
from hotline.domain.staff import Right
from hotline.errors import Conflict, Malformed
from hotline.handoff import links
from hotline.handoff.answering import answer_by_staff, outcome_by_staff
from hotline.handoff.events import FREES, Happened, Status
from hotline.parts import here
from hotline.store import Session
from hotline.triage import providers
from hotline.vault.keyring import Keyring
from hotline.vault.opening import Keyholder
from referral.candidate import Question
from referral.reaching import houses_of, ways_to
from referral.rules import hours
from referral.shortlist import candidate

following_offers = room("following_offers", Right.REFER)

_FAULTS = {"answer": "say_words", "keep_outcome": "say_outcome", "keep_answer": "say_reason"}


@following_offers.post("/report/<report_id>/referral/<offer_id>/answer")
def answer(report_id: str, offer_id: str) -> AnyResponse:
    """Answer what the provider asked; words that would tell who is meant are asked about first."""
    draft = weigh(request.form.get("words", ""))
    if draft.identifiers and "sure" not in request.form:
        return _again("identifiers", 422)
    act_on(
        _answer,
        report_id,
        offer_id=offer_id,
        keyholder=g.keyholder,
        keyring=here().keyring,
        words=draft.words,
    )
    return _back(report_id)


@following_offers.post("/report/<report_id>/referral/<offer_id>/said")
def keep_answer(report_id: str, offer_id: str) -> AnyResponse:
    """Write down the yes or no that the provider said by telephone; what follows is as if they had said it themselves."""
    form = request.form
    said = partial(
        answer_by_staff,
        keyholder=g.keyholder,
        handoff_id=offer_id,
        answer=form.get("answer", ""),
        reason=form.get("reason", ""),
    )
    act_on(_keep, report_id, offer_id=offer_id, terms=_terms(), said=said)
    return _back(report_id)


@following_offers.post("/report/<report_id>/referral/<offer_id>/outcome")
def keep_outcome(report_id: str, offer_id: str) -> AnyResponse:
    """Write down what the provider said by telephone of what came of it."""
    said = partial(
        outcome_by_staff,
        keyholder=g.keyholder,
        handoff_id=offer_id,
        outcome=request.form.get("outcome", ""),
    )
    act_on(_keep, report_id, offer_id=offer_id, terms=_terms(), said=said)
    return _back(report_id)


@following_offers.post("/report/<report_id>/referral/<offer_id>/back")
def take_back(report_id: str, offer_id: str) -> AnyResponse:
    """Close the link while nobody has answered; what was offered stands."""
    act_on(_take_back, report_id, offer_id=offer_id, keyholder=g.keyholder)
    return _back(report_id)


@following_offers.post("/report/<report_id>/referral/<offer_id>/houses")
def show_houses(report_id: str, offer_id: str) -> Response:
    """Show where to go, which stands nowhere else; that somebody looked is written down first."""
    where = act_on(_where, report_id, offer_id=offer_id)
    return referral_page(facts_of(report_id), at_offer=offer_id, where=where)


@following_offers.errorhandler(Malformed)
def explain_words(_error: Malformed) -> Response:
    act = (request.endpoint or "").rpartition(".")[2]
    return _again(_FAULTS.get(act, "changed"), 422)


@following_offers.errorhandler(ConsentRefused)
def explain_refused(error: ConsentRefused) -> Response:
    """Say why they may not be told anything new, at what was to be told."""
    return _again(error.why, 422)


@following_offers.errorhandler(Conflict)
def explain(error: Conflict) -> Response:
    """Show the page as it stands now: somebody else was faster, or the link is closed."""
    return _again("held" if isinstance(error, triage.Held) else "changed", 409)


def _again(fault: str, status: int) -> Response:
    its = request.view_args or {}
    facts, offer_id = facts_of(str(its["report_id"])), str(its["offer_id"])
    act, form = (request.endpoint or "").rpartition(".")[2], request.form
    typed = Typed(act, words=form.get("words", ""), reason=form.get("reason", ""))
    return referral_page(facts, refused=fault, at_offer=offer_id, typed=typed, status=status)


def _terms() -> providers.Terms:
    hotline = here()
    config = hotline.config
    return providers.Terms(hotline.keyring, config.limits_of, config.opening.zone)


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
    offer_in_family(session, report_id, offer_id)
    providers.answer(session, keyholder, keyring, offer_id, words, at=at)


def _keep(
    session: Session,
    report_id: str,
    *,
    desk: str,
    by: str,
    at: datetime,
    offer_id: str,
    terms: providers.Terms,
    said: Callable[..., Happened],
) -> None:
    """Keep what the provider *said* by telephone, with all that follows from it."""
    triage.claim(session, report_id, desk=desk, by=by, at=at)
    offer_in_family(session, report_id, offer_id)
    providers.happened(session, terms, said(session, at=at, zone=terms.zone), at=at)


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
    its_report, _ = offer_in_family(session, report_id, offer_id)
    links.take_back(session, keyholder, offer_id, at=at)
    providers.let_go(session, its_report, at=at)


def _where(
    session: Session, report_id: str, *, desk: str, by: str, at: datetime, offer_id: str
) -> Where:
    """Return how to get to a service that took the person in, and write down that *by* saw it.

    Raises:
        Conflict: it has not taken them in, or not any more.
    """
    triage.claim(session, report_id, desk=desk, by=by, at=at)
    its_report, offer = offer_in_family(session, report_id, offer_id)
    if offer.status != Status.ACCEPTED or offer.outcome in FREES:
        raise Conflict(ref=offer_id)
    audit.record(
        session,
        at=at,
        who=by,
        did="houses_opened",
        desk=desk,
        report_id=its_report,
        what=offer.service_id,
    )
    service = candidate(session, offer.service_id)
    return Where(
        houses_of(session, offer.service_id),
        ways_to(session, offer.service_id).telephones,
        hours(service, Question(need=offer.need, at=at)) if service else None,
    )
