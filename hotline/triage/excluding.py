"""Somebody is named whom it must not reach: kept, and what they were told already is taken back from them at once."""

from collections.abc import Collection
from datetime import datetime

from hotline import consent
from hotline.consent import ExclusionKind, excluding, granting
from hotline.consent.excluding import ASKED, INVOLVED, Exclusion
from hotline.domain.report import day, hour
from hotline.errors import NotFound, Refused
from hotline.reports import desk_of
from hotline.retention.asking import REPORTER
from hotline.store import Session
from hotline.triage.alerts import Kind, raise_alert
from hotline.triage.course import said
from hotline.triage.taking_back import review
from hotline.vault.keyring import Keyring
from hotline.vault.words import write_down


class SomebodyElse(Refused):
    default_message = "an official is involved: a supervisor who did not write it down decides"


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
    oversees: bool = False,
    at: datetime,
) -> None:
    """Keep whom somebody at the desk takes the person's words to mean, and take back what those were told.

    Who reads them anew, and lets somebody out, has that looked at, as if it were lifted.

    Raises:
        NotFound: the report has no such exclusion in words.
        SomebodyElse: as for `lift`.
    """
    standing = excluding.of_report(session, report_id)
    before = [one for one in standing if one.meant_by == exclusion_id]
    freed = {(one.kind, one.ref) for one in before} - set(means)
    if freed:
        its = [one for one in standing if one.id == exclusion_id]
        _see_that_may_lift([*its, *before], by, oversees)
    excluding.read_words(session, exclusion_id, report_id=report_id, means=means, by=by, at=at)
    if freed:
        _have_looked_at(session, report_id, by, at)
    review(session, report_id, by=by, at=at)


def lift(
    session: Session,
    keyring: Keyring,
    exclusion_id: str,
    *,
    report_id: str,
    by: str,
    why: str,
    oversees: bool,
    at: datetime,
) -> None:
    """Lift it and keep why, sealed, and have a supervisor look at it; what was taken back meanwhile stays so.

    Raises:
        ReasonMissing: *why* is empty.
        NotFound: the report has no such exclusion.
        SomebodyElse: an official is involved, and *by* wrote that down, or does not oversee the desk.
    """
    reason = said(why)
    standing = excluding.of_report(session, report_id)
    _see_that_may_lift(_with_parents(standing, exclusion_id), by, oversees)
    if not excluding.lift(session, exclusion_id, report_id=report_id, by=by, at=at):
        raise NotFound(ref=exclusion_id)
    write_down(
        session,
        keyring,
        at=at,
        who=by,
        did="exclusion_lifted_why",
        desk=desk_of(session, report_id),
        report_id=report_id,
        what=exclusion_id,
        words=reason,
    )
    _have_looked_at(session, report_id, by, at)


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


def _with_parents(standing: Collection[Exclusion], exclusion_id: str) -> list[Exclusion]:
    """Return an exclusion, and the words from which it was read."""
    found = [one for one in standing if one.id == exclusion_id]
    return found + [one for one in standing if one.id in [each.meant_by for each in found]]


def _see_that_may_lift(its: Collection[Exclusion], by: str, oversees: bool) -> None:
    is_involved = any(one.reason == INVOLVED for one in its)
    if is_involved and (not oversees or by in [one.by for one in its]):
        raise SomebodyElse


def _have_looked_at(session: Session, report_id: str, by: str, at: datetime) -> None:
    raise_alert(
        session,
        desk=desk_of(session, report_id),
        kind=Kind.EXCLUSION_LIFTED,
        at=at,
        report_id=report_id,
        who=by,
    )
