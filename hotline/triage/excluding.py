"""Somebody is named whom it must not reach: kept, and what they were told already is taken back from them at once."""

from collections.abc import Collection
from datetime import datetime

from hotline import consent
from hotline.consent import ExclusionKind, excluding, granting
from hotline.consent.excluding import ASKED
from hotline.domain.report import day, hour
from hotline.reports import desk_of
from hotline.retention.asking import REPORTER
from hotline.store import Session
from hotline.triage.alerts import Kind, raise_alert
from hotline.triage.taking_back import review
from hotline.vault.keyring import Keyring


def exclude(
    session: Session,
    keyring: Keyring,
    report_id: str,
    *,
    kind: str,
    ref: str = "",
    words: str = "",
    reason: str = ASKED,
    by: str = REPORTER,
    is_cry: bool = False,
    at: datetime,
) -> str:
    """Keep whom it must not reach, and return the id; *by* is a staff id, or `REPORTER`.

    What the person says in words stops everything new until somebody has read it: the desk hears of it once a day, and
    is called where it *is_cry*.

    Raises:
        NotFound, Malformed: as for `consent.exclude`.
    """
    its_id = consent.exclude(
        session,
        keyring,
        report_id=report_id,
        kind=kind,
        ref=ref,
        words=words,
        reason=reason,
        by="" if by == REPORTER else by,
        at=at,
    )
    review(session, report_id, by=by, at=at)
    if kind == ExclusionKind.WORDS and by == REPORTER:
        _tell_desk(session, report_id, Kind.EXCLUSION_SAID, pages=is_cry, at=at)
    return its_id


def tell_of_many(session: Session, report_id: str, *, is_cry: bool, at: datetime) -> None:
    """Let the desk know of words for which there was no room; so many in a day may be of somebody else with the code."""
    if is_cry:
        _tell_desk(session, report_id, Kind.EXCLUSION_SAID, pages=True, at=at)
    standing = excluding.of_report(session, report_id)
    of_today = [one for one in standing if one.is_unread and one.day == day(at)]
    if len(of_today) >= excluding.UNREAD:
        _tell_desk(session, report_id, Kind.SOMEONE_ELSE, pages=True, at=at)


def read_words(
    session: Session,
    exclusion_id: str,
    *,
    report_id: str,
    means: Collection[tuple[str, str]],
    by: str,
    at: datetime,
) -> None:
    """Keep whom somebody at the desk takes the person's words to mean, and take back what those were told.

    Raises:
        NotFound: the report has no such exclusion in words.
    """
    excluding.read_words(session, exclusion_id, report_id=report_id, means=means, by=by, at=at)
    review(session, report_id, by=by, at=at)


def sweep(session: Session, *, at: datetime) -> list[str]:
    """Let each yes end whose last day is past, and take back what rested on it; return the leads that changed."""
    ended = granting.end_lapsed(session, at=at)
    return [lead for report_id in ended for lead in review(session, report_id, by="system", at=at)]


def _tell_desk(session: Session, report_id: str, kind: Kind, *, pages: bool, at: datetime) -> None:
    """Tell the desk once a day, to the hour, as of an erasure: the minute would be that of the person's visit."""
    raise_alert(
        session,
        desk=desk_of(session, report_id),
        kind=kind,
        at=hour(at),
        report_id=report_id,
        once=f"{report_id} {day(at)} {'called' if pages else ''}".rstrip(),
        pages=pages,
    )
