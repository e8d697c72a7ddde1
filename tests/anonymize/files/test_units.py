"""Of what pictures consist of, those units alone go on that a decoder draws from; and it draws the same from them."""

import struct
from io import BytesIO

import av
import pytest

from hotline.anonymize.files import Clean, clean_apart
from hotline.anonymize.files.units import (
    av1_head,
    avc_head,
    drawn_from,
    drawn_units,
    ends_in_words,
    hevc_head,
)
from tests.anonymize.files import films

WORDS = b"Quillmore 41.38790"


def unit(kind: int, said: bytes = b"abc") -> bytes:
    return b"\x00\x00\x01" + bytes((kind,)) + said


def test_user_data_leaves_what_is_drawn_of_mpeg():
    sequence, picture, part = unit(0xB3), unit(0x00), unit(0x01, b"\x12\x00\x00\x00")
    said = unit(0xB2, WORDS)
    came = b"junk" + sequence + said + picture + unit(0xB5, b"\x8f") + said + part
    drawn = sequence + picture + unit(0xB5, b"\x8f") + part
    for codec in ("mpeg1video", "mpeg2video"):
        assert drawn_from(codec, came + said + unit(0xB7, WORDS)) == drawn + unit(0xB7, b"")
    assert drawn_from("mpeg2video", unit(0xB5, b"\x4f" + WORDS) + unit(0xB5, b"")) == unit(
        0xB5, b""
    )


def test_a_group_of_mpeg_does_not_say_at_which_time_of_day_it_was():
    came = unit(0xB8, bytes.fromhex("ffffffff") + WORDS)
    assert drawn_from("mpeg2video", came) == unit(0xB8, bytes.fromhex("00080060"))


def test_user_data_leaves_what_is_drawn_of_mpeg4():
    drawn = unit(0xB0, b"\x01") + unit(0xB5) + unit(0x00, b"") + unit(0x20) + unit(0xB6)
    came = unit(0xB0, b"\x01" + WORDS) + unit(0xB5) + unit(0x00, WORDS) + unit(0x20)
    assert drawn_from("mpeg4", came + unit(0xB2, WORDS) + unit(0xB6) + unit(0xB1, WORDS)) == drawn


@pytest.mark.parametrize("content", [b"", b"\x00", b"\x00\x00\x01", b"abc", unit(0xB2)])
def test_where_nothing_is_to_be_drawn_nothing_goes_on(content):
    assert drawn_from("mpeg4", content) == b""


def test_a_picture_without_the_start_of_its_first_unit_is_one_of_vc1():
    came = b"picture" + unit(0x0C) + unit(0x1D, WORDS) + unit(0x1F, WORDS)
    assert drawn_from("vc1", came) == b"picture" + unit(0x0C)


def long(*units: bytes) -> bytes:
    return b"".join(struct.pack(">H", len(each)) + each for each in units)


@pytest.mark.parametrize("profile", [66, 100])
def test_the_head_of_h264_holds_what_pictures_are_drawn_by(profile):
    start = bytes((1, profile, 0, 30, 0xFF))
    said, sets, pictures = b"\x1f" + WORDS, b"\x67set", b"\x68pic"
    more, bare_more = b"\xfd\xf8\xf8\x01" + long(said), b"\xfd\xf8\xf8\x00"
    came = start + b"\xe2" + long(said, sets) + b"\x02" + long(pictures, said) + more + WORDS
    bare = start + b"\xe1" + long(sets) + b"\x01" + long(pictures)
    assert avc_head(came) == bare + (bare_more if profile == 100 else b"")
    assert (
        avc_head(b"\x00\x00\x01" + said + b"\x00\x00\x00\x01" + sets) == b"\x00\x00\x00\x01" + sets
    )
    assert avc_head(b"") == b""
    for end in range(1, len(start) + 20):
        with pytest.raises(IndexError):
            avc_head(came[:end])


def test_the_head_of_h265_holds_what_pictures_are_drawn_by():
    def array(kind: int, *units: bytes) -> bytes:
        return bytes((kind | 0x80,)) + struct.pack(">H", len(units)) + long(*units)

    start, said, needed = b"\x01" + bytes(21), b"\x4e\x01" + WORDS, b"\x40\x01set"
    came = start + b"\x03" + array(39, said) + array(32, needed, said) + array(33, said) + WORDS
    assert hevc_head(came) == start + b"\x01" + array(32, needed)
    assert (
        hevc_head(b"\x00\x00\x01" + said + b"\x00\x00\x01" + needed) == b"\x00\x00\x00\x01" + needed
    )
    assert hevc_head(b"\x01") == b""
    with pytest.raises(IndexError):
        hevc_head(start + b"\xff")


