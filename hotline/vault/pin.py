"""Remember, outside the database, the highest numbers seen: an older roster put back is then noticed."""

import hashlib
import json
from pathlib import Path

from hotline.vault.keyfiles import held, write_private
from hotline.vault.roster import RosterRefused, Signed

_KINDS = ("delegation", "roster")
_Mark = tuple[int, str]
"""The number of a document, and its SHA-256."""


class Pin:
    """A small file ``{"delegation": [number, digest], "roster": [number, digest]}``."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def admit(self, delegation: Signed, roster: Signed) -> None:
        """Raise the pin to these two.

        Raises:
            RosterRefused: one is older than what was seen, or another document under the same number, or
                nothing was ever pinned here.
        """
        with held(self._path):
            pinned = self._read()
            seen = {"delegation": _mark(delegation), "roster": _mark(roster)}
            for kind, (number, digest) in seen.items():
                known_number, known_digest = pinned[kind]
                if number < known_number or (number == known_number and digest != known_digest):
                    raise RosterRefused
            if seen != pinned:
                self._write(seen)

    def begin(self, delegation: Signed, roster: Signed) -> None:
        """Pin the first two documents of a house; only the ceremony does so."""
        self._write({"delegation": _mark(delegation), "roster": _mark(roster)})

    def _read(self) -> dict[str, _Mark]:
        try:
            pinned = json.loads(self._path.read_bytes())
            return {kind: (int(pinned[kind][0]), str(pinned[kind][1])) for kind in _KINDS}
        except (OSError, ValueError, LookupError, TypeError):
            raise RosterRefused from None

    def _write(self, seen: dict[str, _Mark]) -> None:
        write_private(self._path, json.dumps(seen).encode())


def _mark(signed: Signed) -> _Mark:
    return signed.number, hashlib.sha256(signed.body).hexdigest()
