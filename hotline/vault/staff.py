"""Sign in, stay signed in for a while, sign out.

Between two requests a member's keys lie only in a `sessions` row, sealed under a random secret that is in the
member's cookie and nowhere else; the row's id is the secret's digest. So neither the table nor the cookie alone
opens anything.
"""

import hashlib
import secrets
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hotline.errors import Conflict, Refused, Unavailable
from hotline.store import Session, Store
from hotline.vault.argon import Cost, Profile, Stretcher
from hotline.vault.envelope import Place, Purpose, SealBroken, derive, open_field, seal_field
from hotline.vault.house import House
from hotline.vault.keyring import Keyring
from hotline.vault.locks import Locks
from hotline.vault.member import SALT_LENGTH, MemberKeys, PassphraseKeys, folded, open_member
from hotline.vault.opening import Keyholder
from hotline.vault.roster import MemberEntry, RosterRefused
from hotline.vault.tables import members, sessions, sign_in_tries
from hotline.vault.totp import matching_step

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
_TOUCH = timedelta(minutes=1)
_FREE_TRIES = 5
_LONGEST_PAUSE = timedelta(seconds=60)
_TRIES_KEPT = timedelta(days=1)
_AT_ONCE = 4
"""Whoever tries takes a thread of the server for as long as a passphrase is stretched; reports need the others."""


class SignInRefused(Refused):
    default_message = "these do not fit together"


class TooSoon(SignInRefused):
    default_message = "too many tries; wait a minute"


@dataclass(frozen=True, slots=True)
class _Cookie:
    """The random secret of a session, as the browser keeps it."""

    text: str

    @property
    def id(self) -> bytes:
        return hashlib.sha256(self.text.encode("utf-8", "replace")).digest()

    @property
    def key(self) -> bytes:
        return derive(self.text.encode("utf-8", "replace"), "session")


class StaffDoor:
    """Where staff come in. Stretches one passphrase at a time."""

    def __init__(self, keyring: Keyring, locks: Locks, profile: Profile) -> None:
        self._keyring = keyring
        self._locks = locks
        self._stretcher = Stretcher()
        self._places = threading.BoundedSemaphore(_AT_ONCE)
        # A name that is not known is tried like any other: same look-ups, same stretching, same write.
        self._nobody: Mapping[str, Any] = {
            "id": "",
            "salt": secrets.token_bytes(SALT_LENGTH),
            "memory": profile.staff.memory,
            "passes": profile.staff.passes,
            "verifier": secrets.token_bytes(32),
        }

    def sign_in(
        self, store: Store, *, username: str, passphrase: str, totp: str, at: datetime
    ) -> str:
        """Return the cookie of a new session.

        Raises:
            TooSoon: this name was tried in vain too often, or too many try at once; a pause of a minute at
                most helps.
            SignInRefused: it is not said whether name, passphrase or code was wrong.
        """
        if not self._places.acquire(blocking=False):
            raise TooSoon
        try:
            return self._sign_in(store, username, passphrase, totp, at)
        finally:
            self._places.release()

    def _sign_in(
        self, store: Store, username: str, passphrase: str, totp: str, at: datetime
    ) -> str:
        name = folded(username)
        lookup = hashlib.sha256(name.encode("utf-8", "replace")).digest()
        with store.read() as session:
            _refuse_haste(session, lookup, at)
            row = session.execute(select(members).where(members.c.username == name)).one_or_none()
            is_newest = self._keyring.is_newest(session)
        self._catch_up(is_newest)
        claims = self._nobody if row is None else row._asdict()
        proof = self._check(claims, passphrase, totp, at)
        cookie = store.write(lambda session: _admit(session, claims["id"], proof, lookup, at))
        if cookie is None or proof is None:
            raise SignInRefused
        house = House(store, self._keyring, self._locks)
        # A supervisor's coming in turns the keys that are due; that it fails must keep nobody out.
        with suppress(Conflict, RosterRefused, Unavailable):
            house.begin_due_epochs(Keyholder(proof.entry, proof.keys, self._locks), at=at)
        return cookie

    def resume(self, store: Store, cookie: str, *, at: datetime) -> Keyholder | None:
        """Return who *cookie* belongs to; None when the session ended or its member works here no more."""
        secret = _Cookie(cookie)
        with store.read() as session:
            row = session.execute(select(sessions).where(sessions.c.id == secret.id)).one_or_none()
            is_newest = self._keyring.is_newest(session)
        if row is None or at >= row.begun_at + ABSOLUTE or at >= row.seen_at + IDLE:
            return None
        self._catch_up(is_newest)
        entry = self._keyring.member(row.member_id)
        keys = _session_keys(row, secret)
        if entry is None or keys is None or not keys.belong_to(entry):
            return None
        if at >= row.seen_at + _TOUCH:
            store.write(lambda session: _touch(session, secret.id, at))
        return Keyholder(entry, keys, self._locks)

    def _catch_up(self, is_newest: bool) -> None:
        """See who was taken in or dismissed through another process."""
        if not is_newest:
            self._keyring.refresh()

    def _check(
        self, claims: Mapping[str, Any], passphrase: str, totp: str, at: datetime
    ) -> "_Proof | None":
        """Return what a right passphrase and a right code prove."""
        cost = Cost(claims["memory"], claims["passes"])
        typed = PassphraseKeys.of(
            passphrase, salt=claims["salt"], cost=cost, stretcher=self._stretcher
        )
        if not typed.fits(claims["verifier"]):
            return None
        try:
            keys, totp_secret = open_member(claims, typed)
        except SealBroken:
            return None
        entry = self._keyring.member(claims["id"])
        step = matching_step(totp_secret, totp, at)
        if entry is None or step is None or not keys.belong_to(entry):
            return None
        return _Proof(entry, keys, step)


