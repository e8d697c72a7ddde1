"""Where staff come in: what is asked of them, what it costs to guess, and what is written down.

The passphrase opens a member's keys; a code of their authenticator, or one of their recovery codes, must come with
it. A browser that the house knows is tried in a crowd of its own (`seats`) and slowed by its own wrong tries only
(`tries`), so whoever guesses at a colleague's name keeps that colleague out of nothing.
"""

import secrets
from collections.abc import Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from hotline import audit
from hotline.domain.staff import Role
from hotline.errors import HotlineError
from hotline.store import Session, Store
from hotline.vault import devices, sessions
from hotline.vault.argon import Cost, Profile, Stretcher
from hotline.vault.devices import Device, DeviceCookie
from hotline.vault.envelope import SealBroken
from hotline.vault.house import House
from hotline.vault.keyring import Keyring
from hotline.vault.locks import Locks
from hotline.vault.member import SALT_LENGTH, MemberKeys, PassphraseKeys, folded, open_member
from hotline.vault.opening import Keyholder
from hotline.vault.recovery import check_of, looks_like_code, use_code
from hotline.vault.roster import MemberEntry
from hotline.vault.seats import Seats
from hotline.vault.sessions import ABSOLUTE, IDLE, Cookie, sign_out
from hotline.vault.tables import members
from hotline.vault.totp import matching_step, step_at
from hotline.vault.tries import (
    SignInRefused,
    TooSoon,
    count_wrong,
    forgive,
    lookup_of,
    refuse_haste,
)

__all__ = [
    "ABSOLUTE",
    "IDLE",
    "Entrance",
    "SignInRefused",
    "StaffDoor",
    "TooSoon",
    "sign_out",
]


_FAR_AHEAD = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Entrance:
    """What a browser keeps after signing in, the session's secret and by what it is known next time; and who came."""

    role: Role
    cookie: str = field(repr=False)
    device: str = field(repr=False)


class StaffDoor:
    """Where staff come in."""

    def __init__(self, keyring: Keyring, locks: Locks, profile: Profile) -> None:
        self.keyring = keyring
        self.locks = locks
        self.profile = profile
        self.seats = Seats()
        # A name that is not known is tried like any other: same look-ups, same stretching, same write.
        self._nobody: Mapping[str, Any] = {
            "id": "",
            "salt": secrets.token_bytes(SALT_LENGTH),
            "memory": profile.staff.memory,
            "passes": profile.staff.passes,
            "lanes": profile.staff.lanes,
            "verifier": secrets.token_bytes(32),
            "blocked": False,
        }

    def sign_in(
        self,
        store: Store,
        *,
        username: str,
        passphrase: str,
        totp: str,
        at: datetime,
        device: str = "",
    ) -> Entrance:
        """Begin a session; *device* is what the browser is known by, if it is.

        Raises:
            TooSoon: this name, or this browser, was tried in vain too often, or too many try at once; a pause of
                a minute at most helps.
            SignInRefused: it is not said whether name, passphrase or code was wrong.
        """
        name = folded(username)
        with store.read() as session:
            row = session.execute(select(members).where(members.c.username == name)).one_or_none()
            claims = self._nobody if row is None else row._asdict()
            known = devices.find_device(session, device, claims["id"])
            lookup = lookup_of("device", known.id) if known else lookup_of("name", name)
            refuse_haste(session, lookup, at)
            is_newest = self.keyring.is_newest(session)
        with self._place(known, claims["id"]) as stretcher:
            self._catch_up(is_newest)
            proof = self._check(claims, passphrase, totp, at, stretcher)
            entrance = store.write(
                lambda session: _admit(session, proof, lookup, known, device, at)
            )
        if entrance is None or proof is None:
            raise SignInRefused
        self._tend_keys(store, Keyholder(proof.entry, proof.keys, self.locks), at)
        return entrance

    def resume(
        self, store: Store, cookie: str, *, at: datetime, keeps_awake: bool = True
    ) -> Keyholder | None:
        """Return who *cookie* belongs to; None when the session ended or its member works here no more.

        Without *keeps_awake* the session is no less idle for it: a page asked, and no person.
        """
        secret = Cookie(cookie)
        with store.read() as session:
            row = sessions.find_session(session, secret)
            is_newest = self.keyring.is_newest(session)
        if row is None:
            return None
        if not sessions.stands(row, at):
            # For good: a clock that is put back, or right again, must not bring it back.
            store.write(lambda session: sign_out(session, cookie))
            return None
        self._catch_up(is_newest)
        entry, keys = self.keyring.member(row.member_id), sessions.keys_of(row, secret)
        if entry is None or keys is None or not keys.belong_to(entry):
            return None
        if keeps_awake and sessions.is_to_be_touched(row, at):
            store.write(lambda session: sessions.touch(session, secret.id, at))
        return Keyholder(entry, keys, self.locks)

    def sign_out(self, store: Store, cookie: str, *, at: datetime) -> None:
        """End the session of *cookie*, if there is one, and write that down."""

        def write(session: Session) -> None:
            member_id = sign_out(session, cookie)
            entry = self.keyring.member(member_id)
            if entry is not None:
                audit.record(session, at=at, who=member_id, did="sign_out", desk=entry.desk)

        store.write(write)

    def _place(self, known: Device | None, member_id: str) -> AbstractContextManager[Stretcher]:
        return self.seats.colleague(member_id) if known else self.seats.stranger()

    def _catch_up(self, is_newest: bool) -> None:
        """See who was taken in or dismissed through another process."""
        if not is_newest:
            self.keyring.refresh()

    def _tend_keys(self, store: Store, keyholder: Keyholder, at: datetime) -> None:
        """Begin a new key period that is due, hand on what colleagues lack; that it fails must keep nobody out."""
        # A key folder on a full disk, or one that was mounted read-only, answers with errors of its own.
        with suppress(HotlineError, OSError):
            House(store, self.keyring, self.locks).tend(keyholder, at=at)

    def _check(
        self,
        claims: Mapping[str, Any],
        passphrase: str,
        code: str,
        at: datetime,
        stretcher: Stretcher,
    ) -> "_Proof | None":
        """Return what a right passphrase and a code that may be right prove."""
        cost = Cost(claims["memory"], claims["passes"], claims["lanes"])
        typed = PassphraseKeys.of(passphrase, salt=claims["salt"], cost=cost, stretcher=stretcher)
        if not typed.fits(claims["verifier"]) or claims["blocked"]:
            return None
        try:
            keys, totp_secret = open_member(claims, typed)
        except SealBroken:
            return None
        entry = self.keyring.member(claims["id"])
        if entry is None or not keys.belong_to(entry):
            return None
        check = check_of(code, typed) if looks_like_code(code) else b""
        step = matching_step(totp_secret, code, at)
        if step is None and not check:
            # Nothing is looked up of whom their passphrase alone would let in: it takes what a wrong one takes.
            return None
        return _Proof(entry, keys, step, check, claims["verifier"])


