"""What one more report costs, and a page of the queue, when a thousand are kept and when a million are.

SQLite, in process, by the processor's time; plotted over how many are kept. What stays level needs no bigger machine for more.
"""

import os
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import select

from hotline.domain.report import day
from hotline.operate.bench import floors
from hotline.operate.bench.million import AT, desk
from hotline.operate.bench.plotting import log_log
from hotline.operate.bench.queueing import keep, queue
from hotline.operate.bench.timing import processor_seconds
from hotline.reports.tables import reports
from hotline.store import Session

_SIZES = (1_000, 10_000, 100_000, 1_000_000)
_ROUNDS = 60
_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made there.
_KEPT, _PAGE, _SEAL = "a report kept", "a page of the queue", "one seal (floor)"


def measure(most: int = _SIZES[-1]) -> dict[str, float]:
    """Return the costs at each size up to *most*, and plot them into ``var/bench/growth.svg``."""
    figures: dict[str, float] = {}
    curves: dict[str, list[tuple[float, float]]] = {_KEPT: [], _PAGE: [], _SEAL: []}
    for size in (each for each in _SIZES if each <= most):
        seal = floors.seal_microseconds() / 1000
        kept, page = _at(size)
        for name, value in ((_KEPT, kept), (_PAGE, page), (_SEAL, seal)):
            curves[name].append((size, value))
            figures[f"{name}, {size:,} kept, ms"] = value
        figures[f"  {_KEPT}, {size:,} kept, in seals"] = kept / seal
        figures[f"  {_PAGE}, {size:,} kept, in seals"] = page / seal
    for name in (_KEPT, _PAGE):
        ratio = [y / floor for (_, y), (_, floor) in zip(curves[name], curves[_SEAL], strict=True)]
        figures[f"  {name}, at most kept over at fewest"] = ratio[-1] / ratio[0]
    path = Path(os.environ.get("HOTLINE_VAR", "var")) / "bench" / "growth.svg"
    path.parent.mkdir(parents=True, exist_ok=True)
    title = "What it costs, by how many reports are kept (SQLite)"
    path.write_text(log_log(title, "reports kept", "milliseconds of the processor", curves))
    return figures


def _at(size: int) -> tuple[float, float]:
    """Return what a report and a page cost where *size* reports are kept, in milliseconds."""
    memory = _MEMORY if _MEMORY.is_dir() else None
    with (
        tempfile.TemporaryDirectory(prefix="hotline", dir=memory) as name,
        desk(Path(name), f"sqlite:///{Path(name) / 'hotline.db'}", size) as one,
    ):
        one.seal(queue(one))
        one.hotline.store.write(_fill)
        one.opens()
        page = median(processor_seconds(one.opens) for _ in range(_ROUNDS))
        for number in range(_ROUNDS):
            keep(one, number)
        kept = median(
            processor_seconds(partial(keep, one, _ROUNDS + number)) for number in range(_ROUNDS)
        )
    return kept * 1000, page * 1000


def _fill(session: Session) -> None:
    """Give each report what else is kept of it: short bodies, since trees grow by rows."""
    ids = session.execute(select(reports.c.id)).scalars().all()
    today, now = day(AT), f"{AT:%Y-%m-%d %H:%M:%S.%f}"
    some: dict[str, Callable[[str], Any]] = {
        "messages (report_id, seq, direction, channel, day, at, author, state, is_read)": (
            lambda one: (one, 1, "in", "sms", today, now, "", "", 0)
        ),
        "seen (id_hash, answer_sealed, day)": lambda _: (os.urandom(32), bytes(80), today),
        "threads (token, report_id, secret_sealed, last_at, invited)": (
            lambda one: (os.urandom(32), one, bytes(60), now, "")
        ),
    }
    for audience in ("desk", "identity", "contact"):
        some[
            f"envelopes (report_id, seq, audience, desk, epoch_id, wrap, body) /* {audience} */"
        ] = partial(_envelope, audience)
    cursor = session.connection.cursor()
    for into, row in some.items():
        marks = ", ".join("?" for _ in into[into.index("(") : into.index(")")].split(","))
        text = f"INSERT OR IGNORE INTO {into} VALUES ({marks})"  # noqa: S608 - our own names.
        cursor.executemany(text, [row(one) for one in ids])


def _envelope(audience: str, report_id: str) -> tuple[Any, ...]:
    return (report_id, 1, audience, "main", "0" * 32, bytes(60), bytes(60))
