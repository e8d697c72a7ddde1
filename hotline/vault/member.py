"""What a member of staff holds: two private keys and a TOTP secret, sealed under the passphrase.

One Argon2id result gives, through HKDF, a verifier that is kept and keys that are not; so what is kept to check
a passphrase opens nothing.
"""

import hmac
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hotline.domain.staff import Role
from hotline.store import new_id
from hotline.vault.argon import Cost, Stretcher
from hotline.vault.envelope import Place, Purpose, SealBroken, derive, open_field, seal_field
from hotline.vault.keys import SEED_LENGTH, PrivateKey
from hotline.vault.roster import MemberEntry
from hotline.vault.totp import new_totp_secret

SALT_LENGTH = 16
KEYS_LENGTH = SEED_LENGTH + 32
PASSPHRASE_COLUMNS = (
    "salt",
    "memory",
    "passes",
    "lanes",
    "verifier",
    "keys_sealed",
    "totp_sealed",
)
_LONGEST = 1000
"""Characters that are read of a name or a passphrase: putting the marks of half a million in order takes minutes."""


class MemberKeys:
    """The private keys of one member: one opens, one signs."""

    __slots__ = ("private", "raw")

    def __init__(self, raw: bytes) -> None:
        if len(raw) != KEYS_LENGTH:
            raise SealBroken
        self.raw = raw
        self.private = PrivateKey(raw[:SEED_LENGTH])

    @classmethod
    def fresh(cls) -> "MemberKeys":
        return cls(secrets.token_bytes(KEYS_LENGTH))

    @property
    def signing(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.raw[SEED_LENGTH:])

    def belong_to(self, entry: MemberEntry) -> bool:
        """Tell whether the roster names this very key for *entry*, so that rows of two members swap no rights."""
        return self.private.public.raw == entry.public

    def __repr__(self) -> str:
        return "<MemberKeys>"


@dataclass(frozen=True, slots=True, repr=False)
class NewMember:
    """Someone who is to work here."""

    username: str
    name: str
    pseudonym: str
    role: Role
    desk: str
    passphrase: str
    half: str = ""

    def __repr__(self) -> str:
        return f"<NewMember {self.role}>"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Someone who made their keys and waits to be admitted: for the roster, and for the table `members`.

    *checks* are those of their recovery codes.
    """

    entry: MemberEntry
    row: Mapping[str, Any] = field(repr=False)
    checks: tuple[bytes, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A new member: for the roster, for the table, and once only for themselves (*totp_secret*, *typed*)."""

    entry: MemberEntry
    row: Mapping[str, Any] = field(repr=False)
    keys: MemberKeys = field(repr=False)
    totp_secret: bytes = field(repr=False)
    typed: "PassphraseKeys" = field(repr=False)

    @property
    def candidate(self) -> Candidate:
        """What may be handed on, without a private key."""
        return Candidate(self.entry, self.row)


@dataclass(frozen=True, slots=True, repr=False)
class PassphraseKeys:
    """The three outputs of one stretched passphrase: one is kept, one opens keys, one checks recovery codes."""

    verifier: bytes
    kek: bytes
    recovery: bytes

    @classmethod
    def of(
        cls, passphrase: str, *, salt: bytes, cost: Cost, stretcher: Stretcher
    ) -> "PassphraseKeys":
        typed = unicodedata.normalize("NFC", passphrase[:_LONGEST])
        secret = typed.encode("utf-8", "surrogatepass")
        stretched = stretcher.stretch(secret, salt=salt, cost=cost)
        uses = ("staff verifier", "staff key", "staff recovery codes")
        return cls(*(derive(stretched, use) for use in uses))

    def fits(self, verifier: bytes) -> bool:
        return hmac.compare_digest(self.verifier, verifier)


def sealed_under(
    typed: PassphraseKeys,
    *,
    salt: bytes,
    cost: Cost,
    member_id: str,
    keys: MemberKeys,
    totp_secret: bytes,
) -> dict[str, Any]:
    """Return the columns that follow from a passphrase (`PASSPHRASE_COLUMNS`); *salt* and *cost* made *typed* of it."""
    return {
        "salt": salt,
        "memory": cost.memory,
        "passes": cost.passes,
        "lanes": cost.lanes,
        "verifier": typed.verifier,
        "keys_sealed": seal_field(typed.kek, keys.raw, _keys_place(member_id)),
        "totp_sealed": seal_field(typed.kek, totp_secret, totp_place(member_id)),
    }


def enrol(new: NewMember, *, cost: Cost, stretcher: Stretcher, member_id: str = "") -> Enrolment:
    """Make a member's keys and seal them under their passphrase. Writes nothing.

    *member_id* is given for someone who comes back with new keys, and stays who they were.
    """
    member_id, salt = member_id or new_id(), secrets.token_bytes(SALT_LENGTH)
    keys, totp_secret = MemberKeys.fresh(), new_totp_secret()
    typed = PassphraseKeys.of(new.passphrase, salt=salt, cost=cost, stretcher=stretcher)
    entry = MemberEntry(
        id=member_id,
        username=folded(new.username),
        name=new.name,
        pseudonym=new.pseudonym,
        desk=new.desk,
        role=new.role,
        public=keys.private.public.raw,
        verify_key=keys.signing.public_key().public_bytes_raw(),
        half=new.half,
    )
    sealed = sealed_under(
        typed, salt=salt, cost=cost, member_id=member_id, keys=keys, totp_secret=totp_secret
    )
    return Enrolment(entry, row_of(entry, sealed), keys, totp_secret, typed)


def row_of(entry: MemberEntry, sealed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row of `members` with which somebody begins; *sealed* are the `PASSPHRASE_COLUMNS`."""
    return {
        "id": entry.id,
        "username": entry.username,
        **sealed,
        "last_totp_step": 0,
        "blocked": False,
    }


def open_member(row: Mapping[str, Any], typed: PassphraseKeys) -> tuple[MemberKeys, bytes]:
    """Return the keys and the TOTP secret of a row of `members`.

    Raises:
        SealBroken: under this passphrase they do not open.
    """
    raw = open_field(typed.kek, row["keys_sealed"], _keys_place(row["id"]))
    return MemberKeys(raw), open_field(typed.kek, row["totp_sealed"], totp_place(row["id"]))


def folded(username: str) -> str:
    """Return *username* as it is compared: case and width do not matter."""
    return unicodedata.normalize("NFKC", username[:_LONGEST]).casefold().strip()[:64]


def _keys_place(member_id: str) -> Place:
    return Place(Purpose.MEMBER_KEY, field=member_id)


def totp_place(member_id: str) -> Place:
    return Place(Purpose.TOTP_SECRET, field=member_id)