def test_the_head_of_av1_holds_its_sequence():
    sequence, said = b"\x0a\x03seq", b"\x2a" + bytes((len(WORDS),)) + WORDS
    assert av1_head(b"\x81\x00\x0c\x00" + said + sequence + said) == b"\x81\x00\x0c\x00" + sequence
    assert av1_head(b"\x81\x00\x0c\x00\x2e\x00\x81\x00x") == b"\x81\x00\x0c\x00"
    assert av1_head(b"\x81\x00\x0c\x00\x08seq") == b"\x81\x00\x0c\x00\x08seq"
    assert av1_head(b"") == b""
    with pytest.raises(IndexError):
        av1_head(b"\x81\x00\x0c\x00\x0a\xff")


@pytest.mark.parametrize(("codec", "at"), [("h264", 4), ("hevc", 21)])
@pytest.mark.parametrize("size", [1, 2, 4])
def test_a_frame_keeps_the_form_that_its_head_tells(codec, at, size):
    head = b"\x01" + bytes(at - 1) + bytes((size - 1,)) + bytes(9)
    drawn, said = (b"\x26\x01part", b"\x7f" + WORDS) if codec == "hevc" else (b"\x65part", b"\x1f")

    def sized(unit: bytes) -> bytes:
        return len(unit).to_bytes(size, "big") + unit

    came = sized(said) + sized(drawn) + sized(b"") + sized(drawn) + sized(said)
    assert drawn_units(codec, head, came) == sized(drawn) * 2
    assert drawn_units(codec, head, sized(drawn) + sized(drawn)[:-1]) == sized(drawn)
    starts = b"\x00\x00\x01" + drawn + b"\x00\x00\x00\x01" + said + b"\x00\x00\x01" + drawn
    for other in (b"", b"\x01", b"\x00\x00\x01" + said):
        assert drawn_units(codec, other, starts) == (b"\x00\x00\x00\x01" + drawn) * 2


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_a_player_that_goes_by_the_head_alone_finds_each_unit(codec):
    came = clean_apart(films.film("mp4", codec, ""))
    assert isinstance(came, Clean)
    with av.open(BytesIO(b"".join(came.content))) as copy:
        frames = [bytes(packet) for packet in copy.demux(video=0) if packet.size]
    for frame in frames:
        while frame:
            length = int.from_bytes(frame[:4], "big")
            assert 1 < length <= len(frame) - 4
            frame = frame[4 + length :]


def test_letters_behind_a_picture_are_words_and_the_same_ones_are_none():
    assert ends_in_words(b"\x80" + WORDS)
    assert ends_in_words(WORDS + bytes(9))
    assert not any(map(ends_in_words, (b"", b"U" * 99, WORDS + b"\x80", WORDS[:15], b"UZ" * 50)))


def drawn(film: bytes) -> list[bytes]:
    with av.open(BytesIO(film)) as came:
        frames = list(came.decode(video=0))
    return [b"".join(map(bytes, frame.planes)) for frame in frames]


@pytest.mark.parametrize(
    ("form", "codec", "change"),
    [
        ("mp4", "mpeg4", films.user_data(0xB6)),
        ("avi", "mpeg4", films.user_data(0xB6)),
        ("mpegts", "mpeg2video", films.user_data(0x01)),
        ("mpeg", "mpeg1video", films.user_data(0x01)),
        ("mp4", "libx264", films.unit_behind(b"\x1f")),
        ("mpegts", "libx264", films.unit_behind(b"\x0c")),
        ("mp4", "libx265", films.unit_behind(b"\x60\x01")),
        ("avi", "mjpeg", films.words_behind),
        ("webm", "libvpx", bytes),
        ("matroska", "libvpx-vp9", bytes),
        ("matroska", "libsvtav1", bytes),
        ("asf", "wmv2", bytes),
    ],
)
def test_the_same_is_drawn_from_the_copy(form, codec, change):
    film = films.film(form, codec, "", change=change, size=(128, 128))
    came = clean_apart(film)
    assert isinstance(came, Clean), came
    copy = b"".join(came.content)
    assert b"Quillmore" not in copy
    assert len(drawn(film)) >= 12
    assert drawn(copy) == drawn(film)
