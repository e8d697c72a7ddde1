"""Who vouches for what reaches a reporter: the house for the reporter's key, the author for each answer.

Whoever can write to the database knows every public key, so anyone there can seal. Two Ed25519 signatures, made by
keys that the database does not hold, keep them from reading our answers and from speaking in our name. Each begins
with a text of its own, which no signed roster and no checkpoint begins with::

    b"hotline-return-code/1\\0" | JSON [report id, SHA-256 of the reporter's public key]    by the house
    b"hotline-answer/1\\0"      | JSON [report id, number, day, pseudonym, text]            by the author
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from hotline.domain.staff import RIGHTS, Right
from hotline.store import Session
from hotline.vault.contents import Account
from hotline.vault.keyring import Keyring
from hotline.vault.keys import PublicKey
from hotline.vault.roster import MemberEntry, Roster
from hotline.vault.sealing import Spot
from hotline.vault.signatures import is_signed
from hotline.vault.tables import rosters

_CODE = b"hotline-return-code/1\0"
_ANSWER = b"hotline-answer/1\0"


class HouseKey(Protocol):
    """The house's own Ed25519 key, kept in a file beside the database."""

    @property
    def public(self) -> bytes: ...

    def sign(self, message: bytes) -> bytes: ...


def attest_code(house: HouseKey, *, report_id: str, public: PublicKey) -> bytes:
    """Return what says that *public* was made by the code that was shown for *report_id*."""
    return house.sign(_code(report_id, public.raw))


def is_attested(house_public: bytes, attested: bytes, *, report_id: str, public: bytes) -> bool:
    """Tell whether the house vouched for *public* as the key of this report's reporter."""
    return is_signed(house_public, attested, _code(report_id, public))


@dataclass(frozen=True, slots=True)
class Signer:
    """Who writes an answer, and the key that says so."""

    member_id: str
    pseudonym: str
    key: Ed25519PrivateKey = field(repr=False)

    def answer(self, *, report_id: str, seq: int, day: str, text: str, language: str) -> Account:
        """Return an answer with its author's signature inside; *day* is the one that its reader is shown."""
        signature = self.key.sign(_answer(report_id, seq, day, self.pseudonym, text))
        details = {
            "by": self.pseudonym,
            "day": day,
            "author": self.member_id,
            "signature": base64.b64encode(signature).decode(),
        }
        return Account(text, language, details=details)


class Authors:
    """Everybody who ever wrote for this house, also those who left: their old answers stay genuine.

    Newest first: the roster in force, then each earlier one by the digest that the one after it carries, so what
    the newest signature covers cannot be changed behind it.
    """

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._earlier: dict[str, tuple[MemberEntry, ...]] = {}
        self._known_from = 0

    def wrote(self, session: Session, account: Account, spot: Spot) -> bool:
        """Tell whether somebody who could answer for the desk signed *account* as the answer of this *spot*."""
        said = account.details
        signature = _signature(account)
        if signature is None:
            return False
        message = _answer(spot.report_id, spot.seq, said["day"], said["by"], account.text)
        entries = self._entries(session, said["author"])
        return any(
            is_signed(entry.verify_key, signature, message)
            for entry in entries
            if entry.desk == spot.desk
            and entry.pseudonym == said["by"]
            and Right.REPLY in RIGHTS[entry.role]
        )

    def pseudonym(self, session: Session, member_id: str) -> str:
        """Return the name under which others know a member, the newest one; empty for whoever never was one."""
        return next((entry.pseudonym for entry in self._entries(session, member_id)), "")

    def _entries(self, session: Session, member_id: str) -> Iterator[MemberEntry]:
        """Yield what each roster says of a member; earlier ones are read when the newest does not do."""
        now = self._keyring.member(member_id)
        if now is not None:
            yield now
        if self._known_from != self._keyring.roster.number:
            self._read_earlier(session)
        yield from self._earlier.get(member_id, ())

    def _read_earlier(self, session: Session) -> None:
        newest = self._keyring.roster
        earlier: dict[str, tuple[MemberEntry, ...]] = {}
        for roster in _before(session, newest):
            for entry in roster.members:
                known = earlier.get(entry.id, ())
                if entry not in known:
                    earlier[entry.id] = (*known, entry)
        self._earlier, self._known_from = earlier, newest.number


def _before(session: Session, roster: Roster) -> Iterator[Roster]:
    """Yield the rosters before *roster*, newest first, as far as the chain of digests is whole."""
    rows = rosters.c
    while roster.number > 1:
        body = session.execute(
            select(rows.body).where(rows.number == roster.number - 1)
        ).scalar_one_or_none()
        if body is None or hashlib.sha256(body).hexdigest() != roster.previous:
            return
        roster = Roster.from_bytes(body)
        yield roster


def _signature(account: Account) -> bytes | None:
    """Return the signature in the details of an answer, if they are those of one."""
    said = account.details
    named = ("by", "day", "author", "signature")
    if not (isinstance(account.text, str) and isinstance(said, dict)):
        return None
    if not all(isinstance(said.get(name), str) for name in named):
        return None
    try:
        date.fromisoformat(said["day"])
        return base64.b64decode(said["signature"], validate=True)
    except (binascii.Error, ValueError):
        return None


def _code(report_id: str, public: bytes) -> bytes:
    return _CODE + _canonical([report_id, hashlib.sha256(public).hexdigest()])


def _answer(report_id: str, seq: int, day: str, by: str, text: str) -> bytes:
    return _ANSWER + _canonical([report_id, seq, day, by, text])


def _canonical(facts: list[Any]) -> bytes:
    return json.dumps(facts, separators=(",", ":")).encode()
