"""How the directory answers: JSON and streams that are packed if asked, kept by their ETag; errors as RFC 9457 says."""

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any

from flask import Response, request

_SMALL = 1024
_PIECE = 64 * 1024
_GZIP = 16 + zlib.MAX_WBITS


def told(document: Any) -> Response:
    """Return *document*, or that it is what the client has already: its ETag is made from what is told alone."""
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    response = Response(content_type="application/json")
    packed = _takes_packed() and len(body) > _SMALL
    _let_keep(response, hashlib.sha256(body).hexdigest()[:32], packed=packed)
    if response.status_code == HTTPStatus.OK:
        response.set_data(gzip.compress(body, 5, mtime=0) if packed else body)
    return response


def streamed(documents: Iterable[Any], mark: str) -> Response:
    """Return *documents*, one a line; *mark*, where there is one, is the same as long as they are."""
    packed, pieces = _takes_packed(), _pieces(documents)
    response = Response(_pack(pieces) if packed else pieces, content_type="application/x-ndjson")
    _let_keep(response, mark, packed=packed, weak=True)
    return response


def problem(status: int, sentence: str = "", **more: str) -> Response:
    """Return the details of a problem in a fixed *sentence*."""
    phrase = HTTPStatus(status).phrase
    details = {"type": "about:blank", "title": phrase, "status": int(status)}
    body = json.dumps(details | ({"detail": sentence} if sentence else {}) | more)
    response = Response(body, status, content_type="application/problem+json")
    response.headers["Cache-Control"] = "no-store"
    return response


def _let_keep(response: Response, mark: str, *, packed: bool, weak: bool = False) -> None:
    """Let the client keep *response* but ask each time whether it still holds; a place may become confidential."""
    response.headers["Vary"] = "Authorization, Accept-Encoding"
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    if request.method == "POST":
        response.headers["Cache-Control"] = "no-store"
        return
    response.headers["Cache-Control"] = "no-cache"
    if mark:
        response.set_etag(f"{mark}-gzip" if packed else mark, weak=weak)
        response.make_conditional(request)


def _takes_packed() -> bool:
    return request.accept_encodings.quality("gzip") > 0


def _pieces(documents: Iterable[Any]) -> Iterator[bytes]:
    """Yield the lines of *documents*, many at a time."""
    piece = bytearray()
    for each in documents:
        piece += json.dumps(each, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        if len(piece) > _PIECE:
            yield bytes(piece)
            piece.clear()
    yield bytes(piece)


def _pack(pieces: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(5, wbits=_GZIP)
    for piece in pieces:
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()
