"""A pooler that lends one connection to many is found: what one of them holds, all of them hold."""

from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from hotline.operate.doctor.pooler import shares_connections
from hotline.store import Store


def test_connections_that_others_work_on_are_found(postgres_url, tmp_path):
    store = Store(postgres_url)
    assert not shares_connections(store)
    # As PgBouncer in transaction mode does while nobody else asks.
    own, store.engine = store.engine, create_engine(postgres_url, poolclass=StaticPool)
    assert shares_connections(store)
    own.dispose()
    store.close()
    embedded = Store(f"sqlite:///{tmp_path / 'hotline.db'}")
    assert not shares_connections(embedded)
    embedded.close()
