"""Copy a picture or a PDF without what it says beside what it shows.

A picture is drawn anew from its pixels, turned as its camera said; a PDF keeps its pages and the pictures on them,
and nothing else. What it *shows* stays: a face, a door sign, a name in a letter. Made in a process of its own, as in
`apart`; what cannot be made clean has no copy.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from PIL import Image, ImageOps
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject

from hotline.anonymize.files.apart import SECONDS, ask_child, question
from hotline.anonymize.files.parts import MOST_BYTES, Broken

_FORMS = ("JPEG", "PNG", "GIF", "WEBP", "TIFF")
_MOST_PIXELS = 60_000_000
_MOST_PAGES = 200
_QUALITY = 90
_PDF = b"%PDF-"
_KINDS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", _PDF: "application/pdf"}

# What a page needs to be shown.
_SHOWN = frozenset(
    {"/Type", "/Parent", "/MediaBox", "/CropBox", "/Rotate", "/Resources", "/Contents"}
)
_SAID = (
    "/Metadata",
    "/PieceInfo",
    "/LastModified",
    "/StructParent",
    "/StructParents",
    "/AF",
    "/OPI",
)

# JPEG: markers without a length, where the pixels start and end, and which fields say anything but how colours are meant.
_BARE = frozenset({0x01, *range(0xD0, 0xD9)})
_PIXELS, _END = 0xDA, b"\xff\xd9"
_FIELDS = frozenset({*range(0xE0, 0xF0), 0xFE} - {0xEE})


@dataclass(frozen=True, slots=True)
class Clean:
    """A copy without fields, and its media type."""

    kind: str
    content: bytes = field(repr=False)


def clean_apart(content: bytes, *, seconds: float = SECONDS) -> Clean | None:
    """Return what `clean_file` returns, made in a process of its own within *seconds*; None where there is none."""
    if len(content) > MOST_BYTES:
        return None
    try:
        answer = ask_child("cleaning", b"", content, seconds=seconds, most=MOST_BYTES + 1)
    except OSError:
        return None
    if not answer or len(answer) > MOST_BYTES:
        return None
    # Whoever took the child over may say anything: it is a picture or a PDF by its first bytes, or it is nothing.
    kind = next((kind for first, kind in _KINDS.items() if answer.startswith(first)), None)
    return Clean(kind, answer) if kind else None


def clean_file(content: bytes) -> bytes:
    """Return a copy of a picture (JPEG or PNG) or a PDF without fields; nothing where none can be made. Never raises."""
    try:
        return _document(content) if content.startswith(_PDF) else _picture(content)
    except Exception:  # A decoder of strangers' files raises whatever it meets first.
        return b""


def answer() -> None:
    """Be the child."""
    _, content = question()
    sys.stdout.buffer.write(clean_file(content))


def _picture(content: bytes) -> bytes:
    with Image.open(BytesIO(content), formats=_FORMS) as picture:
        if picture.width * picture.height > _MOST_PIXELS:
            raise Broken
        form = "JPEG" if picture.format in ("JPEG", "TIFF") else "PNG"
        turned = ImageOps.exif_transpose(picture)
        drawn = turned.convert("RGBA" if form == "PNG" and turned.has_transparency_data else "RGB")
    # Only pixels go over: whatever else the library remembers of the picture stays behind.
    bare = Image.frombytes(drawn.mode, drawn.size, drawn.tobytes())
    into = BytesIO()
    bare.save(into, form, **({"quality": _QUALITY} if form == "JPEG" else {}))
    return into.getvalue()


def _document(content: bytes) -> bytes:
    reader = PdfReader(BytesIO(content), strict=False)
    if reader.is_encrypted or len(reader.pages) > _MOST_PAGES:
        raise Broken
    writer = PdfWriter()
    for page in reader.pages:
        for name in [name for name in page if name not in _SHOWN]:
            del page[name]
        writer.add_page(page)
    for page in writer.pages:
        for part in _parts(page):
            _empty(part)
    writer.metadata = None
    into = BytesIO()
    writer.write(into)
    return into.getvalue()


def _parts(page: Any) -> Iterator[DictionaryObject]:
    """Yield every object that a page is made of, each once."""
    seen: set[int] = set()
    waiting: list[Any] = [page.get(name) for name in ("/Resources", "/Contents")]
    while waiting:
        part = waiting.pop()
        part = part.get_object() if part is not None else None
        if id(part) in seen:
            continue
        seen.add(id(part))
        if isinstance(part, DictionaryObject):
            yield part
            waiting.extend(part.values())
        elif isinstance(part, ArrayObject):
            waiting.extend(part)


def _empty(part: DictionaryObject) -> None:
    """Take out of an object what it says of itself; a picture within that says something opaque makes the whole unclean."""
    for name in _SAID:
        if name in part:
            del part[NameObject(name)]
    if not isinstance(part, StreamObject) or part.get("/Subtype") != "/Image":
        return
    filters = part.get("/Filter")
    names = filters if isinstance(filters, ArrayObject) else [filters]
    if "/JPXDecode" in names:
        raise Broken
    if names == ["/DCTDecode"]:
        part._data = _without_fields(part._data)
    elif "/DCTDecode" in names:
        raise Broken


def _without_fields(jpeg: bytes) -> bytes:
    """Return a JPEG without its fields, its pixels as they are."""
    kept, at = bytearray(jpeg[:2]), 2
    while True:
        mark, kind = jpeg[at], jpeg[at + 1]
        if mark != 0xFF:
            raise Broken
        if kind == _PIXELS:
            return bytes(kept + jpeg[at : jpeg.index(_END, at)] + _END)
        length = 2 if kind in _BARE else 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if kind not in _FIELDS:
            kept += jpeg[at : at + length]
        at += length
