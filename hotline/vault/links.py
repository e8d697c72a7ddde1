"""A link for one who has no account: a token in an address, and a PIN that is told by another way.

Neither is kept. A look-up id follows from the token alone; Argon2id of both gives the root of a key pair and of a
secret. So whoever has the database and the key files opens nothing without the token, and whoever finds the address
opens nothing without the PIN, of which a house lets five wrong ones be tried. Whoever has all three tries PINs for long.
"""

import hashlib
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from pathlib import Path

from hotline.domain.numbers import ascii_digits
from hotline.errors import Malformed, Misconfigured
from hotline.vault.argon import Profile, Stretcher
from hotline.vault.envelope import (
    Place,
    Purpose,
    derive,
    length_prefixed,
    open_field,
    seal_field,
)
from hotline.vault.keyfiles import held, write_private
from hotline.vault.keys import PrivateKey, PublicKey
from hotline.vault.letters import open_letter, seal_letter

TOKEN_BYTES = 32
PIN_DIGITS = 8
SALT_LENGTH = 16
ROOT_LENGTH = 32

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_PIN = re.compile(rf"[0-9]{{{PIN_DIGITS}}}")
_BESIDE = re.compile(r"[\s.\-\u2010-\u2015\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_PACKET = Place(Purpose.LINK, field="packet")
_READER = "link"


class LinkKey:
    """What token and PIN give together. *root* is all that a browser keeps of it.

    Raises:
        Malformed: the root has another length.
    """

    __slots__ = ("_secret", "private", "root")

    def __init__(self, root: bytes) -> None:
        if len(root) != ROOT_LENGTH:
            raise Malformed
        self.root = root
        self.private = PrivateKey(derive(root, "link key pair"))
        self._secret = derive(root, "link secret")

    @property
    def public(self) -> PublicKey:
        return self.private.public

    @property
    def seat(self) -> bytes:
        """Return 32 bytes by which the database knows again who opened the link; the root does not follow from them."""
        return seat_of(self.root)

    def seal(self, plain: bytes) -> bytes:
        """Seal the packet of this link."""
        return seal_field(self._secret, plain, _PACKET)

    def open(self, sealed: bytes) -> bytes:
        """Undo `seal`.

        Raises:
            SealBroken: it is another link's.
        """
        return open_field(self._secret, sealed, _PACKET)

    def open_letter(self, sealed: bytes, its_id: str) -> bytes:
        """Undo `seal_to_link`.

        Raises:
            SealBroken: it is another link's, or stood under another id.
        """
        return open_letter(self.private, sealed, _letter(its_id), reader=_READER)

    def __repr__(self) -> str:
        return "<LinkKey>"


class LinkDesk:
    """Derives the keys of links, one at a time, apart from return codes and the staff's sign-ins.

    A PIN has only eight digits, so a guess costs what one of a passphrase costs; five are all that anybody gets here.
    """

    def __init__(self, *, salt: bytes, profile: Profile, threads: int = 1) -> None:
        if len(salt) != SALT_LENGTH:
            raise Misconfigured
        self._salt = salt
        self._cost = profile.staff
        self._stretcher = Stretcher(threads)

    @classmethod
    def load(cls, path: Path, *, profile: Profile, threads: int = 1) -> "LinkDesk":
        """Read the house's salt of links; a house that has none yet gets one.

        Raises:
            Misconfigured: it can be neither read nor made.
        """
        try:
            return cls(salt=_salt_at(path), profile=profile, threads=threads)
        except OSError:
            raise Misconfigured from None

    def derive(self, token: str, pin: str) -> LinkKey:
        """Return the key of *token* and *pin*; it takes a third of a second, so never in a transaction."""
        secret = length_prefixed(token) + length_prefixed(pin)
        return LinkKey(self._stretcher.stretch(secret, salt=self._salt, cost=self._cost))


def new_link() -> tuple[str, str]:
    """Return a token of 256 bits (43 letters of base64url) and a PIN of eight digits; both are to be shown once."""
    token = urlsafe_b64encode(secrets.token_bytes(TOKEN_BYTES)).rstrip(b"=").decode()
    return token, f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}}"


def is_token(text: str) -> bool:
    return _TOKEN.fullmatch(text) is not None


def read_pin(typed: str) -> str:
    """Return the eight digits that somebody typed, in whichever script and with whichever gaps; empty where it is no PIN."""
    pin = _BESIDE.sub("", ascii_digits(typed))
    return pin if _PIN.fullmatch(pin) else ""


def lookup(token: str) -> bytes:
    """Return the 32 bytes under which the link of *token* is found; the token does not follow from them."""
    return derive(token.encode(), "link look-up")


def seat_of(ticket: bytes) -> bytes:
    """Return what the database keeps of 32 random bytes that a browser holds."""
    return hashlib.sha256(ticket).digest()


def new_ticket() -> bytes:
    """Return what a browser holds for a visit that opens nothing sealed."""
    return secrets.token_bytes(ROOT_LENGTH)


def ticket_text(ticket: bytes) -> str:
    """Return a root or a ticket as a cookie carries it."""
    return urlsafe_b64encode(ticket).rstrip(b"=").decode()


def read_ticket(text: str) -> bytes:
    """Undo `ticket_text`; empty where *text* is none."""
    return urlsafe_b64decode(text + "=") if is_token(text) else b""


def seal_to_link(public: PublicKey, plain: bytes, its_id: str) -> bytes:
    """Seal words to the holder of a link, under the id of what they belong to."""
    return seal_letter(public, plain, _letter(its_id), reader=_READER)


def _letter(its_id: str) -> Place:
    return Place(Purpose.LINK, report_id=its_id, field="letter")


def _salt_at(path: Path) -> bytes:
    """Return the salt in *path*; two processes that start at once make a single one."""
    with suppress(FileNotFoundError):
        return path.read_bytes()
    with held(path):
        if not path.exists():
            write_private(path, secrets.token_bytes(SALT_LENGTH))
    return path.read_bytes()
