"""Read what a form sends, in memory only, and never refuse it for its size.

A text beyond its limit is cut, files beyond theirs are read past and left out, a broken or interrupted
body gives what had arrived: the words come first, and who wrote them is told what was not kept. Werkzeug's
own parser would refuse the whole and put large files into temporary files; here a file is sealed as it
arrives, and of its content a piece is in memory.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO
from urllib.parse import parse_qsl

from flask import Request
from werkzeug.exceptions import HTTPException
from werkzeug.sansio.multipart import Data, Field, File, MultipartDecoder, NeedData

from hotline.vault.attachments import HeldFile

MEGABYTES = 5
FILES_LIMIT = MEGABYTES << 20
"""Bytes of attachments that one form may bring; a photograph of a telephone fits."""
BODY_LIMIT = 128 << 20
"""Bytes that are read past at most, so that a browser which sends too much still sees our answer."""

_TEXT_LIMIT = 64 << 10
_LINE_LIMIT = 4 << 10
_LONG = frozenset({"account", "more"})
_PARTS = 200
_FILES = 20
_NAME_LIMIT = 200
_CHUNK = 64 << 10


@dataclass(frozen=True, slots=True, repr=False)
class Sent:
    """What a form brought. *is_cut*: a text was longer than we keep; *files_left_out*: files did not fit."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: tuple[HeldFile, ...] = ()
    is_cut: bool = False
    files_left_out: bool = False

    def all(self, name: str) -> tuple[str, ...]:
        return self.values.get(name, ())

    def text(self, name: str) -> str:
        return next(iter(self.all(name)), "")

    def __repr__(self) -> str:
        return "<Sent>"


def read_form(request: Request) -> Sent:
    """Return what *request* sends; of a body that is no form, nothing."""
    request.max_content_length = BODY_LIMIT
    reading = _Reading()
    if request.mimetype == "multipart/form-data":
        _read_multipart(request.stream, request.mimetype_params.get("boundary", ""), reading)
    elif request.mimetype == "application/x-www-form-urlencoded":
        _read_urlencoded(request.stream, reading)
    _read_past(request.stream)
    return reading.result()


class _Reading:
    """What has arrived so far."""

    def __init__(self) -> None:
        self.values: dict[str, list[str]] = {}
        self.files: list[HeldFile] = []
        self.room = FILES_LIMIT
        self.is_cut = False
        self.files_left_out = False

    def keep_text(self, name: str, raw: bytes) -> None:
        limit = _TEXT_LIMIT if name in _LONG else _LINE_LIMIT
        self.is_cut = self.is_cut or (len(raw) > limit and name in _LONG)
        text = raw[:limit].decode("utf-8", "replace")
        self.values.setdefault(name[:_NAME_LIMIT], []).append(_storable(text))

    def begin_file(self, name: str, kind: str) -> HeldFile:
        return HeldFile(_storable(name[:_NAME_LIMIT]), _storable(kind[:100]))

    def keep_file(self, file: HeldFile) -> None:
        if len(self.files) == _FILES:
            self.files_left_out = True
        elif file.size:
            file.finish()
            self.room -= file.size
            self.files.append(file)

    def result(self) -> Sent:
        values = {name: tuple(given) for name, given in self.values.items()}
        return Sent(values, tuple(self.files), self.is_cut, self.files_left_out)


def _storable(text: str) -> str:
    """Return *text* without what some database or file cannot hold; everything else stays as it was typed."""
    text = text.replace("\0", "").replace("\r\n", "\n").strip()
    return text.encode("utf-8", "replace").decode("utf-8")


def _read_urlencoded(stream: IO[bytes], reading: _Reading) -> None:
    # A byte may take three, as in %D9.
    limit = 4 * _TEXT_LIMIT
    raw = b"".join(_chunks(stream, limit))
    reading.is_cut = len(raw) >= limit
    pairs = raw.decode("ascii", "replace").split("&", _PARTS)[:_PARTS]
    for name, value in parse_qsl("&".join(pairs), keep_blank_values=True, errors="replace"):
        reading.keep_text(name, value.encode("utf-8", "replace"))


def _read_multipart(stream: IO[bytes], boundary: str, reading: _Reading) -> None:
    part: _Words | _Attached | None = None
    for event in _events(stream, boundary):
        if isinstance(event, Field):
            part = _Words(event, reading)
        elif isinstance(event, File):
            part = _Attached(event, reading)
        elif isinstance(event, Data) and part is not None:
            part.add(event.data)
            if not event.more_data:
                part.end()
                part = None
    if part is not None:
        part.break_off()


class _Words:
    """One field while its bytes come in; beyond its limit they are only read past."""

    def __init__(self, head: Field, reading: _Reading) -> None:
        self.name = head.name or ""
        self.reading = reading
        self.content = bytearray()

    def add(self, piece: bytes) -> None:
        self.content += piece[: _TEXT_LIMIT + 1 - len(self.content)]

    def end(self) -> None:
        self.reading.keep_text(self.name, bytes(self.content))

    def break_off(self) -> None:
        """Keep the words whose end never came."""
        self.end()


class _Attached:
    """One file while its bytes come in; beyond the room that is left they are only read past."""

    def __init__(self, head: File, reading: _Reading) -> None:
        kind = head.headers.get("Content-Type", "")
        self.reading = reading
        self.file: HeldFile | None = reading.begin_file(head.filename, kind)

    def add(self, piece: bytes) -> None:
        if self.file is not None and self.file.size + len(piece) > self.reading.room:
            self.break_off()
        elif self.file is not None:
            self.file.add(piece)

    def end(self) -> None:
        if self.file is not None:
            self.reading.keep_file(self.file)

    def break_off(self) -> None:
        """Leave it out: half a file is none."""
        self.file = None
        self.reading.files_left_out = True


def _events(stream: IO[bytes], boundary: str) -> Iterator[object]:
    """Yield what the decoder finds, as far as the body can be read."""
    if not boundary.isascii():
        return
    decoder = MultipartDecoder(boundary.encode("ascii"), 4 * _CHUNK, max_parts=_PARTS)
    try:
        for chunk in _chunks(stream, BODY_LIMIT):
            decoder.receive_data(chunk)
            while not isinstance(event := decoder.next_event(), NeedData):
                yield event
    except (ValueError, HTTPException):
        return


def _chunks(stream: IO[bytes], limit: int) -> Iterator[bytes]:
    """Yield at most *limit* bytes; a line that breaks off ends them."""
    while limit > 0:
        try:
            chunk = stream.read(min(_CHUNK, limit))
        except (HTTPException, OSError):
            return
        if not chunk:
            return
        limit -= len(chunk)
        yield chunk


def _read_past(stream: IO[bytes]) -> None:
    for _ in _chunks(stream, BODY_LIMIT):
        pass
