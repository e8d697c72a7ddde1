"""Read the words and the properties of a PDF: its pages, notes, forms and bookmarks, and who wrote it when."""

import time
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

from pypdf import PdfReader

from hotline.anonymize.files.fields import label_of
from hotline.anonymize.files.parts import Broken, Found, Gap, Kind
from hotline.anonymize.files.xmp import read_xmp

_MOST_PAGES = 200
_MOST_NOTES = 500
_SECONDS = 8.0


def read_document(content: bytes, found: Found) -> None:
    """Add what a PDF says to *found*. Raises `Broken` where it cannot be opened.

    Time is looked at between pages; within one, only `apart` can stop it.
    """
    until = time.monotonic() + _SECONDS
    try:
        reader = PdfReader(BytesIO(content), strict=False)
        is_locked = reader.is_encrypted and not reader.decrypt("")
    except Exception:  # A parser of strangers' files raises whatever it meets first.
        raise Broken from None
    if is_locked:
        found.gaps.add(Gap.ENCRYPTED)
        raise Broken
    for read in (_properties, _packet, _fields, _bookmarks, _enclosed):
        _try(found, read, reader, found)
    _try(found, _pages, reader, found, until)


def _try(found: Found, read: Callable[..., None], *arguments: object) -> None:
    """Let a broken part of a document cost that part, and say so."""
    try:
        read(*arguments)
    except Exception:  # The gap is told; what a parser says of a stranger's file is not.
        found.gaps.add(Gap.BROKEN)


def _properties(reader: PdfReader, found: Found) -> None:
    for name, value in (reader.metadata or {}).items():
        found.add(Kind.PROPERTY, str(name), str(value), label_of(str(name)))


def _packet(reader: PdfReader, found: Found) -> None:
    root: Any = reader.trailer["/Root"].get_object()
    stream = root.get("/Metadata")
    if stream is not None:
        read_xmp(stream.get_object().get_data(), found)


def _fields(reader: PdfReader, found: Found) -> None:
    for name, field in (reader.get_fields() or {}).items():
        found.add(Kind.TEXT, "form", f"{name}: {field.get('/V', '')}")


def _bookmarks(reader: PdfReader, found: Found) -> None:
    for title in _titles(reader.outline):
        found.add(Kind.TEXT, "bookmark", title)


def _titles(outline: Any) -> Iterator[str]:
    waiting = list(outline)[::-1]
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, list):
            waiting.extend(entry[::-1])
        else:
            yield str(entry.title)


def _enclosed(reader: PdfReader, found: Found) -> None:
    for name in reader.attachments:
        found.gaps.add(Gap.NESTED)
        found.add(Kind.NAME, "attachment", str(name))


def _pages(reader: PdfReader, found: Found, until: float) -> None:
    for number, page in enumerate(reader.pages, start=1):
        if number > _MOST_PAGES or found.is_full:
            found.gaps.add(Gap.CUT)
            return
        if time.monotonic() > until:
            found.gaps.add(Gap.TOOK_TOO_LONG)
            return
        _try(found, _page, page, number, found)


def _page(page: Any, number: int, found: Found) -> None:
    text = page.extract_text()
    found.add(Kind.TEXT, f"page {number}", text)
    resources = page.get("/Resources")
    if resources is not None and "/XObject" in resources.get_object():
        found.gaps.add(Gap.PICTURES)
    for note in list(page.get("/Annots") or ())[:_MOST_NOTES]:
        _note(note.get_object(), number, found)


def _note(note: Any, number: int, found: Found) -> None:
    for key in ("/T", "/Contents", "/RC"):
        if key in note and note.get("/Subtype") != "/Widget":
            label = label_of("author") if key == "/T" else None
            found.add(Kind.TEXT, f"note on page {number}", str(note[key]), label)
    action = note.get("/A")
    link = action.get_object().get("/URI") if action is not None else None
    if link is not None:
        found.add(Kind.TEXT, f"link on page {number}", str(link), label_of("baseurl"))
