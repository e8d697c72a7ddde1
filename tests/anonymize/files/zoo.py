"""The zoo: files as people send them, and as attackers write them, each with what is to come of it."""

import os
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

from hotline.anonymize.files import Fact, Made, Why
from tests.anonymize.files import documents as docs
from tests.anonymize.files import films, made
from tests.anonymize.files import photographs as photos
from tests.anonymize.files.made import OWNER

HERE = Fact("place", "41.38790, 2.16992")
ROUGHLY = Fact("place", "41.38790, 2.16990")
THEN = Fact("time", "2026-03-14T05:06:07+01:00")
THEN_UTC = Fact("time", "2026-03-14T05:06:07Z")
MAKER = Fact("maker", "Fairphone 5")
BY = Fact("author", OWNER)
PHOTO = (HERE, THEN, MAKER, BY)
JPEG, PNG, PDF, TEXT = "image/jpeg", "image/png", "application/pdf", "text/plain"


@dataclass(frozen=True)
class Animal:
    """A file; the *kinds* its copy may have, or why there may be none; and what it says of itself."""

    name: str
    make: Callable[[], bytes] = field(repr=False)
    kinds: tuple[str, ...] = ()
    made: tuple[Made, ...] = ()
    why: tuple[Why, ...] = ()
    facts: tuple[Fact, ...] = ()
    called: str = "quillmore"
    tells: bool = True
    """Whether its bytes name its owner."""

    def __str__(self) -> str:
        return self.name.replace(" ", "_")


def good(
    name: str, make: Callable[[], bytes], kind: str, how: Made, *facts: Fact, **more
) -> Animal:
    return Animal(name, make, (kind,), (how,), facts=facts, **more)


def bad(name: str, make: Callable[[], bytes], *why: Why, **more) -> Animal:
    return Animal(name, make, why=why, tells=more.pop("tells", False), **more)


def office(name: str, make: Callable[[], bytes], *facts: Fact) -> Animal:
    """A document comes as its pages where there is an office program that understands it, or else as its words."""
    return Animal(name, make, (PDF, TEXT), (Made.PAGES, Made.WORDS), facts=facts)


def old(name: str, part: str) -> Animal:
    """Only an office program reads an old document, and what it makes of one that is all but empty is its affair."""
    return Animal(
        name, lambda: docs.old(part), (PDF,), (Made.PAGES,), (Why.NEEDS_OFFICE,), tells=False
    )


def _cut(make: Callable[[], bytes], part: float = 0.6) -> Callable[[], bytes]:
    def cut() -> bytes:
        content = make()
        return content[: int(len(content) * part)]

    return cut


def _changed(make: Callable[[], bytes], what: bytes, into: bytes) -> Callable[[], bytes]:
    def changed() -> bytes:
        content = make()
        at = content.index(what)
        return content[:at] + into + content[at + len(into) :]

    return changed


def _film() -> bytes:
    return films.with_words_beside_the_pictures(films.turned(films.film(also=films.chapters)))


def _apple_film() -> bytes:
    said = films.SAID | {
        "com.apple.quicktime.location.ISO6709": films.POINT,
        "com.apple.quicktime.creationdate": "2026-03-14T05:06:07+0100",
        "com.apple.quicktime.model": "Fairphone 5",
    }
    return films.film("mov", said=said, options={"movflags": "use_metadata_tags"})


def _said_beside(form: str, pictures: str, change: Callable[[bytes], bytes]) -> bytes:
    return films.film(form, pictures, "", said={}, change=change)


def _named_behind(sound: bytes) -> bytes:
    return sound + b"TAG" + OWNER.encode().ljust(125, b"\x00")


def _packed(depth: int = 5) -> bytes:
    """Return a packed file in a packed file, again and again, with nothing of an office in it."""
    inner = os.urandom(100)
    for _ in range(depth):
        inner = docs.zipped({"again.zip": inner, "again/": b""})
    return inner


def _entities() -> bytes:
    bomb = b'<!DOCTYPE a [<!ENTITY b "' + b"0" * 1000 + b'">]><a>' + b"&b;" * 1000 + b"</a>"
    return made.docx(word__document_xml=bomb)


