"""Read what a form sends, in memory only, and never refuse it for its size.

A text beyond its limit is cut, files beyond theirs are read past and left out, a broken or interrupted
body gives what had arrived: the words come first, and who wrote them is told what was not kept. Werkzeug's
own parser would refuse the whole and put large files into temporary files.
"""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO
from urllib.parse import parse_qsl

from flask import Request
from werkzeug.exceptions import HTTPException
from werkzeug.sansio.multipart import Data, Field, File, MultipartDecoder, NeedData

MEGABYTES = 5
FILES_LIMIT = MEGABYTES << 20
"""Bytes of attachments that one form may bring; a photograph of a telephone fits."""
BODY_LIMIT = 128 << 20
"""Bytes that are read past at most, so that a browser which sends too much still sees our answer."""

_TEXT_LIMIT = 64 << 10
_LINE_LIMIT = 4 << 10
_LONG = frozenset({"account", "more"})
_PARTS = 200
_NAME_LIMIT = 200
_CHUNK = 64 << 10


@dataclass(frozen=True, slots=True, repr=False)
class Sent:
    """What a form brought. *is_cut*: a text was longer than we keep; *files_left_out*: files did not fit."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: tuple[Mapping[str, str], ...] = ()
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
        self.files: list[Mapping[str, str]] = []
        self.room = FILES_LIMIT
        self.is_cut = False
        self.files_left_out = False

    def keep_text(self, name: str, raw: bytes) -> None:
        limit = _TEXT_LIMIT if name in _LONG else _LINE_LIMIT
        self.is_cut = self.is_cut or (len(raw) > limit and name in _LONG)
        text = raw[:limit].decode("utf-8", "replace")
        self.values.setdefault(name[:_NAME_LIMIT], []).append(_storable(text))

    def keep_file(self, name: str, kind: str, content: bytearray | None) -> None:
        if content is None:
            self.files_left_out = True
        elif content:
            self.room -= len(content)
            encoded = base64.b64encode(content).decode("ascii")
            self.files.append(
                {"name": _storable(name[:_NAME_LIMIT]), "type": kind[:100], "base64": encoded}
            )

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
    part: _Part | None = None
    for event in _events(stream, boundary):
        if isinstance(event, Field | File):
            part = _Part(event, reading.room)
        elif isinstance(event, Data) and part is not None:
            part.add(event.data)
            if not event.more_data:
                part.give(reading)
                part = None
    if part is not None:
        part.break_off(reading)


class _Part:
    """One field or file while its bytes come in; beyond its limit bytes are only counted."""

    def __init__(self, head: Field | File, room: int) -> None:
        self.head = head
        self.name = head.name or ""
        self.limit = room if isinstance(head, File) else _TEXT_LIMIT + 1
        self.content = bytearray()
        self.is_over = False

    def add(self, piece: bytes) -> None:
        self.is_over = self.is_over or len(self.content) + len(piece) > self.limit
        self.content += piece[: self.limit - len(self.content)]

    def give(self, reading: _Reading) -> None:
        if isinstance(self.head, File):
            kind = self.head.headers.get("Content-Type", "")
            reading.keep_file(self.head.filename, kind, None if self.is_over else self.content)
        else:
            reading.keep_text(self.name, bytes(self.content))

    def break_off(self, reading: _Reading) -> None:
        """Keep the words of a part whose end never came; half a file is none."""
        self.is_over = True
        self.give(reading)


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
