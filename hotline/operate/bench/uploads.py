"""Large files of the reporters' forms: how much memory they take while they come in, and whether words wait for them."""

import os
import re
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path

from hotline.operate.bench.rig import GONE, Rig, children, rig
from hotline.vault.envelope import Place, Purpose, new_secret
from hotline.vault.stream import Sealer

_MEGABYTE = 1 << 20
_PIECE = os.urandom(64 << 10)
_BETWEEN = 0.2
_MANY = 20
_ALONE = 9
_TAKEN = "We have it."
_LEFT_OUT = "Your words are kept"
_RESET_PEAK = "5"


def measure(megabytes: int = 100, at_once: int = 4) -> dict[str, float]:
    """Return the figures of files of *megabytes*: one alone, many, and *at_once* beside people who only write."""
    with rig() as served:
        # What any report takes, however small: the derivation of so many codes at once, the database's own pages.
        growth(served, [2] * _MANY)
        start = time.perf_counter()
        one = growth(served, [megabytes])
        seconds = time.perf_counter() - start
        many = growth(served, [max(1, megabytes // 10)] * _MANY)
        alone = sorted(write_words(served) for _ in range(_ALONE))[_ALONE // 2]
        waits = words_beside(served, [megabytes] * at_once)
    floor = _floor(megabytes)
    return {
        f"a file of {megabytes} MB, s": seconds,
        "floor: sealing as many bytes alone, s": floor,
        "a file, over floor": seconds / floor,
        "memory that it took, MB": one,
        f"memory that {_MANY} at once of a tenth took, MB": many,
        "words while nothing else comes in: median, ms": alone * 1000,
        f"words while {at_once} such files come in: median, ms": waits[len(waits) // 2] * 1000,
        f"words while {at_once} such files come in: the slowest, ms": waits[-1] * 1000,
    }


def growth(served: Rig, sizes: list[int]) -> float:
    """Send files of *sizes* (MB) at once, and return by how many MB the serving process grew meanwhile at most."""
    pids = [served.process.pid, *children(served.process.pid)]
    before = {pid: _memory(pid, "VmRSS") for pid in pids}
    for pid in pids:
        with suppress(*GONE):
            Path(f"/proc/{pid}/clear_refs").write_text(_RESET_PEAK)
    with ThreadPoolExecutor(len(sizes)) as senders:
        list(senders.map(lambda size: send_file(served, size), sizes))
    return max(_memory(pid, "VmHWM") - before[pid] for pid in pids) / 1024


def words_beside(served: Rig, sizes: list[int]) -> list[float]:
    """Return the seconds that reports without files took while files of *sizes* (MB) came in, the shortest first."""
    waits: list[float] = []
    done = threading.Event()

    def write() -> None:
        while not done.is_set():
            waits.append(write_words(served))
            done.wait(_BETWEEN)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with ThreadPoolExecutor(len(sizes)) as senders:
            list(senders.map(lambda size: send_file(served, size), sizes))
    finally:
        done.set()
        writer.join()
    return sorted(waits)


def send_file(served: Rig, megabytes: int) -> None:
    """Send a form with words and a file, piece by piece."""
    head, tail = _form(f"My boss keeps my papers. I filmed the house. {os.urandom(4).hex()}")
    size = megabytes * _MEGABYTE
    _post(served, _pieces(head, size, tail), len(head) + size + len(tail))


def write_words(served: Rig) -> float:
    """Send a form with words alone, and return the seconds until its code was there."""
    body = f"account=My boss keeps my papers and my pay {os.urandom(4).hex()}".encode()
    start = time.perf_counter()
    _post(served, [body], len(body), kind="application/x-www-form-urlencoded")
    return time.perf_counter() - start


def _form(words: str) -> tuple[bytes, bytes]:
    head = (
        f'--line\r\nContent-Disposition: form-data; name="account"\r\n\r\n{words}\r\n'
        '--line\r\nContent-Disposition: form-data; name="files"; filename="house.mp4"\r\n'
        "Content-Type: video/mp4\r\n\r\n"
    )
    return head.encode(), b"\r\n--line--\r\n"


def _pieces(head: bytes, size: int, tail: bytes) -> Iterator[bytes]:
    yield head
    for _ in range(size // len(_PIECE)):
        yield _PIECE
    yield tail


def _post(
    served: Rig,
    body: Iterable[bytes],
    length: int,
    kind: str = "multipart/form-data; boundary=line",
) -> None:
    headers = {"Content-Type": kind, "Content-Length": str(length)}
    with closing(HTTPConnection("127.0.0.1", served.port, timeout=300)) as connection:
        connection.request("POST", "/en/new", body, headers)
        page = connection.getresponse().read().decode()
    if _TAKEN not in page or _LEFT_OUT in page:
        raise RuntimeError("a form was not kept whole")


def _memory(pid: int, name: str) -> int:
    """Return a line of a process's status in KiB."""
    with suppress(*GONE):
        found = re.search(rf"{name}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
        return int(found.group(1)) if found else 0
    return 0


def _floor(megabytes: int) -> float:
    start = time.perf_counter()
    sealer = Sealer(new_secret(), Place(Purpose.ATTACHMENT))
    for _ in range(megabytes * _MEGABYTE // len(_PIECE)):
        for _chunk in sealer.add(_PIECE):
            pass
    for _chunk in sealer.finish():
        pass
    return time.perf_counter() - start
