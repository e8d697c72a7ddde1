"""A flood: whoever wants to shut the line sends thousands of reports from one address, while people in need write.

Each of those is answered within two seconds and stands in the queue, above the quarantine; whatever was
acknowledged, of them and of the flood, is kept; and the memory stays bounded.
"""

import random
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from hotline.operate.bench.flood.counting import Counted, count
from hotline.operate.bench.flood.people import Person
from hotline.operate.bench.flood.raging import Came, Crew
from hotline.operate.bench.rig import Rig, rig


def measure(
    junk: int = 20_000,
    seconds: float = 600.0,
    people: int = 50,
    uploads: int = 10_000,
    *,
    database_url: str = "",
    seed: int | None = None,
    patience: float = 30.0,
    looks: int = 200,
) -> dict[str, float]:
    """Let *junk* reports come in *seconds*, evenly, while *people* write, and then *uploads* as fast as they are taken.

    Whoever gets no answer within *patience* seconds gives up. Afterwards *looks* codes are looked up.
    """
    with rig(database_url) as served:
        crew = Crew(served.port, random.Random(seed), patience)
        crew.warms_up()
        before, spent = served.memory(), served.processor_seconds()
        with _watched(served) as memory:
            flood, persons = crew.floods(junk, seconds, people)
            spent = served.processor_seconds() - spent
            during = count(served, flood.codes, persons, looks=looks)
            files, meanwhile = crew.uploads(uploads)
        after = count(served, files.codes, meanwhile, looks=looks)
    answered = len(flood.codes) + len(files.codes)
    everybody = [*persons, *meanwhile]
    return {
        **_sent("junk", flood),
        "  processor a piece, ms": spent / max(1, flood.sent) * 1000,
        **_sent("uploads", files),
        **_told(everybody),
        "  not in the queue": during.missed + after.missed,
        "in the queue, of the flood": during.of_others,
        "in quarantine": during.aside,
        "acknowledged": answered + sum(bool(person.code) for person in everybody),
        "  of those looked up, lost": during.lost + after.lost,
        "  rows fewer than acknowledged": max(0, answered - after.kept),
        "memory before, MB": before / 1e6,
        "memory at most, MB": max(memory) / 1e6,
    }


def _sent(what: str, came: Came) -> dict[str, float]:
    return {
        f"{what} sent": came.sent,
        f"  of {what}, not answered": came.unanswered,
        f"  of {what}, sent late at most, s": came.late,
    }


def _told(people: list[Person]) -> dict[str, float]:
    opened = _answers(person for person in people if person.has_slip)
    others = _answers(person for person in people if not person.has_slip)
    return {
        "people in need": len(people),
        "  of them, not answered": sum(not person.code for person in people),
        "  of them, solved the puzzle": sum(person.solved for person in people),
        "  middle answer, s": opened[len(opened) // 2],
        "  slowest answer, s (aim: 2 or less)": opened[-1],
        "  middle answer to who sends without a slip, s": others[len(others) // 2],
        "  slowest answer to them, s": others[-1],
    }


def _answers(people: Iterable[Person]) -> list[float]:
    return sorted(each for person in people for each in person.took) or [0.0]


@contextmanager
def _watched(served: Rig) -> Iterator[list[int]]:
    """Look at the memory of what serves, meanwhile."""
    seen, over = [served.memory()], threading.Event()

    def look() -> None:
        while not over.wait(0.25):
            seen.append(served.memory())

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield seen
    finally:
        over.set()
        looking.join()


__all__ = ["Counted", "measure"]
