"""The history ends in the shape that the rooms expect, on both databases, and loses nothing on the way."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, select

from hotline import migrations
from hotline.domain.report import Direction
from hotline.reports.tables import messages
from hotline.store import Store

REVISIONS = [
    revision.revision
    for revision in ScriptDirectory.from_config(migrations.configuration()).walk_revisions()
][::-1]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request, tmp_path):
    if request.param == "sqlite":
        store = Store(f"sqlite:///{tmp_path / 'empty.db'}")
    else:
        store = Store(request.getfixturevalue("postgres_url"))
    yield store
    store.close()


def test_there_is_one_head():
    assert len(ScriptDirectory.from_config(migrations.configuration()).get_heads()) == 1


def test_the_head_is_the_shape_that_the_rooms_expect(empty):
    migrations.upgrade(empty)
    with empty.engine.connect() as session:
        context = MigrationContext.configure(session, opts={"compare_type": True})
        for metadata in migrations.every_table():
            known = set(metadata.tables)
            differences = [
                difference
                for difference in compare_metadata(context, metadata)
                if not (
                    difference[0] in ("remove_table", "remove_index")
                    and _of_another(difference, known)
                )
            ]
            assert differences == []


def _of_another(difference, known):
    thing = difference[1]
    table = thing.name if difference[0] == "remove_table" else thing.table.name
    return table not in known


def test_each_step_keeps_what_was_there(empty):
    migrations.upgrade(empty, REVISIONS[0])
    row = {
        "report_id": "a" * 32,
        "seq": 1,
        "direction": Direction.FROM_REPORTER,
        "channel": "sms",
        "day": "2026-03-02",
    }
    empty.write(lambda session: session.execute(insert(messages).values(row)))
    for revision in REVISIONS[1:]:
        migrations.upgrade(empty, revision)
        with empty.read() as session:
            assert session.execute(select(messages.c.report_id)).scalars().all() == ["a" * 32]


def test_a_second_upgrade_changes_nothing(empty):
    migrations.upgrade(empty)
    migrations.upgrade(empty)
