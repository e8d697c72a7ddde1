"""What the machine itself can do right now: how fast it makes bytes durable, and how fast it seals."""

import os
import time
from pathlib import Path

from hotline.vault.envelope import new_secret, wrap_secret
from hotline.vault.keys import PrivateKey


def fdatasyncs_per_second(folder: Path, seconds: float = 1.0) -> float:
    """Write and sync 4 KiB again and again in *folder*."""
    path = folder / "floor"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    block, count, start = b"\0" * 4096, 0, time.perf_counter()
    try:
        while time.perf_counter() - start < seconds:
            os.pwrite(descriptor, block, 0)
            os.fdatasync(descriptor)
            count += 1
    finally:
        os.close(descriptor)
        path.unlink()
    return count / (time.perf_counter() - start)


def seal_microseconds(rounds: int = 2000) -> float:
    """Wrap one secret for one reader, which each depth of each message takes once; by the processor's time."""
    public, secret = PrivateKey.fresh().public, new_secret()
    start = time.process_time()
    for _ in range(rounds):
        wrap_secret(secret, public, info=b"floor")
    return (time.process_time() - start) / rounds * 1e6
