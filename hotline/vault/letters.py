"""A letter: bytes that a single key opens, such as words of the log, a half of a secret, a text on its way (pure).

``wrap | record``: both of the same place, under a secret of its own. The wrap is also bound to *reader*, which names
whose key it is: the id of an epoch or of a member.
"""

from hotline.vault.envelope import (
    WRAP_LENGTH,
    Place,
    new_secret,
    open_field,
    seal_field,
    unwrap_secret,
    wrap_info,
    wrap_secret,
)
from hotline.vault.keys import PrivateKey, PublicKey


def seal_letter(public: PublicKey, plain: bytes, place: Place, *, reader: str) -> bytes:
    """Seal *plain* at *place* to the owner of *public* alone."""
    secret = new_secret()
    wrap = wrap_secret(secret, public, info=wrap_info(place, reader))
    return wrap + seal_field(secret, plain, place)


def open_letter(private: PrivateKey, sealed: bytes, place: Place, *, reader: str) -> bytes:
    """Undo `seal_letter`.

    Raises:
        SealBroken: it is another key's or belongs elsewhere.
    """
    info = wrap_info(place, reader)
    secret = unwrap_secret(sealed[:WRAP_LENGTH], private, info=info)
    return open_field(secret, sealed[WRAP_LENGTH:], place)
