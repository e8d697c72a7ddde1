"""A statement that was made ready once does what SQLAlchemy would, on both databases."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import (
    Boolean,
    Column,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    bindparam,
    insert,
    select,
    update,
)

from hotline.errors import Conflict, Unavailable
from hotline.statements import Statement
from hotline.store import Json, Store, UtcTime

AT = datetime(2026, 11, 25, 14, 0, tzinfo=timezone(timedelta(hours=2)))
SECRET = "+15005550001"

things = Table(
    "things",
    MetaData(),
    Column("id", String(80), primary_key=True),
    Column("kind", String(8), nullable=False, default="plain"),
    Column("at", UtcTime, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("sealed", LargeBinary),
    Column("told", Json, nullable=False),
    Column("count", Integer, nullable=False),
)
KEEP = Statement(insert(things))
FIND = Statement(
    select(things).where(things.c.id == bindparam("its_id"), things.c.kind.in_(("plain", "odd")))
)
ADD = Statement(
    update(things)
    .where(things.c.id == bindparam("its_id"))
    .values(count=things.c.count + bindparam("step"), is_open=True)
)
COUNT = Statement(
    lambda insert: (
        (row := insert(things))
        .on_conflict_do_update(
            index_elements=["id"], set_={"count": things.c.count + row.excluded.count}
        )
        .returning(things.c.count)
    )
)


def row(name, **more):
    its = {"id": name, "at": AT, "is_open": False, "sealed": b"\0\xff", "told": ["é", 1]}
    return {**its, "count": 1, **more}


@pytest.fixture(params=["sqlite", "postgresql"])
def kept(request, tmp_path):
    url = f"sqlite:///{tmp_path / 'things.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    store = Store(url)
    things.metadata.create_all(store.engine)
    yield store
    things.metadata.drop_all(store.engine)
    store.close()


def test_values_come_back_as_they_were_given(kept):
    kept.write(lambda session: KEEP.run(session, row("a")))
    with kept.read() as session:
        found = FIND.first(session, {"its_id": "a"})
        assert FIND.first(session, {"its_id": "nobody"}) is None
        assert session.execute(select(things)).one() == tuple(found)
    assert found.at == AT
    assert found.at.tzinfo is UTC
    assert (found.is_open, found.sealed, found.told) == (False, b"\0\xff", ["é", 1])
    # What a column has by default is kept where nothing is given.
    assert found.kind == "plain"


def test_it_tells_how_many_rows_it_touched_and_what_it_left(kept):
    kept.write(lambda session: KEEP.run_each(session, [row("a"), row("b", sealed=None)]))
    assert kept.write(lambda session: ADD.run(session, {"its_id": "b", "step": 2})) == 1
    assert kept.write(lambda session: ADD.run(session, {"its_id": "c", "step": 2})) == 0
    assert kept.write(lambda session: COUNT.first(session, row("b"))).count == 4
    with kept.read() as session:
        assert FIND.first(session, {"its_id": "b"}).sealed is None


def test_what_is_there_already_is_a_conflict_and_undoes_its_own_rows_alone(kept):
    kept.write(lambda session: KEEP.run(session, row(SECRET)))

    def again(session):
        KEEP.run(session, row("new"))
        KEEP.run(session, row(SECRET))

    with pytest.raises(Conflict) as told:
        kept.write(again)
    assert SECRET not in repr(told.value)
    with kept.read() as session:
        assert FIND.first(session, {"its_id": "new"}) is None
    assert kept.write(lambda session: KEEP.run(session, row("new"))) == 1


def test_a_fault_of_the_database_is_told_without_values(kept):
    things.metadata.drop_all(kept.engine)
    with pytest.raises(Unavailable) as told:
        kept.write(lambda session: KEEP.run(session, row(SECRET)))
    assert SECRET not in repr(told.value)
    with pytest.raises(Unavailable), kept.read() as session:
        FIND.first(session, {"its_id": SECRET})


def test_a_value_that_is_not_given_is_missed_and_never_another_ones(kept):
    kept.write(lambda session: ADD.run(session, {"its_id": "a", "step": 2}))
    with pytest.raises(KeyError):
        kept.write(lambda session: ADD.run(session, {"its_id": "a"}))


def test_a_connection_that_is_gone_is_used_no_more(postgres_url):
    store = Store(postgres_url)
    things.metadata.create_all(store.engine)

    def loses_it(session):
        session.connection.dbapi_connection.close()
        KEEP.run(session, row("a"))

    with pytest.raises(Unavailable):
        store.write(loses_it)
    assert store.write(lambda session: KEEP.run(session, row("a"))) == 1
    things.metadata.drop_all(store.engine)
    store.close()


def test_what_is_made_anew_for_each_row_must_be_given(kept):
    numbered = Table(
        "numbered", MetaData(), Column("id", String(8), primary_key=True, default=lambda: "x")
    )
    with pytest.raises(TypeError):
        kept.write(lambda session: Statement(insert(numbered)).run(session, {}))
