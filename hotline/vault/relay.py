"""Hand the worker one number and one text, until they are sent; or the secret that it signs an agency's messages with.

A session seals them, as a letter, to the relay key; only the worker holds its private half.
"""

from pathlib import Path

from hotline.errors import Malformed, Misconfigured
from hotline.vault.envelope import Place, Purpose
from hotline.vault.keyfiles import write_private
from hotline.vault.keys import PrivateKey, PublicKey
from hotline.vault.letters import open_letter, seal_letter

_PLACE = Place(Purpose.RELAY, field="outgoing")
_READER = "relay"


class RelayKey:
    """The worker's key."""

    def __init__(self, private: PrivateKey) -> None:
        self._private = private

    @classmethod
    def load(cls, path: Path) -> "RelayKey":
        """Read the private half.

        Raises:
            Misconfigured: there is none, or it is not a key.
        """
        try:
            return cls(PrivateKey(path.read_bytes()))
        except (OSError, Malformed):
            raise Misconfigured from None

    @classmethod
    def create(cls, path: Path, public_path: Path) -> "RelayKey":
        """Make a new pair and write both halves, the public one for those who seal."""
        private = PrivateKey.fresh()
        write_private(path, private.seed)
        write_private(public_path, private.public.raw)
        return cls(private)

    @property
    def public(self) -> PublicKey:
        return self._private.public

    def open(self, sealed: bytes) -> bytes:
        """Return the payload.

        Raises:
            SealBroken: it was not sealed to this key.
        """
        return open_letter(self._private, sealed, _PLACE, reader=_READER)

    def open_webhook_secret(self, sealed: bytes, webhook_id: str) -> str:
        """Return what messages of a webhook are signed with.

        Raises:
            SealBroken: it was not sealed to this key, or for another webhook.
        """
        place = _place_of(webhook_id)
        return open_letter(self._private, sealed, place, reader=_READER).decode()

    def __repr__(self) -> str:
        return f"<RelayKey {self.public.id.hex()}>"


def load_relay_public(path: Path) -> PublicKey:
    """Read the public half of the relay key.

    Raises:
        Misconfigured: there is none, or it is not a key.
    """
    try:
        return PublicKey(path.read_bytes())
    except (OSError, Malformed):
        raise Misconfigured from None


def seal_for_relay(public: PublicKey, payload: bytes) -> bytes:
    """Seal *payload* so that only the worker opens it."""
    return seal_letter(public, payload, _PLACE, reader=_READER)


def seal_webhook_secret(public: PublicKey, secret: str, webhook_id: str) -> bytes:
    """Seal what messages of a webhook are signed with, so that the worker opens it for that one alone."""
    return seal_letter(public, secret.encode(), _place_of(webhook_id), reader=_READER)


def _place_of(webhook_id: str) -> Place:
    return Place(Purpose.WEBHOOK_SECRET, field=webhook_id)