def sign_out(session: Session, cookie: str) -> None:
    """End the session of *cookie*, if there is one."""
    session.execute(delete(sessions).where(sessions.c.id == _Cookie(cookie).id))


def sweep_sessions(session: Session, *, at: datetime) -> None:
    """Delete sessions that ended, and tries that no longer slow anybody."""
    over = or_(sessions.c.seen_at <= at - IDLE, sessions.c.begun_at <= at - ABSOLUTE)
    session.execute(delete(sessions).where(over))
    session.execute(delete(sign_in_tries).where(sign_in_tries.c.next_at <= at - _TRIES_KEPT))


@dataclass(frozen=True, slots=True)
class _Proof:
    entry: MemberEntry
    keys: MemberKeys
    step: int


def _admit(
    session: Session, member_id: str, proof: _Proof | None, lookup: bytes, at: datetime
) -> str | None:
    """Begin a session; None, and one more wrong try, without a proof or when its code was used before."""
    if proof is None or not _use_up(session, member_id, proof.step):
        _count_wrong(session, lookup, at)
        return None
    session.execute(delete(sign_in_tries).where(sign_in_tries.c.lookup == lookup))
    cookie = _Cookie(secrets.token_urlsafe(32))
    row = {
        "id": cookie.id,
        "member_id": member_id,
        "keys_sealed": seal_field(cookie.key, proof.keys.raw, _place(member_id)),
        "begun_at": at,
        "seen_at": at,
    }
    session.execute(insert(sessions), row)
    return cookie.text


def _use_up(session: Session, member_id: str, step: int) -> bool:
    """Tell whether the code of *step* was still unused; from now on it is used."""
    unused = (members.c.id == member_id) & (members.c.last_totp_step < step)
    changed = session.execute(update(members).where(unused).values(last_totp_step=step))
    return changed.rowcount == 1


def _session_keys(row: Row[Any], cookie: _Cookie) -> MemberKeys | None:
    try:
        return MemberKeys(open_field(cookie.key, row.keys_sealed, _place(row.member_id)))
    except SealBroken:
        return None


def _touch(session: Session, session_id: bytes, at: datetime) -> None:
    session.execute(update(sessions).where(sessions.c.id == session_id).values(seen_at=at))


def _refuse_haste(session: Session, lookup: bytes, at: datetime) -> None:
    rows = sign_in_tries.c
    next_at = session.execute(
        select(rows.next_at).where(rows.lookup == lookup)
    ).scalar_one_or_none()
    if next_at is not None and at < next_at:
        raise TooSoon


def _count_wrong(session: Session, lookup: bytes, at: datetime) -> None:
    """Remember a wrong try; after a few each makes the next one wait longer, up to a minute and never for good."""
    rows = sign_in_tries.c
    dialect = postgresql if session.dialect.name == "postgresql" else sqlite
    first = {"lookup": lookup, "wrong": 0, "next_at": at}
    session.execute(dialect.insert(sign_in_tries).values(first).on_conflict_do_nothing())
    mine = update(sign_in_tries).where(rows.lookup == lookup)
    wrong = session.execute(mine.values(wrong=rows.wrong + 1).returning(rows.wrong)).scalar_one()
    session.execute(mine.values(next_at=at + _pause(wrong)))


def _pause(wrong: int) -> timedelta:
    if wrong < _FREE_TRIES:
        return timedelta()
    return min(_LONGEST_PAUSE, timedelta(seconds=2 ** min(wrong - _FREE_TRIES, 10)))


def _place(member_id: str) -> Place:
    return Place(Purpose.SESSION, field=member_id)