@dataclass(frozen=True, slots=True)
class _Proof:
    """A member who knows the passphrase; *step* or *recovery* is to be used up before they are in."""

    entry: MemberEntry
    keys: MemberKeys
    step: int | None
    recovery: bytes
    verifier: bytes


def _admit(
    session: Session,
    proof: _Proof | None,
    lookup: bytes,
    known: Device | None,
    device: str,
    at: datetime,
) -> Entrance | None:
    """Begin a session; None, and one more wrong try, without a proof that holds or when its code was used before."""
    if proof is None or not _holds(session, proof) or not _use_up(session, proof, at):
        count_wrong(session, lookup, at)
        return None
    forgive(session, lookup)
    member_id = proof.entry.id
    if known is None:
        device, device_id = _welcome_device(session, proof.entry, device, at)
    else:
        device_id = known.id
        devices.see_device(session, device_id, at=at)
    if proof.step is None:
        devices.give_notice(session, member_id, "recovery_code", device_id=device_id, at=at)
        _write_down(session, proof.entry, "recovery_code_used", at)
    _write_down(session, proof.entry, "sign_in", at)
    cookie = sessions.begin_session(session, member_id, proof.keys, device_id=device_id, at=at)
    return Entrance(proof.entry.role, cookie.text, device)


def _welcome_device(
    session: Session, entry: MemberEntry, device: str, at: datetime
) -> tuple[str, str]:
    """Know a browser from now on, and let its member hear of it at the others; return its cookie and its id."""
    has_others = bool(devices.devices_of(session, entry.id))
    # One that nobody was given here may have been planted: its owner would be known wherever they guess.
    text = device if devices.is_known(session, device) else DeviceCookie.fresh().text
    device_id = devices.remember_device(session, text, entry.id, at=at)
    if has_others:
        devices.give_notice(session, entry.id, "device", device_id=device_id, at=at)
    _write_down(session, entry, "device_new", at)
    return text, device_id


def _holds(session: Session, proof: _Proof) -> bool:
    """Tell whether what was proved is still in force.

    Whoever changes their passphrase or blocks somebody ends the sessions there are; none may begin by what was
    right a moment before.
    """
    rows = members.c
    its = (rows.id == proof.entry.id) & (rows.verifier == proof.verifier) & rows.blocked.is_(False)
    return session.execute(select(rows.id).where(its)).first() is not None


def _use_up(session: Session, proof: _Proof, at: datetime) -> bool:
    """Tell whether the code was still unused; from now on it is used.

    One that was used an hour from now came by a clock that has since been put back: it must lock nobody out.
    """
    if proof.step is None:
        return use_code(session, proof.entry.id, proof.recovery)
    rows = members.c
    is_new = (rows.last_totp_step < proof.step) | (rows.last_totp_step > step_at(at + _FAR_AHEAD))
    its = update(members).where(rows.id == proof.entry.id, is_new)
    changed = session.execute(its.values(last_totp_step=proof.step))
    return changed.rowcount == 1


def _write_down(session: Session, entry: MemberEntry, did: str, at: datetime) -> None:
    audit.record(session, at=at, who=entry.id, did=did, desk=entry.desk)
