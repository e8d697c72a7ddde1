"""Reports and leads that share what points to the alleged: a plate, a number, an account, a page.

A caseworker writes a selector down; it is sealed to the desk, with a keyed token beside it (`vault.selectors`), and only
a session that opens the one can make the other. It moves nothing and leaves with no lead by itself. What is shared is not
how many told it: one person on three channels is one source.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select

from hotline import audit
from hotline.domain.report import day
from hotline.domain.selector import LONGEST, Kind, same
from hotline.errors import Malformed, NotFound
from hotline.reports import reports
from hotline.reports.joined import family
from hotline.store import Session, new_id
from hotline.triage.access import require_seen, seen_by
from hotline.triage.tables import selectors
from hotline.vault.desk_words import drop_words, keep_words, open_words_of
from hotline.vault.envelope import SealBroken
from hotline.vault.keyring import DESK, Keyring
from hotline.vault.opening import Keyholder
from hotline.vault.selectors import selector_token

MOST = 30
"""Selectors that one report may have."""
_SHOWN, _EPOCHS = 50, 60


class TooMany(Malformed):
    default_message = "this report has as many as it may have"


@dataclass(frozen=True, slots=True, repr=False)
class Selector:
    """One that was written down for a report. *text* is empty where its seal is broken."""

    id: str
    kind: str
    text: str
    by: str
    day: str


@dataclass(frozen=True, slots=True)
class Sharing:
    """Another report that has one of the selectors, and since which *day* it does."""

    report_id: str
    kinds: tuple[str, ...]
    day: str
    status: str


def note(
    session: Session,
    report_id: str,
    *,
    keyring: Keyring,
    keyholder: Keyholder,
    kind: Kind,
    text: str,
    at: datetime,
) -> str:
    """Write down a selector of the alleged for a report; return its id, or that of the same one which is there already.

    Raises:
        NotFound: the desk has no such report, or *keyholder* may not see it.
        SelectorTooShort, TooMany: it is not kept.
    """
    desk, by = keyholder.desk, keyholder.staff_id
    require_seen(session, report_id, desk=desk, staff_id=by)
    epoch_id = keyring.current(desk, DESK).id
    token = selector_token(session, keyholder, epoch_id, kind, same(kind, text))
    its = session.execute(select(selectors).where(selectors.c.report_id == report_id)).all()
    there = next((row.id for row in its if row.token == token), None)
    if there:
        return str(there)
    if len(its) >= MOST:
        raise TooMany(ref=report_id)
    row = {
        "id": new_id(),
        "report_id": report_id,
        "desk": desk,
        "kind": kind,
        "token": token,
        "epoch_id": epoch_id,
        "by": by,
        "day": day(at),
    }
    session.execute(insert(selectors).values(row))
    keep_words(
        session, keyring, str(row["id"]), text.strip()[:LONGEST], desk=desk, report_id=report_id
    )
    _write_down(session, "selector_noted", report_id, kind, desk=desk, by=by, at=at)
    return str(row["id"])


def drop(
    session: Session, report_id: str, *, selector_id: str, desk: str, by: str, at: datetime
) -> None:
    """Take a selector off a report.

    Raises:
        NotFound: the report has no such one, or *by* may not see it.
    """
    require_seen(session, report_id, desk=desk, staff_id=by)
    rows = selectors.c
    its = (rows.id == selector_id, rows.report_id == report_id)
    kind = session.execute(select(rows.kind).where(*its)).scalar_one_or_none()
    if kind is None:
        raise NotFound(ref=report_id)
    session.execute(delete(selectors).where(*its))
    drop_words(session, [selector_id])
    _write_down(session, "selector_dropped", report_id, kind, desk=desk, by=by, at=at)


def of_report(session: Session, keyholder: Keyholder, report_id: str) -> tuple[Selector, ...]:
    """Return the selectors of a report, the first that was written down first."""
    rows = selectors.c
    query = select(rows.id, rows.kind, rows.by, rows.day).where(rows.report_id == report_id)
    found = session.execute(query.order_by(rows.day, rows.id)).all()
    words = open_words_of(session, keyholder, [row.id for row in found]) if found else {}
    return tuple(
        Selector(row.id, row.kind, words.get(row.id, ""), row.by, row.day) for row in found
    )


def sharing(
    session: Session, keyholder: Keyholder, report_id: str, its: tuple[Selector, ...]
) -> tuple[Sharing, ...]:
    """Return the reports of other people that have one of *its* selectors and that *keyholder* may see, the latest first."""
    tokens = _tokens(session, keyholder, its)
    if not tokens:
        return ()
    rows, me = selectors.c, keyholder.staff_id
    found = session.execute(
        select(rows.report_id, rows.kind, rows.day, reports.c.status)
        .join(reports, reports.c.id == rows.report_id)
        .where(rows.token.in_(list(tokens)), rows.report_id.not_in(family(session, report_id)))
        .where(rows.desk == keyholder.desk, seen_by(me))
        .order_by(rows.day.desc(), rows.report_id)
        .limit(_SHOWN)
    )
    kinds: dict[str, Sharing] = {}
    for row in found:
        before = kinds.get(row.report_id)
        all_kinds = sorted({*(before.kinds if before else ()), row.kind})
        since = min(row.day, before.day) if before else row.day
        kinds[row.report_id] = Sharing(row.report_id, tuple(all_kinds), since, row.status)
    return tuple(kinds.values())


def forget(session: Session, report_id: str) -> None:
    """Delete the selectors of a report; their words go with all words of the desk about it."""
    session.execute(delete(selectors).where(selectors.c.report_id == report_id))


def _tokens(
    session: Session, keyholder: Keyholder, its: tuple[Selector, ...]
) -> Mapping[bytes, str]:
    """Return the tokens of *its* under each epoch of the desk that some selector was written down in."""
    if not its:
        return {}
    epochs = select(selectors.c.epoch_id).where(selectors.c.desk == keyholder.desk).distinct()
    found: dict[bytes, str] = {}
    for epoch_id in session.execute(epochs.limit(_EPOCHS)).scalars():
        with suppress(SealBroken):
            for one in its:
                if one.text:
                    form = same(Kind(one.kind), one.text)
                    token = selector_token(session, keyholder, epoch_id, one.kind, form)
                    found[token] = one.kind
    return found


def _write_down(
    session: Session, did: str, report_id: str, kind: str, *, desk: str, by: str, at: datetime
) -> None:
    audit.record(session, at=at, who=by, did=did, desk=desk, report_id=report_id, what=kind)
