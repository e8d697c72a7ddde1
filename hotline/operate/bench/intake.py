"""A text received whole: signature, redact, assess, the conversation's next step, seal, durable commit.

Most texts are no first ones: what a key press and a later text cost is told beside it.
"""

from sqlalchemy import func, select

from hotline.operate.bench import floors, load
from hotline.operate.bench.load import Outcome, Request
from hotline.operate.bench.rig import Rig, rig
from hotline.reports.tables import reports
from hotline.store import Store

# So few that all is over within the minute after which what was kept is erased at the provider: that is other work.
_PEOPLE, _STEADY, _WARM, _BLOCK = 500, 250, 50, 50
_SAYS = {"first texts": "", "key presses": "1", "second key presses": "2", "later texts": ""}


def measure() -> dict[str, float]:
    """Return figures of intake beside their floors, all of the same minute."""
    figures: dict[str, float] = {}
    with rig() as served:
        warm = _texts(served, range(_WARM))
        load.as_fast_as_answered(served.port, warm)
        figures["floor: fdatasync/s"] = syncs = floors.fdatasyncs_per_second(served.folder)
        figures["floor: one seal, us"] = seal = floors.seal_microseconds()
        people, failed = range(_WARM, _WARM + _PEOPLE), 0
        closed = Outcome()
        spent = served.processor_seconds()
        for kind, body in _SAYS.items():
            before = served.processor_seconds()
            outcome = load.as_fast_as_answered(
                served.port, [served.webhook(number, body) for number in people]
            )
            cost = (served.processor_seconds() - before) / _PEOPLE
            figures[f"processor per text, {kind}, ms (aim: 2 or less)"] = cost * 1000
            figures[f"  in seals, {kind}"] = cost * 1e6 / seal
            figures[f"texts/s, one process, 16 connections, {kind} (aim: 500 or more)"] = (
                outcome.per_second
            )
            closed.took += outcome.took
            closed.seconds += outcome.seconds
            failed += outcome.failed
        spent = served.processor_seconds() - spent
        mixed = _texts(served, range(_WARM + _PEOPLE, _WARM + _PEOPLE + _STEADY))
        steady = load.at_a_steady_rate(served.port, mixed, 200)
        kept = _kept(served)
    count = len(warm) + _PEOPLE * len(_SAYS) + len(mixed)
    failed += steady.failed
    return figures | {
        "processor per text of a conversation, ms (aim: 2 or less)": spent
        / len(closed.took)
        * 1000,
        "texts/s of conversations (aim: 500 or more)": closed.per_second,
        "  over fdatasync/s": closed.per_second / syncs,
        "p50 at full load, ms": closed.milliseconds(0.5),
        "p99 at full load, ms": closed.milliseconds(0.99),
        "p50 at a steady 200/s, ms": steady.milliseconds(0.5),
        "p99 at a steady 200/s, ms (aim: 20 or less)": steady.milliseconds(0.99),
        "not answered": failed,
        "acknowledged but not kept once": count - failed - kept,
    }


def _texts(served: Rig, people: range) -> list[Request]:
    """Return whole conversations of *people*, side by side, each in its order."""
    blocks = [people[start : start + _BLOCK] for start in range(0, len(people), _BLOCK)]
    return [
        served.webhook(number, body)
        for block in blocks
        for body in _SAYS.values()
        for number in block
    ]


def _kept(served: Rig) -> int:
    store = Store(served.database_url)
    with store.read() as session:
        kept = session.execute(select(func.sum(reports.c.messages))).scalar_one()
    store.close()
    return int(kept)
