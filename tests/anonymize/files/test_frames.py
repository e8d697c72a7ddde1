"""What stands among frames without being one is known, whoever wrote it."""

import struct
from io import BytesIO

import pytest
from PIL import Image

from hotline.anonymize.files.frames import (
    jpeg_frame,
    mpeg_frame,
    vorbis_head,
    without_tail,
)
from tests.anonymize.files import photographs

TAG = b"TAG" + b"Quillmore".ljust(125, b"\x00")
FOOTER = b"APETAGEX" + struct.pack("<II", 2000, 32 + 20) + struct.pack("<II", 1, 0) + bytes(8)
HEADED = b"APETAGEX" + struct.pack("<II", 2000, 32 + 20) + struct.pack("<II", 1, 1 << 31) + bytes(8)


@pytest.mark.parametrize(
    ("head", "length"),
    [
        ("fffb9000", 417), ("fffb9200", 418), ("fffb5000", 208), ("fff39000", 261), ("ffe39000", 522),
        ("fffd9000", 522), ("ffff9000", 312), ("fff59000", 522),
        ("fffb0000", 0), ("fffbf000", 0), ("fffb9c00", 0), ("ffeb9000", 0), ("fff99000", 0), ("00000000", 0), ("fffb", 0), ("", 0),
    ],
)  # fmt: skip
def test_a_frame_is_as_long_as_its_head_says(head, length):
    assert mpeg_frame(bytes.fromhex(head)) == length


@pytest.mark.parametrize(
    "tail",
    [
        b"", TAG, b"x" * 20 + FOOTER, HEADED + b"x" * 20 + HEADED, b"x" * 20 + FOOTER + TAG, TAG + TAG,
        b"LYRICSBEGIN" + b"x" * 9 + b"000020LYRICS200" + TAG,
    ],
)  # fmt: skip
def test_what_is_written_behind_sound_is_known(tail):
    assert without_tail(b"\xff\xfbsound" + tail) == b"\xff\xfbsound"


@pytest.mark.parametrize("tail", [b"abcdefLYRICS200", FOOTER[:-1], b"TAG", FOOTER])
def test_a_tail_that_lies_takes_no_time(tail):
    assert len(without_tail(b"s" * 100 + tail)) <= 100 + len(tail)
    assert without_tail(tail) is not None


def test_comments_leave_the_head_of_vorbis():
    first, setup = b"\x01vorbis" + bytes(23), b"\x05vorbis" + b"s" * 400
    comment = b"\x03vorbis" + b"Quillmore" * 60
    lacing = bytes((len(first), 255, 255, len(comment) - 510))
    head = vorbis_head(b"\x02" + lacing + first + comment + setup)
    assert head == b"\x02" + bytes((30, 16)) + first + b"\x03vorbis" + bytes(8) + b"\x01" + setup
    assert vorbis_head(b"") == b""
    assert vorbis_head(b"\x01x") == b"\x01x"


def test_a_picture_of_a_film_loses_what_its_camera_says():
    frame = photographs.photograph()
    assert b"Quillmore" in frame[:2_000]
    bare = jpeg_frame(frame)
    assert b"Quillmore" not in bare[: bare.index(b"\xff\xda")]
    with Image.open(BytesIO(bare)) as picture:
        assert picture.size == photographs.SIZE
        picture.load()
    film = b"\xff\xd8\xff\xe0\x00\x06AVI1" + frame[2:]
    assert jpeg_frame(film)[:10] == film[:10]
    assert jpeg_frame(frame + b"Quillmore") == bare
    assert jpeg_frame(bare + b"\x00\x00" + frame) == bare * 2
    for other in (b"", b"x", b"\xff\xd8", b"\xff\xd8\xff", b"\xff\xd8\xff\xe1\xff\xffabc"):
        assert jpeg_frame(other) in {other, b"\xff\xd8"}
