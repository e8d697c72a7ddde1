"""Whom it must not reach: named by the person, or because an official of theirs is in it.

What a person says in their own words ("no one in my town") no machine can read. It stops everything new until somebody
at the desk has read it and said whom it means.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from hotline.consent.case import ERASURE, ExclusionKind
from hotline.consent.noting import note
from hotline.consent.sealing import seal, unseal
from hotline.consent.tables import exclusions
from hotline.domain.report import day
from hotline.errors import Malformed, NotFound
from hotline.reports.belonging import lock
from hotline.store import Session, new_id
from hotline.vault.keyring import Keyring
from hotline.vault.opening import Keyholder

ASKED, INVOLVED = "asked", "involved"
"""Why somebody is excluded: the person named them, or an official of theirs is in it."""

LONGEST = 2000
MOST = 50
"""So many stand beside a report at most; what is said beyond that belongs into the account."""

UNREAD = 5
"""So many that the person said in words wait to be read at most: a caseworker must get through them."""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """One exclusion. *meant_by* is the one in words from which it was read; *read_day* is empty while nobody read it."""

    id: str
    report_id: str
    kind: str
    ref: str
    reason: str
    meant_by: str
    by: str
    day: str
    read_day: str
    lifted_day: str

    @property
    def is_unread(self) -> bool:
        return self.kind == ExclusionKind.WORDS and not self.read_day


def exclude(
    session: Session,
    keyring: Keyring,
    *,
    report_id: str,
    kind: str,
    ref: str = "",
    words: str = "",
    reason: str = ASKED,
    by: str = "",
    at: datetime,
) -> str:
    """Keep whom it must not reach, and return the id; who names the same again gets the one there is.

    Whoever calls it must have what was let out looked through (`triage.excluding`).

    Raises:
        NotFound: there is no such report.
        Malformed: it names nobody, or too many were named already.
    """
    desk = lock(session, report_id)
    kind, words = ExclusionKind(kind), words.strip()[:LONGEST]
    is_in_words = kind is ExclusionKind.WORDS
    if bool(words) != is_in_words or bool(ref) == (is_in_words or kind is ExclusionKind.EVERYONE):
        raise Malformed(ref=report_id)
    standing = of_report(session, report_id)
    same = [one.id for one in standing if (one.kind, one.ref, one.reason) == (kind, ref, reason)]
    if same and not is_in_words:
        return same[0]
    if len(standing) >= MOST:
        raise Malformed(ref=report_id)
    its_id = new_id()
    sealed = seal(keyring, desk, its_id, words) if words else b""
    _keep(session, its_id, report_id, kind, ref, reason, sealed, "", by, at)
    note(session, "excluded", report_id, its_id, by=by, at=at)
    return its_id


def read_words(
    session: Session,
    exclusion_id: str,
    *,
    report_id: str,
    means: Collection[tuple[str, str]],
    by: str,
    at: datetime,
) -> None:
    """Keep whom somebody at the desk takes the person's words to mean: pairs of kind and id, or nobody whom we know.

    Raises:
        NotFound: the report has no such exclusion in words.
    """
    lock(session, report_id)
    found = next((one for one in of_report(session, report_id) if one.id == exclusion_id), None)
    if found is None or found.kind != ExclusionKind.WORDS:
        raise NotFound(ref=exclusion_id)
    rows = exclusions.c
    session.execute(
        update(exclusions)
        .where(rows.meant_by == exclusion_id, rows.lifted_day == "")
        .values(lifted_day=day(at))
    )
    for kind, ref in sorted(set(means)):
        _keep(
            session,
            new_id(),
            report_id,
            ExclusionKind(kind),
            ref,
            found.reason,
            b"",
            found.id,
            by,
            at,
        )
    session.execute(update(exclusions).where(rows.id == exclusion_id).values(read_day=day(at)))
    note(session, "exclusion_read", report_id, exclusion_id, by=by, at=at)


def lift(session: Session, exclusion_id: str, *, report_id: str, by: str, at: datetime) -> bool:
    """Lift an exclusion, and what was read from it: the person says so. Tell whether there was one."""
    lock(session, report_id)
    rows = exclusions.c
    its = (rows.id == exclusion_id) | (rows.meant_by == exclusion_id)
    lifted = session.execute(
        update(exclusions)
        .where(rows.report_id == report_id, its, rows.lifted_day == "")
        .values(lifted_day=day(at))
    )
    if lifted.rowcount:
        note(session, "exclusion_lifted", report_id, exclusion_id, by=by, at=at)
    return bool(lifted.rowcount)


def stop(session: Session, report_id: str, *, at: datetime) -> None:
    """Let nothing of a report leave any more: its erasure is asked for."""
    lock(session, report_id)
    _keep(session, new_id(), report_id, ExclusionKind.EVERYONE, "", ERASURE, b"", "", "", at)


def go_on(session: Session, report_id: str, *, at: datetime) -> None:
    """Undo `stop`: the person took back that they want it erased."""
    rows = exclusions.c
    its = (rows.report_id == report_id, rows.reason == ERASURE, rows.lifted_day == "")
    session.execute(update(exclusions).where(*its).values(lifted_day=day(at)))


def of_report(session: Session, report_id: str) -> list[Exclusion]:
    """Return whom it must not reach, as it stands now, oldest first; at most `MOST` and what was read from them."""
    rows = exclusions.c
    query = select(*COLUMNS).where(
        rows.report_id == report_id, rows.lifted_day == "", rows.reason != ERASURE
    )
    found = session.execute(query.order_by(rows.day, rows.id).limit(20 * MOST))
    return [Exclusion(*row) for row in found]


def takes_more(session: Session, report_id: str) -> bool:
    """Tell whether more words of the person may stand beside a report; else they belong into the account alone."""
    standing = of_report(session, report_id)
    return len(standing) < MOST and sum(one.is_unread for one in standing) < UNREAD


def open_words(session: Session, keyholder: Keyholder, exclusion_id: str) -> str:
    """Return whom the person named, in their words.

    Raises:
        NotFound: there is no such exclusion.
        SealBroken: it is not for this keyholder.
    """
    its = select(exclusions.c.words_sealed).where(exclusions.c.id == exclusion_id)
    sealed = session.execute(its).scalar_one_or_none()
    if sealed is None:
        raise NotFound(ref=exclusion_id)
    return unseal(session, keyholder, exclusion_id, sealed)


def forget(session: Session, report_id: str) -> None:
    session.execute(delete(exclusions).where(exclusions.c.report_id == report_id))


def _keep(
    session: Session,
    its_id: str,
    report_id: str,
    kind: ExclusionKind,
    ref: str,
    reason: str,
    sealed: bytes,
    meant_by: str,
    by: str,
    at: datetime,
) -> None:
    row = {
        "id": its_id,
        "report_id": report_id,
        "kind": kind.value,
        "ref": ref,
        "reason": reason,
        "words_sealed": sealed,
        "meant_by": meant_by,
        "by": by,
        "day": day(at),
        # Whoever works at the desk knows whom they mean.
        "read_day": day(at) if by else "",
        "lifted_day": "",
    }
    session.execute(insert(exclusions), row)


COLUMNS = tuple(exclusions.c[name] for name in Exclusion.__slots__)
