"""A release is rolled out host by host: no step of the history takes away what the code of before still uses.

That a step which only adds disturbs nobody who is served meanwhile is among the faults: `tests/faults/test_faults.py`.
"""

from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from hotline import migrations
from hotline.migrations.contracting import refused

STEPS = list(ScriptDirectory.from_config(migrations.configuration()).walk_revisions())[::-1]
EARLIER = ("0001", "0002")


def step(*does: str, unused_since: str = "") -> str:
    """The source of a step after the ones that there are."""
    head = ["import sqlalchemy as sa", "from alembic import op", 'revision = "0003"']
    head += ['down_revision = "0002"']
    head += [f'unused_since = "{unused_since}"'] if unused_since else []
    return "\n".join([*head, "def upgrade() -> None:", *(f"    {line}" for line in does)])


@pytest.mark.parametrize("number", range(len(STEPS)), ids=lambda number: STEPS[number].revision)
def test_each_step_that_there_is_may_come(number):
    earlier = [one.revision for one in STEPS[:number]]
    assert refused(Path(STEPS[number].path).read_text("utf-8"), earlier=earlier) == []


ADDS = [
    'op.create_table("tides", sa.Column("id", sa.String(32)))',
    'op.add_column("reports", sa.Column("tide", sa.String(8), nullable=True))',
    'op.add_column("reports", sa.Column("tide", sa.String(8), nullable=False, server_default=""))',
    'op.create_index("by_tide", "reports", ["day"])',
]
TAKES_AWAY = [
    'op.drop_table("reports")',
    'op.drop_column("reports", "day")',
    'op.rename_table("reports", "accounts")',
    'op.alter_column("reports", "day", new_column_name="date")',
    'op.alter_column("reports", "day", type_=sa.String(4))',
    'op.add_column("reports", sa.Column("tide", sa.String(8), nullable=False))',
    'op.create_index("once", "reports", ["day"], unique=True)',
    'op.create_unique_constraint("once", "reports", ["day"])',
    'op.execute("DELETE FROM reports")',
]


@pytest.mark.parametrize("does", ADDS)
def test_what_only_adds_may_come_at_once(does):
    assert refused(step(does), earlier=EARLIER) == []


@pytest.mark.parametrize("does", TAKES_AWAY)
def test_what_takes_away_says_since_when_nothing_uses_it(does):
    assert refused(step(does), earlier=EARLIER)
    assert refused(step(does, unused_since="0003"), earlier=EARLIER)
    assert refused(step(does, unused_since="0002"), earlier=EARLIER) == []


def test_it_is_found_inside_a_batch_too():
    lines = ['with op.batch_alter_table("reports") as batch:', '    batch.drop_column("day")']
    assert refused(step(*lines), earlier=EARLIER) == ["drop_column"]
