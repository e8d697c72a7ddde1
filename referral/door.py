"""Who may read the directory over HTTP: everybody, or who shows a token."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True, repr=False)
class Door:
    """Keeps the hashes of tokens alone; without any the directory is public.

    *origin* is where the directory is reached, such as ``https://line.example``; empty: as the request says.
    """

    hashes: frozenset[bytes] = frozenset()
    origin: str = ""

    @classmethod
    def of(cls, tokens: Iterable[str], *, origin: str = "") -> Self:
        return cls(frozenset(map(_hash, tokens)), origin)

    @property
    def is_public(self) -> bool:
        return not self.hashes

    def lets_in(self, authorization: str) -> bool:
        """Say whether the header *authorization* may read. Hashes are looked up, so that no time tells of a token."""
        scheme, _, token = authorization.partition(" ")
        shown = scheme.lower() == "bearer" and _hash(token.strip()) in self.hashes
        return self.is_public or shown


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
