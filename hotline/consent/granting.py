"""Write a yes down, take it back, and let it end."""

import dataclasses
from collections.abc import Collection
from datetime import date, datetime
from typing import NotRequired, TypedDict, Unpack

from sqlalchemy import ColumnElement, RowMapping, delete, insert, select, update

from hotline.consent import minors
from hotline.consent.case import case_of
from hotline.consent.fields import NEVER
from hotline.consent.grant import (
    INVESTIGATORS,
    ConsentRefused,
    GivenHow,
    Grant,
    Purpose,
    Recipient,
    Why,
    Words,
    tidy,
    why_not_so_long,
)
from hotline.consent.noting import note
from hotline.consent.sealing import seal, unseal
from hotline.consent.tables import grants
from hotline.domain.report import day
from hotline.errors import NotFound
from hotline.jobs import Job, later
from hotline.reports.belonging import is_doubted, lock
from hotline.reports.tables import reports
from hotline.store import Session, new_id
from hotline.vault.keyring import Keyring
from hotline.vault.opening import Keyholder

REVIEW = "review"
"""The job that looks through what was let out, with the id of the grant or the question that changed."""


class Terms(TypedDict):
    """What is agreed to. *until* is the last day on which it stands; *fields* may be `EVERY_FIELD` alone.

    *witness* (a staff id) and *emergency* count for what was only spoken to staff; see the room's docstring.
    """

    report_id: str
    purpose: str
    recipient: str
    fields: Collection[str]
    given_how: str
    words: Words
    until: date
    witness: NotRequired[str]
    emergency: NotRequired[bool]


def record(
    session: Session, keyring: Keyring, *, at: datetime, by: str = "", **terms: Unpack[Terms]
) -> str:
    """Write down what a person agrees to, and return the id of the grant. It takes the place of an older one.

    *by* is the staff id of who wrote it down, empty where the person did so alone, with code and code word.

    Raises:
        NotFound: there is no such report.
        ConsentRefused: its `why` names the rule that it would break.
    """
    desk = lock(session, terms["report_id"])
    words, grant_id = terms["words"], new_id()
    given = Grant(
        id=grant_id,
        report_id=terms["report_id"],
        purpose=Purpose(terms["purpose"]).value,
        recipient=terms["recipient"],
        fields=tidy(terms["fields"]),
        given_how=GivenHow(terms["given_how"]).value,
        words_name=words.name,
        words_locale=words.locale,
        words_version=words.version,
        by=by,
        witness=terms.get("witness", ""),
        emergency=terms.get("emergency", False),
        day=day(at),
        expires_day=terms["until"].isoformat(),
        ended_day="",
        back_asked_day="",
        revoked_day="",
    )
    why = _why_not(session, given, words, at)
    if why:
        raise ConsentRefused(why)
    _replace(session, given, at)
    row = dataclasses.asdict(given) | {"words_sealed": seal(keyring, desk, grant_id, words.text)}
    session.execute(insert(grants), row)
    note(session, "consent", given.report_id, grant_id, by=by, at=at)
    return grant_id


def revoke(session: Session, grant_id: str, *, at: datetime, by: str = "") -> bool:
    """Take a yes back, at once and for good; spoken is enough. Return False where it was so already.

    While staff doubt that it is the person who acts (*by* is empty), it is noted and done when the doubt is gone:
    nothing leaves meanwhile.
    """
    found = session.execute(
        select(grants.c.report_id).where(grants.c.id == grant_id)
    ).scalar_one_or_none()
    if found is None:
        return False
    lock(session, found)
    if not by and is_doubted(session, found):
        return _mark(session, grant_id, "back_asked_day", at)
    if not _mark(session, grant_id, "revoked_day", at):
        return False
    taken = find(session, grant_id)
    if not taken.ended_day:
        minors.end(session, found, taken.purpose, taken.recipient, at=at)
    later(session, Job(REVIEW, grant_id))
    note(session, "consent_revoked", found, grant_id, by=by, at=at)
    return True


def revoke_of(
    session: Session, report_id: str, purpose: str, recipient: str, *, at: datetime
) -> None:
    """Take back each yes to *recipient*; where that is a group, to each of its members, too."""
    for given in of_report(session, report_id):
        is_its = recipient in (given.recipient, INVESTIGATORS)
        if given.purpose == purpose and is_its and not given.revoked_day:
            revoke(session, given.id, at=at)


def thaw(session: Session, report_id: str, *, at: datetime) -> int:
    """Take back what was asked back while staff doubted who asked; return how many those were."""
    lock(session, report_id)
    waiting = select(grants.c.id).where(
        grants.c.report_id == report_id, grants.c.back_asked_day != ""
    )
    return sum(revoke(session, grant_id, at=at) for grant_id in session.scalars(waiting).all())


