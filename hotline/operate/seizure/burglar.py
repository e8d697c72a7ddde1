"""Somebody who has a database and some keys, and opens everything that these keys open.

A burglar knows our formats as well as we do: every wrap names the key it is to, so each key that was found is tried
on each wrap, and every key that this gives is tried again.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Row, select

from hotline.audit.tables import audit_log, audit_waiting
from hotline.contact.preparing import envelopes_of
from hotline.contact.tables import call_backs, on_call, prepared_answers, rings, sends
from hotline.errors import HotlineError
from hotline.handoff.tables import handoff_links, handoff_mails, handoff_talk
from hotline.reports.tables import threads
from hotline.store import Session
from hotline.triage.tables import pagers
from hotline.vault import attachments as files
from hotline.vault.depths import IDENTITY2
from hotline.vault.desk_words import desk_place
from hotline.vault.envelope import SealBroken, open_field, unwrap_secret
from hotline.vault.epochs import EpochKeys
from hotline.vault.given import given_place
from hotline.vault.halves import joined
from hotline.vault.handed import handed_place
from hotline.vault.keys import SEED_LENGTH, PrivateKey
from hotline.vault.letters import open_letter
from hotline.vault.links import LinkKey
from hotline.vault.locks import Locks
from hotline.vault.relay import RelayKey
from hotline.vault.sealing import PREVIEW_FIELD, Spot, field_of
from hotline.vault.sessions import Cookie, find_session, keys_of
from hotline.vault.stream import open_chunks
from hotline.vault.tables import (
    attachment_chunks,
    attachments,
    desk_words,
    envelopes,
    epoch_wraps,
    given_words,
    handed_texts,
)
from hotline.vault.threads import ThreadKeys
from hotline.vault.words import open_text, open_words

_KEY_ID = slice(5, 13)
_LARGEST_KEY_FILE = 4096

_FOR_THE_WORKER = (
    *(table.c.sealed for table in (sends, on_call, rings, call_backs, pagers, handoff_mails)),
    prepared_answers.c.content,
)


class Burglar:
    """*locks* is the folder of epoch locks, or an empty one where these were not taken."""

    def __init__(self, session: Session, locks: Path) -> None:
        self._session = session
        self._locks = Locks(locks)
        self._keys: dict[bytes, PrivateKey] = {}
        self._wraps: dict[bytes, list[tuple[str, str]]] = {}
        for row in session.execute(select(epoch_wraps)):
            with suppress(HotlineError):
                wrap = self._locks.open(row.wrap, epoch_id=row.epoch_id, member_id=row.member_id)
                self._wraps.setdefault(wrap[_KEY_ID], []).append((row.epoch_id, row.member_id))

    def finds(self, private: PrivateKey) -> None:
        """Try *private*, and every epoch's key that it gives, from now on."""
        if private.public.id in self._keys:
            return
        self._keys[private.public.id] = private
        for epoch_id, owner_id in self._wraps.get(private.public.id, ()):
            with suppress(HotlineError):
                epoch = EpochKeys(owner_id, private, self._locks).get(self._session, epoch_id)
                self._keys[epoch.public.id] = epoch

    def finds_file(self, content: bytes) -> None:
        """Try every 32 bytes of a small file as a key."""
        if len(content) <= _LARGEST_KEY_FILE:
            for start in range(len(content) - SEED_LENGTH + 1):
                self.finds(PrivateKey(content[start : start + SEED_LENGTH]))

    def finds_cookie(self, text: str) -> bool:
        """Take a member's keys out of the session that a cookie belongs to; tell whether that worked."""
        cookie = Cookie(text)
        row = find_session(self._session, cookie)
        keys = None if row is None else keys_of(row, cookie)
        if keys is None:
            return False
        self.finds(keys.private)
        return True

    @property
    def seeds(self) -> list[bytes]:
        """The private keys in hand."""
        return [private.seed for private in self._keys.values()]

    def opens(self) -> Iterator[bytes]:
        """Yield everything that the keys in hand open."""
        for row in self._session.execute(select(envelopes)):
            yield from self._envelope(row)
        for row in self._session.execute(select(attachments)).all():
            yield from self._file(row)
        for column in _FOR_THE_WORKER:
            yield from self._sealed_for_the_worker(column)
        yield from self._prepared()
        yield from self._linked()
        yield from self._words()
        yield from self._given()
        yield from self._handed()

    def _sealed_for_the_worker(self, column: Column[Any]) -> Iterator[bytes]:
        waits = select(column).where(column.is_not(None))
        for sealed in self._session.execute(waits).scalars():
            for private in self._keys.values():
                with suppress(HotlineError):
                    yield RelayKey(private).open(sealed)

    def guesses(self, thread_keys: Path, numbers: Iterable[tuple[str, str, str]]) -> Iterator[str]:
        """Yield each of *numbers* (channel, line, number) that a thread belongs to, by the thread keys."""
        keys = ThreadKeys(thread_keys)
        known = set(self._session.execute(select(threads.c.token)).scalars())
        for channel, line, number in numbers:
            if any(ticket.token in known for ticket in keys.tickets(channel, line, number)):
                yield number

    def _secret(self, wrap: bytes | None, info: bytes) -> bytes | None:
        private = None if wrap is None else self._keys.get(wrap[_KEY_ID])
        if wrap is None or private is None:
            return None
        try:
            return unwrap_secret(wrap, private, info=info)
        except SealBroken:
            return None

    def _envelope(self, row: Any) -> Iterator[bytes]:
        spot = Spot.of(row)
        secret = self._secret(row.wrap, spot.info(row.audience, row.epoch_id))
        if row.wrap2 is not None and secret is not None:
            second = self._secret(row.wrap2, spot.info(IDENTITY2, row.epoch2_id))
            secret = None if second is None else joined(secret, second)
        if secret is None:
            return
        with suppress(SealBroken):
            yield open_field(secret, row.body, spot.place(field_of(row.audience)))
        if row.preview is not None:
            with suppress(SealBroken):
                yield open_field(secret, row.preview, spot.place(PREVIEW_FIELD))

    def _file(self, row: Row[Any]) -> Iterator[bytes]:
        spot = files.FileSpot.of(row)
        secret = self._secret(row.wrap, spot.info("identity", row.epoch_id))
        if row.wrap2 is not None and secret is not None:
            second = self._secret(row.wrap2, spot.info("identity2", row.epoch2_id))
            secret = None if second is None else joined(secret, second)
        if secret is None:
            return
        with suppress(SealBroken):
            plain = open_field(secret, row.head, spot.place(files.HEAD))
            yield plain
            head = files.Head.from_json(plain, its_id=row.id, number=row.number)
            query = select(attachment_chunks.c.sealed).order_by(attachment_chunks.c.number)
            mine = query.where(attachment_chunks.c.attachment_id == row.id)
            chunks = self._session.execute(mine).scalars().all()
            yield from open_chunks(secret, files.stream_place(row.id), chunks, size=head.size)

    def _prepared(self) -> Iterator[bytes]:
        """Yield the answers that wait until a service has accepted."""
        for row in self._session.execute(select(prepared_answers)).all():
            for envelope in envelopes_of(row):
                yield from self._envelope(envelope)

    def _linked(self) -> Iterator[bytes]:
        """Yield what is sealed to the links of services, as far as a key in hand is one of theirs."""
        packets = select(handoff_links.c.sealed).where(handoff_links.c.sealed.is_not(None))
        said = select(handoff_talk.c.id, handoff_talk.c.sealed).where(
            handoff_talk.c.sealed.is_not(None)
        )
        for seed in self.seeds:
            key = LinkKey(seed)
            for sealed in self._session.scalars(packets):
                with suppress(HotlineError):
                    yield key.open(sealed)
            for row in self._session.execute(said):
                with suppress(HotlineError):
                    yield key.open_letter(row.sealed, row.id)

    def _words(self) -> Iterator[bytes]:
        """Yield the sealed words of the log."""
        for table in (audit_log, audit_waiting):
            for row in self._session.execute(select(table).where(table.c.epoch_id != "")).all():
                epochs = _Found(self._keys.get(row.wrap[16:][_KEY_ID]))
                with suppress(HotlineError):
                    sealed = row.wrap + row.sealed
                    its = {"desk": row.desk, "line_id": row.id, "sealed": sealed}
                    yield open_words(self._session, epochs, **its).encode()  # type: ignore[arg-type]

    def _given(self) -> Iterator[bytes]:
        """Yield the words that were given back and wait for a decision, and those that staff write for their desk."""
        for table, place_of in ((given_words, given_place), (desk_words, desk_place)):
            for row in self._session.execute(select(table)).all():
                epochs = _Found(self._keys.get(row.wrap[16:][_KEY_ID]))
                place, sealed = place_of(row.desk, row.id), row.wrap + row.sealed
                with suppress(HotlineError):
                    yield open_text(self._session, epochs, place, sealed).encode()  # type: ignore[arg-type]

    def _handed(self) -> Iterator[bytes]:
        """Yield what was handed to interpreters."""
        for row in self._session.execute(select(handed_texts)).all():
            place = handed_place(row.desk, row.report_id, row.work_id, row.kind, row.seq)
            private = self._keys.get(row.sealed[_KEY_ID])
            if private is not None:
                with suppress(SealBroken):
                    yield open_letter(private, row.sealed, place, reader=row.member_id)


class _Found:
    """Stands where a member's epoch keys would: the one key that a line names, if it is in hand."""

    def __init__(self, private: PrivateKey | None) -> None:
        self._private = private

    def get(self, _session: Session, _epoch_id: str) -> PrivateKey:
        if self._private is None:
            raise SealBroken
        return self._private
