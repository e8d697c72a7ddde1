"""The page on which a packet is put together: what may be told, what was ticked, and what the provider would see."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import Response, g

from hotline import handoff, triage
from hotline.consent import HANDOFF, Case, ConsentRefused, Why, case_of
from hotline.console.agreed import frozen_facts
from hotline.console.handing import ACCOUNT, offer_of
from hotline.console.numbers import number_in
from hotline.console.packing import (
    AND_WORDS,
    DAYS,
    ONE_OF,
    SOME_OF,
    TIMES,
    TYPED,
    WAITS,
    Form,
    first_until,
    rows_of,
    suggested_fields,
    terms_of,
    values_of,
)
from hotline.console.reach import reach
from hotline.console.replying import Draft, weigh
from hotline.console.showing import show
from hotline.console.speech import locale
from hotline.console.wishes import Wishes, wishes_by_offer
from hotline.contact.hours import Window
from hotline.handoff import Offer
from hotline.handoff.mailing import NoAddress, read_address
from hotline.handoff.packet import Packet, PacketFault, compose, last_day, new_nonce
from hotline.i18n import PROVIDER
from hotline.parts import here
from hotline.reports.joined import messages_joined
from hotline.store import Session
from hotline.triage import ReportFacts
from hotline.triage.reviews import is_reviewed
from hotline.vault.envelope import SealBroken
from referral.reaching import Ways, ways_to


@dataclass(frozen=True, slots=True, repr=False)
class Standing:
    """One offer, and what decides about a packet for it: *may* are the facts that consent lets out, until *last*.

    *hours* are those in which the person may be reached, where they are known. *is_reviewed*: of the account something
    may be told. *read* and *read_joined* are how many messages there are now, here and in reports merged into this one.
    """

    facts: ReportFacts
    offer: Offer
    case: Case
    may: tuple[str, ...]
    last: date | None
    wishes: Wishes | None
    ways: Ways
    hours: Window | None
    is_reviewed: bool
    read: int
    read_joined: int


@dataclass(frozen=True, slots=True, repr=False)
class Tried:
    """What was just tried: the packet as it would be, how the words weigh, and what stands against it, by field.

    Under an empty name stands what is about all of it.
    """

    packet: Packet | None = None
    draft: Draft | None = None
    faults: Mapping[str, str] = field(default_factory=dict)


def standing_of(report_id: str, offer_id: str) -> Standing:
    with here().store.read() as session:
        facts = triage.report_facts(session, report_id, desk=g.keyholder.desk)
        offer = offer_of(session, report_id, offer_id)
        case = case_of(session, report_id)
        recipient = handoff.whom(offer.organization_id)
        may = tuple(name for name in HANDOFF if case.may(recipient, (name,), at=g.at))
        days = [last_day(case, offer.organization_id, (name,), at=g.at) for name in may]
        return Standing(
            facts,
            offer,
            case,
            may,
            min(days, default=None),
            wishes=wishes_by_offer(session, g.keyholder, [offer_id]).get(offer_id),
            ways=ways_to(session, offer.service_id),
            hours=_hours(session, report_id),
            is_reviewed=is_reviewed(session, report_id),
            read=facts.messages,
            read_joined=messages_joined(session, report_id),
        )


def _hours(session: Session, report_id: str) -> Window | None:
    """Return their hours, which the form begins with; None where they told none, or where they do not open."""
    try:
        way = reach(session, g.keyholder, report_id)
    except SealBroken:
        return None
    return way.way.window if way else None


def suggested_day(its: Standing) -> date | None:
    return first_until(its.last, g.at) if its.last else None


def packet_of(its: Standing, form: Form) -> Packet:
    """Return the packet that *form* says; its nonce comes with the form, so what was previewed is what goes."""
    terms = terms_of(form, speaks=page_languages(), otherwise=locale())
    return compose(
        its.case,
        its.offer.organization_id,
        values_of(form),
        until=terms.until or g.at.date(),
        at=g.at,
        nonce=form.get("nonce", "") or new_nonce(),
    )


def faults_in(its: Standing, form: Form) -> dict[str, str]:
    """Return everything that stands against *form*, by field: nobody mends one thing after the other."""
    values = values_of(form)
    found = {name: why for name, value in values.items() if (why := _fault(its, name, value))}
    until = terms_of(form, speaks=(), otherwise="").until
    if not values:
        found["fields"] = Why.NO_FIELDS
    if until is None or until < g.at.date():
        found["until"] = Why.ENDS_BEFORE_IT_BEGINS
    elif its.last and until > its.last:
        found["until"] = Why.TOO_LONG
    if mails(form) and not _is_address(form.get("to", "")):
        found["to"] = "no_address"
    if is_overtaken(its, form):
        found[""] = "overtaken"
    return found


def mails(form: Form) -> bool:
    return form.get("by") == "mail" and here().config.mail is not None


def is_overtaken(its: Standing, form: Form) -> bool:
    """Tell whether something was added to the conversation since the form was opened."""
    read, read_joined = number_in(form, "read"), number_in(form, "read_joined")
    return read not in (None, its.read) or read_joined not in (None, its.read_joined)


def _fault(its: Standing, name: str, value: Any) -> str:
    """Return why one fact may not stand in the packet, or cannot; empty where it may."""
    terms = {"until": g.at.date(), "at": g.at, "nonce": new_nonce()}
    try:
        compose(its.case, its.offer.organization_id, {name: value}, **terms)
    except PacketFault:
        return "field"
    except ConsentRefused as refused:
        return refused.why
    return "not_reviewed" if name == ACCOUNT and not its.is_reviewed else ""


def _is_address(typed: str) -> bool:
    try:
        return bool(read_address(typed))
    except NoAddress:
        return False


def weighed(form: Form) -> Draft | None:
    words = form.get("tell", "").strip()
    return weigh(words) if words else None


def page_languages() -> tuple[str, ...]:
    return here().languages.complete(PROVIDER)


def packet_page(its: Standing, form: Form, tried: Tried, *, status: int = 200) -> Response:
    with here().store.read() as session:
        frozen = frozen_facts(session, g.keyholder, its.facts.id, its.case, speaks=locale())
    # Whoever was told that the conversation went on has it before them from now on.
    is_new = tried.faults.get("") == "overtaken"
    return show(
        "console/referral/asking.html",
        status=status,
        report=its.facts,
        offer=its.offer,
        may=its.may,
        left_out=[name for name in HANDOFF if name not in its.may],
        decision=its.case.may(handoff.whom(its.offer.organization_id), (), at=g.at),
        last=its.last,
        ways=its.ways,
        is_reviewed=its.is_reviewed,
        suggested=suggested_fields(its.facts, its.offer.need, its.wishes),
        read=its.read if is_new else form.get("read", its.read),
        read_joined=its.read_joined if is_new else form.get("read_joined", its.read_joined),
        form=form,
        typed=lambda name: form.get(name, ""),
        chosen=form.getlist,
        rows=rows_of(form),
        tried=tried,
        nonce=tried.packet.nonce if tried.packet else "",
        may_mail=here().config.mail is not None,
        **_choices(its, form),
        **frozen,
    )


def _choices(its: Standing, form: Form) -> Mapping[str, Any]:
    languages, house = here().languages, here().config.opening.zone.key
    zones = dict.fromkeys(filter(None, (form.get("hours_zone", ""), house, "UTC")))
    typed = {text for row in rows_of(form) for text in row[1:] if text}
    known = dict.fromkeys([its.facts.language, its.facts.locale, *languages.offered])
    return {
        "one_of": ONE_OF,
        "some_of": SOME_OF,
        "and_words": AND_WORDS,
        "typed_of": TYPED,
        "waits": WAITS,
        "days": DAYS,
        "times": sorted({*TIMES, *typed}),
        "zones": list(zones),
        "tongues": [code for code in known if code not in ("", "und")],
        "speaks": page_languages(),
    }
