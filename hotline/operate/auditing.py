"""`hotline audit`: check the log, prove what it says of a report, hand it out. It answers in plain sentences."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from hotline import audit
from hotline.audit import Finding, SignedNote, Verdict
from hotline.config import Config
from hotline.errors import Misconfigured
from hotline.store import Session, Store
from hotline.vault.keyfolder import KeyFolder
from hotline.vault.logkey import LogKey, LogPin, LogSigner, LogVerifier

_SAID = {
    Finding.CHANGED: "Entry {n} was changed after it was written.",
    Finding.REMOVED: "Entry {n} was removed.",
    Finding.INSERTED: "Entry {n} was put in: it is not among what was written.",
    Finding.DAMAGED: "The hashes of the log are damaged at entry {n}: they are not what was signed.",
    Finding.REBUILT: "The log was rebuilt: from entry {n} on it is not what the checkpoint says.",
    Finding.OTHER_KEY: "The checkpoint is of another log, or another key signed it. This is {key}",
    Finding.FORGED_CHECKPOINT: "The checkpoint of {n} entries that is kept here was not signed by this log's key.",
}


def verify(env: Mapping[str, str], *, checkpoint: Path | None) -> int:
    """Check everything, and that the log continues *checkpoint*, a file that somebody kept elsewhere.

    Return 0 where the log is whole.

    Raises:
        NoteRefused: the file is no checkpoint.
    """
    config = Config.from_env(env)
    key = _verifier(config)
    known = _read(checkpoint) if checkpoint else None
    with _log(config) as session:
        verdict = audit.verify(session, known=known, public=key)
    for line in sentences(verdict, known=known, key=key.text):
        print(line)
    return 0 if verdict.is_whole else 1


def sentences(verdict: Verdict, *, known: SignedNote | None, key: str) -> list[str]:
    """Return what *verdict* says, in words for people."""
    if not verdict.is_whole:
        return ["The log is not whole.", _SAID[verdict.kind].format(n=verdict.n, key=key)]
    said = [f"The log is whole: {verdict.size} entries are as they were written."]
    if known:
        said.append(f"It continues the checkpoint of {known.checkpoint.size} entries.")
    if verdict.purged:
        said.append(f"Entries up to {verdict.purged} were deleted at the end of their time.")
    if verdict.words_gone:
        said.append(f"The words of {verdict.words_gone} entries were erased; the acts stand.")
    if verdict.waiting:
        said.append(f"{verdict.waiting} more wait for their number, and are not checked yet.")
    return said


def prove(env: Mapping[str, str], report_id: str, *, checkpoint: Path | None) -> int:
    """Print, as JSON, the proof that what was done with a report stands in the log.

    Raises:
        NothingToProve: no checkpoint was made yet.
        NoteRefused: the file is no checkpoint.
    """
    known = _read(checkpoint) if checkpoint else None
    with _log(Config.from_env(env)) as session:
        proven = audit.prove(session, report_id, against=known)
    if not proven.proofs:
        later = (
            f"{proven.later} lines about it get a proof later" if proven.later else "none is known"
        )
        print(f"No line about this report stands under this checkpoint: {later}.", file=sys.stderr)
    print(json.dumps(proven.facts(), indent=1))
    return 0


def export(env: Mapping[str, str], *, since: int) -> int:
    """Print the numbered lines as JSON, one a line; the newest checkpoint comes last."""
    with _log(Config.from_env(env)) as session:
        for row in audit.export(session, since=since):
            sys.stdout.write(json.dumps(row, separators=(",", ":")) + "\n")
    return 0


def sign(env: Mapping[str, str]) -> int:
    """Print a checkpoint of the log as it is at this moment. It is not handed out.

    Raises:
        LogBroken: the log does not continue what was signed before.
    """
    config = Config.from_env(env)
    folder = KeyFolder(config.keys)
    signer = LogSigner(config.log_name, LogKey.load(folder.log_private))
    with _log(config) as session:
        note = audit.signed_now(session, signer, pinned=LogPin(folder.log_pin).read())
    print(note, end="")
    return 0


@contextmanager
def _log(config: Config) -> Iterator[Session]:
    """Yield a session that reads the log, and close the database behind it."""
    with closing(Store(config.database_url)) as store, store.read() as session:
        yield session


def _verifier(config: Config) -> LogVerifier:
    return LogVerifier.load(KeyFolder(config.keys).log_public, name=config.log_name)


def _read(path: Path) -> SignedNote:
    try:
        note = SignedNote.parse(path.read_bytes())
    except OSError:
        raise Misconfigured("the file of the checkpoint cannot be read") from None
    _ = note.checkpoint
    return note
