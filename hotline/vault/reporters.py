"""The reporter's own key, which follows from the return code: answers open with the code, and not without.

Argon2id of the code gives a look-up id, the seed of a key pair, and a secret that seals the thread secret and
checks the code word. A code that nobody was given costs the same time and the same calls.
"""

import hmac
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Row, delete, insert, select

from hotline.errors import HotlineError, Misconfigured
from hotline.reports.tables import messages
from hotline.store import Session
from hotline.vault.argon import Profile, Stretcher
from hotline.vault.attest import Authors, HouseKey, attest_code, is_attested
from hotline.vault.codes import ReturnCode
from hotline.vault.contents import Account
from hotline.vault.envelope import (
    Place,
    Purpose,
    SealBroken,
    derive,
    new_secret,
    open_field,
    seal_field,
    unwrap_secret,
)
from hotline.vault.keyring import REPORTER
from hotline.vault.keys import PrivateKey, PublicKey
from hotline.vault.sealing import FIELDS, Spot
from hotline.vault.tables import drafts, envelopes, return_codes

SALT_LENGTH = 16
_THREAD_SECRET = Place(Purpose.RETURN_CODE, field="thread secret")
_DRAFT = Place(Purpose.RETURN_CODE, field="draft")


class CodeNotOurs(HotlineError):
    default_message = "the key of this return code is not one that this house made"


class ReporterKey:
    """What one return code gives."""

    __slots__ = ("_secret", "lookup", "private")

    def __init__(self, stretched: bytes) -> None:
        self.lookup = derive(stretched, "code look-up")
        self.private = PrivateKey(derive(stretched, "code key pair"))
        self._secret = derive(stretched, "code secret")

    @property
    def public(self) -> PublicKey:
        return self.private.public

    def seal(self, secret: bytes) -> bytes:
        """Seal the thread secret, so that only the code opens it."""
        return seal_field(self._secret, secret, _THREAD_SECRET)

    def open(self, sealed: bytes) -> bytes:
        """Undo `seal`.

        Raises:
            SealBroken: it belongs to another code.
        """
        return open_field(self._secret, sealed, _THREAD_SECRET)

    def seal_draft(self, plain: bytes, word: str) -> bytes:
        """Seal what was not sent yet, so that only the code and *word* together open it; *word* may be empty."""
        return seal_field(self._draft_secret(word), plain, _DRAFT)

    def open_draft(self, sealed: bytes, word: str) -> bytes:
        """Undo `seal_draft`.

        Raises:
            SealBroken: the word is another one, or the code.
        """
        return open_field(self._draft_secret(word), sealed, _DRAFT)

    def _draft_secret(self, word: str) -> bytes:
        return derive(self.word_check(word), "code draft")

    def word_check(self, word: str) -> bytes:
        """Return 32 bytes that tell whether a code word is the right one, to whoever has the code."""
        folded = "".join(unicodedata.normalize("NFKC", word).casefold().split())
        return hmac.digest(self._secret, folded.encode("utf-8", "surrogatepass"), "sha256")

    def __repr__(self) -> str:
        return "<ReporterKey>"


class CodeDesk:
    """Derives reporter keys, few at a time, apart from the staff's sign-ins.

    New codes and tries of codes wait for themselves: no crowd of guesses holds up who writes, and none of
    those who write whoever comes back.
    """

    def __init__(self, *, salt: bytes, profile: Profile, threads: int = 1) -> None:
        if len(salt) != SALT_LENGTH:
            raise Misconfigured
        self._salt = salt
        self._cost = profile.code
        self._tries, self._new = Stretcher(threads), Stretcher(2 * threads)

    @classmethod
    def load(cls, path: Path, *, profile: Profile, threads: int = 1) -> "CodeDesk":
        """Read the house's salt, without which no code is ever found again.

        Raises:
            Misconfigured: there is none.
        """
        try:
            return cls(salt=path.read_bytes(), profile=profile, threads=threads)
        except OSError:
            raise Misconfigured from None

    def derive(self, code: ReturnCode | None) -> ReporterKey:
        """Return the key of *code*; for None (what was typed is no code) one that fits nothing, as slowly."""
        secret = new_secret() if code is None else _secret_of(code)
        return self._key(secret, self._tries)

    def derive_new(self, code: ReturnCode) -> ReporterKey:
        """Return the key of *code*, which was just made."""
        return self._key(_secret_of(code), self._new)

    def _key(self, secret: bytes, stretcher: Stretcher) -> ReporterKey:
        return ReporterKey(stretcher.stretch(secret, salt=self._salt, cost=self._cost))


