"""What a member changes about their own way in: passphrase, authenticator, recovery codes.

Each asks for the passphrase that is in force, also from somebody signed in: an unlocked screen must not be enough.
Guesses are slowed for whoever sits there, not for the member's name at the door.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from hotline import audit
from hotline.errors import Conflict, Malformed, NotFound
from hotline.store import Session, Store
from hotline.vault import devices, sessions
from hotline.vault.argon import Cost
from hotline.vault.envelope import Place, Purpose, SealBroken, open_field, seal_field
from hotline.vault.member import (
    SALT_LENGTH,
    PassphraseKeys,
    open_member,
    sealed_under,
    totp_place,
)
from hotline.vault.opening import Keyholder
from hotline.vault.recovery import check_of, keep_checks, new_codes
from hotline.vault.sessions import Cookie
from hotline.vault.staff import SignInRefused, StaffDoor
from hotline.vault.strength import check_strength
from hotline.vault.tables import members
from hotline.vault.totp import matching_step, new_totp_secret
from hotline.vault.tries import count_wrong, forgive, lookup_of, refuse_haste


class PassphraseWrong(SignInRefused):
    default_message = "this is not the passphrase in force"


class CodeWrong(Malformed):
    default_message = "these digits are not those of the new authenticator"


@dataclass(frozen=True, slots=True)
class OwnKeys:
    """The way in of *keyholder*, who is signed in with *cookie*."""

    store: Store
    door: StaffDoor
    keyholder: Keyholder
    cookie: str
    at: datetime

    def change_passphrase(self, old: str, new: str) -> tuple[str, ...]:
        """Seal the member's keys under *new*, end their other sessions, and return new recovery codes.

        Raises:
            TooWeak: *new* would be guessed.
            PassphraseWrong, TooSoon: *old* is wrong, or was tried in vain too often.
        """
        check_strength(new, self.keyholder.username, self.keyholder.name, self.keyholder.desk)
        row, typed = self._prove(old)
        keys, totp_secret = open_member(row, typed)
        cost, salt = self.door.profile.staff, secrets.token_bytes(SALT_LENGTH)
        chosen = self._stretch(new, salt, cost)
        values = sealed_under(
            chosen, salt=salt, cost=cost, member_id=row["id"], keys=keys, totp_secret=totp_secret
        )
        codes = new_codes()
        checks = [check_of(code, chosen) for code in codes]

        def write(session: Session) -> None:
            self._update(session, row, **values)
            keep_checks(session, row["id"], checks)
            sessions.end_sessions(session, row["id"], but=self.cookie)
            self._tell(session, "passphrase_changed")

        self.store.write(write)
        return codes

    def renew_codes(self, passphrase: str) -> tuple[str, ...]:
        """Return ten new recovery codes; the earlier ones end.

        Raises:
            PassphraseWrong, TooSoon: as for `change_passphrase`.
        """
        row, typed = self._prove(passphrase)
        codes = new_codes()
        checks = [check_of(code, typed) for code in codes]

        def write(session: Session) -> None:
            keep_checks(session, row["id"], checks)
            self._tell(session, "recovery_codes_renewed")

        self.store.write(write)
        return codes

    def offer_authenticator(self) -> tuple[bytes, bytes]:
        """Return a new TOTP secret, and the same sealed under this session, for the form that confirms it."""
        secret = new_totp_secret()
        return secret, seal_field(Cookie(self.cookie).key, secret, self._offer_place())

    def open_offer(self, sealed: bytes) -> bytes:
        """Undo the seal of `offer_authenticator`.

        Raises:
            Malformed: this session was offered no such secret.
        """
        try:
            return open_field(Cookie(self.cookie).key, sealed, self._offer_place())
        except SealBroken:
            raise Malformed from None

    def take_authenticator(self, passphrase: str, sealed: bytes, totp: str) -> None:
        """Let the authenticator that was offered be the one in force, after *totp* has shown that it works.

        Raises:
            CodeWrong: *totp* is not what it shows now.
            Malformed: this session was offered no such secret.
            PassphraseWrong, TooSoon: as for `change_passphrase`.
        """
        secret = self.open_offer(sealed)
        step = matching_step(secret, totp, self.at)
        if step is None:
            raise CodeWrong
        row, typed = self._prove(passphrase)
        totp_sealed = seal_field(typed.kek, secret, totp_place(row["id"]))

        def write(session: Session) -> None:
            self._update(session, row, totp_sealed=totp_sealed, last_totp_step=step)
            self._tell(session, "authenticator_changed")

        self.store.write(write)

    def _prove(self, passphrase: str) -> tuple[dict[str, Any], PassphraseKeys]:
        """Return the member's row and what the right passphrase opens it with."""
        member_id, lookup = self.keyholder.staff_id, lookup_of("own", self.keyholder.staff_id)
        with self.store.read() as session:
            refuse_haste(session, lookup, self.at)
            found = session.execute(select(members).where(members.c.id == member_id)).one_or_none()
        if found is None:
            raise NotFound
        row = found._asdict()
        typed = self._stretch(
            passphrase, row["salt"], Cost(row["memory"], row["passes"], row["lanes"])
        )
        if not typed.fits(row["verifier"]):
            self.store.write(lambda session: count_wrong(session, lookup, self.at))
            raise PassphraseWrong
        self.store.write(lambda session: forgive(session, lookup))
        return row, typed

    def _stretch(self, passphrase: str, salt: bytes, cost: Cost) -> PassphraseKeys:
        with self.door.seats.colleague(self.keyholder.staff_id) as stretcher:
            return PassphraseKeys.of(passphrase, salt=salt, cost=cost, stretcher=stretcher)

    def _update(self, session: Session, row: dict[str, Any], **values: object) -> None:
        """Change the row if its passphrase still is the one that was proved."""
        same = (members.c.id == row["id"]) & (members.c.verifier == row["verifier"])
        if session.execute(update(members).where(same).values(**values)).rowcount != 1:
            raise Conflict

    def _tell(self, session: Session, did: str) -> None:
        """Write it down, and let the member hear of it at their other browsers."""
        me = self.keyholder
        audit.record(session, at=self.at, who=me.staff_id, did=did, desk=me.desk)
        device_id = sessions.device_of(session, self.cookie)
        devices.give_notice(session, me.staff_id, did, device_id=device_id, at=self.at)

    def _offer_place(self) -> Place:
        return Place(Purpose.TOTP_SECRET, field=f"{self.keyholder.staff_id} offered")


def sign_out_everywhere(session: Session, me: Keyholder, *, at: datetime) -> None:
    """End every session of one's own."""
    sessions.end_sessions(session, me.staff_id)
    audit.record(
        session, at=at, who=me.staff_id, did="sessions_ended", desk=me.desk, what=me.staff_id
    )


def forget_browser(session: Session, me: Keyholder, device_id: str, *, at: datetime) -> None:
    """Know one of one's own browsers no more; the log tells it, as whoever came in by stealth would do this first.

    Raises:
        NotFound: it is none of theirs.
    """
    devices.forget_device(session, me.staff_id, device_id)
    audit.record(
        session, at=at, who=me.staff_id, did="device_forgotten", desk=me.desk, what=device_id
    )
