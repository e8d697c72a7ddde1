"""The tree's hashes as they are kept: tiles of 256, as C2SP's tlog-tiles lays them out.

Tile *number* of *level* holds hashes of complete subtrees of 256^level leaves, in order; level 0 holds the
leaf hashes. Only the last tile of a level is partial, and a full one gives the next level one hash.
"""

from collections.abc import Iterator, Sequence
from functools import cache, partial

from sqlalchemy import and_, func, select

from hotline.audit.merkle import HASH_LENGTH, Node, root, subtree_hash
from hotline.audit.tables import audit_tiles
from hotline.errors import HotlineError
from hotline.store import Session

WIDTH = 256
_HEIGHT = 8
_FULL = WIDTH * HASH_LENGTH


class TileMissing(HotlineError):
    default_message = "a hash of the log is not there"


def size_of(session: Session) -> int:
    """Return how many leaves the tree has."""
    return _count(session, 0)


def append(session: Session, leaves: Sequence[bytes]) -> None:
    """Put *leaves* behind the last; each level that fills a tile hands one hash up."""
    level, hashes = 0, list(leaves)
    while hashes:
        hashes = _append_at(session, level, hashes)
        level += 1


def nodes(session: Session) -> Node:
    """Return a function that finds hashes of complete subtrees; each is read and made once.

    It raises `TileMissing` where a tile was cut or taken away.
    """
    tile = cache(partial(tile_of, session))

    @cache
    def node(height: int, index: int) -> bytes:
        level, rest = divmod(height, _HEIGHT)
        number, place = divmod(index << rest, WIDTH)
        first = place * HASH_LENGTH
        part = tile(level, number)[first : first + (HASH_LENGTH << rest)]
        if len(part) != HASH_LENGTH << rest:
            raise TileMissing
        return subtree_hash(split(part))

    return node


def root_at(session: Session, size: int) -> bytes:
    """Return the root over the first *size* leaves, from the tiles.

    Raises:
        TileMissing: a tile was cut or taken away.
    """
    return root(size, nodes(session))


def tiles_of(session: Session, level: int, *, since: int = 0) -> Iterator[tuple[int, bytes]]:
    """Yield the tiles of a level with their numbers, in order, from number *since*."""
    query = select(audit_tiles.c.number, audit_tiles.c.hashes).where(audit_tiles.c.level == level)
    last = since - 1
    while True:
        place = query.where(audit_tiles.c.number > last).order_by(audit_tiles.c.number)
        rows = session.execute(place.limit(WIDTH)).all()
        yield from ((row.number, row.hashes) for row in rows)
        if len(rows) < WIDTH:
            return
        last = rows[-1].number


def split(hashes: bytes) -> list[bytes]:
    """Return the hashes that lie side by side in *hashes*."""
    return [hashes[i : i + HASH_LENGTH] for i in range(0, len(hashes), HASH_LENGTH)]


def _append_at(session: Session, level: int, hashes: list[bytes]) -> list[bytes]:
    """Append *hashes* at *level* and return those of the tiles that this filled."""
    number, held = divmod(_count(session, level), WIDTH)
    kept = tile_of(session, level, number) if held else b""
    filled, waiting, changed = [], kept + b"".join(hashes), []
    for first in range(0, len(waiting), _FULL):
        tile = waiting[first : first + _FULL]
        changed.append({"level": level, "number": number + first // _FULL, "hashes": tile})
        if len(tile) == _FULL:
            filled.append(subtree_hash(split(tile)))
    if held:
        session.execute(
            audit_tiles.delete().where(audit_tiles.c.level == level, audit_tiles.c.number == number)
        )
    session.execute(audit_tiles.insert(), changed)
    return filled


def _count(session: Session, level: int) -> int:
    """Return how many hashes a level has, from its last tile."""
    last = (
        select(audit_tiles.c.number, func.length(audit_tiles.c.hashes).label("bytes"))
        .where(audit_tiles.c.level == level)
        .order_by(audit_tiles.c.number.desc())
        .limit(1)
    )
    row = session.execute(last).one_or_none()
    return 0 if row is None else row.number * WIDTH + row.bytes // HASH_LENGTH


def tile_of(session: Session, level: int, number: int) -> bytes:
    """Return the hashes of one tile.

    Raises:
        TileMissing: it is not there.
    """
    place = and_(audit_tiles.c.level == level, audit_tiles.c.number == number)
    found: bytes | None = session.execute(
        select(audit_tiles.c.hashes).where(place)
    ).scalar_one_or_none()
    if found is None:
        raise TileMissing
    return found
