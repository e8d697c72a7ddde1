"""Pages to staff: who is next, and one text or mail to one of them, that says nothing but where to look.

Nothing is tried twice on one way: what did not go, or may not have gone, goes on at once to the next. They are no
texts to reporters, so the caps of spending do not hold them back: who floods the line must not silence its people. What
bounds them is that nobody gets a second one within PAGE_AGAIN minutes.
"""

from datetime import datetime, timedelta

from sqlalchemy import select

from hotline.contact import Trouble, erase_later
from hotline.contact.carrier import (
    Carrier,
    CarrierBlocked,
    CarrierBusy,
    CarrierMisconfigured,
    CarrierRefused,
    CarrierUnsure,
)
from hotline.contact.tables import erase_at_provider
from hotline.domain.report import Channel
from hotline.errors import Unavailable
from hotline.i18n import CONSOLE, SOURCE
from hotline.parts import Hotline
from hotline.store import Session
from hotline.triage import paging
from hotline.triage.alerts import raise_trouble
from hotline.triage.ladder import Terms
from hotline.triage.pagers import Pager, Way, pager_of

_VALID = timedelta(minutes=30)
# What we tried at noon may stand in the provider's list a little earlier; a worker that died comes back in minutes.
_SINCE = timedelta(minutes=10)


def terms(hotline: Hotline) -> Terms:
    config = hotline.config
    return Terms(
        roster=hotline.keyring.member,
        zone=config.opening.zone,
        again=timedelta(minutes=config.page_again),
        rounds=config.page_rounds,
        calls_house=bool(config.page_to),
    )


def page_on(hotline: Hotline, ref: str) -> None:
    """Ask the next of a page, if it is time."""
    at, rules = hotline.clock(), terms(hotline)
    hotline.store.write(lambda session: paging.go_on(session, ref, rules, at=at))


def page_staff(hotline: Hotline, ref: str) -> None:
    """Bring one page to one member, once."""
    at = hotline.clock()
    claimed = hotline.store.write(lambda session: paging.claim_step(session, ref))
    if claimed is None:
        return
    staff_id, was_tried = claimed
    with hotline.store.read() as session:
        pager = pager_of(session, hotline.relay, staff_id)
    told = pager is not None and _told(hotline, ref, pager, was_tried=was_tried, at=at)
    if not told:
        hotline.store.write(lambda session: paging.was_not_sent(session, ref, at=at))


def _told(hotline: Hotline, ref: str, pager: Pager, *, was_tried: bool, at: datetime) -> bool:
    """Tell whether the page was taken; what was tried before is only looked for."""
    if pager.way is Way.MAIL:
        return not was_tried and _mailed(hotline, ref, pager)
    if hotline.carrier is None:
        return False
    text = _said(hotline, "sms", pager.locale)
    if was_tried:
        provider_id = _found(hotline, hotline.carrier, pager, text, since=at - _SINCE)
    else:
        provider_id = _texted(hotline, hotline.carrier, ref, pager, text, at=at)
    if provider_id:
        hotline.store.write(lambda session: _keep_sent(session, ref, provider_id, at=at))
    return bool(provider_id)


def _mailed(hotline: Hotline, ref: str, pager: Pager) -> bool:
    subject, _, text = _said(hotline, "mail", pager.locale).partition("\n")
    try:
        hotline.herald.tell(f"mailto:{pager.place}", subject=subject, text=text.strip() + "\n")
    except Unavailable:
        return False
    hotline.store.write(lambda session: paging.was_sent(session, ref))
    return True


def _texted(
    hotline: Hotline, carrier: Carrier, ref: str, pager: Pager, text: str, *, at: datetime
) -> str:
    """Hand the text over and return the provider's id of it; nothing where it did not go."""
    try:
        return carrier.send(
            channel=Channel.SMS, to=pager.place, body=text, line="", ref=ref, valid_for=_VALID
        )
    except CarrierUnsure:
        return _found(hotline, carrier, pager, text, since=at - _SINCE)
    except (CarrierRefused, CarrierBusy) as failure:
        if trouble := _trouble(failure):
            code, desk = failure.ref, hotline.config.desk
            hotline.store.write(
                lambda session: raise_trouble(session, trouble, code, desk=desk, at=at)
            )
        return ""


def _trouble(failure: CarrierRefused | CarrierBusy) -> Trouble | None:
    if isinstance(failure, CarrierMisconfigured):
        return Trouble.MISCONFIGURED
    return Trouble.BLOCKED if isinstance(failure, CarrierBlocked) else None


def _found(hotline: Hotline, carrier: Carrier, pager: Pager, text: str, *, since: datetime) -> str:
    """Return the provider's id of this page, if an earlier try did reach it; those that are known are earlier ones."""
    try:
        found = carrier.find_sent(channel=Channel.SMS, to=pager.place, body=text, since=since)
    except CarrierBusy:
        return ""
    known = erase_at_provider.c.provider_id
    with hotline.store.read() as session:
        others = set(session.execute(select(known).where(known.in_(list(found)))).scalars())
    return next((one for one in found if one not in others), "")


def _keep_sent(session: Session, ref: str, provider_id: str, *, at: datetime) -> None:
    paging.was_sent(session, ref)
    erase_later(session, "message", provider_id, at=at)


def _said(hotline: Hotline, kind: str, locale: str) -> str:
    speaks = hotline.languages.best([locale], CONSOLE) or SOURCE
    return hotline.languages.render(f"console/paged/{kind}.txt", speaks, CONSOLE).strip()
