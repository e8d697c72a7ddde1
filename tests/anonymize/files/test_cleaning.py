"""A copy shows what its original showed, and says nothing of itself any more; or there is none, and a code says why."""

import contextlib
import json
import sys
import threading
import time
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageOps
from pypdf import PdfReader

from hotline.anonymize.files import (
    Clean,
    CopyBroken,
    Fact,
    Made,
    Unclean,
    Why,
    apart,
    clean_apart,
    cleaning,
)
from hotline.anonymize.files.copies import MOST_BYTES
from hotline.anonymize.files.parts import Kind
from hotline.anonymize.files.reading import read_file
from tests.anonymize.files import made

CANARY = "Quillmore"


def fields(content: bytes) -> list[str]:
    return [part.text for part in read_file(content, "").parts if part.kind is not Kind.TEXT]


def copied(content: bytes) -> tuple[Clean, bytes]:
    clean = clean_apart(content, "quillmore", "image/x")
    assert isinstance(clean, Clean)
    copy = b"".join(clean.content)
    assert len(copy) == clean.size
    return clean, copy


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


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_a_picture_loses_its_fields_and_keeps_what_it_shows(form):
    content = drawn(form)
    assert CANARY.encode() in content
    clean, copy = copied(content)
    assert clean.kind == ("image/png" if form == "PNG" else "image/jpeg")
    assert (clean.made, clean.facts) == (Made.REDRAWN, (Fact("author", CANARY),))
    assert CANARY.encode() not in copy
    assert fields(copy) == []
    with Image.open(BytesIO(copy)) as picture:
        assert picture.size == (40, 20)
        red, _, blue = picture.convert("RGB").getpixel((5, 10))
    assert (red > 200, blue < 60) == (True, True)


def test_a_picture_is_turned_as_its_camera_said():
    turned = drawn(turned=6)
    with Image.open(BytesIO(turned)) as picture:
        upright = ImageOps.exif_transpose(picture)
    with Image.open(BytesIO(copied(turned)[1])) as picture:
        assert picture.size == upright.size == (20, 40)


def test_what_shines_through_still_does():
    into = BytesIO()
    Image.new("RGBA", (4, 4), (1, 2, 3, 0)).save(into, "PNG")
    with Image.open(BytesIO(copied(into.getvalue())[1])) as picture:
        assert picture.mode == "RGBA"


def test_the_pages_of_a_document_become_pictures():
    clean, copy = copied(made.pdf("one word", "two words"))
    assert (clean.kind, clean.suffix, clean.made) == ("application/pdf", ".pdf", Made.PAGES)
    reader = PdfReader(BytesIO(copy))
    assert [page.extract_text() for page in reader.pages] == ["", ""]
    assert [tuple(map(float, page.mediabox[2:])) for page in reader.pages] == [(600, 400)] * 2
    with Image.open(BytesIO(reader.pages[0].images[0].data)) as picture:
        assert picture.size == (1250, 834)
        # The words are drawn still.
        assert picture.convert("L").getextrema()[0] < 80


def test_the_copy_of_a_copy_is_one():
    once = copied(made.pdf())[1]
    assert copied(once)[0].facts == ()
    assert len(PdfReader(BytesIO(copied(once)[1])).pages) == 1


def test_nothing_shows_itself_by_accident():
    clean, _ = copied(made.jpeg())
    assert "uillmore" not in repr(clean) + repr(clean.facts) + repr(clean_apart(b"\x00"))


def test_a_file_may_come_in_pieces_and_is_asked_for_no_more_of_them_than_are_copied(monkeypatch):
    content = drawn()
    clean = clean_apart(content[at : at + 100] for at in range(0, len(content), 100))
    assert isinstance(clean, Clean)
    monkeypatch.setattr(cleaning, "MOST_BYTES", 3 << 20)
    asked = []

    def endless():
        while len(asked) < 100:
            asked.append(1)
            yield b"\xff\xd8\xff" + b"0" * (1 << 20)

    assert clean_apart(endless()) == Unclean(Why.TOO_LARGE)
    assert len(asked) == 3


def test_what_goes_wrong_while_a_file_comes_is_told_and_leaves_no_child():
    def breaks():
        yield b"\xff\xd8\xff"
        raise CopyBroken

    for _ in range(3):
        with pytest.raises(CopyBroken):
            clean_apart(breaks(), patience=5)


def test_a_child_that_fails_or_takes_too_long_makes_none(monkeypatch):
    assert clean_apart(drawn(), seconds=0.01) == Unclean(Why.TOOK_TOO_LONG)
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert clean_apart(drawn()) == Unclean(Why.BROKEN)


