"""The key folder of a restored house: what a backup brings, what is made anew, and what must come from elsewhere."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select, update

from hotline.audit import SignedNote
from hotline.audit.notes import sign
from hotline.audit.tables import audit_checkpoints
from hotline.errors import Refused
from hotline.operate.backup_format import KEY_FILES, BackupUnreadable
from hotline.store import Session, Store
from hotline.vault.attest import attest_code, is_attested
from hotline.vault.keyfiles import write_private
from hotline.vault.keyfolder import KeyFolder
from hotline.vault.keyring import Keyring
from hotline.vault.keys import PublicKey
from hotline.vault.logkey import LogKey, LogSigner, LogVerifier
from hotline.vault.relay import RelayKey
from hotline.vault.tables import return_codes


class KeyFolderDiffers(Refused):
    default_message = "the key folder belongs to another house"


class RosterOlder(Refused):
    default_message = (
        "the key folder has seen a newer roster than the backup holds: whoever left since could read again."
        " To go on all the same, move roster.pin away"
    )


def check_files(keys: Path, files: Mapping[str, bytes]) -> None:
    """Do nothing when *files* may be put into the folder *keys* beside what is there.

    Raises:
        BackupUnreadable: they are not the files of a house.
        KeyFolderDiffers: the folder holds another house's.
        RosterOlder: the folder has seen a newer roster.
    """
    if set(files) != set(KEY_FILES):
        raise BackupUnreadable
    for name in ("root.pub", "codes.salt", "log.pub"):
        path = keys / name
        if path.exists() and path.read_bytes() != files[name]:
            raise KeyFolderDiffers
    pin = keys / "roster.pin"
    if pin.exists() and _pinned(pin.read_bytes()) > _pinned(files["roster.pin"]):
        raise RosterOlder


@dataclass(frozen=True, slots=True)
class Kept:
    """The *files* that were written, and of how many *epochs* the locks are here.

    *vouched* return codes are vouched for anew, because the house has a new key to sign with.
    """

    files: tuple[str, ...]
    epochs: int
    open_epochs: int
    vouched: int


def keep_files(store: Store, keys: Path, files: Mapping[str, bytes]) -> Kept:
    """Write what is missing in *keys*, make anew what no backup holds, and see that the house holds together.

    On any fault the files that were written are removed again.

    Raises:
        RosterRefused: the rosters of the backup are not signed by whom its root appointed.
    """
    fresh = [name for name in files if not (keys / name).exists()]
    folder = KeyFolder(keys)
    try:
        for name in fresh:
            write_private(keys / name, files[name])
        if not folder.relay_private.exists():
            RelayKey.create(folder.relay_private, folder.relay_public)
            fresh += [folder.relay_private.name, folder.relay_public.name]
        keyring = Keyring.open(store, root_public=folder.root_public(), pin=folder.pin)
        # The pin came with the backup, so it vouches for nothing: every step since the first roster does.
        keyring.verify_whole()
        vouched = 0
        if not folder.log_private.exists():
            fresh.append(folder.log_private.name)
            vouched = _vouch_anew(store, folder, files["log.pub"])
    except BaseException:
        for name in fresh:
            (keys / name).unlink(missing_ok=True)
        raise
    epochs = keyring.roster.epochs
    are_open = [epoch for epoch in epochs if (folder.locks / epoch.id).exists()]
    return Kept(tuple(fresh), len(epochs), len(are_open), vouched)


def _vouch_anew(store: Store, folder: KeyFolder, before: bytes) -> int:
    """Make a new key to sign with, and sign with it what the one *before* did: return codes, and checkpoints."""
    house = LogKey.create(folder.log_private, folder.log_public)

    def write(session: Session) -> int:
        _sign_anew(session, house, before)
        vouched = 0
        rows = return_codes.c
        for row in session.execute(select(return_codes)).all():
            its = {"report_id": row.report_id, "public": row.public_key}
            if is_attested(before, row.attested, **its):
                public = PublicKey(row.public_key)
                attested = attest_code(house, report_id=row.report_id, public=public)
                mine = update(return_codes).where(rows.lookup == row.lookup)
                session.execute(mine.values(attested=attested))
                vouched += 1
        return vouched

    return store.write(write)


def _sign_anew(session: Session, house: LogKey, before: bytes) -> None:
    """Put the new key's signature beside that of the one *before*; without it our own checkpoints would look forged."""
    rows = audit_checkpoints.c
    for row in session.execute(select(rows.size, rows.note)).all():
        note = SignedNote.parse(row.note.encode())
        name = note.checkpoint.origin
        if note.is_checkpoint_of(LogVerifier(name, before)):
            (again,) = sign(note.checkpoint, LogSigner(name, house)).signatures
            both = SignedNote(note.text, (*note.signatures, again))
            mine = update(audit_checkpoints).where(rows.size == row.size)
            session.execute(mine.values(note=str(both)))


def _pinned(content: bytes) -> int:
    """Return the number of the roster that a pin file names."""
    try:
        return int(json.loads(content)["roster"][0])
    except (ValueError, LookupError, TypeError):
        raise BackupUnreadable from None