def end_lapsed(session: Session, *, at: datetime, limit: int = 100) -> list[str]:
    """Let up to *limit* grants, and what was decided for children, end whose last day is past, for good.

    Returns the reports that they belong to.
    """
    rows = grants.c
    over = (rows.ended_day == "", rows.expires_day < day(at))
    lapsed = select(rows.report_id).where(*over).order_by(rows.expires_day).limit(limit)
    decided = minors.lapsed(session, at=at, limit=limit)
    its = sorted({*session.scalars(lapsed).all(), *decided})
    # Whoever takes a yes back locks the report first, too: so none waits for the other.
    found = select(reports.c.id).where(reports.c.id.in_(its)).order_by(reports.c.id)
    session.execute(found.with_for_update()).all()
    ended = update(grants).where(rows.report_id.in_(its), *over)
    session.execute(ended.values(ended_day=day(at)))
    minors.end_lapsed(session, decided, at=at)
    return its


def of_report(session: Session, report_id: str, *, limit: int = 200) -> list[Grant]:
    """Return what the person behind *report_id* agreed to, newest first: theirs to read and take back."""
    query = select(*COLUMNS).where(grants.c.report_id == report_id)
    rows = session.execute(query.order_by(grants.c.day.desc(), grants.c.id).limit(limit))
    return [_grant(row._mapping) for row in rows]


def find(session: Session, grant_id: str) -> Grant:
    """Return one grant, standing or not.

    Raises:
        NotFound: there is none with that id.
    """
    row = session.execute(select(*COLUMNS).where(grants.c.id == grant_id)).one_or_none()
    if row is None:
        raise NotFound(ref=grant_id)
    return _grant(row._mapping)


def open_words(session: Session, keyholder: Keyholder, grant_id: str) -> str:
    """Return the exact words that were put to the person.

    Raises:
        NotFound: there is no such grant.
        SealBroken: they are not for this keyholder.
    """
    its = select(grants.c.words_sealed).where(grants.c.id == grant_id)
    sealed = session.execute(its).scalar_one_or_none()
    if sealed is None:
        raise NotFound(ref=grant_id)
    return unseal(session, keyholder, grant_id, sealed)


def forget(session: Session, report_id: str) -> None:
    session.execute(delete(grants).where(grants.c.report_id == report_id))


def _why_not(session: Session, given: Grant, words: Words, at: datetime) -> Why | None:
    return (
        _why_not_whole(given, words)
        or _why_not_heard(session, given)
        or why_not_so_long(
            GivenHow(given.given_how),
            date.fromisoformat(given.expires_day),
            emergency=given.emergency,
            at=at,
        )
        or case_of(session, given.report_id).why_not_ask(
            Recipient(Purpose(given.purpose), given.recipient), at=at
        )
    )


def _why_not_whole(given: Grant, words: Words) -> Why | None:
    if not given.recipient:
        return Why.NO_RECIPIENT
    if not given.fields:
        return Why.NO_FIELDS
    if NEVER & set(given.fields):
        return Why.NEVER_LEAVES
    return None if words.locale and words.text.strip() else Why.NO_WORDS


def _why_not_heard(session: Session, given: Grant) -> Why | None:
    """Return why what staff write down for somebody does not count as theirs."""
    if not given.by:
        return None
    if GivenHow(given.given_how) not in (GivenHow.WRITTEN, GivenHow.CALL):
        return Why.NOT_THEIRS
    if _is_in_another_language(session, given):
        return Why.ANOTHER_LANGUAGE
    if given.emergency or not GivenHow(given.given_how).is_spoken:
        return None
    if not given.witness:
        return Why.SPOKEN_WITHOUT_WITNESS
    return Why.WITNESS_IS_THE_WRITER if given.witness == given.by else None


def _is_in_another_language(session: Session, given: Grant) -> bool:
    """Tell whether the words stood in a language that the person neither chose nor writes in."""
    its = select(reports.c.locale, reports.c.language).where(reports.c.id == given.report_id)
    theirs = session.execute(its).one()
    known = {_tongue(each) for each in theirs if each not in ("", "und")}
    return _tongue(given.words_locale) not in known


def _tongue(locale: str) -> str:
    return locale.replace("_", "-").split("-")[0].lower()


def _replace(session: Session, given: Grant, at: datetime) -> None:
    """Let an older yes for the same recipient end: there is one for each."""
    its = _of_recipient(given.report_id, given.purpose, given.recipient)
    older = update(grants).where(its, grants.c.ended_day == "").values(ended_day=day(at))
    if session.execute(older).rowcount:
        later(session, Job(REVIEW, given.id))


def _of_recipient(report_id: str, purpose: str, recipient: str) -> ColumnElement[bool]:
    rows = grants.c
    return (rows.report_id == report_id) & (rows.purpose == purpose) & (rows.recipient == recipient)


def _mark(session: Session, grant_id: str, column: str, at: datetime) -> bool:
    its = (grants.c.id == grant_id, grants.c.revoked_day == "", grants.c[column] == "")
    marked = session.execute(update(grants).where(*its).values({column: day(at)}))
    return bool(marked.rowcount)


def _grant(row: RowMapping) -> Grant:
    return Grant(**{**row, "fields": tuple(row["fields"])})


COLUMNS = tuple(grants.c[name] for name in Grant.__slots__)
