"""What is uploaded is judged by its bytes: only what a call can play is taken, and nothing of who made it."""

import io
import wave

import pytest
from hypothesis import given
from hypothesis import strategies as some

from hotline.prompts import mp3
from hotline.prompts.audio import LARGEST, MP3, WAV, NoRecording, read_audio
from tests.prompts import sounding
from tests.prompts.sounding import FRAME, FRAME_SECONDS, tagged, tone, with_name


def refused(raw: bytes, longest: float = 30) -> str:
    with pytest.raises(NoRecording) as caught:
        read_audio(raw, longest=longest)
    return caught.value.why


@pytest.mark.parametrize(("rate", "channels"), [(8000, 1), (16000, 2), (48000, 1)])
def test_a_wav_lasts_as_long_as_its_samples(rate, channels):
    audio = read_audio(tone(1.5, rate=rate, channels=channels), longest=30)
    assert audio.kind == WAV
    assert audio.seconds == pytest.approx(1.5)
    with wave.open(io.BytesIO(audio.content)) as kept:
        assert (kept.getframerate(), kept.getnchannels(), kept.getsampwidth()) == (
            rate,
            channels,
            2,
        )


def test_an_mp3_lasts_as_long_as_its_frames():
    audio = read_audio(FRAME * 40, longest=30)
    assert audio.kind == MP3
    assert audio.seconds == pytest.approx(40 * FRAME_SECONDS)
    assert audio.content == FRAME * 40


def test_what_a_file_tells_of_its_maker_is_left_behind():
    for raw in (with_name(tone()), tagged(sounding.mp3())):
        assert b"Maria" in raw
        assert b"Maria" not in read_audio(raw, longest=30).content
    assert read_audio(tagged(sounding.mp3()), longest=30).content == sounding.mp3()
    assert read_audio(with_name(tone()), longest=30).content == tone()


def test_a_wav_whose_head_promises_more_lasts_only_as_long_as_it_is():
    whole = tone(2)
    half = read_audio(whole[: len(whole) // 2], longest=30)
    assert half.seconds == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"RIFF",
        b"not a sound at all",
        b"OggS" + b"\0" * 2000,
        tone(width=1),
        tone(width=3),
        tone(channels=3),
        tone(rate=4000),
        tone(rate=96000, seconds=0.5),
        tone()[:30],
        FRAME[:-1],
        FRAME * 10 + b"and then something else",
        FRAME * 10 + FRAME[:40],
        b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + FRAME * 10,
        b"\xff\xfb\x90",
    ],
    ids=range(15),
)
def test_anything_else_is_refused(raw):
    assert refused(raw) == "unreadable"


def test_too_large_too_long_too_short_and_silent_each_say_so():
    assert refused(b"RIFF" + b"\0" * LARGEST) == "large"
    assert refused(tone(6.1), longest=6) == "long"
    assert refused(sounding.mp3(31)) == "long"
    assert refused(tone(0.1)) == "short"
    assert refused(FRAME) == "short"
    assert refused(tone(0)) == "short"
    assert refused(tone(2, loud=100)) == "silent"


@given(some.binary(max_size=400))
def test_no_bytes_break_the_reader(raw):
    for one in (raw, b"RIFF" + raw, b"ID3" + raw, FRAME + raw, tone(0.3) + raw):
        try:
            audio = read_audio(one, longest=30)
        except NoRecording:
            continue
        assert 0 < audio.seconds <= 30


def test_frames_of_every_version_are_measured():
    # Heads of MPEG 1, 2 and 2.5 at 32 kbit/s, with what ISO 11172-3 and 13818-3 give for them.
    for head, size, seconds in (
        (b"\xff\xfb\x10\xc4", 104, 1152 / 44100),
        (b"\xff\xf3\x40\xc4", 104, 576 / 22050),
        (b"\xff\xe3\x48\xc4", 288, 576 / 8000),
    ):
        found = mp3.frames((head + b"\0" * (size - 4)) * 3)
        assert found is not None
        assert found[1] == pytest.approx(3 * seconds)
    # A frame with padding is one byte longer.
    padded = b"\xff\xfb\x12\xc4" + b"\0" * 101
    assert mp3.frames(padded * 2) is not None
