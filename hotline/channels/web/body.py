"""Read what a form sends, and never refuse it for its size.

A text beyond its limit is cut, files beyond theirs are read past and left out, a broken or interrupted
body gives what had arrived: the words come first, and who wrote them is told what was not kept. Werkzeug's
own parser would refuse the whole and put large files into temporary files; here a file is sealed and kept
as it arrives (`uploads`), and of its content a piece is in memory.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO
from urllib.parse import parse_qsl

from flask import Request
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException
from werkzeug.sansio.multipart import Data, Event, Field, File, MultipartDecoder, NeedData, State

from hotline.channels.web.uploads import Arriving, Uploads
from hotline.parts import here
from hotline.vault.attachments import HeldFile

_MOST = 4
"""Times the limit of files that are read of one body; more is read past where that takes no thread of ours."""

_FILES_FIELD = "files"
_TEXT_LIMIT = 64 << 10
_LINE_LIMIT = 4 << 10
_LONG = frozenset({"account", "more"})
_TEXTS = 200
_PARTS = 20_000
_HEAD_LIMIT = 8 << 10
_HEADS_LIMIT = 128 << 10
"""Bytes of heads that are cut apart, which is slow: all that we keep have less together. Later ones are compared."""
_PLAIN = re.compile(rb'content-disposition: (form-data; name="(?:account|more)")', re.IGNORECASE)
_NOTHING = "form-data"
_BLANK = 8
_BOUNDARY_LIMIT = 200
_NAME_LIMIT = 200
_CHUNK = 64 << 10


@dataclass(frozen=True, slots=True, repr=False)
class Sent:
    """What a form brought. *is_cut*: a text was longer than we keep; *files_left_out*: why files are not kept (`uploads`)."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: tuple[HeldFile, ...] = ()
    is_cut: bool = False
    files_left_out: frozenset[str] = frozenset()

    def all(self, name: str) -> tuple[str, ...]:
        return self.values.get(name, ())

    def text(self, name: str) -> str:
        return next(iter(self.all(name)), "")

    def __repr__(self) -> str:
        return "<Sent>"


def read_form(request: Request) -> Sent:
    """Return what *request* sends; of a body that is no form, nothing.

    A file that is not kept with a report before the request ends is gone with it.
    """
    # Nothing is refused for the length that it says to have.
    request.max_content_length = sys.maxsize
    reading = _Reading(Uploads.of(here()))
    chunks = _chunks(request.stream, _MOST * reading.uploads.limit)
    if request.mimetype == "multipart/form-data":
        _read_multipart(chunks, request.mimetype_params.get("boundary", ""), reading)
    elif request.mimetype == "application/x-www-form-urlencoded":
        _read_urlencoded(chunks, reading)
    _read_past(chunks)
    return reading.result()


class _Reading:
    """What has arrived so far."""

    def __init__(self, uploads: Uploads) -> None:
        self.values: dict[str, list[str]] = {}
        self.uploads = uploads
        self.texts = 0
        self.is_cut = False

    def keep_text(self, name: str, raw: bytes) -> None:
        is_long = name in _LONG
        self.texts += 1
        # However many fields a form has, the account is kept.
        if self.texts > _TEXTS and (not is_long or name in self.values):
            return
        limit = _TEXT_LIMIT if is_long else _LINE_LIMIT
        self.is_cut = self.is_cut or (len(raw) > limit and is_long)
        text = raw[:limit].decode("utf-8", "replace")
        self.values.setdefault(name[:_NAME_LIMIT], []).append(_storable(text))

    def result(self) -> Sent:
        values = {name: tuple(given) for name, given in self.values.items()}
        uploads = self.uploads
        return Sent(values, tuple(uploads.files), self.is_cut, frozenset(uploads.left_out))


def _storable(text: str) -> str:
    """Return *text* without what some database or file cannot hold; everything else stays as it was typed."""
    text = text.replace("\0", "").replace("\r\n", "\n").strip()
    return text.encode("utf-8", "replace").decode("utf-8")


def _read_urlencoded(chunks: Iterator[bytes], reading: _Reading) -> None:
    # A byte may take three, as in %D9.
    limit, raw = 4 * _TEXT_LIMIT, bytearray()
    while len(raw) < limit and (chunk := next(chunks, b"")):
        raw += chunk
    reading.is_cut = len(raw) >= limit
    pairs = raw[:limit].decode("ascii", "replace").split("&", _TEXTS)[:_TEXTS]
    for name, value in parse_qsl("&".join(pairs), keep_blank_values=True, errors="replace"):
        reading.keep_text(name, value.encode("utf-8", "replace"))


def _read_multipart(chunks: Iterator[bytes], boundary: str, reading: _Reading) -> None:
    part: _Words | Arriving | None = None
    for event in _events(chunks, boundary):
        if isinstance(event, Field | File):
            part = _begun(event, reading)
        elif isinstance(event, Data) and part is not None:
            part.add(event.data)
            if not event.more_data:
                part.end()
                part = None
    if part is not None:
        part.break_off()


def _begun(head: Field | File, reading: _Reading) -> "_Words | Arriving":
    """Return the part that begins: what comes in the field of files is a file, even without a name."""
    name = head.name or ""
    if isinstance(head, File) or name == _FILES_FIELD:
        filename = head.filename if isinstance(head, File) else ""
        return Arriving(filename, head.headers.get("Content-Type", ""), reading.uploads)
    return _Words(name, reading)


class _Words:
    """One field while its bytes come in; beyond its limit they are only read past."""

    def __init__(self, name: str, reading: _Reading) -> None:
        self.name = name
        self.reading = reading
        self.content = bytearray()

    def add(self, piece: bytes) -> None:
        self.content += piece[: _TEXT_LIMIT + 1 - len(self.content)]

    def end(self) -> None:
        self.reading.keep_text(self.name, bytes(self.content))

    def break_off(self) -> None:
        """Keep the words whose end never came."""
        self.end()


class _Decoder(MultipartDecoder):
    """Takes heads in any bytes: a name in another encoding, or none, must not end the reading. A long head says nothing."""

    _looked_into = 0

    def next_event(self) -> Event:
        event = super().next_event()
        if isinstance(event, NeedData) and self.state is State.PART:
            # What is searched for, the end of the head, is not in it: so much of it goes.
            del self.buffer[_HEAD_LIMIT + 1 : -_BLANK]
            self._search_position = max(0, len(self.buffer) - _BLANK)
        return event

    def _parse_headers(self, data: bytes | bytearray) -> Headers:
        self._looked_into += min(len(data), _HEAD_LIMIT)
        if len(data) > _HEAD_LIMIT or self._looked_into > _HEADS_LIMIT:
            plain = _PLAIN.fullmatch(data)
            return Headers([("Content-Disposition", plain[1].decode() if plain else _NOTHING)])
        headers = super()._parse_headers(bytes(data).decode("utf-8", "replace").encode())
        headers.setdefault("Content-Disposition", _NOTHING)
        return headers


def _events(chunks: Iterator[bytes], boundary: str) -> Iterator[object]:
    """Yield what the decoder finds, as far as the body can be read."""
    if not boundary.isascii() or len(boundary) > _BOUNDARY_LIMIT:
        return
    decoder = _Decoder(boundary.encode("ascii"), 4 * _CHUNK, max_parts=_PARTS)
    try:
        for chunk in chunks:
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


def _read_past(chunks: Iterator[bytes]) -> None:
    for _ in chunks:
        pass
