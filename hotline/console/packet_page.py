"""The page on which a packet is put together: what may be told, what was ticked, and what the provider would see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, g

from hotline import handoff, triage
from hotline.consent import HANDOFF, Case, case_of
from hotline.console.agreed import frozen_facts
from hotline.console.handing import offer_of
from hotline.console.packing import (
    AND_WORDS,
    ONE_OF,
    SOME_OF,
    TYPED,
    WAITS,
    Form,
    first_until,
    terms_of,
    values_of,
)
from hotline.console.replying import Draft, weigh
from hotline.console.showing import show
from hotline.console.speech import locale
from hotline.console.wishes import Wishes, wishes_by_offer
from hotline.handoff import Offer
from hotline.handoff.packet import Packet, compose, last_day, new_nonce
from hotline.i18n import CONSOLE
from hotline.parts import here
from hotline.triage import ReportFacts
from referral.reaching import Ways, ways_to


@dataclass(frozen=True, slots=True, repr=False)
class Standing:
    """One offer, and what decides about a packet for it: *may* are the facts that consent lets out, until *last*."""

    facts: ReportFacts
    offer: Offer
    case: Case
    may: tuple[str, ...]
    last: date | None
    wishes: Wishes | None
    ways: Ways


@dataclass(frozen=True, slots=True, repr=False)
class Tried:
    """What was just tried: the packet as it would be, how the words weigh, and what stands against it."""

    packet: Packet | None = None
    draft: Draft | None = None
    fault: str = ""
    field: str = ""


def standing_of(report_id: str, offer_id: str) -> Standing:
    with here().store.read() as session:
        facts = triage.report_facts(session, report_id, desk=g.keyholder.desk)
        offer = offer_of(session, report_id, offer_id)
        case = case_of(session, report_id)
        wishes = wishes_by_offer(session, g.keyholder, [offer_id]).get(offer_id)
        ways = ways_to(session, offer.service_id)
    recipient = handoff.whom(offer.organization_id)
    may = tuple(name for name in HANDOFF if case.may(recipient, (name,), at=g.at))
    days = [last_day(case, offer.organization_id, (name,), at=g.at) for name in may]
    return Standing(facts, offer, case, may, min(days, default=None), wishes, ways)


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


def weighed(form: Form) -> Draft | None:
    words = form.get("tell", "").strip()
    return weigh(words) if words else None


def page_languages() -> tuple[str, ...]:
    return here().languages.complete(CONSOLE)


def packet_page(its: Standing, form: Form, tried: Tried, *, status: int = 200) -> Response:
    with here().store.read() as session:
        frozen = frozen_facts(session, g.keyholder, its.facts.id, its.case, speaks=locale())
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
        form=form,
        typed=lambda name: form.get(name, ""),
        chosen=form.getlist,
        tried=tried,
        nonce=tried.packet.nonce if tried.packet else "",
        may_mail=here().config.mail is not None,
        **_choices(its),
        **frozen,
    )


def _choices(its: Standing) -> Mapping[str, Any]:
    languages = here().languages
    known = dict.fromkeys([its.facts.language, its.facts.locale, *languages.offered])
    return {
        "one_of": ONE_OF,
        "some_of": SOME_OF,
        "and_words": AND_WORDS,
        "typed_of": TYPED,
        "waits": WAITS,
        "tongues": [code for code in known if code not in ("", "und")],
        "speaks": page_languages(),
    }
