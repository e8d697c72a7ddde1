"""By what two reports of a desk are known to share a selector, without the selector standing anywhere in the clear.

A token is a keyed hash under a key that follows from a private epoch key of the desk: only who reads the desk's accounts
can make one or try a guess, and it cannot be made any more once the epoch is closed.
"""

import hmac

from hotline.domain.staff import Right
from hotline.store import Session
from hotline.vault.envelope import derive, length_prefixed
from hotline.vault.opening import Keyholder

_USE = "selectors of a desk"


def selector_token(
    session: Session, keyholder: Keyholder, epoch_id: str, kind: str, form: str
) -> bytes:
    """Return 32 bytes that are the same for the same selector under one epoch of the desk.

    Raises:
        Refused: without the right to read.
        SealBroken: the epoch is not for this keyholder, or closed.
    """
    keyholder.require(Right.READ)
    key = derive(keyholder.epochs.get(session, epoch_id).seed, _USE)
    return hmac.digest(key, length_prefixed(kind) + length_prefixed(form), "sha256")
