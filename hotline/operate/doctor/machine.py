"""The machine that the house runs on: what it leaves lying, what it runs short of, and what must not lie together."""

import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from hotline.operate import stamps
from hotline.operate.doctor.findings import Finding, unknown, warning, well, wrong
from hotline.operate.doctor.visit import House
from hotline.operate.machine import Disk, database_file, mode_of
from hotline.operate.serving import CONNECTIONS

BACKUP_DUE, DRILL_DUE = timedelta(hours=36), timedelta(days=200)
_GIB, _MIB = 1 << 30, 1 << 20
_LEAST_MEMORY = 256 * _MIB
_LEAST_FILES = CONNECTIONS + 1024
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH
_KEEP_WHAT_IS_DELETED = ("btrfs", "zfs", "bcachefs", "nilfs2")
_SWEPT = (
    "home",
    "root",
    "backup",
    "backups",
    "dropbox",
    "nextcloud",
    "onedrive",
    "owncloud",
    "sync",
)


def check_room(house: House) -> Iterator[Finding]:
    """Look at disks, memory and how many files may be open: where these end, nothing is kept."""
    machine = house.machine
    found = [*_disk(machine.database, "the database"), *_disk(machine.keys, "KEYS_DIR")]
    if machine.memory is not None and machine.memory < _LEAST_MEMORY:
        found.append(
            warning(
                "memory-low",
                f"Only {machine.memory // _MIB} MiB of memory are left; the system ends what takes most when it is full.",
                "Give the machine more, or move off it what else runs there.",
            )
        )
    if machine.files < _LEAST_FILES:
        found.append(
            warning(
                "files-few",
                f"A process may open {machine.files} files; each connection is one, and {CONNECTIONS} are let in.",
                f"Set LimitNOFILE={2 * CONNECTIONS} for the service.",
            )
        )
    yield from found or [well("room", "There is room on the disks, and memory.")]


def _disk(disk: Disk | None, of: str) -> Iterator[Finding]:
    if disk is None:
        return
    told = f"{disk.free / _GIB:.1f} GiB ({disk.share:.0%}) are free where {of} lies."
    if disk.free < _GIB // 4 or disk.share < 0.03:
        yield wrong(
            "disk-full", told, "Give it more room now: when it is full, nothing is kept.", of
        )
    elif disk.free < 2 * _GIB or disk.share < 0.1:
        yield warning("disk-low", told, "Give it more room.", of)


def check_traces(house: House) -> Iterator[Finding]:
    """Look at what the machine may write down of what is in memory, and at its clock."""
    machine = house.machine
    found = []
    if machine.open_swaps:
        found.append(
            warning(
                "swap-open",
                f"What is in memory may be written to a disk unencrypted: {', '.join(machine.open_swaps)}.",
                "Turn swap off (swapoff -a, and out of /etc/fstab), or encrypt it with a key of each start.",
            )
        )
    if machine.leaves_cores:
        found.append(
            warning(
                "cores-kept",
                "Programs that crash leave what they held in memory in a file: ours never do, the database and the proxy may.",
                "Set kernel.core_pattern=|/bin/false with sysctl, and LimitCORE=0 for these services.",
            )
        )
    if machine.clock_is_kept is False:
        found.append(
            warning(
                "clock-unkept",
                "Nothing keeps this machine's clock right.",
                "Start chrony or systemd-timesyncd; a container has the clock of its host, look there.",
            )
        )
    yield from found or [well("traces", "Memory stays in memory, and the clock is kept right.")]


def check_database_files(house: House) -> Iterator[Finding]:
    """The file of the database is for the service alone, and so is the folder that it lies in."""
    file = database_file(house.config)
    if file is None:
        return
    files = [file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))]
    for path in files:
        if mode_of(path) & _OTHERS:
            yield wrong(
                "database-file-open",
                "Others than the service may read or change this file of the database.",
                "chmod 600 it, and let it belong to the user that the service runs as.",
                path.name,
            )
    if mode_of(file.parent) & _OTHERS_MAY_WRITE:
        yield wrong(
            "database-folder-open",
            "Others than the service may put files into the folder of the database.",
            "chmod 700 the folder, and let it belong to the user that the service runs as.",
        )


def check_apart(house: House) -> Iterator[Finding]:
    """Locks that are destroyed must be gone: they lie on no volume that the database is on, and none that is copied."""
    if house.config.demo is not None:
        return
    machine, file = house.machine, database_file(house.config)
    found = []
    if machine.database and machine.database.volume == machine.locks.volume:
        found.append(
            warning(
                "locks-beside-database",
                "The locks of key periods lie on the same volume as the database: whoever copies the one copies both.",
                "Mount a small volume of its own at KEYS_DIR/locks, out of every snapshot and backup.",
            )
        )
    places = [(house.config.keys / "locks", machine.locks, "KEYS_DIR/locks")]
    if file and machine.database:
        places.append((file.parent, machine.database, "the database"))
    for folder, disk, of in places:
        if disk.kind in _KEEP_WHAT_IS_DELETED or _is_swept(folder):
            found.append(
                warning(
                    "copied-by-others",
                    "This lies where snapshots or backups of the system may keep what was erased.",
                    "Move it to a volume of its own, such as /srv/hotline, and leave that out of both.",
                    of,
                )
            )
    yield from found or [well("apart", "Locks and database lie apart, where nothing copies them.")]


def _is_swept(folder: Path) -> bool:
    return any(part.lower() in _SWEPT for part in folder.absolute().parts)


def check_backups(house: House) -> Iterator[Finding]:
    """Look when the last backup ended well, and when one was last brought back."""
    if house.config.demo is not None:
        return
    keys, now = house.config.keys, house.clock()
    made, tried = stamps.stamped(keys, stamps.BACKUP), stamps.stamped(keys, stamps.DRILL)
    if made is None:
        yield unknown(
            "backup-unknown",
            "No backup was made with these keys, or another machine makes them.",
            "Run `hotline backup` each night, by a timer.",
        )
    elif now - made > BACKUP_DUE:
        yield wrong(
            "backup-old",
            f"The last backup that ended well is of {made:%Y-%m-%d}.",
            "Run `hotline backup` by hand, read what it says, and mend the timer.",
        )
    else:
        yield well("backup", f"The last backup is of {made:%Y-%m-%d %H:%M} UTC.")
    if tried is None:
        yield unknown(
            "drill-unknown",
            "It is not known that a backup of this house was ever brought back.",
            "Try one: `hotline restore FILE --identity KEYFILE --drill` leaves nothing behind.",
        )
    elif now - tried > DRILL_DUE:
        yield warning(
            "drill-old",
            f"A backup was last brought back on {tried:%Y-%m-%d}.",
            "Try the newest, twice a year: `hotline restore FILE --identity KEYFILE --drill`.",
        )
