"""A million leads as agencies read them: whole TAXII answers over HTTP, wherever in the collection they are asked for.

The hotline is served as `hotline serve` does, over a database on disk; each answer is written down durably before it
leaves. The floor is what the disk does of the same minute. Beside it stands OpenTAXII, with the ten thousand objects
that it was measured with, asked in the same way.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from hotline.errors import Misconfigured, Unavailable
from hotline.operate.bench import floors, rig
from hotline.operate.bench.chaos.servers import postgres
from hotline.operate.bench.leads import opentaxii, shelf
from hotline.operate.bench.leads.reading import ROUNDS, Reader, measured, walk

LEADS = 1_000_000
WALK = 100
"""Pages of a hundred."""


def measure(leads: int = LEADS) -> dict[str, float]:
    """Return what answers take in the middle, in milliseconds, and what a walk takes, in seconds."""
    figures = dict(_on("SQLite", "", leads))
    # Who only runs the hotline has no PostgreSQL of the tests'.
    with suppress(Misconfigured), postgres() as url:
        figures |= dict(_on("PostgreSQL", url, leads))
    try:
        with opentaxii.served() as other:
            figures |= dict(_beside(other))
    except Unavailable as error:
        print(f"  nothing beside us: {error}")
    return figures


def _on(database: str, url: str, leads: int) -> Iterator[tuple[str, float]]:
    with rig.rig(url) as served:
        served.kill()
        filled = shelf.fill(served.database_url, leads)
        served.start()
        name = f"{database}, {leads:,} leads"
        yield f"{name}: fdatasync of this minute, ms", 1000 / _syncs(served.folder)
        with Reader(served.port, "/taxii2/leads/collections/", filled.token) as dele:
            before = served.processor_seconds()
            took = measured(dele, filled.asked)
            spent = (served.processor_seconds() - before) / (len(took) * (ROUNDS + 1))
            yield f"{name}: processor an answer, in seals", spent * 1e6 / floors.seal_microseconds()
            for what, milliseconds in took.items():
                yield f"{name}: {what}, ms", milliseconds
            yield f"{name}: last page over first", took["last page"] / took["first page"]
            yield f"{name}: a walk of {WALK * 100:,}, s", walk(dele, filled.walk, WALK)


def _beside(other: opentaxii.Other) -> Iterator[tuple[str, float]]:
    name = f"OpenTAXII, {other.objects:,} objects"
    with Reader(other.port, other.path, other.token) as dele:
        for what, milliseconds in measured(dele, other.asked).items():
            yield f"{name}: {what}, ms", milliseconds
        yield f"{name}: a walk of {WALK * 100:,}, s", walk(dele, other.walk, WALK)


def _syncs(folder: Path) -> float:
    return floors.fdatasyncs_per_second(folder)
