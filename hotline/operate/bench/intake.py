"""A report received whole: signature, redact, assess, seal, durable commit."""

from sqlalchemy import func, select

from hotline.operate.bench import floors, load
from hotline.operate.bench.rig import Rig, rig
from hotline.reports.tables import reports
from hotline.store import Store

_CLOSED, _OPEN, _WARM = 4000, 2000, 200


def measure() -> dict[str, float]:
    """Return figures of intake beside their floors, all of the same minute."""
    with rig() as served:
        requests = [served.webhook(number) for number in range(_WARM + _CLOSED + _OPEN)]
        load.as_fast_as_answered(served.port, requests[:_WARM])
        syncs = floors.fdatasyncs_per_second(served.folder)
        seal = floors.seal_microseconds()
        before = served.processor_seconds()
        closed = load.as_fast_as_answered(served.port, requests[_WARM : _WARM + _CLOSED])
        cost = (served.processor_seconds() - before) / _CLOSED
        steady = load.at_a_steady_rate(served.port, requests[_WARM + _CLOSED :], 200)
        kept = _kept(served)
    return {
        "floor: fdatasync/s": syncs,
        "floor: one seal, us": seal,
        "reports/s, one process, 16 connections": closed.per_second,
        "processor per report, ms": cost * 1000,
        "processor per report, seals": cost * 1e6 / seal,
        "reports/s over fdatasync/s": closed.per_second / syncs,
        "p50 at full load, ms": closed.milliseconds(0.5),
        "p99 at full load, ms": closed.milliseconds(0.99),
        "p50 at a steady 200/s, ms": steady.milliseconds(0.5),
        "p99 at a steady 200/s, ms": steady.milliseconds(0.99),
        "not answered": closed.failed + steady.failed,
        "acknowledged but not kept once": len(requests) - closed.failed - steady.failed - kept,
    }


def _kept(served: Rig) -> int:
    store = Store(served.database_url)
    with store.read() as session:
        kept = session.execute(select(func.sum(reports.c.messages))).scalar_one()
    store.close()
    return int(kept)
