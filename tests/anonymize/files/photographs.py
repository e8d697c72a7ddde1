"""Pictures as strangers send them, with everything that cameras and programs write into them about somebody."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, PngImagePlugin

from tests.anonymize.files import made
from tests.anonymize.files.made import OWNER

SIZE = (48, 32)


def scene(mode: str = "RGB", size: tuple[int, int] = SIZE) -> Image.Image:
    """Return a picture whose left half is red and whose right half is blue."""
    picture = Image.new("RGB", size, "blue")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    return picture.convert(mode)


def fields() -> Image.Exif:
    """Return where, when, by whom and with what a picture was taken, and a small one of it that a maker hides."""
    exif = Image.Exif()
    exif[0x013B] = OWNER
    exif[0x010F], exif[0x0110] = "Fairphone", "Fairphone 5"
    exif[0x0131] = f"{OWNER}'s telephone"
    small = BytesIO()
    scene(size=(8, 8)).save(small, "JPEG", comment=OWNER.encode())
    exif.get_ifd(0x8769).update(
        {
            0x9003: "2026:03:14 05:06:07",
            0x9011: "+01:00",
            0x9286: b"ASCII\x00\x00\x00" + OWNER.encode(),
            0x927C: OWNER.encode() + small.getvalue(),
        }
    )
    exif.get_ifd(0x8825).update(
        {1: "N", 2: (41.0, 23.0, 16.44), 3: "E", 4: (2.0, 10.0, 11.712), 29: "2026:03:14", 7: (4, 6, 7)}
    )  # fmt: skip
    return exif


def profile() -> bytes:
    """Return a profile of colours that is named after its owner."""
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    name = "sRGB built-in".encode("utf-16-be")
    assert name in plain
    return plain.replace(name, "Quillmore Zdr".encode("utf-16-be"))


def saved(form: str, picture: Image.Image | None = None, **options: Any) -> bytes:
    into = BytesIO()
    (picture or scene()).save(into, form, **options)
    return into.getvalue()


def photograph(**options: Any) -> bytes:
    """Return a JPEG with every field there is, and words behind its end."""
    content = saved(
        "JPEG", exif=fields(), xmp=made.XMP.encode(), comment=OWNER.encode(), icc_profile=profile(), quality=90, **options
    )  # fmt: skip
    return made.with_iptc(content) + OWNER.encode()


def screenshot() -> bytes:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", OWNER)
    texts.add_text("Comment", f"call {OWNER}", zip=True)
    texts.add_itxt("XML:com.adobe.xmp", made.XMP)
    content = saved("PNG", exif=fields(), pnginfo=texts, icc_profile=profile())
    late = made.chunk(b"tIME", struct.pack(">HBBBBB", 2026, 3, 14, 5, 6, 7))
    late += made.chunk(b"quIl", OWNER.encode()) + made.chunk(b"tEXt", b"Late\x00" + OWNER.encode())
    return content[:-12] + late + content[-12:] + OWNER.encode()


def moving(form: str, **options: Any) -> bytes:
    frames = [scene(size=(48, 32 + 0 * number)).rotate(90 * number) for number in range(3)]
    return saved(form, frames[0], save_all=True, append_images=frames[1:], duration=100, **options)


def moving_gif() -> bytes:
    """Return a GIF with a comment, and XMP as a block of an application."""
    content = moving("GIF", comment=OWNER.encode())
    packet = made.XMP.encode()
    block = b"\x21\xff\x0bXMP DataXMP" + packet + bytes(reversed(range(256))) + b"\x00\x00"
    return content[:-1] + block + content[-1:]


def heic() -> bytes:
    from pillow_heif import register_heif_opener

    register_heif_opener()
    return saved(
        "HEIF", scene(size=(96, 64)), exif=fields().tobytes(), xmp=made.XMP.encode(), quality=90
    )


def png_bomb(side: int = 50_000) -> bytes:
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(1 << 20), 9)
    chunks = ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(made.chunk(*each) for each in chunks)


def jpeg_bomb(side: int = 50_000) -> bytes:
    content = saved("JPEG")
    at = content.index(b"\xff\xc0") + 5
    return content[:at] + struct.pack(">HH", side, side) + content[at + 4 :]


def tiff_bomb(side: int = 50_000) -> bytes:
    entries = (
        (256, 4, side), (257, 4, side), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 8), (277, 3, 1), (278, 4, side), (279, 4, 4),
    )  # fmt: skip
    listed = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    return b"II*\x00" + struct.pack("<IH", 8, len(entries)) + listed + bytes(4)


def bmp_bomb(side: int = 50_000) -> bytes:
    head = struct.pack("<IiiHHIIiiII", 40, side, side, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + head + bytes(64)


def gif_bomb(side: int = 50_000) -> bytes:
    content = saved("GIF")
    return content[:6] + struct.pack("<HH", side, side) + content[10:]


def fields_in_circles() -> bytes:
    """Return a JPEG whose directories of fields lead back to themselves."""
    entries = struct.pack("<HHII", 0x8769, 4, 1, 8) + struct.pack("<HHII", 0x8825, 4, 1, 8)
    directory = b"II*\x00" + struct.pack("<IH", 8, 2) + entries + struct.pack("<I", 8)
    return saved("JPEG", exif=b"Exif\x00\x00" + directory)


def tiff_in_circles() -> bytes:
    """Return a TIFF whose last page is followed by its first."""
    content = saved("TIFF", save_all=True, append_images=[scene()])
    first = struct.unpack_from("<I", content, 4)[0]
    count = struct.unpack_from("<H", content, first)[0]
    second_at = first + 2 + 12 * count
    second = struct.unpack_from("<I", content, second_at)[0]
    last_at = second + 2 + 12 * struct.unpack_from("<H", content, second)[0]
    return content[:last_at] + struct.pack("<I", first) + content[last_at + 4 :]
