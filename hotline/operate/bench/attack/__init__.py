"""Attack what leaves in leads: a made-up country whose people report, leads by the real code, and those who look for them.

*The outsider* has every lead and every earlier version, knows which came of one person (more than anybody can), when
each left, and of four in five people where they work, what they speak, where they come from, their age and sex. *The
insider* knows everybody at a venue, and what happened there when a lead tells of it. Each picks from whom a lead fits.

What is measured is how probably they pick the one who told it, lead by lead and for all leads of one source together:
no more than one in k, and at the venue one in five. What nobody promises stands beside it (*beyond*): people who were told
that they may be guessed, reports that nobody knows to be of one person, and who is seen to text us. So does what it costs to
send reports of one's own, that somebody be alone among them.
"""

import random
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hotline.migrations import create_all
from hotline.operate.bench.attack.finding import (
    by_person,
    by_source,
    insider,
    one_by_one,
    outsider,
    outsider_by_place,
    outsider_by_time,
    outsider_who_samples,
    seen_texting,
    seen_texting_who_fits,
    tells_of_person,
)
from hotline.operate.bench.attack.line import K, Line, play
from hotline.operate.bench.attack.sybil import days_to_fill
from hotline.store import Store


def measure() -> dict[str, float]:
    """Return how probably anybody is found in a country of some thousands, of whom hundreds report."""
    rng = random.Random(2026)
    figures: dict[str, float] = {}
    countries: dict[str, dict[str, Any]] = {
        "": {"venues": 300, "reporters": 200},
        "; much was told before": {"venues": 120, "reporters": 160, "seeded": 300},
        "; a fifth come twice": {"venues": 200, "reporters": 160, "twice": 0.2},
        "; a busy line": {"venues": 300, "reporters": 250, "days": 60},
        "; few people": {"venues": 12, "reporters": 60},
        "; asked of all at the venue": {"venues": 200, "reporters": 160, "is_asked_of_venue": True},
    }
    for name, terms in countries.items():
        with _empty() as store:
            line = play(store, rng, **terms)
        figures |= {f"{what}{name}": value for what, value in figures_of(line, rng).items()}
    return figures | costs()


def costs() -> dict[str, float]:
    """Return what it costs to fill a crowd with reports of one's own; 0 days is never."""
    figures: dict[str, float] = {"own reports: how many staff must take for others'": K - 1}
    for channel in ("sms", "web"):
        for lasting, name in ((1, "one day"), (90, "each day")):
            with _empty() as store:
                days = days_to_fill(store, channel, k=K, lasting=lasting)
            figures[f"own reports by {channel}, {name}: days to fill a crowd"] = days
    return figures


@contextmanager
def _empty() -> Iterator[Store]:
    with tempfile.TemporaryDirectory(prefix="hotline") as folder:
        store = Store(f"sqlite:///{Path(folder) / 'hotline.db'}")
        create_all(store)
        yield store
        store.close()


def figures_of(line: Line, rng: random.Random) -> dict[str, float]:
    alone, sources, persons = one_by_one(line), by_source(line), by_person(line)
    told = [lead.told for lead in line.released]
    return {
        "leads drafted": line.drafted,
        "leads released": len(told),
        "leads withheld": line.withheld,
        "leads that tell of the person, %": 100 * _share(map(tells_of_person, told)),
        "leads that tell of the person, of those without a place, %": 100
        * _share(tells_of_person(one) for one in told if not one.area),
        "leads that tell an area or finer, %": 100 * _share(bool(one.area) for one in told),
        "facts told more coarsely or left out, a draft": len(line.steps) / max(1, line.drafted),
        "outsider, of one lead: worst": outsider(line, alone).worst,
        "outsider, of one lead: mean": outsider(line, alone).mean,
        "outsider, of all of a source: worst": outsider(line, sources).worst,
        "outsider, of all of a source: mean": outsider(line, sources).mean,
        "outsider who knows four in five is right": outsider_who_samples(line, rng, rounds=50),
        "outsider who knows the month each wrote, of one lead: worst": outsider_by_time(
            line, alone
        ).worst,
        "outsider who knows the month each wrote, of a source: worst": outsider_by_time(
            line, sources
        ).worst,
        "outsider, by the place alone: worst": outsider_by_place(line).worst,
        "insider, of all of a source: worst": insider(line, sources).worst,
        "insider, of all of a source: mean": insider(line, sources).mean,
        "beyond: outsider, of reports nobody merged: worst": outsider(line, persons).worst,
        "beyond: insider, of reports nobody merged: worst": insider(line, persons).worst,
        "beyond: insider, the person was told: worst": insider(line, sources, is_warned=True).worst,
        "beyond: seen texting, by time alone: worst": seen_texting(line).worst,
        "beyond: seen texting, by time alone: mean": seen_texting(line).mean,
        "beyond: seen texting, and who fits: worst": seen_texting_who_fits(line).worst,
        "beyond: seen texting, and who fits: mean": seen_texting_who_fits(line).mean,
    }


def _share(of: Iterable[bool]) -> float:
    each = list(of)
    return sum(each) / max(1, len(each))
