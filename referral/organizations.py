"""The organizations of the directory by their names: whom somebody may choose, or say that it must not reach."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from referral.tables import organization


def organizations(
    connection: Connection, *, named: str = "", limit: int = 200
) -> tuple[tuple[str, str], ...]:
    """Return id and name of the first *limit* organizations by the alphabet, of those whose name holds *named*."""
    its = organization.c
    query = select(its.id, its.name).order_by(its.name, its.id).limit(limit)
    if named.strip():
        wanted = func.lower(its.name).contains(named.strip().lower(), autoescape=True)
        query = query.where(wanted)
    return tuple((row.id, row.name) for row in connection.execute(query))


def organization_names(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """Return the names of those among *ids* that the directory knows."""
    its = organization.c
    rows = connection.execute(select(its.id, its.name).where(its.id.in_(ids))) if ids else ()
    return {row.id: row.name for row in rows}
