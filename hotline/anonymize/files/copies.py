"""What came of copying a file without what it says of itself: a copy, or why there is none; and what the original said."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, Self

from hotline.errors import Unavailable


class Why(StrEnum):
    """Why there is no copy."""

    TOO_LARGE = "too_large"
    LOCKED = "locked"
    UNKNOWN_KIND = "unknown_kind"
    NEEDS_OFFICE = "needs_office"
    BROKEN = "broken"
    TOOK_TOO_LONG = "took_too_long"
    BUSY = "busy"


class Made(StrEnum):
    """How a copy was made, which is what it does not show of its original.

    ``redrawn``: a picture from its pixels. ``first``: the same of the first of several, as of an animation.
    ``pages``: each page as a picture. ``words``: the words of a document as plain text, without its pictures and its layout.
    ``streams``: sound and moving pictures as they are, in a new container.
    """

    REDRAWN = "redrawn"
    FIRST = "first"
    PAGES = "pages"
    WORDS = "words"
    STREAMS = "streams"


class CopyBroken(Unavailable):
    """The process that made a copy ended before it had given it all: what came so far is no copy."""

    default_message = "this could not be copied whole"


class Content(Protocol):
    """The bytes of a copy, piece by piece, once."""

    def __iter__(self) -> Iterator[bytes]: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...
    def close(self) -> None:
        """Give back what is held for the rest."""


MOST_BYTES = 160 << 20
"""The largest original that is copied."""


class NoCopy(Exception):
    """Raised among those who make copies. Never leaves the room."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True, repr=False)
class Fact:
    """What an original says of itself: *kind* ``place`` ("41.38790, 2.16992", or a name), ``time`` (ISO 8601), ``maker`` or ``author``."""

    kind: str
    text: str

    def __repr__(self) -> str:
        return f"<Fact {self.kind}>"


@dataclass(frozen=True, slots=True, repr=False)
class Clean:
    """A copy: its media type, the ending of its name (``.jpg``), how many bytes, and these, to be read once.

    Reading *content* to its end, closing it (`with clean.content:`) or forgetting it ends the process that made it; it raises
    `CopyBroken` where that one ends too early.
    """

    kind: str
    suffix: str
    size: int
    content: Content
    made: Made
    facts: tuple[Fact, ...] = ()

    def __repr__(self) -> str:
        return f"<Clean {self.kind} {self.size}>"


@dataclass(frozen=True, slots=True, repr=False)
class Unclean:
    """No copy, and why; *facts* are what the original says of itself as far as it could be read."""

    why: Why
    facts: tuple[Fact, ...] = ()

    def __repr__(self) -> str:
        return f"<Unclean {self.why}>"
