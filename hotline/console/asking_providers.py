"""Ask a provider by a link: exactly what they would see, until when, and what the person is told if they accept.

Link and PIN are shown once and kept nowhere. The link goes by mail or by hand, the PIN by telephone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline import contact, triage
from hotline.consent import ConsentRefused
from hotline.console.acting import act_on
from hotline.console.handing import ACCOUNT, offer_of
from hotline.console.numbers import number_in
from hotline.console.packet_page import (
    Tried,
    faults_in,
    is_overtaken,
    mails,
    packet_of,
    packet_page,
    page_languages,
    standing_of,
    suggested_day,
    weighed,
)
from hotline.console.packing import Form, first_form, terms_of
from hotline.console.replying import Draft, watch_code
from hotline.console.rooms import room
from hotline.console.showing import show
from hotline.console.speech import locale
from hotline.contact import preparing
from hotline.domain.staff import Right
from hotline.errors import Conflict, HotlineError
from hotline.handoff import links, mailing
from hotline.handoff.packet import Packet, PacketFault
from hotline.parts import Hotline, here
from hotline.reports.joined import messages_joined
from hotline.store import Session
from hotline.triage import providers
from hotline.triage.reviews import NotReviewed, require_reviewed
from hotline.vault.links import LinkKey, lookup, new_link
from hotline.vault.opening import Keyholder

asking_providers = room("asking_providers", Right.REFER)


@dataclass(frozen=True, slots=True, repr=False)
class _Asking:
    """What it takes to ask: a packet, the key of a link that nobody keeps, and what is said when they accept.

    *read* and *read_joined* are how many messages whoever asks had before them, of the report and of those merged into it.
    """

    packet: Packet
    key: LinkKey
    token_lookup: bytes
    speaks: str
    answer_by: datetime
    words: str
    mail_to: str | None
    url: str
    read: int | None
    read_joined: int | None


@asking_providers.get("/report/<report_id>/referral/<offer_id>/ask")
def show_form(report_id: str, offer_id: str) -> Response:
    its = standing_of(report_id, offer_id)
    form = first_form(
        its.facts, its.offer.need, its.wishes, its.may, last=suggested_day(its), hours=its.hours
    )
    return packet_page(its, form, Tried())


@asking_providers.post("/report/<report_id>/referral/<offer_id>/ask")
def preview(report_id: str, offer_id: str) -> Response:
    """Show exactly what the provider would see."""
    its, form = standing_of(report_id, offer_id), request.form
    draft, faults = weighed(form), faults_in(its, form)
    if faults:
        return packet_page(its, form, Tried(None, draft, faults), status=422)
    return packet_page(its, form, Tried(packet_of(its, form), draft))


@asking_providers.post("/report/<report_id>/referral/<offer_id>/ask/link")
def make_link(report_id: str, offer_id: str) -> AnyResponse:
    """Ask by a link, and show it and its PIN this once; words that would tell who is meant are asked about first."""
    its, form, hotline = standing_of(report_id, offer_id), request.form, here()
    draft, faults = weighed(form), faults_in(its, form)
    if faults:
        status = 409 if is_overtaken(its, form) else 422
        return packet_page(its, form, Tried(None, draft, faults), status=status)
    packet = packet_of(its, form)
    if against := _against(packet, draft, form):
        return packet_page(its, form, Tried(packet, draft, against), status=422)
    token, pin = new_link()
    terms = terms_of(form, speaks=page_languages(), otherwise=locale())
    asking = _Asking(
        packet=packet,
        key=hotline.links.derive(token, pin),
        token_lookup=lookup(token),
        speaks=terms.speaks,
        answer_by=g.at + timedelta(minutes=terms.within),
        words=draft.words if draft else "",
        mail_to=form.get("to", "") if mails(form) else None,
        read=number_in(form, "read"),
        read_joined=number_in(form, "read_joined"),
        url=f"{hotline.config.public_url}/handoff/{token}",
    )
    if asking.words:
        watch_code(report_id)
    act_on(
        _ask,
        report_id,
        offer_id=offer_id,
        keyholder=g.keyholder,
        hotline=hotline,
        asking=asking,
    )
    return show(
        "console/referral/once.html",
        report=its.facts,
        offer=its.offer,
        url=asking.url,
        pin=pin,
        mailed_to=asking.mail_to,
        ways=its.ways,
        packet=packet,
        answer_by=asking.answer_by,
        tells=bool(asking.words),
    )


@asking_providers.errorhandler(ConsentRefused)
def explain_refused(error: ConsentRefused) -> Response:
    return _again(error.why)


@asking_providers.errorhandler(PacketFault)
def explain_field(error: PacketFault) -> Response:
    return _again("field", at=error.field)


@asking_providers.errorhandler(NotReviewed)
def explain_unreviewed(_error: NotReviewed) -> Response:
    return _again("not_reviewed", at=ACCOUNT)


@asking_providers.errorhandler(mailing.NoAddress)
def explain_mail(_error: mailing.NoAddress) -> Response:
    return _again("no_address", at="to")


@asking_providers.errorhandler(contact.NoWayBack)
@asking_providers.errorhandler(contact.TooLong)
@asking_providers.errorhandler(contact.LineClosed)
@asking_providers.errorhandler(contact.HoursUnread)
def explain_unprepared(error: HotlineError) -> Response:
    """Say that what the person is told cannot wait ready: without the words it becomes a task."""
    return _again(
        "words_too_long" if isinstance(error, contact.TooLong) else "unprepared", at="tell"
    )


@asking_providers.errorhandler(contact.Overtaken)
def explain_overtaken(_error: contact.Overtaken) -> Response:
    return _again("overtaken", status=409)


@asking_providers.errorhandler(Conflict)
def explain_conflict(error: Conflict) -> Response:
    return _again("held" if isinstance(error, triage.Held) else "conflict", status=409)


def _against(packet: Packet, draft: Draft | None, form: Form) -> dict[str, str]:
    """Return why nothing goes yet: it is another packet than was shown, or the words would tell who is meant."""
    found = {} if form.get("digest") == packet.digest else {"": "changed"}
    if draft and draft.identifiers and "sure" not in form:
        found["tell"] = "identifiers"
    return found


def _ask(
    session: Session,
    report_id: str,
    *,
    desk: str,
    by: str,
    at: datetime,
    offer_id: str,
    keyholder: Keyholder,
    hotline: Hotline,
    asking: _Asking,
) -> None:
    """Ask, in the transaction that claims the report; of the account nothing is told before all of it is reviewed.

    Raises:
        Overtaken: something was added to the conversation, also to that of a report merged into this one.
    """
    triage.claim(session, report_id, desk=desk, by=by, at=at)
    offer_of(session, report_id, offer_id)
    facts = triage.report_facts(session, report_id, desk=desk)
    joined = messages_joined(session, report_id)
    if asking.read not in (None, facts.messages) or asking.read_joined not in (None, joined):
        raise contact.Overtaken(ref=report_id)
    if ACCOUNT in asking.packet.fields:
        require_reviewed(session, report_id)
    link_id = links.ask(
        session,
        keyholder,
        offer_id=offer_id,
        packet=asking.packet,
        key=asking.key,
        token_lookup=asking.token_lookup,
        locale=asking.speaks,
        answer_by=asking.answer_by,
        at=at,
        prepared_id=_prepared(session, keyholder, hotline, report_id, asking, at=at),
    )
    if asking.mail_to is not None:
        mailing.mail_link(
            session,
            hotline.relay_public,
            languages=hotline.languages,
            link_id=link_id,
            to=asking.mail_to,
            url=asking.url,
            at=at,
        )
    providers.asked(session, report_id, by=by, at=at)


def _prepared(
    session: Session,
    keyholder: Keyholder,
    hotline: Hotline,
    report_id: str,
    asking: _Asking,
    *,
    at: datetime,
) -> str:
    if not asking.words:
        return ""
    return preparing.prepare(
        session,
        keyholder,
        hotline.keyring,
        hotline.relay_public,
        languages=hotline.languages,
        house_public=hotline.log_key.public,
        report_id=report_id,
        text=asking.words,
        at=at,
        read=asking.read,
    )


def _again(fault: str, *, at: str = "", status: int = 422) -> Response:
    """Show the form again with what was typed, and what stands against it."""
    its = request.view_args or {}
    standing = standing_of(str(its["report_id"]), str(its["offer_id"]))
    tried = Tried(None, weighed(request.form), {at: fault})
    return packet_page(standing, request.form, tried, status=status)
