"""What an approval hands over: the halves that the requester lacks, sealed to them alone.

A letter, bound to the very request, report, message, field, requester and approver, so that it opens in no other
row. Asked for the files of a message, it holds their halves; asked for anything else, the message's own.
"""

import base64

from hotline.vault.asked import Request
from hotline.vault.contents import from_json, to_json
from hotline.vault.envelope import Place, Purpose
from hotline.vault.keys import PrivateKey, PublicKey
from hotline.vault.letters import open_letter, seal_letter

MESSAGE = "message"
"""By which name the half of the message itself goes; those of files go by their ids."""


def seal_halves(granted: Request, halves: dict[str, bytes], requester: PublicKey) -> bytes:
    """Seal *halves* to whoever asked."""
    texts = {name: base64.b64encode(half).decode() for name, half in halves.items()}
    return seal_letter(requester, to_json(texts), _place(granted), reader=granted.requester)


def open_halves(granted: Request, mine: PrivateKey) -> dict[str, bytes]:
    """Return the halves that were handed over.

    Raises:
        SealBroken: they were handed over to somebody else, or for something else.
    """
    sealed = granted.half_sealed or b""
    texts = from_json(open_letter(mine, sealed, _place(granted), reader=granted.requester))
    return {name: base64.b64decode(text) for name, text in texts.items()}


def _place(granted: Request) -> Place:
    bound = f"{granted.id} {granted.requester} {granted.approver} {granted.field}"
    return Place(Purpose.GRANTED_HALF, granted.desk, granted.report_id, bound, granted.seq)
