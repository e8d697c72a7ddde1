"""Nothing of who made a file comes out of it, and what it is about does."""

from hotline.anonymize.files import Gap, Kind, RedactedFile, redact_file
from hotline.anonymize.files.reading import read_file
from tests.anonymize.files import made


def redacted(content: bytes, name: str = "a") -> RedactedFile:
    return redact_file(read_file(content, name), languages=("en",))


def everything(file: RedactedFile) -> str:
    return " ".join([file.name, *(part.redaction.text for part in file.parts)])


def test_nothing_of_the_owner_comes_out_of_any_form() -> None:
    for content in (made.with_iptc(made.jpeg()), made.png(), made.pdf(), made.docx()):
        text = everything(redacted(content, "Zdravka_Quillmore.jpg")).casefold()
        for hidden in ("zdravka", "quillmore", "brackwater", "2026", "151", "sn-448"):
            assert hidden not in text


def test_what_the_file_is_about_stays() -> None:
    for content in (made.pdf(), made.docx()):
        assert "they keep us in the warehouse" in everything(redacted(content)).replace("\n", " ")
    assert "we all sleep in the room" in everything(redacted(made.jpeg()))


def test_a_field_that_names_somebody_goes_whole_though_its_words_are_ordinary() -> None:
    content = made.docx(docProps__core_xml=b"<p><dc:creator>Rose Hill House</dc:creator></p>")
    (author,) = (part for part in redacted(content).parts if part.field == "dc:creator")
    assert author.redaction.text == "[PERSON 1]"
    assert author.original == "Rose Hill House"


def test_a_file_name_is_read_as_words() -> None:
    file = redacted(made.jpeg(), "passport_of-Zdravka+Quillmore.JPG")
    assert file.name == "passport of [PERSON 1]"
    assert file.form == "jpg"


def test_the_folder_of_a_name_is_no_safer_than_the_name() -> None:
    assert "quillmore" not in redacted(made.jpeg(), r"C:\Users\quillmore\room.jpg").name


def test_the_name_of_what_cannot_be_read_goes_whole() -> None:
    file = redacted(b"\x00\x01", "the room.bin")
    assert file.name == "[OTHER_ID 1]"
    assert file.gaps == {Gap.UNKNOWN_FORM}
    assert [part.kind for part in file.parts] == [Kind.NAME]


def test_spans_point_into_what_was_read() -> None:
    for part in redacted(made.pdf()).parts:
        for span in part.redaction.spans:
            assert part.original[span.start : span.end].strip()


def test_nothing_shows_itself_by_accident() -> None:
    file = read_file(made.jpeg(), "quillmore")
    assert "uillmore" not in repr(file) + repr(file.parts) + repr(redact_file(file).parts)


def test_a_file_without_a_name_has_none() -> None:
    assert redacted(made.jpeg(), "").name == ""
