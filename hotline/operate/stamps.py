"""When this house was last backed up, and when a backup of it was last brought back as an exercise.

Each is a file in the key folder that holds the moment and nothing else: whoever looks after the house wants to know it
also when the database is gone.
"""

from contextlib import suppress
from datetime import datetime
from pathlib import Path

from hotline.vault.keyfiles import write_private

BACKUP, DRILL = "backup.last", "drill.last"


def stamp(keys: Path, name: str, *, at: datetime) -> None:
    """Keep that it was done at *at*; what was done stays done where this cannot be kept."""
    with suppress(OSError):
        write_private(keys / name, f"{at.isoformat(timespec='seconds')}\n".encode())


def stamped(keys: Path, name: str) -> datetime | None:
    """Return when it was last done; None where that is not known."""
    try:
        return datetime.fromisoformat((keys / name).read_text().strip())
    except (OSError, ValueError):
        return None
