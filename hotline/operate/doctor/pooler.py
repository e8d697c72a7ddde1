"""What may stand before PostgreSQL: what one connection holds must be held from all others."""

from collections.abc import Iterator

from hotline.contact.alone import alone
from hotline.operate.doctor.findings import Finding, well, wrong
from hotline.operate.doctor.visit import House
from hotline.store import Store, new_id


def check_pooler(house: House) -> Iterator[Finding]:
    """Look whether connections are ours alone; a silent database is told elsewhere."""
    if house.pulse is None:
        return
    store = Store(house.config.database_url)
    try:
        is_shared = shares_connections(store)
    finally:
        store.close()
    if is_shared:
        yield wrong(
            "database-pooled",
            "What stands before PostgreSQL lets many work on one connection: two workers may send the same text.",
            "Let PgBouncer work in session mode (pool_mode = session), or connect to PostgreSQL itself.",
        )
    else:
        yield well("pooler", "What is held in the database is held from all others.")


def shares_connections(store: Store) -> bool:
    """Tell whether two connections hold the same at once: between two transactions they are one then."""
    ref = new_id()
    with alone(store, ref) as is_alone, alone(store, ref) as is_too:
        return is_alone and is_too
