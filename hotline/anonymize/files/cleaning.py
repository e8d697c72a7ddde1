"""Copy a stranger's file without what it says beside what it shows, in a process of its own.

A picture is drawn anew from its pixels; the pages of a document become pictures, or its words a plain text; sound and
film go into a new container as they are. What it *shows* stays: a face, a door sign, a voice, a name in a letter. What
cannot be made clean has no copy, and a code says why. The file itself is only ever read.

Our own process holds a piece at a time, of what it sends and of what comes back; the child may take 1 GiB at most
(4 GiB with an office program of the operator's), and says so itself where that is not enough.
"""

import json
from collections.abc import Iterable, Iterator
from io import BytesIO
from types import MappingProxyType
from typing import Any, Self

from hotline.anonymize.files.apart import PATIENCE, Child, NoRoom
from hotline.anonymize.files.copies import (
    MOST_BYTES,
    Clean,
    Content,
    CopyBroken,
    Fact,
    Made,
    Unclean,
    Why,
)
from hotline.anonymize.files.facts import LONGEST_FACT, MOST_FACTS

SECONDS = 60.0
_MOST_COPY = 2 * MOST_BYTES
_HELD = 4 << 20
"""A copy up to this size is taken over at once, so that its process ends; a larger one flows out of it."""

_MOST_HEAD = 64 << 10
_PIECE = 1 << 16
_FIRST = 12
_FACTS = frozenset({"place", "time", "maker", "author"})
# The endings of what a child may hand out, and how it begins: whoever took the child over may say anything.
_KINDS = MappingProxyType(
    {
        "image/jpeg": (".jpg", 0, (b"\xff\xd8\xff",)),
        "image/png": (".png", 0, (b"\x89PNG\r\n\x1a\n",)),
        "application/pdf": (".pdf", 0, (b"%PDF-",)),
        "text/plain": (".txt", 0, (b"",)),
        "video/mp4": (".mp4", 4, (b"ftyp",)),
        "audio/mp4": (".m4a", 4, (b"ftyp",)),
        "video/3gpp": (".3gp", 4, (b"ftyp",)),
        "audio/3gpp": (".3gp", 4, (b"ftyp",)),
        "video/x-ms-wmv": (".wmv", 0, (b"0&\xb2u",)),
        "audio/x-ms-wma": (".wma", 0, (b"0&\xb2u",)),
        "video/webm": (".webm", 0, (b"\x1aE\xdf\xa3",)),
        "audio/webm": (".webm", 0, (b"\x1aE\xdf\xa3",)),
        "video/x-matroska": (".mkv", 0, (b"\x1aE\xdf\xa3",)),
        "audio/x-matroska": (".mka", 0, (b"\x1aE\xdf\xa3",)),
        "audio/ogg": (".ogg", 0, (b"OggS",)),
        "audio/mpeg": (".mp3", 0, (b"\xff",)),
        "audio/flac": (".flac", 0, (b"fLaC",)),
        "audio/amr": (".amr", 0, (b"#!AMR",)),
        "audio/wav": (".wav", 0, (b"RIFF", b"RF64")),
    }
)


def clean_apart(
    pieces: Iterable[bytes] | bytes,
    name: str = "",
    kind: str = "",
    *,
    seconds: float = SECONDS,
    patience: float = PATIENCE,
) -> Clean | Unclean:
    """Return a copy of the file that *pieces* are, made within *seconds*, or why there is none.

    The seconds begin before the first piece is asked for; a large copy may be read for as many again. *name* and *kind* are
    what a stranger called it; the bytes alone decide. Two copies are made at a time; the third
    waits for *patience* seconds. What *pieces* raises comes through; nothing else is raised here.
    """
    try:
        child = Child("making", seconds=seconds, patience=patience)
    except NoRoom:
        return Unclean(Why.BUSY)
    except OSError:
        return Unclean(Why.BROKEN)
    try:
        return _asked(child, (pieces,) if isinstance(pieces, bytes) else pieces, seconds)
    except _TooMuch:
        return _without(child, Unclean(Why.TOO_LARGE))
    except BaseException:
        child.end()
        raise


