"""How someone who was invited makes their own keys, step by step, without the house ever having them.

The code of the invitation is exchanged for a cookie; a passphrase then makes the keys, which are sealed under it at
once. What the next step still needs (the authenticator's secret, the key that checks recovery codes) waits sealed
under that cookie, as a session does. A code of the authenticator ends it: recovery codes are shown, and the six words
that whoever admits them has to hear.
"""

import base64
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from hotline import audit
from hotline.domain.staff import Role
from hotline.errors import Conflict, NotFound
from hotline.store import Session, Store
from hotline.vault.candidates import (
    BEGUN,
    INVITED,
    WAITING,
    fingerprint,
    lookup_of_code,
    member_id_of,
)
from hotline.vault.codes import parse
from hotline.vault.envelope import Place, Purpose, SealBroken, open_field, seal_field
from hotline.vault.member import PASSPHRASE_COLUMNS, NewMember, PassphraseKeys, enrol
from hotline.vault.own import CodeWrong
from hotline.vault.recovery import check_of, new_codes
from hotline.vault.sessions import Cookie
from hotline.vault.staff import StaffDoor
from hotline.vault.strength import Strength, check_strength
from hotline.vault.tables import candidates
from hotline.vault.totp import matching_step

_USE = "joining"


class CodeUnknown(NotFound):
    default_message = "no invitation has this code"


class InvitationOver(NotFound):
    default_message = "this invitation has ended"


class InvitationUsed(Conflict):
    default_message = "this invitation was used already"


@dataclass(frozen=True, slots=True)
class Joining:
    """How far somebody is: *state* of the table; *totp_secret* until it is confirmed, *words* from then on."""

    username: str
    name: str
    state: str
    totp_secret: bytes = field(default=b"", repr=False)
    words: str = ""


@dataclass(frozen=True, slots=True)
class Joined:
    """What a newcomer is shown once (*codes*), and what they read out to whoever admits them (*words*)."""

    codes: tuple[str, ...] = field(repr=False)
    words: str


def begin(store: Store, door: StaffDoor, typed: str, *, at: datetime) -> str:
    """Return the cookie that goes on with the invitation whose code was *typed*; an earlier cookie ends.

    Raises:
        CodeUnknown, InvitationOver, InvitationUsed: why not; whoever has no code learns nothing from it.
        TooSoon: too many try at once.
    """
    with door.seats.stranger() as stretcher:
        lookup = lookup_of_code(parse(typed), door=door, stretcher=stretcher)
    with store.read() as session:
        row = session.execute(select(candidates).where(candidates.c.lookup == lookup)).one_or_none()
    if row is None:
        raise CodeUnknown
    if row.state == WAITING:
        raise InvitationUsed
    if at >= row.expires_at:
        raise InvitationOver
    cookie = Cookie.fresh(_USE)
    fresh = {"joining": cookie.id, "state": INVITED, "half_made": None}
    store.write(lambda session: _change(session, row, fresh))
    return cookie.text


def find(store: Store, cookie: str, *, at: datetime) -> Joining:
    """Return how far the owner of *cookie* is.

    Raises:
        CodeUnknown: the cookie goes on with no invitation.
        InvitationOver: it has ended meanwhile.
    """
    row = _row(store, cookie, at)
    half_made = _open(row, cookie)
    secret = base64.b64decode(half_made.get("totp", ""))
    return Joining(row.username, row.name, row.state, secret, half_made.get("words", ""))


def choose_passphrase(
    store: Store, door: StaffDoor, cookie: str, passphrase: str, *, at: datetime
) -> Strength:
    """Make the newcomer's keys, sealed under *passphrase*, and return how strong it is.

    Raises:
        TooWeak: it would be guessed.
        CodeUnknown, InvitationOver, InvitationUsed: as for `begin`.
    """
    row = _row(store, cookie, at)
    rated = check_strength(passphrase, row.username, row.name, row.pseudonym, row.desk)
    new = NewMember(
        row.username,
        row.name,
        row.pseudonym,
        Role(row.role),
        row.desk,
        passphrase,
        row.half,
    )
    with door.seats.stranger() as stretcher:
        made = enrol(new, cost=door.profile.staff, stretcher=stretcher, member_id=member_id_of(row))
    half_made = {
        "totp": _text(made.totp_secret),
        "recovery": _text(made.typed.recovery),
        "words": fingerprint(made.entry.id, made.entry.public, made.entry.verify_key),
    }
    facts = {
        **{name: made.row[name] for name in PASSPHRASE_COLUMNS},
        "public": made.entry.public,
        "verify_key": made.entry.verify_key,
        "state": BEGUN,
        "half_made": _seal(row, cookie, half_made),
    }
    store.write(lambda session: _change(session, row, facts))
    return rated


def confirm(store: Store, cookie: str, totp: str, *, at: datetime) -> Joined:
    """Show that the authenticator works, and wait to be admitted from now on.

    Raises:
        CodeWrong: these are not its digits.
        CodeUnknown, InvitationOver, InvitationUsed: as for `begin`; the last also without a passphrase.
    """
    row = _row(store, cookie, at)
    half_made = _open(row, cookie)
    if row.state != BEGUN or "totp" not in half_made:
        raise InvitationUsed
    if matching_step(base64.b64decode(half_made["totp"]), totp, at) is None:
        raise CodeWrong
    codes = new_codes()
    checker = PassphraseKeys(b"", b"", base64.b64decode(half_made["recovery"]))
    facts = {
        "state": WAITING,
        "recovery": b"".join(check_of(code, checker) for code in codes),
        "half_made": _seal(row, cookie, {"words": half_made["words"]}),
    }

    def write(session: Session) -> None:
        _change(session, row, facts)
        audit.record(session, at=at, who=member_id_of(row), did="join", desk=row.desk, what=row.id)

    store.write(write)
    return Joined(codes, half_made["words"])


def _row(store: Store, cookie: str, at: datetime) -> Row[Any]:
    with store.read() as session:
        mine = candidates.c.joining == Cookie(cookie, _USE).id
        row = session.execute(select(candidates).where(mine)).one_or_none()
    if row is None:
        raise CodeUnknown
    if at >= row.expires_at:
        raise InvitationOver
    return row


def _change(session: Session, row: Row[Any], facts: dict[str, Any]) -> None:
    """Change the candidate, if they still are where they were.

    Raises:
        InvitationUsed: another browser went on with it.
    """
    rows = candidates.c
    same = (rows.id == row.id) & (rows.state == row.state)
    same &= rows.joining.is_(None) if row.joining is None else rows.joining == row.joining
    if (
        row.state == WAITING
        or session.execute(update(candidates).where(same).values(**facts)).rowcount != 1
    ):
        raise InvitationUsed


def _seal(row: Row[Any], cookie: str, half_made: dict[str, str]) -> bytes:
    return seal_field(Cookie(cookie, _USE).key, json.dumps(half_made).encode(), _place(row))


def _open(row: Row[Any], cookie: str) -> dict[str, str]:
    """Return what waits under the cookie; empty when it is not what was put there."""
    if row.half_made is None:
        return {}
    try:
        plain = open_field(Cookie(cookie, _USE).key, row.half_made, _place(row))
    except SealBroken:
        return {}
    found: dict[str, str] = json.loads(plain)
    return found


def _place(row: Row[Any]) -> Place:
    return Place(Purpose.SESSION, field=f"{row.id} joining")


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