GOOD = (
    good("jpeg", photos.photograph, JPEG, Made.REDRAWN, *PHOTO),
    good("jpeg in steps", lambda: photos.photograph(progressive=True), JPEG, Made.REDRAWN, *PHOTO),
    good("jpeg for print", lambda: photos.saved("JPEG", photos.scene("CMYK"), comment=OWNER), JPEG, Made.REDRAWN),
    good("jpeg of two pictures", lambda: photos.saved("MPO", exif=photos.fields(), save_all=True, append_images=[photos.scene()]), JPEG, Made.REDRAWN, *PHOTO),
    good("png", photos.screenshot, PNG, Made.REDRAWN, *PHOTO),
    good("png in grey", lambda: photos.saved("PNG", photos.scene("L").convert("I;16"), exif=photos.fields()), PNG, Made.REDRAWN, *PHOTO),
    good("png that moves", lambda: photos.moving("PNG", exif=photos.fields()), PNG, Made.FIRST, *PHOTO),
    good("gif", lambda: photos.saved("GIF", comment=OWNER.encode()), PNG, Made.REDRAWN),
    good("gif that moves", photos.moving_gif, PNG, Made.FIRST),
    good("webp", lambda: photos.saved("WEBP", exif=photos.fields(), xmp=made.XMP.encode(), icc_profile=photos.profile()), JPEG, Made.REDRAWN, *PHOTO),
    Animal("webp that moves", lambda: photos.moving("WEBP", exif=photos.fields()), (JPEG, PNG), (Made.FIRST,), facts=PHOTO),
    good("tiff", lambda: photos.saved("TIFF", exif=photos.fields().tobytes(), icc_profile=photos.profile()), JPEG, Made.REDRAWN, *PHOTO),
    good("tiff of pages", lambda: photos.saved("TIFF", exif=photos.fields().tobytes(), save_all=True, append_images=[photos.scene()]), PDF, Made.PAGES, *PHOTO),
    good("bmp", lambda: photos.saved("BMP") + OWNER.encode(), PNG, Made.REDRAWN),
    good("heic", photos.heic, JPEG, Made.REDRAWN, *PHOTO),
    good("avif", lambda: photos.saved("AVIF", exif=photos.fields(), xmp=made.XMP.encode(), icc_profile=photos.profile()), JPEG, Made.REDRAWN, *PHOTO),
    good("pdf", docs.rich_pdf, PDF, Made.PAGES, BY, Fact("time", "2026-03-14")),
    good("pdf that opens without its password", docs.pdf_for_everybody, PDF, Made.PAGES, BY),
    good("pdf as long as a street", lambda: docs.pdf_of_size(20, 200_000), PDF, Made.PAGES, tells=False),
    office("docx", docs.docx, BY, THEN_UTC),
    office("xlsx", docs.xlsx, BY, THEN_UTC),
    office("pptx", docs.pptx, BY, THEN_UTC),
    office("odt", lambda: docs.open_document("text", "<text:p>They keep us here</text:p>"), BY, Fact("time", "2026-03-14T05:06:07")),
    office("ods", lambda: docs.open_document("spreadsheet", '<table:table table:name="Pay"><table:table-row><table:table-cell office:value-type="string"><text:p>They took it</text:p></table:table-cell></table:table-row></table:table>'), BY),
    office("odp", lambda: docs.open_document("presentation", "<drawing:page><drawing:frame><drawing:text-box><text:p>They</text:p></drawing:text-box></drawing:frame></drawing:page>"), BY),
    office("rtf", docs.rtf),
    good("text", lambda: "They keep us.\r\n\tIn the café\r\n".encode(), TEXT, Made.WORDS, tells=False),
    good("list of what to play", lambda: b"#EXTM3U\nfile:///etc/passwd\n", TEXT, Made.WORDS, tells=False),
    good("mp4", _film, "video/mp4", Made.STREAMS, ROUGHLY, THEN_UTC, BY),
    good("mp4 of a drone", lambda: films.film(also=films.positions), "video/mp4", Made.STREAMS, ROUGHLY),
    good("mov", _apple_film, "video/mp4", Made.STREAMS, HERE, THEN, MAKER),
    good("h265", lambda: films.film("mp4", "libx265"), "video/mp4", Made.STREAMS, THEN_UTC),
    good("mkv", lambda: films.film("matroska", also=films.attached), "video/mp4", Made.STREAMS, HERE, THEN_UTC),
    good("webm", lambda: films.film("webm", "libvpx", "libopus"), "video/webm", Made.STREAMS, HERE, THEN_UTC),
    good("3gp", lambda: films.film("3gp", "h263", "libopencore_amrnb", size=(176, 144), rate=8_000), "video/3gpp", Made.STREAMS, ROUGHLY),
    good("avi", lambda: films.film("avi", "mpeg4", "libmp3lame"), "video/mp4", Made.STREAMS, BY),
    good("avi of jpegs", lambda: films.film("avi", "mjpeg", "pcm_s16le"), "video/x-matroska", Made.STREAMS, BY),
    good("mpegts of a drone", lambda: films.film("mpegts", also=films.telemetry), "video/mp4", Made.STREAMS),
    good("mp3", lambda: films.id3(films.sound("mp3", "libmp3lame", said={}), made.jpeg()), "audio/mpeg", Made.STREAMS, THEN_UTC, BY),
    good("m4a", lambda: films.sound("ipod", "aac"), "audio/mp4", Made.STREAMS, THEN_UTC, BY),
    good("ogg of opus", lambda: films.sound("ogg", "libopus"), "audio/ogg", Made.STREAMS, HERE, THEN_UTC, BY),
    good("ogg of vorbis", lambda: films.sound("ogg", "vorbis"), "audio/ogg", Made.STREAMS, HERE, THEN_UTC, BY),
    good("flac", lambda: _named_behind(films.sound("flac", "flac")), "audio/flac", Made.STREAMS, HERE, BY),
    good("wav", lambda: films.riff_info(films.sound("wav", "pcm_s16le")), "audio/wav", Made.STREAMS, BY, Fact("time", "2026-03-14")),
    good("wma", lambda: films.sound("asf", "wmav2", rate=44_100), "audio/x-ms-wma", Made.STREAMS, HERE, tells=False),
    good("amr", lambda: _named_behind(films.sound("amr", "libopencore_amrnb", rate=8_000)), "audio/amr", Made.STREAMS),
    good("aac", lambda: _named_behind(films.sound("adts", "aac")), "audio/mp4", Made.STREAMS),
    good("mp4 of a telephone that writes beside its pictures", lambda: _said_beside("mp4", "mpeg4", films.user_data(0xB6)), "video/mp4", Made.STREAMS),
    good("avi of a telephone that writes beside its pictures", lambda: _said_beside("avi", "mpeg4", films.user_data(0xB6)), "video/mp4", Made.STREAMS),
    good("mpeg-2 of a camcorder", lambda: _said_beside("mpegts", "mpeg2video", films.user_data(0x01)), "video/mp4", Made.STREAMS),
    good("mpeg-1 of a camcorder", lambda: _said_beside("mpeg", "mpeg1video", films.user_data(0x01)), "video/x-matroska", Made.STREAMS),
    good("h264 with a unit of no kind", lambda: _said_beside("mp4", "libx264", films.unit_behind(b"\x1f")), "video/mp4", Made.STREAMS),
    good("h264 with filling", lambda: _said_beside("matroska", "libx264", films.unit_behind(b"\x0c")), "video/mp4", Made.STREAMS),
    good("h265 with a unit of no kind", lambda: _said_beside("mp4", "libx265", films.unit_behind(b"\x60\x01")), "video/mp4", Made.STREAMS),
    good("jpegs with words behind them", lambda: _said_beside("avi", "mjpeg", films.words_behind), "video/x-matroska", Made.STREAMS),
)  # fmt: skip

