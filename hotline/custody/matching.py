"""Whether what is kept of each message still is what the log says came in, byte for byte.

Nothing is opened for it: the digests are over sealed bodies, which re-sealing does not change.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select

from hotline import audit
from hotline.store import Session
from hotline.vault.digests import LENGTH, Digests, body_digest
from hotline.vault.keyring import CONTACT, DESK
from hotline.vault.remasking import WAS
from hotline.vault.sealing import MARKS
from hotline.vault.tables import attachment_chunks, attachments, envelopes

TELLING = ("receive", "reply", "note", "typed", "copy", "cleaned", "file_said", "account_replaced")
"""The acts whose lines tell digests: those that put something into a conversation, or mask something in it."""
FILE = "file"

_Key = tuple[int, str]


class Match(StrEnum):
    """How kept bytes stand to what the log says of them."""

    SAME = "same"
    CHANGED = "changed"
    # Erased when its time came, or taken away: the log's lines on erasure tell which.
    GONE = "gone"
    # The line is purged, or never was.
    UNLOGGED = "unlogged"


@dataclass(frozen=True, slots=True)
class Part:
    """One sealed part of message *seq*: for an audience, or a file (``file1``).

    *logged* and *kept* are the first 32 hexadecimal digits of a SHA-256; *logged* has several where the log
    contradicts itself, and none where it says nothing. *is_proven* tells whether all of these lines stand under
    the checkpoint already: until then whoever can write to the database could have changed both.
    """

    seq: int
    name: str
    logged: tuple[str, ...]
    kept: str
    is_proven: bool = False

    @property
    def match(self) -> Match:
        if not self.kept:
            return Match.GONE
        if not self.logged:
            return Match.UNLOGGED
        return Match.SAME if self.logged == (self.kept,) else Match.CHANGED

    @property
    def is_file(self) -> bool:
        return self.name.startswith(FILE)


def matches(
    session: Session,
    report_id: str,
    lines: Iterable[audit.Line],
    *,
    proven: Collection[str] = (),
) -> tuple[Part, ...]:
    """Compare what is kept of a report with what its *lines* in the log say; *proven* are ids of such lines."""
    logged: dict[_Key, set[str]] = defaultdict(set)
    unproven: set[_Key] = set()
    for line in lines:
        for key, digest in _said(line):
            logged[key].add(digest)
            if line.id not in proven:
                unproven.add(key)
    _take_out_replaced(logged)
    kept = {**_bodies(session, report_id), **_files(session, report_id)}
    return tuple(
        Part(
            seq=key[0],
            name=key[1],
            logged=tuple(sorted(logged.get(key, ()))),
            kept=kept.get(key, ""),
            is_proven=key in logged and key not in unproven,
        )
        for key in sorted(logged.keys() | kept.keys())
    )


def _take_out_replaced(logged: dict[_Key, set[str]]) -> None:
    """Leave out the bodies that others took the place of, as the lines say that did it."""
    for seq in [seq for seq, name in logged if name == WAS]:
        logged[seq, DESK] -= logged.pop((seq, WAS))


def _said(line: audit.Line) -> Iterator[tuple[_Key, str]]:
    """Yield each part of a message that a line tells the digest of."""
    digests = Digests.parse(line.what) if line.did in TELLING else None
    if digests is not None:
        yield from (((digests.seq, name), digest) for name, digest in digests.bodies)


def _bodies(session: Session, report_id: str) -> dict[_Key, str]:
    rows = envelopes.c
    query = select(rows.seq, rows.audience, rows.body).where(
        rows.report_id == report_id, rows.audience.not_in((CONTACT, MARKS))
    )
    return {(row.seq, row.audience): body_digest(row.body) for row in session.execute(query)}


def _files(session: Session, report_id: str) -> dict[_Key, str]:
    """Return the digest of each file, over its sealed chunks as they lie there now."""
    rows = attachments.c
    query = select(rows.id, rows.seq, rows.number).where(rows.report_id == report_id)
    return {
        (row.seq, f"{FILE}{row.number}"): _chunks(session, row.id)
        for row in session.execute(query).all()
    }


def _chunks(session: Session, attachment_id: str) -> str:
    rows = attachment_chunks.c
    query = select(rows.sealed).where(rows.attachment_id == attachment_id).order_by(rows.number)
    whole = hashlib.sha256()
    for chunk in session.execute(query.execution_options(yield_per=16)).scalars():
        whole.update(chunk)
    return whole.hexdigest()[:LENGTH]
