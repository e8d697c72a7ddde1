"""Cut the secret of an identity in two, so that nobody at a desk with four eyes opens it alone.

One half is random, the other is the secret XOR that half: each alone says nothing of the secret. The first is
wrapped to the desk's *identity* epoch, the second to its *identity2* epoch, whose keys no member holds both of.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from hotline.vault.depths import IDENTITY, IDENTITY2, SECOND_HALF
from hotline.vault.envelope import SECRET_LENGTH, SealBroken, wrap_secret
from hotline.vault.keyring import Keyring

Info = Callable[[str, str], bytes]
"""From a depth and an epoch's id to what a wrap is bound to."""


@dataclass(frozen=True, slots=True)
class Wraps:
    """The secret of an identity as it is kept; without *epoch2_id* the first wrap holds it whole."""

    epoch_id: str
    wrap: bytes = field(repr=False)
    epoch2_id: str | None = None
    wrap2: bytes | None = field(default=None, repr=False)


class HeldWrap(NamedTuple):
    """The wrap that somebody can open: of which depth, to the key of which period."""

    depth: str
    epoch_id: str
    wrap: bytes


def held_wrap(row: Any, half: str) -> HeldWrap:
    """Return what somebody who holds *half* opens of a kept secret; without four eyes that is the whole of it."""
    if row.wrap2 is not None and half == SECOND_HALF:
        return HeldWrap(IDENTITY2, row.epoch2_id, row.wrap2)
    return HeldWrap(IDENTITY, row.epoch_id, row.wrap)


def cut(secret: bytes) -> tuple[bytes, bytes]:
    """Return two halves of *secret*."""
    first = secrets.token_bytes(SECRET_LENGTH)
    return first, joined(secret, first)


def joined(first: bytes, second: bytes) -> bytes:
    """Return the secret that the two halves make, or one half from the secret and the other.

    Raises:
        SealBroken: one of them is not a half.
    """
    if not len(first) == len(second) == SECRET_LENGTH:
        raise SealBroken
    return bytes(one ^ other for one, other in zip(first, second, strict=True))


def wrap_identity(keyring: Keyring, desk: str, secret: bytes, info: Info) -> Wraps:
    """Wrap *secret* to those of *desk* who may reveal: whole, or a half each where four eyes are asked for.

    Raises:
        NotFound: there is no such desk.
    """
    epoch = keyring.current(desk, IDENTITY)
    if not keyring.desk(desk).four_eyes:
        wrap = wrap_secret(secret, epoch.public, info=info(IDENTITY, epoch.id))
        return Wraps(epoch.id, wrap)
    epoch2 = keyring.current(desk, IDENTITY2)
    first, second = cut(secret)
    return Wraps(
        epoch.id,
        wrap_secret(first, epoch.public, info=info(IDENTITY, epoch.id)),
        epoch2.id,
        wrap_secret(second, epoch2.public, info=info(IDENTITY2, epoch2.id)),
    )
