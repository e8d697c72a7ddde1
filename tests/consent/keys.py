"""A keyring of one desk for tests of rows: what is sealed to it nobody opens."""

from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

from hotline.vault.keyring import Keyring
from hotline.vault.keys import PrivateKey


@dataclass(frozen=True)
class OneDesk:
    public: Any

    def current(self, _desk: str, _depth: str) -> SimpleNamespace:
        return SimpleNamespace(id="0f" * 16, public=self.public)


@cache
def keyring() -> Keyring:
    return cast(Keyring, OneDesk(PrivateKey.fresh().public))
