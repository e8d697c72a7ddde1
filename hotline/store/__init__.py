"""Keep things, durably, many at a time.

On SQLite one thread owns the writing connection and commits whatever is waiting as one group: a
single fdatasync then serves many reports, and nothing ever meets a locked database. On PostgreSQL
each write is its own transaction. Readers never wait for either.
"""

from hotline.store.columns import Json, UtcTime, metadata
from hotline.store.database import Store
from hotline.store.engines import Session, driver_of
from hotline.store.failures import GONE, Refusing, failure_of
from hotline.store.ids import Ids, new_id, one_of, unless

__all__ = [
    "GONE",
    "Ids",
    "Json",
    "Refusing",
    "Session",
    "Store",
    "UtcTime",
    "driver_of",
    "failure_of",
    "metadata",
    "new_id",
    "one_of",
    "unless",
]
