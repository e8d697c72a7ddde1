"""Whatever a file says of somebody is found, in whichever corner it says it."""

import zlib

import pytest

from hotline.anonymize.files import FileText, Gap, Kind
from hotline.anonymize.files.reading import read_file
from hotline.domain.identity import Label
from tests.anonymize.files import made


def said(file: FileText, kind: Kind) -> dict[str, str]:
    return {part.field: part.text for part in file.parts if part.kind is kind}


def test_a_picture_says_whose_camera_took_it_when_and_where() -> None:
    file = read_file(made.jpeg(), "IMG_2041.jpg", "image/jpeg")
    exif = said(file, Kind.EXIF)
    assert exif["Artist"] == exif["CameraOwnerName"] == made.OWNER
    assert exif["BodySerialNumber"] == "SN-448-1"
    assert exif["DateTime"] == "2026:03:14 05:06:07"
    assert exif["GPSPosition"] == "-33.867778, 151.210000"
    assert "ExposureTime" not in exif
    assert said(file, Kind.COMMENT) == {"comment": "call me"}
    assert file.form == "jpg"
    assert file.readable


def test_a_picture_says_that_nobody_read_what_it_shows() -> None:
    assert Gap.PICTURES in read_file(made.jpeg(), "a.jpg").gaps


def test_fields_that_name_somebody_say_so() -> None:
    labels = {part.field: part.label for part in read_file(made.jpeg(), "a.jpg").parts}
    assert labels["Artist"] is Label.PERSON
    assert labels["GPSPosition"] is Label.ADDRESS
    assert labels["DateTime"] is Label.DATE
    assert labels["BodySerialNumber"] is Label.OTHER_ID
    assert labels["dc:creator"] is Label.PERSON
    assert labels["photoshop:City"] is Label.PLACE


def test_xmp_is_read_from_elements_and_attributes() -> None:
    assert said(read_file(made.jpeg(), "a.jpg"), Kind.XMP) == {
        "photoshop:City": "Brackwater",
        "dc:creator": made.OWNER,
        "dc:title": "we all sleep in the room",
    }


def test_iptc_is_read() -> None:
    assert said(read_file(made.with_iptc(made.jpeg()), "a.jpg"), Kind.IPTC) == {
        "byline": made.OWNER,
        "city": "Brackwater",
        "caption": "we all sleep in the room",
    }


def test_texts_of_a_png_are_read_also_behind_its_pixels() -> None:
    squeezed = b"Comment\x00\x00" + zlib.compress(b"late words")
    file = read_file(made.png((b"zTXt", squeezed), (b"tEXt", b"Owner\x00Q.")), "a.png")
    assert said(file, Kind.COMMENT) == {
        "Author": made.OWNER,
        "Comment": "late words",
        "Owner": "Q.",
    }
    assert said(file, Kind.XMP)["dc:creator"] == made.OWNER


def test_a_document_says_its_words_its_notes_and_its_author() -> None:
    file = read_file(made.pdf(made.WORDS, "second page"), "a.pdf")
    texts = said(file, Kind.TEXT)
    assert texts["page 1"] == made.WORDS
    assert texts["page 2"] == "second page"
    assert "look here" in [part.text for part in file.parts]
    assert said(file, Kind.PROPERTY)["/Author"] == made.OWNER
    notes = [part for part in file.parts if part.text == made.OWNER]
    assert {part.label for part in notes} == {Label.PERSON}


def test_a_file_inside_a_document_is_named_and_not_read() -> None:
    file = read_file(made.pdf(enclosed="list of names.txt"), "a.pdf")
    assert Gap.NESTED in file.gaps
    assert "list of names.txt" in said(file, Kind.NAME).values()


def test_an_office_document_says_its_words_its_changes_and_its_author() -> None:
    file = read_file(made.docx(), "a.docx")
    assert said(file, Kind.PROPERTY)["dc:creator"] == made.OWNER
    assert said(file, Kind.PROPERTY)["w:author"] == made.OWNER
    words = said(file, Kind.TEXT)["word/document.xml"]
    assert words.splitlines() == ["they keep us in the warehouse", f"and {made.OWNER} has the key"]
    assert said(file, Kind.TEXT)["link"] == "file:///C:/Users/zdravka/"


def test_a_picture_inside_an_office_document_is_read_as_any_picture() -> None:
    file = read_file(made.docx(word__media__one_jpg=made.jpeg()), "a.docx")
    assert said(file, Kind.EXIF)["CameraOwnerName"] == made.OWNER


def test_an_open_document_is_read_too() -> None:
    meta = f"<office:meta><meta:initial-creator>{made.OWNER}</meta:initial-creator></office:meta>"
    body = "<office:text><text:p>one</text:p><text:p>two</text:p></office:text>"
    file = read_file(made.docx(meta_xml=meta.encode(), content_xml=body.encode()), "a.odt")
    assert said(file, Kind.PROPERTY)["meta:initial-creator"] == made.OWNER
    assert said(file, Kind.TEXT)["content.xml"].split() == ["one", "two"]


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
def test_plain_text_is_read(coding: str) -> None:
    file = read_file("меня зовут Квилмора".encode(coding), "a", "text/plain")
    assert said(file, Kind.TEXT) == {"text": "меня зовут Квилмора"}


def test_the_form_is_told_by_the_bytes_and_not_by_the_name() -> None:
    assert read_file(made.pdf(), "holiday.jpg", "image/jpeg").form == "pdf"


def test_the_name_comes_first_whatever_the_file_is() -> None:
    for content in (made.jpeg(), made.pdf(), made.docx(), b"\x00\x01", b""):
        first = read_file(content, "quillmore.bin").parts[0]
        assert (first.kind, first.text) == (Kind.NAME, "quillmore.bin")