class _TooMuch(Exception):
    """Raised where an original turns out to be larger than what is copied."""


def _within(pieces: Iterable[bytes]) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > MOST_BYTES:
            raise _TooMuch
        yield piece


def _asked(child: Child, pieces: Iterable[bytes], seconds: float) -> Clean | Unclean:
    head = json.dumps({"seconds": seconds * 0.9}).encode()
    child.tell(head, _within(pieces))
    told = _told(child)
    if told is None:
        why = Why.TOOK_TOO_LONG if child.took_its_time else Why.BROKEN
        return _without(child, Unclean(why))
    if isinstance(told, Unclean):
        return _without(child, told)
    first = child.hear(min(told.size, _HELD))
    if not _begins_as_told(told, first):
        return _without(child, Unclean(Why.BROKEN, told.facts))
    if len(first) < told.size:
        child.give(seconds)
        return _with(told, _Flow(child, first, told.size))
    child.end()
    return _with(told, _Whole(first))


def _without(child: Child, unclean: Unclean) -> Unclean:
    child.end()
    return unclean


def _with(told: Clean, content: Content) -> Clean:
    return Clean(told.kind, told.suffix, told.size, content, told.made, told.facts)


def _told(child: Child) -> Clean | Unclean | None:
    """Return what the child says of its copy, which is still to come; checked as a stranger's words."""
    length = int.from_bytes(child.hear(4), "big")
    if not 0 < length <= _MOST_HEAD:
        return None
    try:
        said: dict[str, Any] = json.loads(child.hear(length))
        facts = tuple(_fact(kind, text) for kind, text in said["facts"][:MOST_FACTS])
        if "why" in said:
            return Unclean(Why(said["why"]), facts)
        kind, size = said["kind"], said["size"]
        if not isinstance(size, int) or not 0 < size <= _MOST_COPY:
            return None
        return Clean(kind, _KINDS[kind][0], size, _Whole(b""), Made(said["made"]), facts)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _fact(kind: object, text: object) -> Fact:
    if kind not in _FACTS or not isinstance(text, str) or len(text) > LONGEST_FACT:
        raise ValueError
    return Fact(str(kind), "".join(filter(str.isprintable, text)))


def _begins_as_told(told: Clean, first: bytes) -> bool:
    """Tell whether a copy is of its kind by its first bytes; a text is one to its end."""
    _, at, beginnings = _KINDS[told.kind]
    if len(first) < min(told.size, _HELD):
        return False
    if told.kind == "text/plain":
        return told.size <= _HELD and _is_text(first)
    return first[at:_FIRST].startswith(beginnings)


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return all(each >= " " or each == "\n" for each in text)


class _Whole:
    """A copy that is here."""

    def __init__(self, content: bytes) -> None:
        self._rest = BytesIO(content)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        if piece := self._rest.read(_PIECE):
            return piece
        raise StopIteration

    def close(self) -> None:
        """Let go of it."""
        self._rest = BytesIO()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Flow(_Whole):
    """A copy that flows out of the child that made it; the child ends with it."""

    def __init__(self, child: Child, first: bytes, size: int) -> None:
        super().__init__(first)
        self._child = child
        self._left = size - len(first)

    def __next__(self) -> bytes:
        if piece := self._rest.read(_PIECE):
            return piece
        piece = self._child.hear(min(_PIECE, self._left)) if self._left else b""
        self._left -= len(piece)
        if piece:
            return piece
        is_whole = not self._left
        self.close()
        if is_whole:
            raise StopIteration
        raise CopyBroken

    def close(self) -> None:
        """End the child."""
        super().close()
        self._left = 0
        self._child.end()

    def __del__(self) -> None:
        self._child.end()
