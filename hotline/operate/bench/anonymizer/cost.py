"""What the anonymizer costs: time to start, memory with every language touched, texts a second on one core."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from hotline.operate.bench.anonymizer.labelled import TextSet, own_accounts
from hotline.operate.bench.anonymizer.measuring import Outcome
from hotline.operate.bench.anonymizer.scoring import Score

_FRESH = Path(__file__).parent / "fresh.py"
_ROOT = Path(__file__).parents[4]
_STARTS = 5
_SLOWER = frozenset({"zh", "th"})


@dataclass(frozen=True, slots=True)
class Cost:
    """*start_ms*: import and first text in a fresh process. *memory_mb*: the peak after every language."""

    start_ms: float
    memory_mb: float


def cost(starts: int = _STARTS) -> Cost:
    """Start the anonymizer in fresh processes and return the middle of what they tell."""
    texts = "\0".join(each.text for one in own_accounts() for each in one.texts)
    told = [_start(texts) for _ in range(starts)]
    return Cost(median(start for start, _ in told), max(memory for _, memory in told))


def _start(texts: str) -> tuple[float, float]:
    env = os.environ | {"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1"}
    ended = subprocess.run(  # noqa: S603 - our own script.
        [sys.executable, "-P", str(_FRESH)],
        input=texts,
        env=env,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    start, memory = ended.stdout.split()
    return float(start), float(memory)


def speed(outcomes: Sequence[Outcome], wanted: Callable[[TextSet], bool]) -> float:
    """Return texts a second of one core over the sets that are *wanted*, as written."""
    chosen = [outcome.written for outcome in outcomes if wanted(outcome.of)]
    return sum(chosen, Score()).speed


def is_cased(one: TextSet) -> bool:
    return one.is_cased


def is_chinese_or_thai(one: TextSet) -> bool:
    return one.language in _SLOWER
