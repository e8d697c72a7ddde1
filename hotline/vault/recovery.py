"""Codes for whoever lost their authenticator: ten, each counts once, shown once.

A code never stands in for the passphrase: what is kept is an HMAC under a key that follows from the passphrase, so
without the passphrase none can be checked, not even by whoever holds the database.
"""

import hmac
import secrets
from collections.abc import Sequence

from sqlalchemy import delete, func, insert, select

from hotline.store import Session
from hotline.vault.codes import digits_in
from hotline.vault.member import PassphraseKeys
from hotline.vault.tables import recovery_codes

COUNT = 10
CHECK_LENGTH = 32
_DIGITS = 10
_GROUP = 5
_LONGEST = 60


def new_codes() -> tuple[str, ...]:
    """Return ten codes of ten digits, in two groups: longer than those of an authenticator, so never mistaken."""
    numbers = (f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}" for _ in range(COUNT))
    return tuple(f"{number[:_GROUP]} {number[_GROUP:]}" for number in numbers)


def check_of(code: str, typed: PassphraseKeys) -> bytes:
    """Return what is kept to know *code* by."""
    return hmac.digest(typed.recovery, _digits(code).encode(), "sha256")


def looks_like_code(text: str) -> bool:
    """Tell whether *text* may be a recovery code and is surely no code of an authenticator."""
    return len(_digits(text)) == _DIGITS


def keep_checks(session: Session, member_id: str, checks: Sequence[bytes]) -> None:
    """Keep the checks of new codes; earlier codes end."""
    session.execute(delete(recovery_codes).where(recovery_codes.c.member_id == member_id))
    rows = [{"member_id": member_id, "checked": check} for check in set(checks)]
    if rows:
        session.execute(insert(recovery_codes), rows)


def use_code(session: Session, member_id: str, check: bytes) -> bool:
    """Tell whether a code was still unused; from now on it is used."""
    rows = recovery_codes.c
    mine = (rows.member_id == member_id) & (rows.checked == check)
    return session.execute(delete(recovery_codes).where(mine)).rowcount == 1


def codes_left(session: Session, member_id: str) -> int:
    rows = recovery_codes.c
    query = select(func.count()).select_from(recovery_codes).where(rows.member_id == member_id)
    return session.execute(query).scalar_one()


def _digits(text: str) -> str:
    return digits_in(text[:_LONGEST])
