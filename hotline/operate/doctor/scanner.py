"""The scanner of this machine: whether it answers, and whether what it is sent stays off the disk."""

import re
from collections.abc import Iterator
from pathlib import Path

from hotline.operate.doctor.findings import Finding, unknown, warning, well
from hotline.operate.doctor.visit import House
from hotline.scanning import Clamd

SETTINGS = (Path("/etc/clamav/clamd.conf"), Path("/etc/clamd.d/scan.conf"))
"""Where Debian and Fedora keep clamd's."""

MOUNTS = Path("/proc/self/mounts")

_IN_MEMORY = ("tmpfs", "ramfs")
_FOLDER = re.compile(r"^TemporaryDirectory\s+(\S+)", re.MULTILINE)


def check_scanner(house: House) -> Iterator[Finding]:
    """clamd keeps each file in its ``TemporaryDirectory`` while it scans, in clear."""
    if not house.config.clamd:
        return
    if not Clamd(house.config.clamd).is_there():
        yield warning(
            "scanner-silent",
            "The scanner that CLAMD names does not answer: files are not scanned.",
            "Start clamd, and let the user that the service runs as reach its socket.",
        )
        return
    folder = _folder()
    if folder is None:
        yield unknown(
            "scanner-folder-unknown",
            "We cannot see where clamd keeps files while it scans them.",
            "Set its TemporaryDirectory to a folder on a memory file system, such as tmpfs.",
        )
    elif not is_in_memory(folder):
        yield warning(
            "scanner-on-disk",
            "clamd keeps files on a disk while it scans them: deleted ones can be found there.",
            "Set its TemporaryDirectory to a folder on a memory file system, such as tmpfs.",
        )
    else:
        yield well("scanner", "The scanner answers, and keeps what it scans in memory.")


def _folder() -> Path | None:
    for path in SETTINGS:
        try:
            text = path.read_text(errors="replace")
        except OSError:
            continue
        found = _FOLDER.search(text)
        return Path(found[1]) if found else Path("/tmp")  # noqa: S108  (clamd's own default)
    return None


def is_in_memory(folder: Path) -> bool:
    """Tell whether *folder* is on a file system in memory, by the list of mounts."""
    try:
        lines = [line.split() for line in MOUNTS.read_text().splitlines()]
    except OSError:
        return False
    whole = folder.resolve()
    kinds = {Path(line[1]): line[2] for line in lines if len(line) > 2}
    holding = [path for path in (whole, *whole.parents) if path in kinds]
    return bool(holding) and kinds[holding[0]] in _IN_MEMORY
