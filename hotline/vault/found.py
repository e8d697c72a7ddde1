"""What the desk found out about a file when somebody first looked at it, sealed beside the file with its own secret.

It says who somebody is as much as the file does: where a picture was taken, and when. So it opens with the file alone.
"""

from dataclasses import dataclass

from hotline.vault.attachments import FileSpot
from hotline.vault.contents import from_json, to_json
from hotline.vault.envelope import SealBroken, derive, open_field, seal_field

FOUND = "found"
HARMFUL = "found"
"""What the scan says of a file in which it found something."""


@dataclass(frozen=True, slots=True, repr=False)
class Found:
    """What a look found out.

    *scan* says what the scanner did: ``clean``, ``found`` (then *threat* is its name for it) or ``unscanned``; empty
    while nobody looked. *why* is the code of why there is no clean copy, *made* of how there is one. *facts* are pairs of what the file says of
    itself and how it says it, such as ``("place", "41.38790, 2.16992")``; *kept* is the message that keeps them as
    words, if one does.
    """

    scan: str = ""
    threat: str = ""
    why: str = ""
    made: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    kept: int = 0

    @property
    def is_harmful(self) -> bool:
        return self.scan == HARMFUL

    def seal(self, secret: bytes, spot: FileSpot) -> bytes:
        """Return this, to be opened by whoever opens the file at *spot*."""
        said = {
            "scan": self.scan,
            "threat": self.threat,
            "why": self.why,
            "made": self.made,
            "facts": self.facts,
            "kept": self.kept,
        }
        return seal_field(secret, to_json(said), spot.place(FOUND))

    @classmethod
    def open(cls, secret: bytes, sealed: bytes | None, spot: FileSpot) -> "Found":
        """Return what was sealed; where it does not open nothing is known yet, and the next look finds it out anew."""
        try:
            said = from_json(open_field(secret, sealed or b"", spot.place(FOUND)))
        except SealBroken:
            return NOTHING_YET
        facts = tuple((str(kind), str(text)) for kind, text in said["facts"])
        return cls(**{**said, "facts": facts})

    def __repr__(self) -> str:
        return "<Found>"


NOTHING_YET = Found()


def copy_secret(secret: bytes, copy_id: str) -> bytes:
    """Return the secret of the clean copy *copy_id* of the file that *secret* opens."""
    return derive(secret, f"clean copy {copy_id}")
