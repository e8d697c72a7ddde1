"""What the provider has and we want: asked for once, fetched by a job, and known here only sealed to the relay key.

The provider's id must not lie beside a report, so a wish tells neither: what it is for opens to the worker alone.
"""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Table, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hotline import audit
from hotline.contact.tables import pictures, recordings
from hotline.errors import Malformed
from hotline.jobs import Job, jobs, later
from hotline.reports.tables import messages, reports
from hotline.store import Session, Store, new_id
from hotline.vault.attachments import Attachment
from hotline.vault.envelope import SealBroken
from hotline.vault.keys import PublicKey
from hotline.vault.relay import RelayKey, seal_for_relay
from hotline.vault.seen import seen_key

FETCHING, LEFT_OUT = "fetching", "left_out"
"""What stands as the state of a reporter's message: its files are on their way; one of them is not kept."""

_MANY = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the provider calls *provider_id*, which belongs to a message of ours; asked for *since* then."""

    provider_id: str = field(repr=False)
    report_id: str
    seq: int
    since: datetime | None = None


@dataclass(frozen=True)
class Wishes:
    """What of one kind is wanted: the *table* of wishes, and the *job* that fulfils one."""

    table: Table
    job: str

    def add(self, session: Session, relay_public: PublicKey, wanted: Wanted, at: datetime) -> bool:
        """Ask, if *session* commits, that it be fetched; tell whether nobody had asked.

        The message is there already: it says that something is on its way.
        """
        ref, rows = new_id(), self.table.c
        dialect = postgresql if session.dialect.name == "postgresql" else sqlite
        wish = dialect.insert(self.table).values(
            id=ref,
            id_hash=seen_key(wanted.provider_id),
            sealed=seal_for_relay(relay_public, self._sealed_as(wanted)),
            since=at,
        )
        if session.execute(wish.on_conflict_do_nothing().returning(rows.id)).first() is None:
            return False
        note(session, wanted, FETCHING)
        later(session, Job(self.job, ref, at))
        return True

    def ask_again(self, session: Session) -> None:
        """Ask for what no job stands for any more."""
        rows = self.table.c
        lost = select(rows.id).where(rows.id.not_in(select(jobs.c.ref))).limit(_MANY)
        for ref in session.execute(lost).scalars().all():
            later(session, Job(self.job, ref))

    def wait(self, session: Session, ref: str, *, until: datetime) -> None:
        """Let a wish that cannot be fulfilled now come back then, unless its job does so already."""
        rows = jobs.c
        waits = select(rows.id).where(rows.ref == ref, rows.claimed_until.is_(None))
        if session.execute(waits.limit(1)).first() is None:
            later(session, Job(self.job, ref, until))

    def open(self, store: Store, relay: RelayKey, ref: str) -> Wanted | None:
        """Return what is wanted; nothing where it was fetched, or where nobody can say any more what it was."""
        with store.read() as session:
            rows = self.table.c
            query = select(rows.sealed, rows.since).where(rows.id == ref)
            wish = session.execute(query).one_or_none()
        if wish is None:
            return None
        try:
            return replace(self._read(relay.open(wish.sealed)), since=wish.since)
        except (SealBroken, Malformed, ValueError):
            # The provider's list will show what nobody waits for.
            store.write(lambda session: self.take(session, ref))
            return None

    def take(self, session: Session, ref: str) -> bool:
        """Take a wish out of the table, and tell whether it still was there."""
        return session.execute(delete(self.table).where(self.table.c.id == ref)).rowcount == 1

    def among(self, session: Session, provider_ids: set[str]) -> set[str]:
        """Return those of *provider_ids* that are waited for."""
        hashes = {seen_key(one): one for one in provider_ids}
        query = select(self.table.c.id_hash).where(self.table.c.id_hash.in_(list(hashes)))
        return {hashes[bytes(row)] for row in session.execute(query).scalars()}

    def count(self, session: Session) -> tuple[int, datetime | None]:
        """Return how many are waited for, and since when."""
        row = session.execute(select(func.count(), func.min(self.table.c.since))).one()
        return row[0], row[1]

    def _sealed_as(self, wanted: Wanted) -> bytes:
        its = [self.table.name, wanted.provider_id, wanted.report_id, wanted.seq]
        return json.dumps(its).encode()

    def _read(self, plain: bytes) -> Wanted:
        """Read what `_sealed_as` wrote.

        Raises:
            Malformed: it is something else that was sealed for the worker.
        """
        match json.loads(plain):
            case [mark, str(provider_id), str(report_id), int(seq)] if mark == self.table.name:
                return Wanted(provider_id, report_id, seq)
        raise Malformed


PICTURES = Wishes(pictures, "fetch_picture")
RECORDINGS = Wishes(recordings, "fetch_recording")


def desk_of(store: Store, wanted: Wanted) -> str:
    """Return whose report the message belongs to; nothing when it was erased."""
    said = messages.c
    query = (
        select(reports.c.desk)
        .join(messages, said.report_id == reports.c.id)
        .where(said.report_id == wanted.report_id, said.seq == wanted.seq)
    )
    with store.read() as session:
        return session.execute(query).scalar_one_or_none() or ""


def note(session: Session, wanted: Wanted, state: str) -> bool:
    """Say what is with the files of a message; tell whether there is one."""
    rows = messages.c
    mine = (rows.report_id == wanted.report_id) & (rows.seq == wanted.seq)
    return session.execute(update(messages).where(mine).values(state=state)).rowcount == 1


def write_down(session: Session, file: Attachment, *, at: datetime) -> None:
    """Enter in the log which bytes came in."""
    audit.record(
        session,
        at=at,
        who="system",
        did="receive",
        desk=file.spot.desk,
        report_id=file.spot.report_id,
        what=file.digest_line,
    )
