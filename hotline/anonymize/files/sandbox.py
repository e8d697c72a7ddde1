"""Give up what a reader of strangers' files does not need, before it meets the first byte that was written to be read.

Kept out on any Linux: more memory, processor time, open files or larger files than are needed here; new processes
(unless we run as root, whom the kernel lets); new rights; dumps of memory. Kept out where the kernel has Landlock:
every file but the libraries, any writing, deleting or running of files, and other processes of ours. Kept out where
a process may make a user namespace of its own: every network. Not kept out: a flaw of the kernel, and, where the
last two are missing, what the user that the hotline runs as may read. What comes back is checked as a stranger's.
A process that one of these started where it may (as root, or beside an office program) and moved out of its group may
outlive it, for as much time of the processor as it may take itself; nobody waits for it, and it reaches nothing more.
"""

import contextlib
import ctypes
import os
import resource
import signal
import sys
from collections.abc import Iterable
from pathlib import Path

# include/uapi/linux: prctl.h, sched.h, landlock.h
_DIE_WITH_PARENT, _NO_DUMP, _NO_NEW_RIGHTS = 1, 4, 38
_NEW_MOUNTS, _NEW_NAMES, _NEW_MAILBOXES, _NEW_USER, _NEW_NETWORK = (
    0x00020000, 0x04000000, 0x08000000, 0x10000000, 0x40000000,
)  # fmt: skip
_CREATE_RULES, _ADD_RULE, _RESTRICT = 444, 445, 446
_READ, _RUN, _WRITE_ALL = 0b1100, 0b1, 0b1111_1111_1111
_FILES_BY_VERSION = {1: 13, 2: 14, 3: 15, 4: 15}
_FILES_NOW = 16
_ROOM = Path(__file__).parents[2]
_LIBRARIES = (
    "/usr",
    "/lib",
    "/lib64",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/dev/urandom",
    "/dev/null",
)


class _Rules(ctypes.Structure):
    _fields_ = (
        ("files", ctypes.c_uint64),
        ("network", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def limit(
    *, memory: int, seconds: int, file_size: int = 0, files: int = 64, processes: int = 0
) -> None:
    """Take no more than this from now on (bytes; seconds of processor time); limits are only ever lowered."""
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, file_size),
        (resource.RLIMIT_NOFILE, files),
        (resource.RLIMIT_NPROC, processes),
        (resource.RLIMIT_CORE, 0),
    ):
        _lower(what, most, most)
    # The first ends us by a signal of its own, by which our parent knows that it was time.
    _lower(resource.RLIMIT_CPU, seconds, seconds + 1)


def _lower(what: int, soft: int, hard: int) -> None:
    had_soft, had_hard = (
        sys.maxsize if each == resource.RLIM_INFINITY else each for each in resource.getrlimit(what)
    )
    resource.setrlimit(what, (min(soft, had_soft), min(hard, had_hard)))


def close_off() -> None:
    """Leave every network, every file but the libraries, and our parent's life after its end; as far as the kernel can.

    Names of modules that are not loaded yet can still be: the libraries stay readable.
    """
    end_with_parent()
    leave_networks()
    keep_to(readable())


def end_with_parent() -> None:
    """End when our parent does, leave no picture of our memory, and take no new rights."""
    system = _system()
    system.prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    system.prctl(_NO_DUMP, 0, 0, 0, 0)
    system.prctl(_NO_NEW_RIGHTS, 1, 0, 0, 0)


def leave_networks(*, with_mounts: bool = False) -> bool:
    """Move to namespaces of our own, where no network is; tell whether the kernel let us."""
    wanted = _NEW_USER | _NEW_NETWORK | _NEW_MAILBOXES | (_NEW_MOUNTS if with_mounts else 0)
    return int(_system().unshare(wanted)) == 0


def readable() -> list[Path]:
    """Return the folders that an interpreter needs: the libraries and this package, nothing that is kept beside them."""
    ours = [_ROOM, Path(sys.prefix), Path(sys.base_prefix)]
    installed = [Path(entry) for entry in sys.path if entry and Path(entry) != _ROOM.parent]
    return [*ours, *installed, *map(Path, _LIBRARIES)]


def keep_to(read: Iterable[Path], *, run: Iterable[Path] = (), write: Iterable[Path] = ()) -> bool:
    """Touch no file but those beneath *read*, run none but those beneath *run*; tell whether the kernel sees to it."""
    system = _system()
    version = system.syscall(_CREATE_RULES, None, 0, 1)
    if version < 1:
        return False
    every = (1 << _FILES_BY_VERSION.get(version, _FILES_NOW)) - 1
    rules = _Rules(every, 0b11 if version >= 4 else 0, 0b11 if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    made = system.syscall(_CREATE_RULES, ctypes.byref(rules), size, 0)
    if made < 0:
        return False
    for folders, rights in ((read, _READ), (run, _READ | _RUN), (write, every & ~_RUN)):
        for folder in folders:
            _allow(system, made, folder, rights)
    system.prctl(_NO_NEW_RIGHTS, 1, 0, 0, 0)
    is_kept: bool = system.syscall(_RESTRICT, made, 0) == 0
    os.close(made)
    return is_kept


def _allow(system: ctypes.CDLL, rules: int, folder: Path, rights: int) -> None:
    with contextlib.suppress(OSError):
        opened = os.open(folder, os.O_PATH | os.O_CLOEXEC)
        if not folder.is_dir():
            rights &= 0b111 | 1 << 14
        beneath = _Beneath(rights, opened)
        system.syscall(_ADD_RULE, rules, 1, ctypes.byref(beneath), 0)
        os.close(opened)


def _system() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
