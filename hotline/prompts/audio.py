"""Is this a recording that a call can play? Read from its bytes, whatever its name says, and kept without what it tells.

WAV and MP3 are taken, because the provider plays both and a browser does. What else a file holds (who made it, on
what, when) is left behind: the person who lends us a voice is nobody's business.
"""

import array
import io
import sys
import wave
from dataclasses import dataclass

from hotline.errors import Malformed
from hotline.prompts import mp3

LARGEST = 2 << 20
"""Bytes of a file."""
SHORTEST = 0.2
"""Seconds; less is a slip of the finger."""
WAV = "audio/wav"
MP3 = "audio/mpeg"

_RATES = range(8000, 48001)
_FAINT = 328
"""One hundredth of the loudest: below it nobody hears anything in a call."""


class NoRecording(Malformed):
    """The file cannot be played in a call; *why* is a code: unreadable, large, long, short, silent."""

    default_message = "this file cannot be played in a call"

    def __init__(self, why: str) -> None:
        super().__init__()
        self.why = why


@dataclass(frozen=True, slots=True, repr=False)
class Audio:
    kind: str
    seconds: float
    content: bytes


def read_audio(raw: bytes, *, longest: float) -> Audio:
    """Return *raw* as what is played, at most *longest* seconds of it.

    Raises:
        NoRecording: it is neither WAV nor MP3, or too large, too long, too short or silent.
    """
    if len(raw) > LARGEST:
        raise NoRecording("large")
    audio = _read_wav(raw) if raw[:4] == b"RIFF" else _read_mp3(raw)
    if audio.seconds > longest:
        raise NoRecording("long")
    if audio.seconds < SHORTEST:
        raise NoRecording("short")
    return audio


def _read_mp3(raw: bytes) -> Audio:
    found = mp3.frames(raw)
    if found is None:
        raise NoRecording("unreadable")
    return Audio(MP3, found[1], found[0])


def _read_wav(raw: bytes) -> Audio:
    """Read samples of 16 bits and write them anew, with nothing else in the file."""
    try:
        with wave.open(io.BytesIO(raw)) as file:
            shape = file.getparams()
            samples = file.readframes(shape.nframes)
    except (wave.Error, EOFError, ValueError, RuntimeError):
        raise NoRecording("unreadable") from None
    if shape.sampwidth != 2 or shape.nchannels not in (1, 2) or shape.framerate not in _RATES:
        raise NoRecording("unreadable")
    samples = samples[: len(samples) // (2 * shape.nchannels) * (2 * shape.nchannels)]
    if samples and _is_silent(samples):
        raise NoRecording("silent")
    seconds = len(samples) / (2 * shape.nchannels) / shape.framerate
    return Audio(WAV, seconds, _written(samples, shape.nchannels, shape.framerate))


def _is_silent(samples: bytes) -> bool:
    numbers = array.array("h", samples)
    if sys.byteorder == "big":
        numbers.byteswap()
    return max(numbers) < _FAINT and min(numbers) > -_FAINT


def _written(samples: bytes, channels: int, rate: int) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples)
    return out.getvalue()
