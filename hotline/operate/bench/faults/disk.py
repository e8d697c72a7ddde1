"""The disk on which the database lies: it fills up, or can be written to no more.

Where this machine lets us, it is a file system of its own (ext4 in a file): it is really full then, and really meets
an error. Elsewhere the processes that write are forbidden to: they meet an error in the same places.
"""

import os
import resource
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from hotline.errors import Unavailable
from hotline.operate.bench.rig import GONE

_MEGABYTES = 400

Writers = Callable[[], list[int]]
"""Returns the processes that write to the disk."""


class Disk(Protocol):
    """*folder* lies on it. `fills` and `hardens` begin what `frees` ends."""

    folder: Path

    def fills(self, writers: Writers) -> None: ...

    def hardens(self, writers: Writers) -> None: ...

    def frees(self, writers: Writers) -> None:
        """Make it as it was. Nobody may have anything open on one that was hardened."""


@contextmanager
def disk(place: Path) -> Iterator[Disk]:
    """Lay out a disk in the empty folder *place*, and take it away afterwards."""
    try:
        made = _Real(place)
    except Unavailable:
        yield _Forbidding(place)
        return
    try:
        yield made
    finally:
        made.ends()


class _Real:
    def __init__(self, place: Path) -> None:
        self._image, self.folder = place / "disk", place / "mounted"
        self.folder.mkdir()
        self._is_hard = False
        with self._image.open("wb") as image:
            image.truncate(_MEGABYTES << 20)
        _do("mkfs.ext4", "-q", "-F", "-m", "0", str(self._image))
        self._device = _do("losetup", "--find", "--show", str(self._image))
        try:
            self._mounts()
        except Unavailable:
            _do("losetup", "--detach", self._device)
            raise

    def fills(self, writers: Writers) -> None:
        with (self.folder / "filler").open("wb", buffering=0) as filler, suppress(OSError):
            for size in (1 << 20, 1 << 12, 1):
                with suppress(OSError):
                    while filler.write(bytes(size)):
                        pass

    def hardens(self, writers: Writers) -> None:
        """Let the file system meet an error of its device, after which it lets itself be read and no more."""
        self._is_hard = True
        _do("mount", "-o", "remount,abort", str(self.folder))

    def frees(self, writers: Writers) -> None:
        if self._is_hard:
            _do_at_last("umount", str(self.folder))
            # It says 1 where it mended something, which it is there for.
            _do("e2fsck", "-p", self._device, fine=(0, 1))
            self._mounts()
            self._is_hard = False
        (self.folder / "filler").unlink(missing_ok=True)

    def ends(self) -> None:
        _do("umount", "--lazy", str(self.folder))
        _do("losetup", "--detach", self._device)

    def _mounts(self) -> None:
        _do("mount", "-o", "errors=remount-ro", self._device, str(self.folder))
        # Whoever runs the database is another user.
        self.folder.chmod(0o755)


class _Forbidding:
    def __init__(self, place: Path) -> None:
        self.folder = place

    def fills(self, writers: Writers) -> None:
        _limit(writers(), 0)

    hardens = fills

    def frees(self, writers: Writers) -> None:
        _limit(writers(), resource.RLIM_INFINITY)


def _limit(pids: list[int], size: int) -> None:
    for pid in pids:
        with suppress(*GONE):
            try:
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
            except PermissionError:
                _limit_as_its_user(pid, size)


def _limit_as_its_user(pid: int, size: int) -> None:
    """Limit what another user runs, as that user: root may not everywhere do it itself."""
    limit = "unlimited" if size == resource.RLIM_INFINITY else str(size)
    subprocess.run(  # noqa: S603 - our own command.
        ["prlimit", f"--pid={pid}", f"--fsize={limit}:"],  # noqa: S607 - wherever it is.
        user=Path(f"/proc/{pid}").stat().st_uid,
        check=False,
        stderr=subprocess.DEVNULL,
    )


def _do_at_last(*command: str) -> None:
    """Do what must wait until who was killed has let go of everything."""
    end = time.monotonic() + 60
    while True:
        try:
            _do(*command)
            return
        except Unavailable:
            if time.monotonic() > end:
                raise
        time.sleep(0.2)


def _do(*command: str, fine: tuple[int, ...] = (0,)) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, env=os.environ, check=False)  # noqa: S603 - our own commands.
    except OSError:
        raise Unavailable("this machine has no such command") from None
    if done.returncode not in fine:
        raise Unavailable(f"{command[0]} ended with {done.returncode}")
    return done.stdout.strip()
