"""What a phone hears, and how long that takes."""

import io
import re
import unicodedata
import wave
from dataclasses import dataclass

_PER_SECOND = 14.0
"""Letters of an alphabet that a calm voice speaks in a second."""
_HAN_PER_SECOND = 4.5
_DIGITS_PER_SECOND = 2.5
_BREATH = 0.25
_STOPS = re.compile(r"[.,;:?!…。、，؟،।።]")
# MPEG audio, layer III: kilobits a second by the index in a frame's head, for version 1 and for the others.
_RATES_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_RATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_SAMPLING = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


@dataclass(repr=False)
class Heard:
    """One thing that was heard: *words* of a voice, or the *sound* of that digest.

    Seconds count from the beginning of the call. *locale* is the language of the voice, or of the sound where that
    is known; *is_cut* says that a key or a word ended it. What a person says at the other end is *by* ``person``;
    a beep and music are *by* those.
    """

    from_second: float
    to_second: float
    words: str = ""
    locale: str = ""
    sound: str = ""
    by: str = "line"
    is_cut: bool = False

    def __repr__(self) -> str:
        return f"<Heard {self.from_second:.1f}-{self.to_second:.1f} {self.locale}>"


def seconds_of_words(words: str) -> float:
    """Estimate how many seconds a voice takes for *words*."""
    seconds = _BREATH * len(_STOPS.findall(words))
    for letter in words:
        if letter.isdecimal():
            seconds += 1 / _DIGITS_PER_SECOND
        elif letter.isalpha():
            is_han = unicodedata.name(letter, "").startswith(("CJK", "HIRAGANA", "KATAKANA"))
            seconds += 1 / (_HAN_PER_SECOND if is_han else _PER_SECOND)
        else:
            seconds += 1 / _PER_SECOND
    return seconds


def seconds_of_sound(content: bytes) -> float:
    """Return how long a WAV or MP3 file lasts; 0 for what is neither."""
    if content.startswith(b"RIFF"):
        return _wav(content)
    return _mp3(content)


def _wav(content: bytes) -> float:
    try:
        with wave.open(io.BytesIO(content)) as sound:
            return float(sound.getnframes() / sound.getframerate())
    except (wave.Error, EOFError):
        return 0.0


def _mp3(content: bytes) -> float:
    place, seconds = _after_tag(content), 0.0
    while place + 4 <= len(content):
        frame = _frame(content[place : place + 4])
        if frame is None:
            place += 1
            continue
        size, lasts = frame
        place, seconds = place + size, seconds + lasts
    return seconds


def _after_tag(content: bytes) -> int:
    """Return where frames begin, behind an ID3 tag."""
    if not content.startswith(b"ID3") or len(content) < 10:
        return 0
    size = 0
    for byte in content[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size


def _frame(head: bytes) -> tuple[int, float] | None:
    """Return size and seconds of the frame that begins with *head*, or None when none does."""
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    rate, sampling = head[2] >> 4, head[2] >> 2 & 3
    if head[0] != 0xFF or head[1] & 0xE0 != 0xE0 or layer != 1 or version == 1:
        return None
    if rate in (0, 15) or sampling == 3:
        return None
    bits = (_RATES_1 if version == 3 else _RATES_2)[rate] * 1000
    hertz, samples = _SAMPLING[version][sampling], 1152 if version == 3 else 576
    return samples // 8 * bits // hertz + (head[2] >> 1 & 1), samples / hertz
