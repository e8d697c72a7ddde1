"""Be a child, and be asked: a question and the bytes of a file come in by standard input."""

import sys
from collections.abc import Iterator
from io import BytesIO
from typing import IO

LENGTH = 4
"""How many bytes say how long a question is."""

_PIECE = 1 << 16


def question(most: int) -> tuple[bytes, bytes]:
    """Return what we are asked, and about which bytes, of which one more than *most* are read."""
    into: IO[bytes] = sys.stdin.buffer
    head = into.read(int.from_bytes(into.read(LENGTH), "big"))
    content = BytesIO()
    for piece in _pieces(into, most + 1):
        content.write(piece)
    return head, content.getvalue()


def _pieces(into: IO[bytes], most: int) -> Iterator[bytes]:
    while most > 0 and (piece := into.read(min(_PIECE, most))):
        most -= len(piece)
        yield piece
