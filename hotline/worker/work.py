"""What each job's name stands for: one table from the name to a room's function."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from hotline import contact, retention
from hotline.channels import herald
from hotline.channels.twilio import concerns_people, prove_erased, reconcile
from hotline.channels.voice import rounds
from hotline.contact.recordings import Belongs
from hotline.contact.sending import Tell
from hotline.handoff import mailing
from hotline.leads import fetching, waiting
from hotline.leads.webhooks.calling import Caller
from hotline.leads.webhooks.delivering import deliver
from hotline.leads.webhooks.subscribing import agencies_of
from hotline.leads.webhooks.subscribing import sweep as forget_receipts
from hotline.parts import Hotline
from hotline.proofreading.marking import forget_mended
from hotline.retention.legal import end_holds
from hotline.store import Session
from hotline.triage import (
    alerts,
    duties,
    emergency,
    escalating,
    lead_alerts,
    pagers,
    providers,
    quarters,
    revealing,
    rota,
    statistics,
)
from hotline.triage.access import open_to_supervisors
from hotline.triage.alerts import Kind
from hotline.triage.ending import tell_of_endings
from hotline.triage.excluding import sweep as end_lapsed
from hotline.triage.interpreting import sweep as end_interpreting
from hotline.triage.reviews import is_reviewed
from hotline.triage.taking_back import review_after
from hotline.vault import given, unfinished
from hotline.vault.stream import CHUNK

Work = Callable[[Hotline, str], None]


def _send(hotline: Hotline, ref: str) -> None:
    at = hotline.clock()
    if hotline.carrier:
        caps, tell = contact.Caps.of(hotline.config), _teller(hotline, at)
        contact.send(
            hotline.store, hotline.carrier, hotline.relay, ref, at=at, caps=caps, tell=tell
        )


def _teller(hotline: Hotline, at: datetime) -> Tell:
    """Return what lets operators know of a trouble."""

    def tell(session: Session, trouble: contact.Trouble, code: str) -> None:
        alerts.raise_trouble(session, trouble, code, desk=hotline.config.desk, at=at)

    return tell


def _price(hotline: Hotline, ref: str) -> None:
    if hotline.carrier:
        contact.price(hotline.store, hotline.carrier, hotline.relay, ref)


def _erase(hotline: Hotline, refs: Sequence[str], is_over: Callable[[], bool]) -> contact.Unasked:
    at = hotline.clock()

    def tell(session: Session, ref: str) -> None:
        alerts.raise_alert(
            session, desk=hotline.config.desk, kind=Kind.PROVIDER_HOLDS, at=at, once=ref
        )

    if not hotline.carrier:
        return contact.Unasked()
    return contact.erase(hotline.store, hotline.carrier, refs, at=at, tell=tell, is_over=is_over)


def _fetch_picture(hotline: Hotline, ref: str) -> None:
    budget = hotline.reception.file_budget
    _fetch(hotline, ref, partial(contact.fetch_picture, at=hotline.clock(), budget=budget))


def _fetch_recording(hotline: Hotline, ref: str) -> None:
    at, budget = hotline.clock(), (hotline.config.recording_budget_mb << 20) // CHUNK
    tell = _teller(hotline, at)
    _fetch(hotline, ref, partial(contact.fetch_recording, at=at, budget=budget, tell=tell))


def _fetch(hotline: Hotline, ref: str, fetch: Callable[..., None]) -> None:
    if hotline.carrier:
        fetch(hotline.store, hotline.carrier, hotline.relay, hotline.keyring, ref)


def _expire(hotline: Hotline, ref: str) -> None:
    contact.expire(hotline.store, ref, at=hotline.clock())


def _belongs(hotline: Hotline) -> Belongs:
    """Return what says to which message of ours a recording of a call belongs."""

    def belongs(_session: Session, call_id: str) -> tuple[str, int] | None:
        spot = hotline.calls.spot_of(call_id)
        return (spot.report_id, spot.seq) if spot else None

    return belongs


def _reconcile(hotline: Hotline, _ref: str) -> None:
    if hotline.carrier:
        reconcile(hotline.carrier, hotline.reception, at=hotline.clock(), belongs=_belongs(hotline))


def _prove_erased(hotline: Hotline, _ref: str) -> None:
    """Check what the provider still has, and call people when it does not empty; once a week is enough."""
    at = hotline.clock()
    if not hotline.carrier:
        return
    proof = prove_erased(hotline.carrier, hotline.reception, at=at, belongs=_belongs(hotline))
    if concerns_people(hotline.store, proof):
        week = f"{at:%G-%V}"
        hotline.store.write(
            lambda session: alerts.raise_alert(
                session, desk=hotline.config.desk, kind=Kind.PROVIDER_HOLDS, at=at, once=week
            )
        )


def _sweep(hotline: Hotline, _ref: str) -> None:
    at = hotline.clock()
    retention.sweep(hotline.store, hotline.threads, at=at)
    hotline.store.write(lambda session: contact.ask_again(session, at=at))
    hotline.store.write(contact.ask_pictures_again)
    hotline.store.write(contact.ask_recordings_again)
    unfinished.sweep(hotline.store, at=at)
    hotline.store.write(lambda session: contact.forget_ended(session, at=at))
    rounds.sweep(hotline)
    hotline.store.write(lambda session: end_lapsed(session, at=at))
    hotline.store.write(lambda session: open_to_supervisors(session, hotline.keyring, at=at))
    hotline.store.write(lambda session: revealing.sweep(session, hotline.keyring, at=at))
    hotline.store.write(lambda session: duties.sweep(session, hotline.law, at=at))
    duties.remind(hotline.store, _desks(hotline), hotline.law, at=at)
    hotline.store.write(lambda session: alerts.sweep(session, at=at))
    hotline.store.write(lambda session: emergency.sweep(session, at=at))
    hotline.store.write(lambda session: given.sweep(session, at=at))
    statistics.count_due(hotline.store, _desks(hotline), at=at)
    quarters.count_due(hotline.store, _desks(hotline), at=at)
    hotline.store.write(lambda session: end_interpreting(session, hotline.keyring, at=at))
    hotline.store.write(lambda session: fetching.sweep(session, at=at))
    hotline.store.write(
        lambda session: lead_alerts.sweep(
            session, _desks(hotline), house=hotline.config.desk, at=at
        )
    )
    hotline.store.write(rota.forget_leavers)
    hotline.store.write(pagers.forget_leavers)
    hotline.store.write(lambda session: forget_receipts(session, at=at))
    hotline.store.write(lambda session: forget_mended(session, partial(_sentences, hotline)))


def _sentences(hotline: Hotline, locale: str) -> frozenset[str]:
    return frozenset(one.id for one in hotline.languages.safety(locale))


def _escalate(hotline: Hotline, _ref: str) -> None:
    limits_of, at = hotline.config.limits_of, hotline.clock()
    escalating.sweep(hotline.store, _desks(hotline), limits_of, at=at)


def _handoffs(hotline: Hotline, _ref: str) -> None:
    at, config = hotline.clock(), hotline.config
    terms = providers.Terms(hotline.keyring, config.limits_of, config.opening.zone)
    hotline.store.write(lambda session: providers.sweep(session, terms, at=at))
    hotline.store.write(lambda session: mailing.sweep(session, at=at))


def _mail_handoff(hotline: Hotline, ref: str) -> None:
    mailing.send(hotline.store, hotline.herald, hotline.relay, ref, at=hotline.clock())


def _desks(hotline: Hotline) -> list[str]:
    return [desk.name for desk in hotline.keyring.desks]


def _review(hotline: Hotline, ref: str) -> None:
    at = hotline.clock()
    hotline.store.write(lambda session: review_after(session, ref, at=at))


def _release_lead(hotline: Hotline, ref: str) -> None:
    at = hotline.clock()

    def let_out(session: Session) -> None:
        dropped = waiting.release(
            session, ref, k=hotline.config.lead_k, is_reviewed=is_reviewed, at=at
        )
        if dropped:
            lead_alerts.tell_of_dropped(session, dropped, at=at)

    hotline.store.write(let_out)


def _end(hotline: Hotline, _ref: str) -> None:
    at = hotline.clock()
    hotline.store.write(lambda session: end_holds(session, at=at))
    hotline.sweeper.sweep(at=at)
    hotline.store.write(lambda session: tell_of_endings(session, at=at))


def _deliver_webhook(hotline: Hotline, ref: str) -> None:
    caller = Caller(hotline.config.webhook_networks)
    deliver(hotline.store, hotline.relay, caller, ref, clock=hotline.clock)


def _sequence(hotline: Hotline, _ref: str) -> None:
    herald.keep_log(hotline, at=hotline.clock())


WORK: dict[str, Work] = {
    "send": _send,
    "expire": _expire,
    "price": _price,
    "fetch_picture": _fetch_picture,
    "fetch_recording": _fetch_recording,
    "ring_people": rounds.ring_people,
    "end_ring": rounds.end_ring,
    "call_back": rounds.call_back,
    "end_call_back": rounds.end_call_back,
    "reconcile": _reconcile,
    "prove_erased": _prove_erased,
    "sweep": _sweep,
    "review": _review,
    waiting.RELEASE: _release_lead,
    "sequence": _sequence,
    "hand_out": herald.hand_out,
    "page": herald.call,
    "page_one": herald.call_one,
    "page_on": herald.page_on,
    "page_staff": herald.page_staff,
    "escalate": _escalate,
    "end": _end,
    "deliver_webhook": _deliver_webhook,
    "handoffs": _handoffs,
    mailing.SEND: _mail_handoff,
}
"""Each function is idempotent, gets an opaque id, and raises what should be tried again later."""

STANDING = {
    "reconcile": timedelta(minutes=5),
    "prove_erased": timedelta(days=1),
    "sweep": timedelta(minutes=10),
    "escalate": timedelta(minutes=1),
    "handoffs": timedelta(minutes=1),
    "end": timedelta(minutes=10),
    "sequence": timedelta(minutes=10),
}
"""Jobs that are never done: they rest and come back."""

ALARMING = ("escalate",)
"""Those of them that call people, because a promised time has run out."""

ASIDE: Mapping[str, Callable[[Session, Sequence[str]], Mapping[str, str]]] = {
    "deliver_webhook": agencies_of
}
"""Jobs that wait for machines of others: they are done beside the rest, so that no text and no page waits for them.
Each with what says for whom they are done: of these nobody waits for another.
"""

TOGETHER: Mapping[str, Callable[[Hotline, Sequence[str], Callable[[], bool]], contact.Unasked]] = {
    "erase": _erase
}
"""Jobs of which each text brings one: those that are due are done in one go, and settled in one transaction."""
