"""Read what a picture says beside what it shows. Its pixels are never decoded."""

import struct
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

from PIL import Image

from hotline.anonymize.files.exif import read_exif
from hotline.anonymize.files.fields import label_of
from hotline.anonymize.files.iptc import decoded, read_iptc
from hotline.anonymize.files.parts import LONGEST_FIELD, Broken, Found, Gap, Kind
from hotline.anonymize.files.xmp import read_xmp

PNG = b"\x89PNG\r\n\x1a\n"
_FORMS = ("JPEG", "TIFF", "WEBP", "GIF")
_IPTC_IN_PHOTOSHOP = 0x0404
_RAW = "Raw profile type"  # Fields of other forms, written in hexadecimal by programs that convert pictures.
_MOST_CHUNKS = 20_000


def read_picture(content: bytes, found: Found, *, also: tuple[str, ...] = ()) -> None:
    """Add what the fields of a picture say to *found*. Raises `Broken` where they cannot be read.

    *also* are forms that somebody taught the library beside those that it always knows.
    """
    try:
        if content.startswith(PNG):
            _png(content, found)
        else:
            with Image.open(BytesIO(content), formats=(*_FORMS, *also)) as picture:
                _fields(picture, found)
    except Exception:  # A decoder of strangers' files raises whatever it meets first.
        raise Broken from None
    found.gaps.add(Gap.PICTURES)


def _fields(picture: Image.Image, found: Found) -> None:
    read_exif(picture.getexif(), found)
    said: dict[Any, Any] = picture.info
    if isinstance(packet := said.get("xmp"), bytes):
        read_xmp(packet, found)
    shop = said.get("photoshop")
    if isinstance(shop, dict) and isinstance(block := shop.get(_IPTC_IN_PHOTOSHOP), bytes):
        read_iptc(block, found)
    if isinstance(comment := said.get("comment"), bytes | str):
        text = comment if isinstance(comment, str) else decoded(comment)
        found.add(Kind.COMMENT, "comment", text)


def _png(content: bytes, found: Found) -> None:
    """Add the texts of a PNG. Read by hand: a lazy reader misses what stands behind the pixels, or decodes them."""
    for kind, chunk in _chunks(content):
        if kind == b"eXIf":
            fields = Image.Exif()
            fields.load(chunk)
            read_exif(fields, found)
        elif reader := _TEXTS.get(kind):
            name, text = reader(chunk, found)
            _say(name, text, found)


def _say(name: str, text: str, found: Found) -> None:
    if name == "XML:com.adobe.xmp":
        read_xmp(text.encode(), found)
    elif name.startswith(_RAW):
        found.gaps.add(Gap.OPAQUE)
    else:
        found.add(Kind.COMMENT, name, text, label_of(name))


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at, count = len(PNG), 0
    while at + 8 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        count += 1
        if at + 12 + length > len(content) or count > _MOST_CHUNKS:
            raise Broken
        yield kind, content[at + 8 : at + 8 + length]
        if kind == b"IEND":
            return
        at += 12 + length
    raise Broken


def _plain(chunk: bytes, _found: Found) -> tuple[str, str]:
    name, _, text = chunk.partition(b"\x00")
    return name.decode("latin-1"), decoded(text)


def _squeezed(chunk: bytes, found: Found) -> tuple[str, str]:
    name, _, rest = chunk.partition(b"\x00")
    return name.decode("latin-1"), decoded(_inflated(rest[1:], found))


def _international(chunk: bytes, found: Found) -> tuple[str, str]:
    name, _, rest = chunk.partition(b"\x00")
    is_squeezed, rest = rest[:1] == b"\x01", rest[2:]
    _, _, rest = rest.partition(b"\x00")
    _, _, text = rest.partition(b"\x00")
    return name.decode("latin-1"), decoded(_inflated(text, found) if is_squeezed else text)


def _inflated(squeezed: bytes, found: Found) -> bytes:
    """Return the beginning of what *squeezed* holds: a field is short, a bomb is not."""
    inflater = zlib.decompressobj()
    try:
        text = inflater.decompress(squeezed, LONGEST_FIELD)
    except zlib.error:
        raise Broken from None
    if inflater.unconsumed_tail:
        found.gaps.add(Gap.CUT)
    return text


_TEXTS: dict[bytes, Callable[[bytes, Found], tuple[str, str]]] = {
    b"tEXt": _plain,
    b"zTXt": _squeezed,
    b"iTXt": _international,
}
