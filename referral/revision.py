"""A mark of what the directory holds, so that what was worked out from it is worked out once.

Whoever writes to the directory calls `revise` as its last step. The mark is random: a directory that was
restored from a backup and then changed never has a mark that it had before.
"""

import secrets

from sqlalchemy import delete, insert, select, text
from sqlalchemy.engine import Connection

from referral.tables import revision_mark

_ONE_AT_A_TIME = 3_910_277_460
"""Key of PostgreSQL's advisory lock: whoever edits, and an import that compares, must not pass each other."""


def wait_for_others(connection: Connection) -> None:
    """Let nobody else edit or import before this is committed. Comes first; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})


def revise(connection: Connection) -> None:
    """Give the directory another mark. Does not commit.

    Two writers that finish at once leave two marks, which together are another mark.
    """
    connection.execute(delete(revision_mark))
    connection.execute(insert(revision_mark).values(mark=secrets.token_hex(16)))


def revision(connection: Connection) -> str:
    """Return the mark; empty where nothing was ever written."""
    mark = revision_mark.c.mark
    return "-".join(connection.scalars(select(mark).order_by(mark)))
