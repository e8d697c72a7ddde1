"""Broken files and bombs cost little, raise nothing, and are said to be unread."""

import struct
import time
import zlib

import pytest
from PIL import Image

from hotline.anonymize.files import FileText, Gap, parts
from hotline.anonymize.files.reading import read_file
from tests.anonymize.files import made

SAMPLES = {
    "jpg": made.with_iptc(made.jpeg()),
    "png": made.png((b"zTXt", b"Comment\x00\x00" + zlib.compress(b"late"))),
    "pdf": made.pdf(),
    "docx": made.docx(word__media__one_jpg=made.jpeg()),
    "txt": made.WORDS.encode(),
}


def quick(content: bytes, declared: str = "") -> FileText:
    began = time.process_time()
    file = read_file(content, "quillmore", declared)
    assert time.process_time() - began < 8
    assert sum(len(part.text) for part in file.parts) <= parts.MOST_TEXT
    return file


@pytest.mark.parametrize("form", SAMPLES)
def test_a_file_cut_anywhere_raises_nothing(form: str) -> None:
    content = SAMPLES[form]
    for end in range(0, len(content), max(1, len(content) // 40)):
        quick(content[:end])


@pytest.mark.parametrize("form", SAMPLES)
def test_a_file_with_any_byte_changed_raises_nothing(form: str) -> None:
    content = SAMPLES[form]
    for at in range(0, len(content), max(1, len(content) // 60)):
        quick(content[:at] + bytes((content[at] ^ 0xFF,)) + content[at + 1 :])


@pytest.mark.parametrize(
    "content", [b"", b"\x00" * 50, b"\xff\xd8\xff", b"%PDF-", b"PK\x03\x04", b"MZ\x90\x00\x03"]
)
def test_what_is_no_file_of_a_known_form_is_unreadable(content: bytes) -> None:
    file = quick(content)
    assert not file.readable
    assert file.gaps


def test_text_that_is_none_is_unreadable() -> None:
    assert not quick(b"\x00\x01\x02 words", "text/plain").readable


def test_a_file_over_the_limit_is_not_opened() -> None:
    file = quick(b"%PDF-1.7 " + b"0" * parts.MOST_BYTES)
    assert file.gaps == {Gap.TOO_LARGE}


def test_a_document_that_unpacks_to_gigabytes_is_left() -> None:
    bomb = made.docx(word__comments_xml=b"<a>" + b"0" * (60 << 20) + b"</a>")
    assert len(bomb) < 1 << 20
    assert not quick(bomb).readable


def test_a_document_of_many_small_bombs_is_left() -> None:
    many = {f"word__part{number}_xml": b"<a>" + b"0" * (4 << 20) + b"</a>" for number in range(20)}
    assert not quick(made.docx(**many)).readable


def test_a_packed_file_within_a_packed_file_is_not_unpacked() -> None:
    inner = made.docx()
    for _ in range(5):
        inner = made.docx(word__embeddings__one_docx=inner)
    assert Gap.NESTED in quick(inner).gaps


@pytest.mark.parametrize(
    "bomb",
    [
        b'<!DOCTYPE a [<!ENTITY b "' + b"0" * 1000 + b'">]><a>' + b"&b;" * 1000 + b"</a>",
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"<a>" * 100_000,
        b"<a/>" * 10,
        b"<a " + b" ".join(b'b%d="1"' % number for number in range(100_000)) + b"/>",
    ],
    ids=["entities", "another_file", "depth", "two_roots", "attributes"],
)
def test_markup_made_to_cost_is_left(bomb: bytes) -> None:
    assert not quick(made.docx(word__comments_xml=bomb)).readable or b"<a " in bomb
    assert "root:" not in str([part.text for part in quick(made.docx(x_xml=bomb)).parts])


def test_a_broken_packet_costs_the_packet_only() -> None:
    file = quick(made.jpeg(xmp="<!DOCTYPE a><a/>"))
    assert file.readable
    assert Gap.BROKEN in file.gaps
    assert made.OWNER in [part.text for part in file.parts]


def test_a_picture_that_claims_to_be_enormous_is_never_decoded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Who draws pictures anew, in a process of their own, counts pixels otherwise.
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1 << 26)
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = made.png()[:8] + made.chunk(b"IHDR", header) + made.chunk(b"IEND", b"")
    assert quick(bomb).gaps == {Gap.PICTURES}
    wide = made.jpeg().replace(b"\x00\x08\x00\x08\x03", b"\xff\xff\xff\xff\x03")
    assert not quick(wide).readable


def test_a_squeezed_field_is_opened_no_further_than_a_field_is_long() -> None:
    bomb = b"Comment\x00\x00" + zlib.compress(b"0" * (50 << 20))
    file = quick(made.png((b"zTXt", bomb)))
    assert Gap.CUT in file.gaps


def test_a_picture_of_endless_chunks_is_left() -> None:
    assert not quick(made.png(*[(b"tEXt", b"a\x00b")] * 30_000)).readable


def test_a_locked_document_is_said_to_be_locked() -> None:
    file = quick(made.pdf(password="quill"))
    assert not file.readable
    assert Gap.ENCRYPTED in file.gaps


def test_a_long_document_is_cut_and_says_so() -> None:
    assert Gap.CUT in quick(made.pdf(*["word"] * 230)).gaps
    assert Gap.CUT in quick(b"word " * 200_000, "text/plain").gaps


def test_something_packed_behind_a_picture_is_told() -> None:
    assert Gap.NESTED in quick(made.jpeg() + made.docx()).gaps


def test_a_long_text_takes_time_in_proportion() -> None:
    def seconds(words: int) -> float:
        body = b"<a>" + b"<p>word</p>" * words + b"</a>"
        content = made.docx(word__document_xml=body)
        began = time.process_time()
        read_file(content, "a")
        return time.process_time() - began

    assert seconds(100_000) < 40 * max(seconds(10_000), 0.01)
