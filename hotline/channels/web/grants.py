"""Who may know what: each yes that was given, in plain words, and the way to take it back.

Only the page that code and code word open shows it, and never while staff doubt who holds the code: whoever forced
both out of somebody would learn whom we told. Taking back is always heeded.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from hotline import consent, handoff
from hotline.channels.web.body import Sent
from hotline.channels.web.pages import day_in
from hotline.channels.web.returning import Conversation
from hotline.consent import Consent
from hotline.errors import NotFound
from hotline.leads import agencies
from hotline.leads.told import Told, told_with_consents
from hotline.parts import here
from hotline.reports.tables import reports
from hotline.retention.asking import REPORTER
from hotline.store import Session
from hotline.triage.taking_back import take_back

ASK, SURE = "back", "back_sure"
"""What the form on the page says: asked, asked once more."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One yes as the page shows it; days are written as people of the page's language write them.

    *who* is the name of one office, empty for the group *kind* as a whole; *told* is the day on which they first
    learned something, *untold* the day since which it counts no more.
    """

    id: str
    kind: str
    who: str
    but: tuple[str, ...]
    fields: tuple[str, ...]
    state: str
    until: str
    told: str
    untold: str


def grants(found: Conversation, locale: str) -> tuple[Grant, ...]:
    """Return each yes of a conversation that the code word opened, the newest first."""
    if not found.is_whole:
        return ()
    at = here().clock()
    with here().store.read() as session:
        if _is_doubted(session, found.report_id):
            return ()
        given = consent.of_report(session, found.report_id)
        names = _names(session, found.report_id)
        told = told_with_consents(session, found.report_id)
    return tuple(_grant(one, names, told.get(one.id), locale, at) for one in given)


def to_be_asked(sent: Sent, found: Conversation, locale: str) -> Grant | None:
    """Return the yes of which to ask once more before it is taken back; None where there is nothing to take back."""
    if sent.text("ask") != ASK:
        return None
    wanted = sent.text("grant")
    its = (one for one in grants(found, locale) if one.id == wanted and one.state == "yes")
    return next(its, None)


def heed(sent: Sent, found: Conversation) -> str:
    """Take back what was asked for, where the word was right; return what came of it, in one word.

    Raises:
        Unavailable: it could not be done just now.
    """
    wanted = sent.text("grant")
    if sent.text("ask") != SURE or not found.is_whole or not wanted:
        return ""
    report_id, at = found.report_id, here().clock()
    try:
        here().store.write(
            lambda session: take_back(session, report_id, wanted, by=REPORTER, at=at)
        )
    except NotFound:
        # Of another report, or erased meanwhile: there is nothing here to take back.
        return ""
    with here().store.read() as session:
        told = told_with_consents(session, report_id).get(wanted)
    return "untold" if told else "taken"


def _is_doubted(session: Session, report_id: str) -> bool:
    doubt = select(reports.c.duress).where(reports.c.id == report_id)
    return bool(session.execute(doubt).scalar_one_or_none())


def _names(session: Session, report_id: str) -> dict[str, str]:
    names = {agency.id: agency.name for agency in agencies.everyone(session)}
    return names | {one.service_id: one.service_name for one in handoff.offers(session, report_id)}


def _grant(
    given: Consent, names: Mapping[str, str], told: Told | None, locale: str, at: datetime
) -> Grant:
    return Grant(
        id=given.id,
        kind=given.purpose,
        who=names.get(given.recipient, ""),
        but=tuple(filter(None, (names.get(one, "") for one in given.excluded))),
        fields=given.fields,
        state="back" if given.revoked_day else "yes" if given.stands(at=at) else "over",
        until=day_in(given.expires_day, locale),
        told=day_in(told.day, locale) if told else "",
        untold=day_in(told.recalled_day, locale) if told and told.recalled_day else "",
    )
