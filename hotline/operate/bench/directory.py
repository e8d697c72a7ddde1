"""The directory of services as others' tools read it (HSDS 3.1): whole answers, by the processor's time."""

import tempfile
from functools import partial
from pathlib import Path
from statistics import median

from hotline.operate.bench import floors
from hotline.operate.bench.million import desk
from hotline.operate.bench.timing import processor_seconds
from referral.load import SAMPLE_CITY, load_package

_ROUNDS = 41
_ASKED = {
    "a page of services": "/directory/services?per_page=50",
    "a page of services, whole": "/directory/services?per_page=50&full=true",
    "a page of organizations": "/directory/organizations?per_page=50",
    "services that a search fits": "/directory/services?search=shelter&per_page=50",
}


def measure() -> dict[str, float]:
    """Return what an answer costs, of the sample city."""
    with (
        tempfile.TemporaryDirectory(prefix="hotline") as name,
        desk(Path(name), f"sqlite:///{Path(name) / 'hotline.db'}", 0) as one,
    ):
        one.hotline.store.write(lambda session: load_package(session, SAMPLE_CITY))
        seal = floors.seal_microseconds()
        figures = {"floor: one seal, us": seal}
        for what, address in _ASKED.items():
            one.gets(address)
            took = median(processor_seconds(partial(one.gets, address)) for _ in range(_ROUNDS))
            figures[f"{what}, ms"] = took * 1000
            figures[f"  in seals, {what}"] = took * 1e6 / seal
    return figures
