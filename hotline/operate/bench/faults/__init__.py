"""Faults under load, one after the other: what was acknowledged is kept, once, and all goes on by itself afterwards.

On SQLite in one process, and on PostgreSQL and Redis with four workers. `failing` is what fails, `living` what goes on
meanwhile, `holding` what must hold after each.
"""

import logging
import time
from collections.abc import Iterator

from hotline.errors import HotlineError
from hotline.operate.bench.chaos.verdict import Verdict
from hotline.operate.bench.faults.failing import FAULTS, ONLY_MANY_HOSTS
from hotline.operate.bench.faults.holding import verdict
from hotline.operate.bench.faults.hosts import POSTGRES, SQLITE, hosts
from hotline.operate.bench.faults.living import Life

_PACE, _CALLERS = 0.2, 12
_SHOWN = (
    "texts that were acknowledged",
    "acknowledged texts that are lost",
    "acknowledged texts that a retry kept once more",
    "texts that were not kept",
    "answers that caseworkers decided on",
    "answers shown twice, or not as their state says",
)
"""What is printed after each fault, of all that is counted: how much there was, and how much of it was lost or doubled."""


class PromiseBroken(HotlineError):
    """Which one, and after which fault, stands on standard output."""

    default_message = "a promise was broken by a fault"


def measure(share: float = 1.0, only: str = "") -> dict[str, float]:
    """Let each fault happen over both kinds of installation, *share* of its full form; return the counts.

    Raises:
        PromiseBroken: one was, and what it was stands on standard output.
    """
    figures: dict[str, float] = {}
    is_broken = False
    for where in (SQLITE, POSTGRES):
        with hosts(where) as those:
            life = Life.of(those, pace=_PACE)
            for name in faults_of(where):
                if only and only not in name:
                    continue
                start = time.monotonic()
                took, found = suffer(life, name, share=share, callers=_CALLERS)
                print(f"  {where}: {name}, {time.monotonic() - start:.0f} s", flush=True)
                for what in _SHOWN:
                    print(f"    {what:<76} {found.figures[what]:>12,.0f}", flush=True)
                for promise in found.broken:
                    print(f"    BROKEN: {promise}", flush=True)
                is_broken = is_broken or bool(found.broken)
                figures[f"{where}: {name}: workers caught up after, s"] = took
            figures |= {f"{where}: {what}": count for what, count in found.figures.items()}
    if is_broken:
        raise PromiseBroken
    return figures


def faults_of(where: str) -> Iterator[str]:
    """Yield the names of the faults that can happen there."""
    yield from (name for name in FAULTS if where == POSTGRES or name not in ONLY_MANY_HOSTS)


def suffer(life: Life, name: str, *, share: float, callers: int) -> tuple[float, Verdict]:
    """Let the fault *name* happen, *share* of its full form.

    Return after how many seconds the workers had caught up, and what holds now.
    """
    # What fails is meant to, and is counted.
    logging.getLogger("hotline").addHandler(logging.NullHandler())
    fault, most = FAULTS[name]
    with life.goes_on(callers):
        fault(life, most * share)
    took = life.settles()
    return took, verdict(life)
