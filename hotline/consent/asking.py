"""Put a question to the person: may we tell them? One recipient at a time, and not too often."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from hotline.consent import granting, minors
from hotline.consent.case import NO, case_of
from hotline.consent.fields import NEVER
from hotline.consent.grant import (
    ConsentRefused,
    GivenHow,
    Purpose,
    Recipient,
    Why,
    Words,
    last_day,
    tidy,
    why_not_so_long,
)
from hotline.consent.noting import note
from hotline.consent.tables import asks
from hotline.domain.report import day
from hotline.errors import NotFound
from hotline.jobs import Job, later
from hotline.reports.belonging import lock
from hotline.statements import Statement
from hotline.store import Session, new_id
from hotline.vault.keyring import Keyring

MOST = 2
"""So often in `SPAN` a person is asked about one recipient, where the house says nothing else."""

SPAN = timedelta(days=30)
APART = timedelta(days=3)
WIDE = 3
"""So many times as often as about one recipient a person is asked about all of them together."""

WAITS = timedelta(days=14)
"""How long a question waits for an answer."""


class State(StrEnum):
    ASKED = "asked"
    YES = "yes"
    NO = NO
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Ask:
    """A question. *until_day* is the last day on which the yes would stand."""

    id: str
    report_id: str
    purpose: str
    recipient: str
    fields: tuple[str, ...]
    until_day: str
    by: str
    day: str
    state: str
    answered_day: str

    def waits(self, at: datetime) -> bool:
        """Tell whether an answer still counts."""
        return (
            self.state == State.ASKED and day(at - WAITS) <= self.day and self.until_day >= day(at)
        )


def ask(
    session: Session,
    *,
    report_id: str,
    purpose: str,
    recipient: str,
    fields: tuple[str, ...] | list[str],
    until: date,
    by: str,
    at: datetime,
    most: int = MOST,
) -> str:
    """Ask the person, and return the id of the question; how it reaches them is their channel's.

    Raises:
        NotFound: there is no such report.
        ConsentRefused: its `why` says why they may not be asked.
    """
    lock(session, report_id)
    whom = Recipient(Purpose(purpose), recipient)
    why = _why_not(session, report_id, whom, fields, until, at) or _why_too_often(
        session, report_id, whom, at, most
    )
    if why:
        raise ConsentRefused(why)
    ask_id = new_id()
    row = Ask(
        ask_id, report_id, whom.purpose.value, recipient, tidy(fields), until.isoformat(), by,
        day(at), State.ASKED.value, "",
    )  # fmt: skip
    session.execute(insert(asks), {name: getattr(row, name) for name in Ask.__slots__})
    note(session, "consent_asked", report_id, ask_id, by=by, at=at)
    return ask_id


def answer(
    session: Session,
    keyring: Keyring,
    ask_id: str,
    *,
    report_id: str,
    yes: bool,
    words: Words,
    how: GivenHow,
    at: datetime,
) -> str:
    """Keep what the person answers, with code and code word; return the id of the grant, empty after a no.

    *words* are those in which it was put. A no is kept, and nobody asks why; it takes back what was said yes to before,
    also where it is about a whole group.

    Raises:
        NotFound: the report has no such question.
        ConsentRefused: it does not wait any more, or a yes may not be taken now; nothing changed.
    """
    lock(session, report_id)
    asked = find(session, ask_id)
    if asked.report_id != report_id:
        raise NotFound(ref=ask_id)
    if not asked.waits(at):
        raise ConsentRefused(Why.NOT_ASKED)
    if case_of(session, report_id).is_doubted:
        raise ConsentRefused(Why.DURESS)
    if not yes:
        _settle(session, asked, State.NO, at)
        minors.end(session, report_id, asked.purpose, asked.recipient, at=at)
        granting.revoke_of(session, report_id, asked.purpose, asked.recipient, at=at)
        later(session, Job(granting.REVIEW, ask_id))
        return ""
    grant_id = granting.record(
        session,
        keyring,
        report_id=report_id,
        purpose=asked.purpose,
        recipient=asked.recipient,
        fields=asked.fields,
        given_how=how,
        words=words,
        # What is said in a call stands for less long than what is asked in writing.
        until=min(date.fromisoformat(asked.until_day), last_day(how, at=at)),
        at=at,
    )
    _settle(session, asked, State.YES, at)
    return grant_id


def take_question_back(
    session: Session, ask_id: str, *, report_id: str, by: str, at: datetime
) -> bool:
    """Take back a question that nobody answered yet; tell whether there was one.

    Raises:
        NotFound: the report has no such question.
    """
    lock(session, report_id)
    asked = find(session, ask_id)
    if asked.report_id != report_id:
        raise NotFound(ref=ask_id)
    if asked.state != State.ASKED:
        return False
    _settle(session, asked, State.WITHDRAWN, at, by=by)
    return True


def pending(session: Session, report_id: str, *, at: datetime) -> list[Ask]:
    """Return the questions that wait for the person, the oldest first."""
    its = of_report(session, report_id)
    return [asked for asked in reversed(its) if asked.waits(at)]


def of_report(session: Session, report_id: str, *, limit: int = 200) -> list[Ask]:
    """Return what the person was asked, newest first."""
    return [_ask(row) for row in _OF_REPORT.all(session, {"its_id": report_id, "most": limit})]


def find(session: Session, ask_id: str) -> Ask:
    """Return one question.

    Raises:
        NotFound: there is none with that id.
    """
    row = session.execute(select(*COLUMNS).where(asks.c.id == ask_id)).one_or_none()
    if row is None:
        raise NotFound(ref=ask_id)
    return _ask(row)


def again_from(
    session: Session, report_id: str, recipient: Recipient, *, at: datetime, most: int = MOST
) -> str:
    """Return the first day on which the person may be asked about *recipient* again; empty where that is now."""
    days = sorted(_asked_days(session, report_id, recipient, at), reverse=True)
    soonest = [date.fromisoformat(days[0]) + APART] if days else []
    if len(days) >= most:
        soonest.append(date.fromisoformat(days[most - 1]) + SPAN)
    every = sorted(_asked_days(session, report_id, None, at), reverse=True)
    if len(every) >= WIDE * most:
        soonest.append(date.fromisoformat(every[WIDE * most - 1]) + SPAN)
    last = max(soonest, default=date.min).isoformat()
    return last if last > day(at) else ""


def forget(session: Session, report_id: str) -> None:
    session.execute(delete(asks).where(asks.c.report_id == report_id))


def _why_not(
    session: Session,
    report_id: str,
    whom: Recipient,
    fields: tuple[str, ...] | list[str],
    until: date,
    at: datetime,
) -> Why | None:
    if not whom.id:
        return Why.NO_RECIPIENT
    if not fields:
        return Why.NO_FIELDS
    if NEVER & set(fields):
        return Why.NEVER_LEAVES
    too_long = why_not_so_long(GivenHow.WEB, until, emergency=False, at=at)
    return too_long or case_of(session, report_id).why_not_ask(whom, at=at)


def _why_too_often(
    session: Session, report_id: str, whom: Recipient, at: datetime, most: int
) -> Why | None:
    """Return why it is too much for the person: one question at a time, and few of them."""
    if pending(session, report_id, at=at):
        return Why.ASKED_ALREADY
    return Why.ASKED_OFTEN if again_from(session, report_id, whom, at=at, most=most) else None


def _asked_days(
    session: Session, report_id: str, whom: Recipient | None, at: datetime
) -> list[str]:
    """Return on which days of `SPAN` the person was asked about *whom*, or about anybody."""
    rows = asks.c
    its = rows.report_id == report_id
    if whom:
        its &= (rows.purpose == whom.purpose) & (rows.recipient == whom.id)
    return list(session.scalars(select(rows.day).where(its, rows.day > day(at - SPAN))).all())


def _settle(session: Session, asked: Ask, state: State, at: datetime, *, by: str = "") -> None:
    its = (asks.c.id == asked.id, asks.c.state == State.ASKED)
    values = {"state": state.value, "answered_day": day(at)}
    session.execute(update(asks).where(*its).values(**values))
    note(session, f"consent_{state}", asked.report_id, asked.id, by=by, at=at)


def _ask(row: Any) -> Ask:
    return replace(Ask(*row), fields=tuple(row.fields))


COLUMNS = tuple(asks.c[name] for name in Ask.__slots__)
_OF_REPORT = Statement(
    select(*COLUMNS)
    .where(asks.c.report_id == bindparam("its_id"))
    .order_by(asks.c.day.desc(), asks.c.id)
    .limit(bindparam("most"))
)