def child_says(monkeypatch, said: dict | bytes, content: bytes = b"") -> Clean | Unclean:
    """Return what becomes of a file whose child was taken over, and says so."""
    head = said if isinstance(said, bytes) else json.dumps(said).encode()
    answer = len(head).to_bytes(4, "big") + head + content
    script = "import sys; sys.stdin.buffer.read(); sys.stdout.buffer.write(bytes.fromhex(%r))"
    monkeypatch.setattr(apart, "_START", script % answer.hex())
    return clean_apart(b"x")


JPEG = {"kind": "image/jpeg", "made": "redrawn", "size": 6, "facts": []}


def test_a_child_that_tells_the_truth_is_believed(monkeypatch):
    clean = child_says(monkeypatch, JPEG, b"\xff\xd8\xff123")
    assert b"".join(clean.content) == b"\xff\xd8\xff123"


@pytest.mark.parametrize(
    ("said", "content"),
    [
        (b"", b""),
        (b"{", b""),
        (b"[]", b""),
        (b"[" * 60_000, b""),
        ({}, b""),
        ({"why": "no such code", "facts": []}, b""),
        ({"why": "broken", "facts": [["no such kind", "a"]]}, b""),
        ({"why": "broken", "facts": [["place", "a" * 5_000]]}, b""),
        ({"why": "broken", "facts": 7}, b""),
        (JPEG | {"size": -1}, b"\xff\xd8\xff123"),
        (JPEG | {"size": 1 << 40}, b"\xff\xd8\xff123"),
        (JPEG | {"size": "6"}, b"\xff\xd8\xff123"),
        (JPEG | {"kind": "text/html"}, b"<html>"),
        (JPEG | {"kind": ["image/jpeg"]}, b"\xff\xd8\xff123"),
        (JPEG | {"made": "up"}, b"\xff\xd8\xff123"),
        (JPEG, b"#!/bin"),
        (JPEG, b"\xff\xd8\xff"),
        (JPEG | {"kind": "text/plain"}, b"a\xff\xff\xff\xffb"),
        (JPEG | {"kind": "text/plain"}, b"a\x1b[31m"),
    ],
)
def test_a_child_that_was_taken_over_can_hand_out_nothing_else(monkeypatch, said, content):
    assert child_says(monkeypatch, said, content) == Unclean(Why.BROKEN)


def test_a_copy_that_ends_too_early_is_none(monkeypatch):
    monkeypatch.setattr(cleaning, "_HELD", 4)
    clean = child_says(monkeypatch, JPEG, b"\xff\xd8\xff12")
    with pytest.raises(CopyBroken):
        list(clean.content)
    # The place of the child is free again.
    assert list(child_says(monkeypatch, JPEG, b"\xff\xd8\xff123").content)


def test_no_more_than_two_are_at_work_and_who_waits_too_long_is_told(monkeypatch):
    monkeypatch.setattr(cleaning, "_HELD", 4)
    sleepy = "import sys, time; sys.stdin.buffer.read(); time.sleep(60)"
    monkeypatch.setattr(apart, "_START", sleepy)
    go_on = threading.Event()

    def slowly():
        yield b"x"
        go_on.wait(60)
        raise CopyBroken

    def make() -> None:
        with contextlib.suppress(CopyBroken):
            clean_apart(slowly())

    at_work = [threading.Thread(target=make) for _ in range(apart.MOST_CHILDREN)]
    for one in at_work:
        one.start()
    until = time.monotonic() + 30
    while apart._rooms._value and time.monotonic() < until:
        time.sleep(0.01)
    assert clean_apart(b"x", patience=0.05) == Unclean(Why.BUSY)
    go_on.set()
    for one in at_work:
        one.join()
    assert apart._rooms._value == apart.MOST_CHILDREN


def test_a_copy_that_nobody_reads_holds_no_place(monkeypatch):
    monkeypatch.setattr(cleaning, "_HELD", 4)
    for _ in range(apart.MOST_CHILDREN + 1):
        clean = child_says(monkeypatch, JPEG, b"\xff\xd8\xff123")
        assert isinstance(clean, Clean)
        del clean
    with child_says(monkeypatch, JPEG, b"\xff\xd8\xff123").content as content:
        assert next(iter(content))
    assert apart._rooms._value == apart.MOST_CHILDREN


def test_what_a_child_started_ends_with_it(monkeypatch, tmp_path):
    told = tmp_path / "pid"
    script = (
        "import subprocess; nothing = subprocess.DEVNULL\n"
        "one = subprocess.Popen(['/bin/sleep', '300'], stdin=nothing, stdout=nothing)\n"
        f"open({str(told)!r}, 'w').write(str(one.pid))"
    )
    monkeypatch.setattr(apart, "_START", script)
    assert clean_apart(b"x") == Unclean(Why.BROKEN)
    until = time.monotonic() + 20
    while _is_alive(told.read_text()) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _is_alive(told.read_text())


def _is_alive(pid: str) -> bool:
    """Tell whether a process is there and has not ended yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except OSError:
        return False


def test_the_limit_is_above_what_people_may_send():
    assert MOST_BYTES > 100_000_000 * 1.1
