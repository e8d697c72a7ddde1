"""Offer a referral: which services fit, in which order and why, and why the others fell out.

What the person agreed to is told to the organization by staff themselves, who then write down here that they did.
"""

from datetime import datetime

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline import handoff, triage
from hotline.consent import HANDOFF, ConsentRefused
from hotline.console.acting import act_on
from hotline.console.handing import hand_over
from hotline.console.referral_page import facts_of, referral_page
from hotline.console.rooms import go, room
from hotline.console.wishes import Wishes, keep_wishes, wishes_of
from hotline.domain.staff import Right
from hotline.domain.urgency import Need
from hotline.errors import NotFound
from hotline.leads.wording import Fact
from hotline.parts import here
from hotline.store import Session
from hotline.triage.reviews import NotReviewed
from hotline.vault.keyring import Keyring
from hotline.vault.opening import Keyholder
from referral.candidate import Candidate
from referral.shortlist import candidate

referring = room("referring", Right.REFER)


@referring.get("/report/<report_id>/referral")
def show_matches(report_id: str) -> AnyResponse:
    """Show what fits; of a report that was merged into another, there, where the work on both is done."""
    facts = facts_of(report_id)
    if facts.joined_to:
        return go("referring.show_matches", report_id=facts.joined_to)
    return referral_page(facts)


@referring.post("/report/<report_id>/referral")
def match_again(report_id: str) -> Response:
    """Match with other wishes; they are sent and never stand in an address."""
    return referral_page(facts_of(report_id), wishes_of(request.form))


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


@referring.errorhandler(ConsentRefused)
def explain(error: ConsentRefused) -> Response:
    """Show the page again: whom the person named meanwhile has fallen out, or what may not be told stands there."""
    its = request.view_args or {}
    facts, offer_id = facts_of(str(its["report_id"])), str(its.get("offer_id", ""))
    wishes = None if offer_id else wishes_of(request.form)
    return referral_page(facts, wishes, refused=error.why, at_offer=offer_id, status=422)


@referring.errorhandler(NotReviewed)
def review_first(_error: NotReviewed) -> Response:
    """Show the page again: what is told of the account must be reviewed first."""
    its = request.view_args or {}
    facts = facts_of(str(its["report_id"]))
    refused, at_offer = Fact.NOT_REVIEWED, str(its.get("offer_id", ""))
    return referral_page(facts, refused=refused, at_offer=at_offer, status=422)
