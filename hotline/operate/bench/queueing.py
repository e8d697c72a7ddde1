"""From the moment a report is kept until a caseworker's queue shows it: it is assessed before it is kept, so one look is enough."""

import tempfile
import time
from functools import partial
from pathlib import Path
from statistics import median

from hotline import triage
from hotline.domain.report import Channel, IncomingMessage
from hotline.operate.bench import floors
from hotline.operate.bench.million import AT, Desk, desk
from hotline.operate.bench.rig import LINE, TEXTS
from hotline.store import new_id

_ROUNDS, _WARM, _MOST = 80, len(TEXTS), 300


def measure() -> dict[str, float]:
    """Return how long keeping takes, how long the look after it, and how many reports were not there at the first look."""
    with (
        tempfile.TemporaryDirectory(prefix="hotline") as name,
        desk(Path(name), f"sqlite:///{Path(name) / 'hotline.db'}", 0) as one,
    ):
        for number in range(_WARM):
            keep(one, number)
        syncs = floors.fdatasyncs_per_second(Path(name))
        keeping, looking, missed = [], [], 0
        for number in range(_WARM, _WARM + _ROUNDS):
            start = time.perf_counter()
            report_id = keep(one, number)
            kept = time.perf_counter()
            missed += report_id not in queue(one)
            keeping.append(kept - start)
            looking.append(time.perf_counter() - kept)
    both = [kept + looked for kept, looked in zip(keeping, looking, strict=True)]
    return {
        "floor: fdatasync/s": syncs,
        "report received and kept, in process, ms": median(keeping) * 1000,
        "then in the queue, ms": median(looking) * 1000,
        "then in the queue at 99%, ms": sorted(looking)[int(len(looking) * 0.99)] * 1000,
        "until in the queue, over until kept (aim: 2 or less)": median(both) / median(keeping),
        "not in the queue at the first look": missed,
    }


def keep(one: Desk, number: int) -> str:
    """Let a text of person *number* come in, and return its report."""
    message = IncomingMessage(
        channel=Channel.SMS,
        text=TEXTS[number % len(TEXTS)],
        locale="en",
        provider_id="SM" + new_id(),
        sender=f"+1500{number:07d}",
        line=LINE,
    )
    return one.hotline.reception.receive(message, at=AT).report_id


def queue(one: Desk) -> set[str]:
    """Return the ids on the desk's queue."""
    ask = partial(triage.queue_page, desk="main", view="open", at=AT, staff_id=one.staff_id)
    with one.hotline.store.read() as session:
        return {row.id for row in ask(session, limit=_MOST).rows}
