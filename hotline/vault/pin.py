"""Remember, outside the database, the highest numbers seen: an older roster put back is then noticed."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from hotline.vault.keyfiles import held, write_private
from hotline.vault.roster import RosterRefused


class Mark(NamedTuple):
    """The number of a document, and its SHA-256."""

    number: int
    digest: str


class Marks(NamedTuple):
    """The delegation in force and the newest roster."""

    delegation: Mark
    roster: Mark


class Pin:
    """A small file ``{"delegation": [number, digest], "roster": [number, digest]}``."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def held(self) -> Iterator[Marks]:
        """Yield what was seen last, and let nobody else raise it meanwhile.

        Raises:
            RosterRefused: nothing was ever pinned here.
        """
        with held(self._path):
            yield self._read()

    def set(self, marks: Marks) -> None:
        """Pin *marks*; for whoever holds the pin, and for the ceremony, which begins it."""
        content = {kind: list(mark) for kind, mark in marks._asdict().items()}
        write_private(self._path, json.dumps(content).encode())

    def _read(self) -> Marks:
        try:
            pinned = json.loads(self._path.read_bytes())
            return Marks(
                *(Mark(int(pinned[kind][0]), str(pinned[kind][1])) for kind in Marks._fields)
            )
        except (OSError, ValueError, LookupError, TypeError):
            raise RosterRefused from None
