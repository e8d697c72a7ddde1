"""Say what a file is by its first bytes, never by its name: which of those who copy files it is for."""

from enum import StrEnum
from io import BytesIO
from zipfile import ZipFile


class Family(StrEnum):
    """Who copies a file."""

    PICTURE = "picture"
    PAGES = "pages"
    OFFICE = "office"
    STREAMS = "streams"
    TEXT = "text"


PDF, PDF_WITHIN = b"%PDF-", 1024
ZIP, OLD_OFFICE, RICH_TEXT = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf"

_PICTURES = (
    b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+", b"BM",
)  # fmt: skip
_PICTURE_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"}
)
# What the library that takes streams apart calls the form that begins like this. It is always told: left to guess, it
# would follow a play list into other files.
_STREAMS = (
    (b"\x1aE\xdf\xa3", "matroska"), (b"OggS", "ogg"), (b"ID3", "mp3"), (b"fLaC", "flac"), (b"#!AMR", "amr"),
    (b"0&\xb2u\x8ef\xcf\x11", "asf"), (b"\x00\x00\x01\xba", "mpeg"), (b"FLV\x01", "flv"), (b"caff", "caf"),
)  # fmt: skip
_WITHIN_RIFF = {b"WAVE": "wav", b"AVI ": "avi"}
_OLD_FILM = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
_PACKET = 188


def family_of(content: bytes) -> tuple[Family | None, str]:
    """Return who copies *content*, and of streams, which form; None for nobody."""
    if content.startswith(_PICTURES) or (content[:4], content[8:12]) == (b"RIFF", b"WEBP"):
        return Family.PICTURE, ""
    if content[4:8] == b"ftyp" and content[8:12] in _PICTURE_BRANDS:
        return Family.PICTURE, ""
    if PDF in content[:PDF_WITHIN]:
        return Family.PAGES, ""
    if content.startswith((ZIP, OLD_OFFICE, RICH_TEXT)):
        return Family.OFFICE, ""
    if form := _stream(content):
        return Family.STREAMS, form
    return (Family.TEXT, "") if _is_text(content) else (None, "")


def _stream(content: bytes) -> str:
    if content[4:8] == b"ftyp" or content[4:8] in _OLD_FILM:
        return "mov"
    if content[:4] in {b"RIFF", b"RF64"}:
        return _WITHIN_RIFF.get(content[8:12], "")
    if content[:4] == b"FORM" and content[8:12] in {b"AIFF", b"AIFC"}:
        return "aiff"
    if (
        len(content) > 2 * _PACKET
        and content[0] == content[_PACKET] == content[2 * _PACKET] == 0x47
    ):
        return "mpegts"
    if content[:1] == b"\xff" and len(content) > 1 and content[1] & 0xE0 == 0xE0:
        return "mp3" if content[1] & 0x06 else "aac"
    return next((form for beginning, form in _STREAMS if content.startswith(beginning)), "")


def _is_text(content: bytes) -> bool:
    """Tell whether somebody wrote *content* as it is: text in UTF-8 which is no markup, that says more than it shows."""
    if not content or content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        return False
    if any(control in content for control in _CONTROL):
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


_CONTROL = tuple(bytes((each,)) for each in (*range(9), 11, *range(14, 27), *range(28, 32), 127))

_MAIN_PARTS = {
    "word/document.xml": ".docx",
    "xl/workbook.xml": ".xlsx",
    "ppt/presentation.xml": ".pptx",
}
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."
_OPEN_ENDINGS = {
    b"text": ".odt",
    b"spreadsheet": ".ods",
    b"presentation": ".odp",
    b"graphics": ".odg",
}
_OLD_PARTS = {
    "WordDocument": ".doc",
    "Workbook": ".xls",
    "Book": ".xls",
    "PowerPoint Document": ".ppt",
}
_OLD_NAME = 64
_LOCKED_PACKAGE = "EncryptedPackage"
_MANIFEST, _LOCKED_ENTRY, _MOST_MANIFEST = "META-INF/manifest.xml", b"encryption-data", 1 << 20


def office_ending(content: bytes) -> str:
    """Return the ending that names of office documents like *content* have; nothing where it is none.

    Raises:
        BadZipFile: it begins like one, and is broken.
    """
    if content.startswith(RICH_TEXT):
        return ".rtf"
    if content.startswith(OLD_OFFICE):
        return next((ending for name, ending in _OLD_PARTS.items() if _has_part(content, name)), "")
    with ZipFile(BytesIO(content)) as packed:
        names = set(packed.namelist())
        if "mimetype" in names and "content.xml" in names:
            with packed.open("mimetype") as said:
                kind = said.read(100)
            return _OPEN_ENDINGS.get(
                kind.removeprefix(_OPEN_DOCUMENT).partition(b"-")[0].strip(), ""
            )
    return next((ending for part, ending in _MAIN_PARTS.items() if part in names), "")


def _has_part(content: bytes, name: str) -> bool:
    """Tell whether the directory of an old document (MS-CFB 2.6.1) names *name*."""
    return name.encode("utf-16-le").ljust(_OLD_NAME, b"\x00") in content


def is_locked(content: bytes) -> bool:
    """Tell whether an office document is locked with a password.

    Raises:
        BadZipFile: it begins like one, and is broken.
    """
    if content.startswith(OLD_OFFICE):
        return _has_part(content, _LOCKED_PACKAGE)
    if not content.startswith(ZIP):
        return False
    with ZipFile(BytesIO(content)) as packed:
        if any(entry.flag_bits & 1 for entry in packed.infolist()):
            return True
        if _MANIFEST not in packed.namelist():
            return False
        with packed.open(_MANIFEST) as manifest:
            return _LOCKED_ENTRY in manifest.read(_MOST_MANIFEST)
