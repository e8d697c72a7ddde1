"""Texts come in at their own pace, whether we answer or not, while a desk and a feed are read: what does everybody wait for?

The house is served as in production, on SQLite, with a provider that forgets what we ask it to. Texts are prepared before and sent by a
process of its own; time counts from when each was due.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from sqlalchemy import func, select

from hotline import jobs
from hotline.domain.report import Direction
from hotline.operate.bench import floors, load
from hotline.operate.bench.leads import shelf
from hotline.operate.bench.openloop.prepared import prepare
from hotline.operate.bench.openloop.reading import readers, sign_in
from hotline.operate.bench.openloop.sender import ANSWER
from hotline.operate.bench.rig import Rig, rig
from hotline.operate.ports import free_port
from hotline.reports.tables import messages
from hotline.store import Store

_HERE = Path(__file__).parent
_LEADS, _WARM = 10_000, 200
_MINUTE, _SETTLE = 60.0, 5.0


@dataclass
class Answers:
    """What came of the texts: seconds since each was due, and how late they were sent."""

    took: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    failed: int = 0

    def more(self, raw: bytes) -> "Answers":
        """Add the records of *raw*, and return them alone too."""
        new = Answers()
        for _due, late, took, status in ANSWER.iter_unpack(raw):
            new.late.append(late)
            if status == 200:
                new.took.append(took)
            else:
                new.failed += 1
        self.took += new.took
        self.late += new.late
        self.failed += new.failed
        return new


def share(values: list[float], part: float) -> float:
    """Return within how many milliseconds *part* of *values* (seconds) are; 0 where there are none."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)] * 1000 if ordered else 0.0


def measure(
    per_second: float = 200, minutes: float = 10, *, later: float = 0.0, leads: int = _LEADS
) -> dict[str, float]:
    """Return what texts that come *per_second* for so many *minutes* took; a share of *later* are no first ones."""
    with served_provider() as provider, rig(provider_port=provider) as served:
        served.kill()
        feed = shelf.fill(served.database_url, leads)
        served.start()
        cookie, path = sign_in(served), served.folder / "requests"
        # What a fresh process does once, as reading the word lists of a language, is told by `start`.
        load.as_fast_as_answered(served.port, [served.webhook(number) for number in range(_WARM)])
        count = prepare(served, path, per_second=per_second, seconds=minutes * _MINUTE, later=later)
        syncs, seal = floors.fdatasyncs_per_second(served.folder), floors.seal_microseconds()
        memory, spent = served.memory(), served.processor_seconds()
        with readers(served, cookie, feed) as read:
            answers, sender = _sent(served, path)
        spent = served.processor_seconds() - spent
        grown, waiting = served.memory(), due_age(served.database_url)
        kept = _kept(served.database_url) - _WARM
    pages = {
        f"{what} at {part:.0%}, ms": share(took, part)
        for what, took in sorted(read.took.items())
        for part in (0.5, 0.99)
    }
    return {
        "floor: fdatasync/s": syncs,
        "floor: one seal, us": seal,
        "texts": count,
        "p50, ms": share(answers.took, 0.5),
        "p99, ms (aim: 50 or less)": share(answers.took, 0.99),
        "p99.9, ms": share(answers.took, 0.999),
        "not answered": answers.failed,
        "acknowledged but not kept": max(0, len(answers.took) - kept),
        "processor per text, with its jobs and all that is read, ms": spent / count * 1000,
        "  in seals": spent / count * 1e6 / seal,
        "memory before, MB": memory / 1e6,
        "memory after, MB": grown / 1e6,
        "oldest due job at the end, s (aim: 1 or less)": waiting,
        **pages,
        "pages that did not come": read.failed,
        "sent late at 99%, ms": share(answers.late, 0.99),
        "processor of the sender per text, ms": sender / count * 1000,
    }


def _sent(served: Rig, requests: Path) -> tuple[Answers, float]:
    """Send *requests*, tell how each minute was, and return the answers and the sender's processor seconds."""
    path, answers = served.folder / "answers", Answers()
    path.touch()
    command = [sys.executable, "-I", str(_HERE / "sender.py"), str(served.port)]
    command += [str(requests), str(path)]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE) as sender,  # noqa: S603 - our own script.
        path.open("rb") as told,
    ):
        spent, is_over = served.processor_seconds(), False
        while not is_over:
            is_over = _is_over(sender, _MINUTE)
            new = answers.more(_whole(told))
            before, spent = spent, served.processor_seconds()
            print(
                f"  {len(new.took):>7,} answered, {new.failed} not; p50 {share(new.took, 0.5):.1f}, "
                f"p99 {share(new.took, 0.99):.1f}, p99.9 {share(new.took, 0.999):.1f} ms; "
                f"memory {served.memory() / 1e6:.0f} MB; {spent - before:.1f} s of the processor; "
                f"oldest due job {due_age(served.database_url):.1f} s; "
                f"log {wal_bytes(served.database_url) / 1e6:.0f} MB",
                flush=True,
            )
        own = float(sender.stdout.read() or 0) if sender.stdout else 0.0
    time.sleep(_SETTLE)
    return answers, own


def _is_over(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def _whole(told: IO[bytes]) -> bytes:
    """Return the records that were written meanwhile; of the last one a part may be missing still."""
    raw = told.read()
    rest = len(raw) % ANSWER.size
    told.seek(-rest, os.SEEK_CUR)
    return raw[: len(raw) - rest]


def due_age(url: str) -> float:
    """Return for how many seconds the job has been due that is due for longest; 0 where none is."""
    with closing(Store(url)) as store, store.read() as session:
        due = jobs.next_due(session)
    return max(0.0, (datetime.now(UTC) - due).total_seconds()) if due else 0.0


def wal_bytes(url: str) -> int:
    """Return how long SQLite's write-ahead log is."""
    path = Path(url.removeprefix("sqlite:///") + "-wal")
    return path.stat().st_size if path.exists() else 0


def _kept(url: str) -> int:
    with closing(Store(url)) as store, store.read() as session:
        its = select(func.count()).where(messages.c.direction == Direction.FROM_REPORTER)
        return int(session.execute(its.select_from(messages)).scalar_one())


@contextmanager
def served_provider() -> Iterator[int]:
    """Serve a provider that forgets at once, and yield its port."""
    port = free_port()
    command = [sys.executable, "-I", str(_HERE / "provider.py"), str(port)]
    with subprocess.Popen(command) as process:  # noqa: S603 - our own script.
        try:
            yield port
        finally:
            process.kill()
