"""Draw a picture anew from its pixels, turned as its camera said, so that nothing but what it shows is left of it.

Of several pictures in one file the first is drawn, and it is told that there were more; the pages of a TIFF are what
scanners make, and become a document. Colours are drawn as they are numbered: what a profile says of them is lost.
"""

import contextlib
from collections.abc import Iterator
from io import BytesIO

from PIL import AvifImagePlugin, Image, ImageOps, TiffImagePlugin, WebPImagePlugin
from pillow_heif import register_heif_opener

from hotline.anonymize.files.binding import MOST_PAGES, Book, Page
from hotline.anonymize.files.copies import Fact, Made, NoCopy, Why
from hotline.anonymize.files.facts import facts_of_parts
from hotline.anonymize.files.parts import Broken, Found
from hotline.anonymize.files.pictures import read_picture

MOST_PIXELS = 50_000_000
"""Of one picture, while it is drawn: four bytes each, twice."""

_MOST_SHRUNK = 4 * MOST_PIXELS
_FORMS = ("JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "AVIF", "HEIF")
# Known to the library as soon as they are loaded, which spares it to look for all that it knows.
_TAUGHT = (AvifImagePlugin, TiffImagePlugin, WebPImagePlugin)
_LOSSLESS = frozenset({"PNG", "GIF", "BMP"})
_QUALITY = 90
_WIDE = frozenset({"I;16", "I;16B", "I;16L", "I;16N"})


def redraw(content: bytes) -> tuple[str, Made, bytes]:
    """Return the media type of a copy, how it was made, and the copy.

    Raises:
        NoCopy: it has more pixels than we draw.
        Exception: whatever a decoder meets in a stranger's file.
    """
    _prepare()
    with Image.open(BytesIO(content), formats=_FORMS) as picture:
        if picture.format == "TIFF" and getattr(picture, "n_frames", 1) > 1:
            return "application/pdf", Made.PAGES, Book().fill(_sheets(picture))
        is_first = picture.format != "MPO" and getattr(picture, "is_animated", False)
        made = Made.FIRST if is_first else Made.REDRAWN
        form = "PNG" if picture.format in _LOSSLESS or picture.has_transparency_data else "JPEG"
        drawn = _drawn(picture, keeps_holes=form == "PNG")
    return f"image/{form.lower()}", made, _encoded(drawn, form)


def facts_of_picture(content: bytes) -> tuple[Fact, ...]:
    """Return what the fields of a picture say of where and when it was taken, and by whom."""
    _prepare()
    found = Found()
    with contextlib.suppress(Broken):
        read_picture(content, found, also=("AVIF", "HEIF"))
    return facts_of_parts(found)


def _prepare() -> None:
    """Let our own limit on pixels be the only one, and decode in this thread alone: we may start no other."""
    Image.MAX_IMAGE_PIXELS = None
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)


def _drawn(picture: Image.Image, *, keeps_holes: bool) -> Image.Image:
    """Return a picture with the pixels of *picture* and nothing else of it."""
    _check(picture)
    if picture.mode in _WIDE:
        picture = picture.convert("L")
    turned = ImageOps.exif_transpose(picture)
    shines = keeps_holes and turned.has_transparency_data
    drawn = turned.convert("RGBA" if shines else "RGB")
    del turned
    # Only pixels go over: whatever else the library remembers of the picture stays behind.
    bare = Image.new(drawn.mode, drawn.size)
    bare.paste(drawn)
    return bare


def _check(picture: Image.Image) -> None:
    """Refuse a picture that is too large, before its first pixel is decoded; a large JPEG can be decoded smaller."""
    pixels = picture.width * picture.height
    if MOST_PIXELS < pixels <= _MOST_SHRUNK and picture.format in {"JPEG", "MPO"}:
        picture.draft("RGB", (picture.width // 2, picture.height // 2))
        pixels = picture.width * picture.height
    if pixels > MOST_PIXELS or not pixels:
        raise NoCopy(Why.TOO_LARGE)


def _sheets(picture: Image.Image) -> Iterator[Page]:
    for number in range(getattr(picture, "n_frames", 1)):
        if number >= MOST_PAGES:
            raise NoCopy(Why.TOO_LARGE)
        picture.seek(number)
        yield Page.of(_drawn(picture, keeps_holes=False))


def _encoded(picture: Image.Image, form: str) -> bytes:
    into = BytesIO()
    picture.save(into, form, **({"quality": _QUALITY} if form == "JPEG" else {}))
    return into.getvalue()
