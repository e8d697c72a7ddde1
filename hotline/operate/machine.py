"""What the machine says of itself, as far as a house depends on it: disks, memory, swap, clock, files that may be open.

It is looked at without any right but that of the service, and beside a server that runs.
"""

import ctypes
import os
import resource
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from hotline.config import Config
from hotline.vault.keyfolder import KeyFolder

MOUNTS, SWAPS = Path("/proc/mounts"), Path("/proc/swaps")
MEMORY, CORES = Path("/proc/meminfo"), Path("/proc/sys/kernel/core_pattern")
_BLOCKS = Path("/sys/block")
_NOT_IN_STEP = 5
"""What adjtimex(2) returns where nothing keeps the clock right (TIME_ERROR)."""
_TIMEX = 256


@dataclass(frozen=True, slots=True)
class Disk:
    """Where something of ours lies: bytes, the number of the volume, and what its file system is called."""

    free: int
    size: int
    volume: int
    kind: str

    @property
    def share(self) -> float:
        """How much of it is free, from 0 to 1."""
        return self.free / self.size if self.size else 1.0


@dataclass(frozen=True, slots=True)
class Machine:
    """The facts. None is what could not be found out; *database* is None where it is not a file of this machine."""

    database: Disk | None
    keys: Disk
    locks: Disk
    clock_is_kept: bool | None
    open_swaps: tuple[str, ...]
    leaves_cores: bool | None
    memory: int | None
    files: int

    @classmethod
    def of(cls, config: Config) -> "Machine":
        """Look at this machine, and at where the house of *config* lies."""
        file = database_file(config)
        return cls(
            database=disk_of(file.parent) if file else None,
            keys=disk_of(config.keys),
            locks=disk_of(KeyFolder(config.keys).locks),
            clock_is_kept=_clock_is_kept(),
            open_swaps=tuple(_open_swaps()),
            leaves_cores=_leaves_cores(),
            memory=_memory(),
            files=resource.getrlimit(resource.RLIMIT_NOFILE)[1],
        )


def database_file(config: Config) -> Path | None:
    """Return the file of the database; None where a server keeps it."""
    url = make_url(config.database_url)
    is_file = url.drivername.startswith("sqlite") and url.database not in (None, "", ":memory:")
    return Path(str(url.database)).absolute() if is_file else None


def mode_of(path: Path) -> int:
    """Return who may do what with a file, as `stat` has it; 0 where it cannot be seen."""
    try:
        return path.stat().st_mode
    except OSError:
        return 0


def disk_of(folder: Path) -> Disk:
    """Return what is said of the volume of *folder*, or of the nearest folder above that there is."""
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    usage = shutil.disk_usage(there)
    return Disk(usage.free, usage.total, there.stat().st_dev, _kind_of(there))


def size_of(file: Path) -> int:
    """Return the bytes of *file*; none where it is not there."""
    with suppress(OSError):
        return file.stat().st_size
    return 0


def resident() -> int:
    """Return the bytes of memory that this process has for itself."""
    with suppress(OSError, IndexError, ValueError):
        told = Path("/proc/self/status").read_text()
        return int(told.split("RssAnon:")[1].split()[0]) << 10
    return 0


def open_files() -> int:
    """Return how many files and connections this process has open."""
    with suppress(OSError):
        return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - names alone are wanted.
    return 0


def _kind_of(there: Path) -> str:
    whole = there.resolve()
    with suppress(OSError):
        lines = [line.split() for line in MOUNTS.read_text().splitlines()]
        kinds = {Path(line[1]): line[2] for line in lines if len(line) > 2}
        return next((kinds[path] for path in (whole, *whole.parents) if path in kinds), "")
    return ""


def _clock_is_kept() -> bool | None:
    """Ask the kernel whether something keeps the clock right; nothing is set by asking."""
    try:
        said = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX))
    except (AttributeError, OSError):
        return None
    return None if said < 0 else said != _NOT_IN_STEP


def _open_swaps() -> Iterator[str]:
    """Yield where memory may be written without being encrypted."""
    with suppress(OSError):
        for line in SWAPS.read_text().splitlines()[1:]:
            name = Path(line.split()[0])
            if not (name.name.startswith("zram") or _is_encrypted(name)):
                yield name.name


def _is_encrypted(device: Path) -> bool:
    with suppress(OSError):
        uuid = _BLOCKS / device.resolve().name / "dm" / "uuid"
        return uuid.read_text().startswith("CRYPT-")
    return False


def _leaves_cores() -> bool | None:
    """Tell whether programs that crash leave what they held in memory: our own never do, the others may."""
    try:
        pattern = CORES.read_text().strip()
    except OSError:
        return None
    if pattern.startswith("|"):
        return pattern != "|/bin/false"
    return resource.getrlimit(resource.RLIMIT_CORE)[0] != 0


def _memory() -> int | None:
    with suppress(OSError, IndexError, ValueError):
        return int(MEMORY.read_text().split("MemAvailable:")[1].split()[0]) << 10
    return None