def _secret_of(code: ReturnCode) -> bytes:
    return code.number.to_bytes(32)


def admit_reporter(
    session: Session,
    reporter: ReporterKey,
    *,
    house: HouseKey,
    report_id: str,
    thread_secret: bytes,
    word: str = "",
) -> None:
    """Let *reporter*'s code be the one that returns to a report; an earlier one ends. *word* may be empty.

    What they had written under it and not sent ends too.

    The *house* vouches for its key, so that nobody who can write to the database puts another in its place.
    """
    session.execute(delete(return_codes).where(return_codes.c.report_id == report_id))
    session.execute(delete(drafts).where(drafts.c.lookup == reporter.lookup))
    session.execute(
        insert(return_codes),
        {
            "lookup": reporter.lookup,
            "report_id": report_id,
            "public_key": reporter.public.raw,
            "secret_sealed": reporter.seal(thread_secret),
            "word_check": reporter.word_check(word),
            "attested": attest_code(house, report_id=report_id, public=reporter.public),
        },
    )


def find_reporter(session: Session, lookup: bytes) -> Row[Any] | None:
    """Return the row of `return_codes` of a code; None when no report has it."""
    return session.execute(
        select(return_codes).where(return_codes.c.lookup == lookup)
    ).one_or_none()


def has_word(reporter: ReporterKey, found: Row[Any]) -> bool:
    """Tell whether a code word was agreed for the row *found*."""
    return not hmac.compare_digest(reporter.word_check(""), found.word_check)


def knows_word(reporter: ReporterKey, found: Row[Any], word: str) -> bool:
    """Tell whether *word* is the code word of the row *found*; none is right when none was agreed."""
    is_it = hmac.compare_digest(reporter.word_check(word), found.word_check)
    return is_it and has_word(reporter, found)


def reporter_public(session: Session, report_id: str, *, house_public: bytes) -> PublicKey | None:
    """Return the key that answers to a report are also sealed to; None while no code was given.

    Raises:
        CodeNotOurs: the house did not vouch for it; nothing may be sealed to it.
    """
    rows = return_codes.c
    row = session.execute(
        select(rows.public_key, rows.attested).where(rows.report_id == report_id)
    ).one_or_none()
    if row is None:
        return None
    if not is_attested(house_public, row.attested, report_id=report_id, public=row.public_key):
        raise CodeNotOurs(ref=report_id)
    return PublicKey(row.public_key)


@dataclass(frozen=True, slots=True, repr=False)
class Answers:
    """What a code opens: *genuine* answers by their numbers, and the numbers of those that nobody here wrote."""

    genuine: dict[int, Account]
    forged: tuple[int, ...] = ()


def open_answers(
    session: Session,
    reporter: ReporterKey,
    *,
    authors: Authors,
    unread_only: bool,
    limit: int = 100,
) -> Answers:
    """Return the answers sealed to *reporter*, oldest first; the newest *limit* of them.

    One that does not open is left out: a damaged answer must not hide the others. So is one that opens and that
    none of the *authors* signed: anyone who can write to the database can seal to a public key.
    """
    rows, code = envelopes.c, return_codes.c
    query = (
        select(envelopes)
        .join(return_codes, code.report_id == rows.report_id)
        .where(code.lookup == reporter.lookup, rows.audience == REPORTER)
        .order_by(rows.seq.desc())
        .limit(limit)
    )
    if unread_only:
        message = messages.c
        is_it = (message.report_id == rows.report_id) & (message.seq == rows.seq)
        query = query.join(messages, is_it).where(message.is_read.is_(False))
    genuine, forged = {}, []
    for row in reversed(session.execute(query).all()):
        spot = Spot.of(row)
        try:
            account = _answer(row, spot, reporter)
        except SealBroken:
            continue
        if account is not None and authors.wrote(session, account, spot):
            genuine[row.seq] = account
        else:
            forged.append(row.seq)
    return Answers(genuine, tuple(forged))


def _answer(row: Row[Any], spot: Spot, reporter: ReporterKey) -> Account | None:
    """Return the answer in a row of `envelopes`; None where what opens is none."""
    info = spot.info(REPORTER, row.epoch_id)
    secret = unwrap_secret(row.wrap, reporter.private, info=info)
    plain = open_field(secret, row.body, spot.place(FIELDS[REPORTER]))
    try:
        return Account.from_json(plain)
    except (KeyError, TypeError, ValueError):
        return None
