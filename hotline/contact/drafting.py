"""An answer before it is sealed: whether it may be written at all, and how it reaches the reporter."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from hotline.contact.answering import Answer
from hotline.contact.knocking import standing
from hotline.contact.outgoing import Outgoing
from hotline.contact.ways import LONGEST, Way, way_back
from hotline.domain.report import Channel, day
from hotline.domain.staff import Right
from hotline.domain.urgency import Urgency
from hotline.errors import Conflict, Malformed, NotFound, Refused
from hotline.i18n import Languages
from hotline.messages import render
from hotline.reports.tables import reports
from hotline.store import Session
from hotline.vault.attest import Signer
from hotline.vault.contents import Account
from hotline.vault.keyring import Keyring
from hotline.vault.opening import Keyholder
from hotline.vault.sealing import seal_message

UNREAD_LIFETIME = timedelta(hours=1)
"""For so long a text may wait where a caseworker read somebody's hours and found that they are now."""


class LineClosed(Refused):
    """They asked that nobody write to their phone again, and they have no code by which they would find an answer."""

    default_message = "this reporter asked that nothing more be sent"


class HoursUnread(Refused):
    """They told their hours in words: a person must read them before anything goes out."""

    default_message = "the hours of this reporter stand in words"


class NothingToSay(Malformed):
    default_message = "an answer needs words"


class TooLong(Malformed):
    default_message = "this is too long for one text"


class Overtaken(Conflict):
    """Something was added to the conversation after whoever answers read it: often this very answer."""

    default_message = "the conversation went on meanwhile"


def report_of(session: Session, keyholder: Keyholder, report_id: str) -> Any:
    """Return what of a report of their desk decides how something goes out.

    Raises:
        NotFound: the desk has no such report.
    """
    report = session.execute(
        select(
            reports.c.id,
            reports.c.desk,
            reports.c.channel,
            reports.c.locale,
            reports.c.messages,
            reports.c.status,
            reports.c.country,
            reports.c.urgency,
        ).where(reports.c.id == report_id, reports.c.desk == keyholder.desk)
    ).one_or_none()
    if report is None:
        raise NotFound(ref=report_id)
    return report


def outgoing(way: Way, report: Any, text: str, *, knock: str, at: datetime) -> Outgoing | None:
    """Return *text* on its way, with the question that goes before it; None where they are not reached by text."""
    if way.channel is None or way.address is None:
        return None
    return Outgoing(
        channel=way.channel,
        to=way.address.value,
        body=text,
        line=way.line,
        country=report.country,
        hours=str(way.window or ""),
        zone=way.window.zone.key if way.window else "",
        not_before=way.not_before,
        is_urgent=report.urgency == Urgency.IMMEDIATE.rank,
        until=at + UNREAD_LIFETIME if way.hours_in_words else None,
        knock=knock,
    )


@dataclass(frozen=True, slots=True, repr=False)
class Draft:
    """An answer before it is sealed, to what *report_of* found; *question* is what asks for leave to send it."""

    by: Keyholder
    report: Any
    way: Way
    text: str
    question: str
    at: datetime

    def sealed(self, keyring: Keyring) -> Answer:
        """Return it for the next place in the conversation, sealed to the desk and to the code of the reporter."""
        seq = self.report.messages + 1
        envelopes = seal_message(
            keyring,
            desk=self.report.desk,
            report_id=self.report.id,
            seq=seq,
            account=self._account(seq),
            preview=self.text,
            reporter_public=self.way.reporter,
        )
        return Answer(
            report_id=self.report.id,
            desk=self.report.desk,
            seq=seq,
            by=self.by.staff_id,
            channel=self.way.channel or self.report.channel,
            envelopes=envelopes,
            has_false_code=self.way.is_false,
        )

    def _account(self, seq: int) -> Account:
        """Return the answer with its author's signature, which only the code and the desk will see."""
        author = Signer(self.by.staff_id, self.by.pseudonym, self.by.keys.signing)
        return author.answer(
            report_id=self.report.id,
            seq=seq,
            day=day(self.at),
            text=self.text,
            language=self.report.locale,
        )

    def outgoing(self) -> Outgoing | None:
        """Return it on its way; None where nothing is sent."""
        return outgoing(self.way, self.report, self.text, knock=self.question, at=self.at)


def draft(
    session: Session,
    keyholder: Keyholder,
    *,
    languages: Languages,
    house_public: bytes,
    report_id: str,
    text: str,
    at: datetime,
    read: int | None = None,
    minds_hours: bool = False,
) -> Draft:
    """Return *text* as the next answer to a report, if it may go to them.

    Raises:
        What `reply` raises, but for Conflict.
    """
    keyholder.require(Right.REPLY)
    text = text.strip().encode("utf-8", "replace").decode()
    if not text:
        raise NothingToSay(ref=report_id)
    report = report_of(session, keyholder, report_id)
    way = way_back(session, keyholder, report_id, house_public=house_public)
    now = standing(session, report_id, at=at)
    if read not in (None, report.messages):
        raise Overtaken(ref=report_id)
    if now.is_closed or way.only_by_code:
        way = replace(way, channel=None, address=None)
    if way.channel is None and way.reporter is None:
        raise LineClosed(ref=report_id)
    if way.channel and len(text) > LONGEST[way.channel]:
        raise TooLong(ref=report_id)
    if way.channel and way.hours_in_words and not minds_hours and not now.is_open:
        raise HoursUnread(ref=report_id)
    question = render(languages, "knock", way.channel or Channel.SMS, report.locale)
    return Draft(keyholder, report, way, text, question, at)
