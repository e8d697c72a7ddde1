"""Chaos: people text through every fault of the provider while whatever serves them is killed, and nothing may be lost.

Each text that a phone sent is kept once; each answer that a caseworker decided on is shown at most once, and what
is not known of it is said; nothing is shown before somebody let it in; nothing is left at the provider.
"""

import logging
import random
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager

from hotline.errors import HotlineError
from hotline.operate.bench.chaos.desk import Desk
from hotline.operate.bench.chaos.draining import drain
from hotline.operate.bench.chaos.house import WHATSAPP_LINE, founded
from hotline.operate.bench.chaos.people import Words, crowd
from hotline.operate.bench.chaos.provider import Provider
from hotline.operate.bench.chaos.servers import postgres
from hotline.operate.bench.chaos.storm import Street, rage
from hotline.operate.bench.chaos.verdict import Judge, Verdict
from hotline.operate.bench.rig import LINE

POSTGRES, EMBEDDED = "PostgreSQL, serve and worker", "SQLite, one process"
_SHARE = 0.25


class PromiseBroken(HotlineError):
    """The table says which promise, and names the cases by tokens of our own."""

    default_message = "a promise was broken in the storm"


def measure(conversations: int = 2000, kills: int = 60) -> dict[str, float]:
    """Run the storm over both kinds of installation, and return the counts.

    Raises:
        PromiseBroken: one was, and what it was stands on standard output.
    """
    figures: dict[str, float] = {}
    broken: list[str] = []
    for where in (POSTGRES, EMBEDDED):
        verdict = weather(where, conversations=conversations, kills=kills)
        figures |= {f"{where}: {what}": count for what, count in verdict.figures.items()}
        broken += [f"{where}: {promise}" for promise in verdict.broken]
    if broken:
        print("\n".join(broken))
        raise PromiseBroken
    return figures


def weather(
    where: str,
    *,
    conversations: int,
    kills: int,
    seed: int | None = None,
    hurry: float = 1.0,
) -> Verdict:
    """Let one storm pass over a house of its own, and return what came of it; *hurry* shortens every pause."""
    seed = secrets.randbelow(1 << 30) if seed is None else seed
    print(f"  {where}, seed {seed}", flush=True)
    # What fails in a storm is meant to, and is counted below.
    logging.getLogger("hotline").addHandler(logging.NullHandler())
    chance = random.Random(seed)
    with _database(where) as database, founded(database) as house:
        provider = Provider(house.provider_port)
        provider.wakes()
        house.opens()
        provider.storms(chance, share=_SHARE, hurry=hurry)
        people = crowd(chance, conversations, line=LINE, whatsapp=WHATSAPP_LINE)
        words, desk = Words.of(house.hotline.languages), Desk(house, provider)
        street, start = Street(provider, words, pause=0.6 * hurry), time.perf_counter()
        killed = rage(house, street, desk, people, kills=kills, calm=5.0 * hurry, chance=chance)
        raged = time.perf_counter() - start
        settled = desk.settled()
        provider.clears()
        house.closes()
        drain(house, provider, people, words)
        verdict = Judge(house, provider, people, desk).judges()
    verdict.figures = {
        "conversations": conversations,
        "kills": killed,
        "answers settled in the storm": settled,
    } | verdict.figures
    verdict.figures |= {
        "storm, s": raged,
        "drained, s": time.perf_counter() - start - raged,
    }
    verdict.counts("errors of the driver itself", street.failed)
    return verdict


@contextmanager
def _database(where: str) -> Iterator[str]:
    if where == EMBEDDED:
        yield ""
    else:
        with postgres() as url:
            yield url
