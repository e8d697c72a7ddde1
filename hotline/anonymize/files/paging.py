"""Draw the pages of a PDF as pictures.

What a page shows in a viewer is drawn, notes and filled forms included; scripts in it never run.
"""

import time
from collections.abc import Iterator
from typing import Any

import pypdfium2

from hotline.anonymize.files.binding import MOST_PAGES, Book, Page
from hotline.anonymize.files.copies import Fact, NoCopy, Why
from hotline.anonymize.files.facts import facts_of_fields

_MOST_PIXELS = 4_000_000
_PER_POINT = 150 / 72
_PASSWORD_WANTED = 4
_MOST_ACROSS = 14_400
"""Of pixels, however long and narrow a page is, and of points (ISO 32000, annex C)."""


def draw_pages(content: bytes, until: float) -> bytes:
    """Return a PDF with a picture for each page of the PDF *content*, made until *until* (of the monotonic clock).

    Raises:
        NoCopy: it is locked, too long, or takes too long.
        Exception: whatever the library meets in a stranger's file.
    """
    document = _opened(content)
    if len(document) > MOST_PAGES:
        raise NoCopy(Why.TOO_LARGE)
    if not len(document):
        raise NoCopy(Why.BROKEN)
    if document.get_formtype():
        document.init_forms()
    return Book().fill(_pages(document, until))


def _pages(document: Any, until: float) -> Iterator[Page]:
    for number in range(len(document)):
        if time.monotonic() > until:
            raise NoCopy(Why.TOOK_TOO_LONG)
        page = document[number]
        width, height = page.get_size()
        if not (width > 0 and height > 0):
            raise NoCopy(Why.BROKEN)
        within = (_MOST_PIXELS / (width * height)) ** 0.5
        scale = min(_PER_POINT, within, _MOST_ACROSS / max(width, height))
        drawn = page.render(scale=scale, rev_byteorder=True).to_pil()
        shrunk = min(1.0, _MOST_ACROSS / max(width, height))
        yield Page.of(drawn.convert("RGB"), width * shrunk, height * shrunk)
        page.close()


def facts_of_document(content: bytes) -> tuple[Fact, ...]:
    """Return what a PDF says of who wrote it, and when."""
    said = _opened(content).get_metadata_dict(skip_empty=True)
    return facts_of_fields({str(name).lower(): [str(text)] for name, text in said.items()})


def _opened(content: bytes) -> Any:
    try:
        return pypdfium2.PdfDocument(content)  # type: ignore[no-untyped-call]
    except pypdfium2.PdfiumError as error:
        is_locked = getattr(error, "err_code", 0) == _PASSWORD_WANTED
        raise NoCopy(Why.LOCKED if is_locked else Why.BROKEN) from None
