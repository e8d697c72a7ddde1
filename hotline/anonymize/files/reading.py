"""Say what form a file has, by its bytes and never by its name, and let the reader of that form read it."""

from collections.abc import Callable

from hotline.anonymize.files.documents import read_document
from hotline.anonymize.files.office import read_office
from hotline.anonymize.files.parts import (
    MOST_BYTES,
    UNKNOWN,
    Broken,
    FileText,
    Found,
    Gap,
    Kind,
)
from hotline.anonymize.files.pictures import PNG, read_picture

_PICTURES = (
    (b"\xff\xd8\xff", "jpg"),
    (PNG, "png"),
    (b"GIF8", "gif"),
    (b"II*\x00", "tif"),
    (b"MM\x00*", "tif"),
)
_PDF, _PDF_WITHIN = b"%PDF-", 1024
_ZIP, _ZIP_END, _ZIP_TAIL = b"PK\x03\x04", b"PK\x05\x06", 66_000
_CONTROL = bytes({*range(9), 11, *range(14, 27), *range(28, 32), 127})


def read_file(content: bytes, name: str, declared: str = "") -> FileText:
    """Return the texts in a file: its *name* first, then what *content* says; pure, and never raises.

    *declared* is the type a stranger gave the file: it is believed only about plain text. `apart.read_apart` does the
    same where a hostile file can do no harm, and is what a server should call.
    """
    found = Found()
    found.add(Kind.NAME, "file", name)
    form = UNKNOWN
    try:
        form = _form(content, declared)
        is_readable = _read(content, form, found)
    except Broken:
        found.gaps.add(Gap.BROKEN)
        is_readable = False
    except (RecursionError, MemoryError):
        found.gaps.add(Gap.CUT)
        is_readable = False
    return FileText(form, tuple(found), frozenset(found.gaps), is_readable)


def _form(content: bytes, declared: str) -> str:
    """Return the extension that files of this form have, ``zip`` for office documents of any kind."""
    for beginning, form in _PICTURES:
        if content.startswith(beginning):
            return form
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "webp"
    if _PDF in content[:_PDF_WITHIN]:
        return "pdf"
    if content.startswith(_ZIP):
        return "zip"
    is_text = declared.partition(";")[0].strip().lower().startswith("text/")
    return "txt" if content and (is_text or _is_plain(content)) else UNKNOWN


def _read(content: bytes, form: str, found: Found) -> bool:
    if len(content) > MOST_BYTES:
        found.gaps.add(Gap.TOO_LARGE)
        return False
    reader = _READERS.get(form)
    if reader is None:
        found.gaps.add(Gap.UNKNOWN_FORM)
        return False
    reader(content, found)
    if form != "zip" and _ZIP_END in content[-_ZIP_TAIL:]:
        found.gaps.add(Gap.NESTED)
    return True


def _read_text(content: bytes, found: Found) -> None:
    if not _is_plain(content):
        raise Broken
    found.add(Kind.TEXT, "text", _as_text(content))


def _is_plain(content: bytes) -> bool:
    """Say whether *content* is text: UTF-16 with its mark, or bytes without control characters that UTF-8 reads."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if content.translate(None, _CONTROL) != content:
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _as_text(content: bytes) -> str:
    try:
        wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        return content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        raise Broken from None


_READERS: dict[str, Callable[[bytes, Found], None]] = {
    **dict.fromkeys(("jpg", "png", "gif", "tif", "webp"), read_picture),
    "pdf": read_document,
    "zip": read_office,
    "txt": _read_text,
}
