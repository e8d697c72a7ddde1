"""A sentence becomes a sound: spoken by espeak-ng, trimmed, made even, and written as MP3 by ffmpeg.

The band is that of a telephone; 16 kHz and 16 kbit/s are the smallest that every player of MPEG-2 knows. Nothing of
a file says who made it, or when.
"""

import array
import io
import re
import shutil
import subprocess
import tomllib
import wave
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from hotline.errors import Unavailable
from hotline.prompts import mp3
from hotline.prompts.pace import STOPS

TOOLS = ("espeak-ng", "ffmpeg")
WORDS_A_MINUTE = (150, 165, 180)
"""Slowly, unless the sentence would take longer than it may."""

_SPELLED = Path(__file__).with_name("spelled.toml")
_MARGIN = 0.08
_STOP = 0.35
"""Seconds of silence around what is said, and between sentences."""
_FAINT = 200
_LOUD = 26000


class ToolMissing(Unavailable):
    """A program that renders is not on this machine, or cannot do it."""


def need_tools() -> None:
    """Look whether the programs are there.

    Raises:
        ToolMissing: one is not.
    """
    missing = [name for name in TOOLS if shutil.which(name) is None]
    if missing:
        raise ToolMissing(f"rendering needs {' and '.join(missing)} on this machine")


def speaks() -> frozenset[str]:
    """Return the languages that espeak-ng has, as it names them."""
    lines = _run(["espeak-ng", "--voices"], b"").decode("utf-8", "replace").splitlines()[1:]
    return frozenset(line.split()[1] for line in lines if len(line.split()) > 1)


def voice_of(locale: str) -> str:
    """Return the voice of espeak-ng that speaks *locale*, or comes nearest to it."""
    return str(_spellings().get(locale, {}).get("voice", locale))


def spell(words: str, locale: str) -> str:
    """Return *words* as the voice of *locale* reads them."""
    for found, instead in _spellings().get(locale, {}).get("steps", ()):
        words = re.sub(found, instead, words)
    return words


@cache
def _spellings() -> Mapping[str, Any]:
    return tomllib.loads(_SPELLED.read_text("utf-8"))


def render(words: str, locale: str, *, longest: float) -> tuple[bytes, float]:
    """Return an MP3 of *words* and its seconds: as slow as fits into *longest*, and else the fastest."""
    rendered = b"", 0.0
    spelled = spell(words, locale)
    for pace in WORDS_A_MINUTE:
        rendered = _encoded(_even(*_spoken(spelled, voice_of(locale), pace)))
        if rendered[1] <= longest:
            break
    return rendered


def _spoken(words: str, voice: str, pace: int) -> "tuple[array.array[int], int]":
    """Return samples and their rate, sentence by sentence: a long breath of Burmese is too much for espeak-ng."""
    samples, rate = array.array("h"), 0
    for sentence in _sentences(words):
        said, rate = _said(sentence, voice, pace)
        samples += said + array.array("h", bytes(2 * int(_STOP * rate)))
    return samples, rate


def _sentences(words: str) -> list[str]:
    ends = "".join(STOPS)
    return re.findall(f"[^{re.escape(ends)}]+[{re.escape(ends)}]*", " ".join(words.split()))


def _said(sentence: str, voice: str, pace: int) -> "tuple[array.array[int], int]":
    command = ["espeak-ng", "-v", voice, "-s", str(pace), "-b", "1", "-z", "--stdin", "--stdout"]
    raw = _run(command, sentence.encode())
    with wave.open(io.BytesIO(raw)) as file:
        # Written to a pipe, its head tells no length: what is there is all.
        return array.array("h", file.readframes(len(raw))), file.getframerate()


def _even(samples: "array.array[int]", rate: int) -> bytes:
    """Return a WAV of *samples* without the silence around them, as loud as all others."""
    heard = [at for at, sample in enumerate(samples) if abs(sample) >= _FAINT]
    if not heard:
        raise ToolMissing("espeak-ng said nothing")
    margin = int(_MARGIN * rate)
    kept = samples[max(heard[0] - margin, 0) : heard[-1] + margin]
    peak = max(abs(sample) for sample in kept)
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(array.array("h", (sample * _LOUD // peak for sample in kept)).tobytes())
    return out.getvalue()


def _encoded(wav: bytes) -> tuple[bytes, float]:
    raw = _run(
        ["ffmpeg", "-v", "error", "-i", "pipe:0", *_mp3_options(), "-f", "mp3", "pipe:1"], wav
    )
    found = mp3.frames(raw)
    if found is None:
        raise ToolMissing("ffmpeg wrote no MP3")
    return found


def _mp3_options() -> Iterator[str]:
    yield from ("-c:a", "libmp3lame", "-ac", "1", "-ar", "16000", "-b:a", "16k", "-cutoff", "4000")
    yield from ("-map_metadata", "-1", "-id3v2_version", "0", "-write_xing", "0", "-bitexact")


def _run(command: list[str], given: bytes) -> bytes:
    done = subprocess.run(command, input=given, capture_output=True, check=False)  # noqa: S603 - our own words.
    if done.returncode:
        raise ToolMissing(f"{command[0]} could not do it")
    return done.stdout
