"""Who may be sealed to, and who says so (pure).

Two signed documents, each JSON in one canonical form. A *delegation*, signed by the offline root, names the
supervisors and administrators who may sign, and for which desk. A *roster*, signed by one of them or by the root,
names the desks, the epochs with their public keys, the members, and the recovery key. Both carry a number that only
rises; a roster also carries the digest of the one before and the number of the delegation in force, and what a step
from one to the next may change stands in `chain`.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hotline.domain.staff import HOUSE, Role
from hotline.errors import Refused
from hotline.vault.signatures import is_signed

ROOT = "root"
RECOVERY = "recovery"
_DELEGATION = b"hotline-delegation/1\0"
_ROSTER = b"hotline-roster/1\0"


class RosterRefused(Refused):
    default_message = "the roster of readers is not one that this house signed"


@dataclass(frozen=True, slots=True)
class DeskEntry:
    """A team with keys of its own; with *four_eyes* nobody there opens alone who a person is."""

    name: str
    four_eyes: bool = False


HOUSE_DESK = DeskEntry(HOUSE)


@dataclass(frozen=True, slots=True)
class EpochEntry:
    """A key period of one desk and depth (`depths`), with the day it began."""

    id: str
    desk: str
    depth: str
    number: int
    begun: str
    public: bytes


@dataclass(frozen=True, slots=True)
class MemberEntry:
    """Someone who works here, as a supervisor attested it.

    *half* says which half of identities they hold at a desk with four eyes: "a", or "b"; elsewhere it is empty.
    """

    id: str
    username: str
    name: str
    pseudonym: str
    desk: str
    role: Role
    public: bytes
    verify_key: bytes
    half: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """*previous* is the SHA-256 (hex) of the roster before, *delegation* the number of the one in force."""

    number: int
    desks: tuple[DeskEntry, ...]
    epochs: tuple[EpochEntry, ...]
    members: tuple[MemberEntry, ...]
    recovery: bytes
    previous: str = ""
    delegation: int = 1

    def desk(self, name: str) -> DeskEntry:
        """Return the desk of that name; the house itself where there is none."""
        return next((desk for desk in self.desks if desk.name == name), HOUSE_DESK)

    def epochs_of(self, desk: str) -> list[EpochEntry]:
        return [epoch for epoch in self.epochs if epoch.desk == desk]

    def member(self, member_id: str) -> MemberEntry | None:
        return next((member for member in self.members if member.id == member_id), None)

    def to_bytes(self) -> bytes:
        return _canonical(
            {
                "number": self.number,
                "previous": self.previous,
                "delegation": self.delegation,
                "desks": [_facts(desk) for desk in self.desks],
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
            previous=facts["previous"],
            delegation=facts["delegation"],
            desks=tuple(DeskEntry(**row) for row in facts["desks"]),
            epochs=tuple(_epoch(row) for row in facts["epochs"]),
            members=tuple(_member(row) for row in facts["members"]),
            recovery=_raw(facts["recovery"]),
        )


@dataclass(frozen=True, slots=True)
class Signer:
    """Whose signature counts for one desk, with their Ed25519 public key."""

    member_id: str
    key: bytes
    desk: str


@dataclass(frozen=True, slots=True)
class Delegation:
    """Whose signature makes a roster."""

    number: int
    signers: tuple[Signer, ...]

    def to_bytes(self) -> bytes:
        signers = [_facts(signer) for signer in self.signers]
        return _canonical({"number": self.number, "signers": signers})

    @classmethod
    def from_bytes(cls, body: bytes) -> "Delegation":
        facts = json.loads(body)
        signers = tuple(Signer(**{**row, "key": _raw(row["key"])}) for row in facts["signers"])
        return cls(facts["number"], signers)

    def signer(self, member_id: str) -> Signer | None:
        """Return who signs under the name of *member_id*; None when the root appointed nobody of that name."""
        return next((signer for signer in self.signers if signer.member_id == member_id), None)


@dataclass(frozen=True, slots=True)
class Signed:
    """A document as it is kept."""

    number: int
    body: bytes
    signature: bytes
    signer: str = ROOT

    @property
    def digest(self) -> str:
        """The SHA-256 of the document, in hexadecimal."""
        return hashlib.sha256(self.body).hexdigest()


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


def verified_roster(signed: Signed, *, public: bytes) -> Roster:
    """Return what *signed* says.

    Raises:
        RosterRefused: *public* did not sign it, or it carries another number than its row.
    """
    _verify(public, signed.signature, _ROSTER + signed.body)
    roster = read_roster(signed)
    if roster.number != signed.number:
        raise RosterRefused
    return roster


def read_roster(signed: Signed) -> Roster:
    """Return what *signed* says, its signature not looked at.

    Raises:
        RosterRefused: it is not written as rosters are.
    """
    try:
        return Roster.from_bytes(signed.body)
    except (KeyError, TypeError, ValueError, RecursionError):
        raise RosterRefused from None


def _verify(public: bytes, signature: bytes, message: bytes) -> None:
    if not is_signed(public, signature, message):
        raise RosterRefused


def _facts(entry: DeskEntry | EpochEntry | MemberEntry | Signer) -> dict[str, Any]:
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