HOSTILE = (
    bad("nothing", lambda: b"", Why.BROKEN),
    bad("zeros", lambda: bytes(5_000), Why.UNKNOWN_KIND),
    bad("noise", lambda: b"\x01\x02" + bytes(range(256)) * 40, Why.UNKNOWN_KIND),
    bad("program", lambda: b"MZ\x90\x00\x03" + bytes(500), Why.UNKNOWN_KIND, called="me.jpg"),
    bad("page with a script", lambda: b"<html><script>alert(1)</script>", Why.UNKNOWN_KIND, called="a.txt"),
    bad("drawing with a script", lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', Why.UNKNOWN_KIND),
    bad("png bomb", photos.png_bomb, Why.TOO_LARGE),
    bad("jpeg bomb", photos.jpeg_bomb, Why.TOO_LARGE),
    bad("tiff bomb", photos.tiff_bomb, Why.TOO_LARGE),
    bad("bmp bomb", photos.bmp_bomb, Why.TOO_LARGE),
    bad("gif bomb", photos.gif_bomb, Why.TOO_LARGE),
    bad("text in a png that unpacks to much", lambda: made.png((b"zTXt", b"Comment\x00\x00" + zlib.compress(bytes(60 << 20)))), Why.BROKEN, Why.TOO_LARGE, tells=True),
    good("jpeg and zip", lambda: photos.photograph() + docs.docx(), JPEG, Made.REDRAWN, HERE),
    good("gif and script", lambda: photos.saved("GIF", comment=b"*/=1;alert('" + OWNER.encode() + b"')//"), PNG, Made.REDRAWN, called="a.js"),
    good("pdf and zip", lambda: made.pdf() + docs.docx(), PDF, Made.PAGES, BY),
    good("script before a pdf", lambda: b"<script>alert(1)</script>" + made.pdf(), PDF, Made.PAGES, BY),
    good("jpeg called a document", photos.photograph, JPEG, Made.REDRAWN, called="contract.pdf"),
    good("name of a folder", photos.photograph, JPEG, Made.REDRAWN, called="../../../etc/passwd"),
    good("name with a script", photos.photograph, JPEG, Made.REDRAWN, called="\"><script>alert(1)</script>\x00.jpg"),
    good("fields in circles", photos.fields_in_circles, JPEG, Made.REDRAWN, tells=False),
    good("tiff in circles", photos.tiff_in_circles, PDF, Made.PAGES, tells=False),
    bad("jpeg cut short", _cut(lambda: photos.saved("JPEG", photos.scene(size=(600, 400)).rotate(30))), Why.BROKEN),
    bad("png cut short", _cut(lambda: photos.saved("PNG", photos.scene(size=(600, 400)).rotate(30))), Why.BROKEN),
    bad("docx cut short", _cut(docs.docx), Why.BROKEN),
    bad("mp4 cut short", _cut(films.film, 0.3), Why.BROKEN),
    bad("heic cut short", _cut(photos.heic, 0.5), Why.BROKEN, tells=True),
    bad("locked pdf", lambda: made.pdf(password="quill"), Why.LOCKED),
    bad("locked docx", lambda: docs.old("EncryptedPackage"), Why.LOCKED),
    bad("locked odt", lambda: docs.open_document("text", "x", is_locked=True), Why.LOCKED),
    old("old doc", "WordDocument"),
    old("old xls", "Workbook"),
    old("old ppt", "PowerPoint Document"),
    bad("packed file", lambda: docs.zipped({"a.jpg": photos.photograph()}), Why.UNKNOWN_KIND),
    bad("packed in packed in packed", _packed, Why.UNKNOWN_KIND, called="a.docx"),
    bad("document that unpacks to gigabytes", lambda: made.docx(word__document_xml=b"<a>" + b"0" * (60 << 20) + b"</a>"), Why.BROKEN, Why.TOO_LARGE),
    bad("packed files that overlap", docs.overlapping, Why.BROKEN, Why.TOO_LARGE),
    bad("document of entities", _entities, Why.BROKEN),
    Animal("pdf in circles", docs.pdf_in_circles, (PDF,), (Made.PAGES,), (Why.BROKEN,), tells=False),
    Animal("pdf that unpacks to gigabytes", docs.pdf_bomb, (PDF,), (Made.PAGES,), (Why.BROKEN, Why.TOO_LARGE, Why.TOOK_TOO_LONG), tells=False),
    Animal("pdf of a huge picture", docs.pdf_of_a_huge_picture, (PDF,), (Made.PAGES,), (Why.BROKEN, Why.TOO_LARGE, Why.TOOK_TOO_LONG), tells=False),
    bad("pdf of too many pages", lambda: made.pdf(*["x"] * 201), Why.TOO_LARGE),
    bad("pdf of nothing", lambda: b"%PDF-1.7\n%%EOF", Why.BROKEN),
    Animal("mp4 that lies about its size", _changed(films.film, b"\x00\x00\x00\x08free", b"\x7f\xff\xff\xff"), ("video/mp4",), (Made.STREAMS,), (Why.BROKEN,)),
    Animal("mp4 that lies about its samples", lambda: _lying(films.film()), ("video/mp4",), (Made.STREAMS,), (Why.BROKEN, Why.TOO_LARGE)),
    bad("mkv of endless length", lambda: b"\x1aE\xdf\xa3\x01" + b"\xff" * 7 + bytes(100), Why.BROKEN),
    Animal("wav that lies about its size", _changed(lambda: films.sound("wav", "pcm_s16le", said={}), b"data", b"data\xff\xff\xff\x7f"), ("audio/wav",), (Made.STREAMS,), tells=False),
    *(bad(f"{codec} with words behind its pictures", lambda form=form, codec=codec: _said_beside(form, codec, films.words_behind), Why.UNKNOWN_KIND, tells=True) for form, codec in (("webm", "libvpx"), ("matroska", "libvpx-vp9"), ("asf", "wmv2"), ("avi", "msmpeg4"), ("flv", "flv"), ("mp4", "libx264"))),
    bad("sound without any", lambda: b"ID3\x03\x00\x00\x00\x00\x00\x00", Why.BROKEN),
    bad("cover without a sound", lambda: films.id3(b"", made.jpeg()), Why.BROKEN),
)  # fmt: skip

ALL = GOOD + HOSTILE


def _lying(film: bytes) -> bytes:
    """Return a film that says it has two thousand million samples."""
    at = film.index(b"stsz") + 12
    return film[:at] + b"\x7f\xff\xff\xff" + film[at + 4 :]
