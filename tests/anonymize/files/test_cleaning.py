"""A copy of a picture or a PDF shows what it showed, and says nothing of itself any more."""

import sys
from io import BytesIO

import pytest
from PIL import Image, ImageOps
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, StreamObject, create_string_object

from hotline.anonymize.files import clean_apart, read_file
from hotline.anonymize.files.cleaning import clean_file
from hotline.anonymize.files.parts import Kind
from tests.anonymize.files import made

CANARY = "Quillmore"


def fields(content: bytes) -> list[str]:
    return [part.text for part in read_file(content, "").parts if part.kind is not Kind.TEXT]


def drawn(form: str = "JPEG", size=(40, 20), **options) -> bytes:
    """Return a picture whose left half is red, with its owner in a field."""
    picture = Image.new("RGB", size, "blue")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[0x013B] = CANARY
    exif[0x0112] = options.pop("turned", 1)
    into = BytesIO()
    picture.save(into, form, exif=exif, **options)
    return into.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_picture_loses_its_fields_and_keeps_what_it_shows(form):
    content = drawn(form)
    assert CANARY.encode() in content
    clean = clean_file(content)
    assert CANARY.encode() not in clean
    assert fields(clean) == []
    with Image.open(BytesIO(clean)) as picture:
        assert picture.size == (40, 20)
        red, _, blue = picture.convert("RGB").getpixel((5, 10))
    assert (red > 200, blue < 60) == (True, True)


def test_pictures_with_every_field_we_know_of_are_clean():
    for content in (made.jpeg(), made.png()):
        assert fields(content)
        assert fields(clean_file(content)) == []


def test_a_picture_is_turned_as_its_camera_said():
    turned = drawn(turned=6)
    with Image.open(BytesIO(turned)) as picture:
        upright = ImageOps.exif_transpose(picture)
    with Image.open(BytesIO(clean_file(turned))) as picture:
        assert picture.size == upright.size == (20, 40)


def test_what_shines_through_still_does():
    into = BytesIO()
    Image.new("RGBA", (4, 4), (1, 2, 3, 0)).save(into, "PNG")
    with Image.open(BytesIO(clean_file(into.getvalue()))) as picture:
        assert picture.mode == "RGBA"


def a_pdf() -> bytes:
    """Return a PDF with an owner, a note, a file inside, and a photograph that says who took it."""
    page = BytesIO()
    with Image.open(BytesIO(drawn(quality=80))) as picture:
        picture.save(page, "PDF")
    writer = PdfWriter(clone_from=BytesIO(page.getvalue()))
    writer.add_metadata({"/Author": CANARY})
    writer.add_attachment("quill.txt", CANARY.encode())
    writer.add_outline_item(title=CANARY, page_number=0)
    photo = writer.pages[0]["/Resources"]["/XObject"]["/image"].get_object()
    photo._data = drawn(quality=80)
    photo[NameObject("/Metadata")] = writer._add_object(StreamObject())
    writer.pages[0][NameObject("/LastModified")] = create_string_object(CANARY)
    into = BytesIO()
    writer.write(into)
    return into.getvalue()


def test_a_pdf_keeps_its_pages_and_nothing_beside_them():
    content = a_pdf()
    assert CANARY.encode() in content
    clean = clean_file(content)
    assert CANARY.encode() not in clean
    reader = PdfReader(BytesIO(clean))
    assert len(reader.pages) == 1
    assert not reader.metadata or not reader.metadata.author
    assert not reader.attachments
    # The photograph on it is still one.
    with Image.open(BytesIO(reader.pages[0].images[0].data)) as picture:
        assert picture.size == (40, 20)


def test_the_words_of_a_pdf_stay():
    words = [part.text for part in read_file(made.pdf(), "").parts if part.field == "page 1"]
    clean = clean_file(made.pdf())
    assert [part.text for part in read_file(clean, "").parts if part.field == "page 1"] == words


def test_what_cannot_be_made_clean_has_no_copy():
    for content in (
        b"",
        b"\x00",
        b"GIF8",
        b"%PDF-1.7 broken",
        made.docx(),
        drawn()[:300],
        b"hello",
    ):
        assert clean_file(content) == b""


def test_a_bomb_has_no_copy():
    into = BytesIO()
    Image.new("1", (20_000, 20_000)).save(into, "PNG")
    assert len(into.getvalue()) < 1 << 20
    assert clean_file(into.getvalue()) == b""


def test_a_child_makes_the_copy():
    clean = clean_apart(drawn())
    assert clean.kind == "image/jpeg"
    assert fields(clean.content) == []
    assert clean_apart(drawn("PNG")).kind == "image/png"
    assert clean_apart(made.pdf()).kind == "application/pdf"
    assert CANARY not in repr(clean)


def test_a_child_that_fails_or_takes_too_long_makes_none(monkeypatch):
    assert clean_apart(b"nothing that we know") is None
    assert clean_apart(drawn(), seconds=0.01) is None
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert clean_apart(drawn()) is None


def test_a_child_that_was_taken_over_can_hand_out_pictures_only(monkeypatch):
    for answer in (b"#!/bin/sh", b"\xff\xd8\xff" + b"0" * (26 << 20), b"", None):
        monkeypatch.setattr(
            "hotline.anonymize.files.cleaning.ask_child", lambda *_, answer=answer, **__: answer
        )
        assert clean_apart(drawn()) is None
