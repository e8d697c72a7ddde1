"""Bind pictures to a PDF that holds nothing but them: no words, names, dates or scripts."""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Self

from PIL import Image

from hotline.anonymize.files.copies import NoCopy, Why

MOST_PAGES = 200
_MOST_BOUND = 96 << 20
_QUALITY = 80
_SHEET = 842
_MOST_SIDE = 2_600


@dataclass(frozen=True, slots=True)
class Page:
    """A page as a picture, and what it measures in points."""

    jpeg: bytes
    pixels: tuple[int, int]
    width: float
    height: float

    @classmethod
    def of(cls, picture: Image.Image, width: float = 0, height: float = 0) -> Self:
        """Return *picture* as a page; one whose size nobody knows is as high or wide as a sheet."""
        if not width:
            largest = max(picture.size)
            width, height = (_SHEET * side / largest for side in picture.size)
            picture.thumbnail((_MOST_SIDE, _MOST_SIDE))
        into = BytesIO()
        picture.save(into, "JPEG", quality=_QUALITY)
        return cls(into.getvalue(), picture.size, width, height)


class Book:
    """A PDF of pictures while it is bound: a catalogue, a list of pages, and three objects for each of them."""

    def __init__(self) -> None:
        self._into = BytesIO()
        self._into.write(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
        self._at: dict[int, int] = {}
        self._pages: list[int] = []

    def fill(self, pages: Iterable[Page]) -> bytes:
        """Bind *pages*, one after the other; return the whole.

        Raises:
            NoCopy: it became too large.
        """
        for page in pages:
            self._add(page)
            if self._into.tell() > _MOST_BOUND:
                raise NoCopy(Why.TOO_LARGE)
        return self._bound()

    def _add(self, page: Page) -> None:
        number = 3 + 3 * len(self._pages)
        self._pages.append(number)
        wide, high = page.pixels
        size = f"{page.width:.2f} {page.height:.2f}"
        self._object(
            number,
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {size}]/Contents {number + 1} 0 R"
            f"/Resources<</XObject<</P {number + 2} 0 R>>>>>>",
        )
        drawing = f"{page.width:.2f} 0 0 {page.height:.2f} 0 0 cm /P Do".encode()
        self._object(number + 1, f"<</Length {len(drawing)}>>", drawing)
        self._object(
            number + 2,
            f"<</Type/XObject/Subtype/Image/Width {wide}/Height {high}/ColorSpace/DeviceRGB"
            f"/BitsPerComponent 8/Filter/DCTDecode/Length {len(page.jpeg)}>>",
            page.jpeg,
        )

    def _object(self, number: int, said: str, stream: bytes | None = None) -> None:
        self._at[number] = self._into.tell()
        body = b"" if stream is None else b"\nstream\n" + stream + b"\nendstream"
        self._into.write(f"{number} 0 obj\n{said}".encode() + body + b"\nendobj\n")

    def _bound(self) -> bytes:
        self._object(1, "<</Type/Catalog/Pages 2 0 R>>")
        kids = " ".join(f"{number} 0 R" for number in self._pages)
        self._object(2, f"<</Type/Pages/Count {len(self._pages)}/Kids[{kids}]>>")
        starts, size = self._into.tell(), len(self._at) + 1
        places = "".join(f"{self._at[number]:010} 00000 n \n" for number in range(1, size))
        self._into.write(f"xref\n0 {size}\n0000000000 65535 f \n{places}".encode())
        self._into.write(
            f"trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{starts}\n%%EOF\n".encode()
        )
        return self._into.getvalue()
