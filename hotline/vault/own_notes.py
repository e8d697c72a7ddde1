"""What a member of staff told of themselves, shown back to them and to nobody else: a letter to their own key."""

from hotline.vault.envelope import Place, Purpose
from hotline.vault.letters import open_letter, seal_letter
from hotline.vault.opening import Keyholder


def seal_for_oneself(keyholder: Keyholder, name: str, plain: bytes) -> bytes:
    """Seal *plain* as the note *name* to whoever is signed in."""
    public = keyholder.keys.private.public
    return seal_letter(public, plain, _place(name), reader=keyholder.staff_id)


def open_own(keyholder: Keyholder, name: str, sealed: bytes) -> bytes:
    """Undo `seal_for_oneself`.

    Raises:
        SealBroken: it is somebody else's, another note, or for keys that they have no more.
    """
    return open_letter(keyholder.keys.private, sealed, _place(name), reader=keyholder.staff_id)


def _place(name: str) -> Place:
    return Place(Purpose.OWN_NOTE, field=name)
