"""Write down what a person agrees to, and take it back: consent is the only bridge out of the house."""

from datetime import date, datetime
from typing import Any

from flask import Response, g, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from hotline import consent, handoff, triage
from hotline.consent import ConsentRefused, GivenHow, Purpose
from hotline.console.acting import act_on
from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.domain.staff import Right
from hotline.errors import Malformed
from hotline.leads import agencies
from hotline.leads.disclose import FIELDS
from hotline.parts import here
from hotline.store import Session
from hotline.triage import taking_back
from hotline.vault.roster import MemberEntry

consenting = room("consenting", Right.PUBLISH)


@consenting.get("/report/<report_id>/consent")
def show_consent(report_id: str) -> Response:
    return _page(report_id, MultiDict([("fields", consent.EVERY_FIELD), ("words_version", "1")]))


@consenting.post("/report/<report_id>/consent")
def write_down(report_id: str) -> AnyResponse:
    act_on(_record, report_id, **_said(request.form))
    return go("consenting.show_consent", report_id=report_id)


@consenting.post("/report/<report_id>/consent/<consent_id>/revoke")
def take_back(report_id: str, consent_id: str) -> AnyResponse:
    """Take a consent back, and with it every lead that rests on it."""
    act_on(_revoke, report_id, consent_id=consent_id)
    return go("consenting.show_consent", report_id=report_id)


@consenting.errorhandler(ConsentRefused)
def explain(error: ConsentRefused) -> Response:
    report_id = str((request.view_args or {})["report_id"])
    return _page(report_id, request.form, refused=error.why, status=422)


def _said(form: MultiDict[str, str]) -> dict[str, Any]:
    """Read the form: to whom, what, how it was given, in which words, until when."""
    purpose, _, recipient = form.get("to", "").partition(" ")
    how = form.get("given_how", "")
    if purpose not in list(Purpose) or how not in list(GivenHow):
        raise Malformed
    return {
        "purpose": Purpose(purpose),
        "recipient": recipient[:64],
        "fields": [
            name for name in form.getlist("fields") if name in (*FIELDS, consent.EVERY_FIELD)
        ],
        "excluded": [name[:64] for name in form.getlist("excluded")],
        "given_how": GivenHow(how),
        "words_locale": form.get("words_locale", "")[:16],
        "words_version": form.get("words_version", "").strip()[:16],
        "until": _day(form.get("until", "")),
        "witness": form.get("witness", "")[:32],
        "emergency": "emergency" in form,
    }


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Malformed from None


def _record(
    session: Session, report_id: str, *, desk: str, by: str, at: datetime, **said: Any
) -> str:
    triage.claim(session, report_id, desk=desk, by=by, at=at)
    return consent.record(session, report_id=report_id, by=by, at=at, **said)


def _revoke(
    session: Session, report_id: str, *, desk: str, by: str, at: datetime, consent_id: str
) -> None:
    """Take back at once what was agreed to; whoever hears it does this, claimed or not."""
    triage.report_facts(session, report_id, desk=desk)
    taking_back.take_back(session, report_id, consent_id, by=by, at=at)


def _page(
    report_id: str, form: MultiDict[str, str], *, refused: str = "", status: int = 200
) -> Response:
    with here().store.read() as session:
        facts = triage.report_facts(session, report_id, desk=g.keyholder.desk)
        given = consent.of_report(session, report_id)
        known = agencies.everyone(session)
        offered = handoff.offers(session, report_id)
    names = {agency.id: agency.name for agency in known}
    names |= {offer.service_id: offer.service_name for offer in offered}
    return show(
        "console/consent.html",
        status=status,
        report=facts,
        given=[(one, one.stands(at=g.at)) for one in given],
        agencies=known,
        offers=offered,
        recipient_name=lambda recipient: names.get(recipient, recipient),
        investigators=consent.INVESTIGATORS,
        every_field=consent.EVERY_FIELD,
        fields=FIELDS,
        ways=list(GivenHow),
        colleagues=_colleagues(),
        typed=lambda name: form.get(name, ""),
        chosen=form.getlist,
        refused=refused,
        today=g.at.date().isoformat(),
        locales=here().languages.offered,
    )


def _colleagues() -> list[MemberEntry]:
    """Return who may have heard it too: of this desk alone, because no desk learns another's names."""
    me = g.keyholder
    members = here().keyring.members
    return [one for one in members if one.desk == me.desk and one.id != me.staff_id]
