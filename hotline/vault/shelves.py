"""Where everything lies that is sealed to a key period: which column names the period, which one holds the wrap."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Row, Select, Table, Update, bindparam, func, select, tuple_, update

from hotline.audit.tables import audit_log, audit_waiting
from hotline.store import Session, new_id
from hotline.vault.attachments import FileSpot
from hotline.vault.depths import IDENTITY, IDENTITY2
from hotline.vault.desk_words import desk_place
from hotline.vault.envelope import wrap_info
from hotline.vault.given import given_place
from hotline.vault.sealing import Spot
from hotline.vault.tables import attachments, desk_words, envelopes, given_words
from hotline.vault.words import words_place

_EPOCH_ID = 16

Key = tuple[Any, ...]
Info = Callable[[Row[Any], str], bytes]
"""From a row and an epoch's id to what the row's wrap in that epoch is bound to."""


@dataclass(frozen=True)
class Shelf:
    """Wraps of one kind. *keys* is the primary key, *needs* what `info` reads beside it.

    With *names_epoch* a wrap stands behind the 16 bytes of its epoch's id.

    An index goes by the epoch and then by the keys, so that a slice costs the same at the start and at the end.
    """

    table: Table
    keys: tuple[str, ...]
    needs: tuple[str, ...]
    epoch: str
    wrap: str
    info: Info
    first: Key
    somewhere: Callable[[], Key]
    names_epoch: bool = False

    def rows(self, session: Session, epoch_id: str, *, at_a_time: int) -> Iterator[Row[Any]]:
        """Yield all wraps of an epoch, from a random place to the end and then from the start: some twice.

        Two who work at once so seldom meet.
        """
        begun = self.somewhere()
        yield from self._from(session, epoch_id, begun, at_a_time)
        if begun != self.first:
            yield from self._from(session, epoch_id, self.first, at_a_time)

    def _from(
        self, session: Session, epoch_id: str, after: Key, at_a_time: int
    ) -> Iterator[Row[Any]]:
        rows: Sequence[Row[Any]] = ()
        while not rows or len(rows) == at_a_time:
            its = {f"after_{name}": value for name, value in zip(self.keys, after, strict=True)}
            its |= {"its_epoch": epoch_id, "at_most": at_a_time}
            rows = session.execute(self._slice, its).all()
            if not rows:
                return
            yield from rows
            after = self.key_of(rows[-1])

    def key_of(self, row: Row[Any]) -> Key:
        return tuple(row._mapping[name] for name in self.keys)

    def change(self, row: Row[Any], new_epoch: str, wrap: bytes) -> dict[str, Any]:
        """Return what `renew` needs to put *wrap* in the place of the row's."""
        front = bytes.fromhex(new_epoch) if self.names_epoch else b""
        return {
            **{f"its_{name}": row._mapping[name] for name in self.keys},
            "old_epoch": row._mapping[self.epoch],
            "new_epoch": new_epoch,
            "new_wrap": front + wrap,
        }

    def wrap_in(self, row: Row[Any]) -> bytes:
        front = _EPOCH_ID if self.names_epoch else 0
        return bytes(row._mapping[self.wrap][front:])

    def renew(self, session: Session, changes: Sequence[Mapping[str, Any]]) -> int:
        """Make *changes*, except where someone was faster; return how many were made."""
        return session.execute(self._renew, list(changes)).rowcount

    def counts(self, session: Session, epoch_ids: Sequence[str]) -> dict[str, int]:
        """Return how many wraps there are of each epoch that has any."""
        column = self.table.c[self.epoch]
        query = select(column, func.count()).where(column.in_(epoch_ids)).group_by(column)
        return {row[0]: row[1] for row in session.execute(query)}

    def holds(self, session: Session, epoch_id: str) -> bool:
        """Tell whether anything is sealed to an epoch."""
        column = self.table.c[self.epoch]
        query = select(column).where(column == epoch_id).limit(1)
        return session.execute(query).first() is not None

    @cached_property
    def _slice(self) -> Select[Any]:
        rows = self.table.c
        keys = [rows[name] for name in self.keys]
        after = [bindparam(f"after_{name}", type_=rows[name].type) for name in self.keys]
        wanted = dict.fromkeys((*self.keys, *self.needs, self.epoch, self.wrap))
        return (
            select(*(rows[name] for name in wanted))
            .where(rows[self.epoch] == bindparam("its_epoch"), tuple_(*keys) > tuple_(*after))
            .order_by(*keys)
            .limit(bindparam("at_most"))
        )

    @cached_property
    def _renew(self) -> Update:
        rows = self.table.c
        its = [rows[name] == bindparam(f"its_{name}") for name in self.keys]
        return (
            update(self.table)
            .where(*its, rows[self.epoch] == bindparam("old_epoch"))
            .values({self.epoch: bindparam("new_epoch"), self.wrap: bindparam("new_wrap")})
        )


def _of_message(row: Row[Any], epoch_id: str) -> bytes:
    return Spot.of(row).info(row.audience, epoch_id)


def _second_of_message(row: Row[Any], epoch_id: str) -> bytes:
    return Spot.of(row).info(IDENTITY2, epoch_id)


def _of_file(row: Row[Any], epoch_id: str) -> bytes:
    return FileSpot.of(row).info(IDENTITY, epoch_id)


def _second_of_file(row: Row[Any], epoch_id: str) -> bytes:
    return FileSpot.of(row).info(IDENTITY2, epoch_id)


def _messages(epoch: str, wrap: str, info: Info) -> Shelf:
    keys = ("report_id", "seq", "audience")
    return Shelf(
        envelopes, keys, ("desk",), epoch, wrap, info, ("", 0, ""), lambda: (new_id(), 0, "")
    )


def _files(epoch: str, wrap: str, info: Info) -> Shelf:
    needs = ("desk", "report_id", "seq", "number")
    return Shelf(attachments, ("id",), needs, epoch, wrap, info, ("",), lambda: (new_id(),))


def _words(table: Table, key: str) -> Shelf:
    needs = ("id", "desk")
    return Shelf(table, (key,), needs, "epoch_id", "wrap", _of_words, (0,), lambda: (0,), True)


def _of_words(row: Row[Any], epoch_id: str) -> bytes:
    return wrap_info(words_place(row.desk, row.id), epoch_id)


def _of_given(row: Row[Any], epoch_id: str) -> bytes:
    return wrap_info(given_place(row.desk, row.id), epoch_id)


def _given() -> Shelf:
    its = ("epoch_id", "wrap", _of_given, ("",), lambda: (new_id(),))
    return Shelf(given_words, ("id",), ("desk",), *its, names_epoch=True)


def _of_desk(row: Row[Any], epoch_id: str) -> bytes:
    return wrap_info(desk_place(row.desk, row.id), epoch_id)


def _for_desk() -> Shelf:
    its = ("epoch_id", "wrap", _of_desk, ("",), lambda: (new_id(),))
    return Shelf(desk_words, ("id",), ("desk",), *its, names_epoch=True)


SHELVES = (
    _messages("epoch_id", "wrap", _of_message),
    _messages("epoch2_id", "wrap2", _second_of_message),
    _files("epoch_id", "wrap", _of_file),
    _files("epoch2_id", "wrap2", _second_of_file),
    # Lines move from the first of these to the second.
    _words(audit_waiting, "arrival"),
    _words(audit_log, "n"),
    _given(),
    _for_desk(),
)
