"""Who may be sealed to, and who says so (pure).

Two signed documents, each JSON in one canonical form. A *delegation*, signed by the offline root, names the
supervisors who may sign. A *roster*, signed by one of them or by the root, names the epochs with their public
keys, the members, and the recovery key. Both carry a number that only rises.
"""

import base64
import json
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from hotline.domain.staff import Role
from hotline.errors import Refused

ROOT = "root"
RECOVERY = "recovery"
_DELEGATION = b"hotline-delegation/1\0"
_ROSTER = b"hotline-roster/1\0"


class RosterRefused(Refused):
    default_message = "the roster of readers is not one that this house signed"


@dataclass(frozen=True, slots=True)
class EpochEntry:
    """A key period of one desk and depth (desk, identity or contact), with the day it began."""

    id: str
    desk: str
    depth: str
    number: int
    begun: str
    public: bytes


@dataclass(frozen=True, slots=True)
class MemberEntry:
    """Someone who works here, as a supervisor attested it."""

    id: str
    username: str
    name: str
    pseudonym: str
    desk: str
    role: Role
    public: bytes
    verify_key: bytes


@dataclass(frozen=True, slots=True)
class Roster:
    number: int
    epochs: tuple[EpochEntry, ...]
    members: tuple[MemberEntry, ...]
    recovery: bytes

    def to_bytes(self) -> bytes:
        return _canonical(
            {
                "number": self.number,
                "epochs": [_facts(epoch) for epoch in self.epochs],
                "members": [_facts(member) for member in self.members],
                "recovery": _text(self.recovery),
            }
        )

    @classmethod
    def from_bytes(cls, body: bytes) -> "Roster":
        facts = json.loads(body)
        return cls(
            number=facts["number"],
            epochs=tuple(_epoch(row) for row in facts["epochs"]),
            members=tuple(_member(row) for row in facts["members"]),
            recovery=_raw(facts["recovery"]),
        )


@dataclass(frozen=True, slots=True)
class Delegation:
    """Whose signature makes a roster: member id and Ed25519 public key."""

    number: int
    signers: tuple[tuple[str, bytes], ...]

    def to_bytes(self) -> bytes:
        signers = [[member_id, _text(key)] for member_id, key in self.signers]
        return _canonical({"number": self.number, "signers": signers})

    @classmethod
    def from_bytes(cls, body: bytes) -> "Delegation":
        facts = json.loads(body)
        signers = tuple((member_id, _raw(key)) for member_id, key in facts["signers"])
        return cls(facts["number"], signers)


@dataclass(frozen=True, slots=True)
class Signed:
    """A document as it is kept."""

    number: int
    body: bytes
    signature: bytes
    signer: str = ROOT


def sign_roster(roster: Roster, *, signer: str, key: Ed25519PrivateKey) -> Signed:
    body = roster.to_bytes()
    return Signed(roster.number, body, key.sign(_ROSTER + body), signer)


def sign_delegation(delegation: Delegation, *, root: Ed25519PrivateKey) -> Signed:
    body = delegation.to_bytes()
    return Signed(delegation.number, body, root.sign(_DELEGATION + body))


def verified_delegation(signed: Signed, *, root_public: bytes) -> Delegation:
    """Return what *signed* says.

    Raises:
        RosterRefused: the root did not sign it, or it carries another number than its row.
    """
    _verify(root_public, signed.signature, _DELEGATION + signed.body)
    delegation = Delegation.from_bytes(signed.body)
    if delegation.number != signed.number:
        raise RosterRefused
    return delegation


def verified_roster(signed: Signed, delegation: Delegation, *, root_public: bytes) -> Roster:
    """Return what *signed* says.

    Raises:
        RosterRefused: nobody whom the root appointed signed it, or it carries another number than its row.
    """
    key = root_public if signed.signer == ROOT else dict(delegation.signers).get(signed.signer)
    if key is None:
        raise RosterRefused
    _verify(key, signed.signature, _ROSTER + signed.body)
    roster = Roster.from_bytes(signed.body)
    if roster.number != signed.number:
        raise RosterRefused
    return roster


def _verify(public: bytes, signature: bytes, message: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        raise RosterRefused from None


def _facts(entry: EpochEntry | MemberEntry) -> dict[str, Any]:
    values = {name: getattr(entry, name) for name in entry.__slots__}
    return {
        name: _text(value) if isinstance(value, bytes) else value for name, value in values.items()
    }


def _epoch(facts: dict[str, Any]) -> EpochEntry:
    return EpochEntry(**{**facts, "public": _raw(facts["public"])})


def _member(facts: dict[str, Any]) -> MemberEntry:
    keys = {name: _raw(facts[name]) for name in ("public", "verify_key")}
    return MemberEntry(**{**facts, **keys, "role": Role(facts["role"])})


def _canonical(facts: dict[str, Any]) -> bytes:
    return json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _raw(text: str) -> bytes:
    return base64.b64decode(text)
