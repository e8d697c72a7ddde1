"""`hotline backup` and `hotline restore`, and what they tell whoever runs them."""

import hashlib
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from hotline.audit import Verdict
from hotline.config import Config
from hotline.errors import Misconfigured
from hotline.operate import stamps
from hotline.operate.backup import back_up, written_whole
from hotline.operate.backup_age import new_key, recipients
from hotline.operate.backup_format import LEFT_OUT
from hotline.operate.restore import Restored, restore
from hotline.store import Store
from hotline.vault.erasedlist import KEPT
from hotline.vault.keyfolder import KeyFolder

RECIPIENT = "HOTLINE_BACKUP_TO"

_KEYS_LEFT_OUT = {
    "erased.list": "names what was erased, so that a backup does not bring it back: keep a copy with the locks",
    "links.salt": "made anew at the next start: no link to a service is in a backup",
    "locks/": "destroying one must close its key period in every backup: keep a copy of its own, elsewhere",
    "log.key": "who has a backup must not sign in the house's name: keep it with the locks",
    "relay.key": "made anew where it was lost",
    "threads.key": "made anew at the next start: whoever texts begins a new report",
}


def make_key(path: Path) -> None:
    """Make an identity and say what to do with it."""
    print(new_key(path))
    print(f"Take {path} off this machine: only who has it can read a backup.", file=sys.stderr)


def make_backup(env: Mapping[str, str], *, to: Sequence[str], out: str) -> None:
    """Write a backup of the house that *env* describes to *out*; `-` is standard output."""
    if out == "-" and sys.stdout.isatty():
        raise Misconfigured("a backup is no text to read: give --out FILE, or a pipe")
    keys = recipients(to or [env.get(RECIPIENT, "")])
    config = Config.from_env(env)
    store = Store(config.database_url)
    try:
        if out == "-":
            rows = back_up(store, config.keys, keys, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        else:
            with written_whole(Path(out)) as file:
                rows = back_up(store, config.keys, keys, file)
    finally:
        store.close()
    stamps.stamp(config.keys, stamps.BACKUP, at=datetime.now(UTC))
    print(f"backup: whole, {sum(rows.values()):,} rows of {len(rows)} tables", file=sys.stderr)


def bring_back(
    env: Mapping[str, str], backup: Path, *, identity: Path, into: str, keys: Path | None
) -> None:
    """Restore *backup* and say what came back, and what did not."""
    url, folder = into or env.get("DATABASE_URL", ""), keys or Path(env.get("KEYS_DIR", ""))
    if not url or folder == Path():
        raise Misconfigured("name the database (--into) and the key folder (--keys)")
    restored = restore(backup, identity, url=url, keys=folder)
    for line in told(restored, KeyFolder(folder)):
        print(line)


def drill(env: Mapping[str, str], backup: Path, *, identity: Path) -> int:
    """Bring *backup* back into a database that is thrown away, say what came, and keep that it was tried.

    Returns 1 where the log in it is not whole. Where the settings name no key folder, nothing is kept of it.
    """
    with TemporaryDirectory(prefix="drill") as name:
        keys = Path(name) / "keys"
        keys.mkdir(mode=0o700)
        restored = restore(backup, identity, url=f"sqlite:///{name}/hotline.db", keys=keys)
    print(f"The backup of {restored.made_at} can be read, and came back whole:")
    for table, count in restored.rows.items():
        print(f"  {count:>9,} {table}")
    print(_log_told(restored.log))
    print("Nothing of it was left behind. Without a copy of the locks no account in it opens.")
    if restored.log.is_whole and env.get("KEYS_DIR"):
        stamps.stamp(Path(env["KEYS_DIR"]), stamps.DRILL, at=datetime.now(UTC))
    return 0 if restored.log.is_whole else 1


def told(restored: Restored, folder: KeyFolder) -> list[str]:
    """Return in plain words what was restored and what was not."""
    root = hashlib.sha256(folder.root_public()).hexdigest()
    fingerprint = " ".join(root[start : start + 4] for start in range(0, 32, 4))
    lines = [f"Restored: everything of {restored.made_at}, {sum(restored.rows.values()):,} rows."]
    lines += [f"  {count:>9,} {name}" for name, count in restored.rows.items() if count]
    kept = restored.kept
    lines += [
        f"Key files written: {', '.join(kept.files) or 'none, all were there'}.",
        f"The house's root is {fingerprint}: compare it with the paper of the ceremony.",
        f"Key periods that open again: {kept.open_epochs} of {kept.epochs}, by the locks in {folder.locks}.",
        _erased_told(restored, folder),
        "Nothing is erased before the third day from now: enter again what was held, doubted or taken back since.",
        f"Answers that waited to be sent and are not sent by themselves: {restored.waiting}.",
        _log_told(restored.log),
        "The log goes on from that moment: checkpoints handed out since then do not fit it any more.",
    ]
    if "roster.pin" in kept.files:
        lines += [
            "Who was dismissed since the backup is a member again: dismiss them before you serve."
        ]
    if "log.key" in kept.files:
        lines += [
            f"log.key was lost: a new one vouches for {kept.vouched} return codes. Hand the new log.pub out.",
        ]
    lines += [
        "Not restored:",
    ]
    lines += [f"  {name}: {why}" for name, why in {**LEFT_OUT, **_KEYS_LEFT_OUT}.items()]
    return lines


def _erased_told(restored: Restored, folder: KeyFolder) -> str:
    if datetime.fromisoformat(restored.made_at) < datetime.now(UTC) - KEPT:
        return (
            "THE BACKUP IS OLDER than the list of what was erased: what was erased since is back."
        )
    if folder.erased_list.exists():
        return f"Erased since, and erased again: {restored.erased}."
    return (
        f"THERE IS NO LIST OF WHAT WAS ERASED in {folder.erased_list.parent}: what was erased since the backup is"
        " back. If you have erased.list, put it there and restore anew."
    )


def _log_told(log: Verdict) -> str:
    if log.is_whole:
        return f"The log is whole: {log.size:,} lines, and {log.waiting:,} without a number yet."
    return (
        f"THE LOG IS NOT WHOLE: {log.kind} at line {log.n:,}. It was so when the backup was made."
    )
