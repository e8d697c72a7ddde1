"""Recordings as people bring them, made of tones: nobody's voice is in a test."""

import array
import io
import math
import wave

MP3_HEAD = b"\xff\xf3\x28\xc4"
"""A frame of MPEG 2, Layer III, 16 kbit/s at 16 kHz, mono: 72 bytes that last 36 ms."""
FRAME = MP3_HEAD + b"\0" * 68
FRAME_SECONDS = 576 / 16000


def tone(
    seconds: float = 1.5, *, rate: int = 8000, channels: int = 1, width: int = 2, loud: int = 9000
) -> bytes:
    """Return a WAV of one tone."""
    count = int(seconds * rate) * channels
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        if width == 2:
            samples = array.array("h", (int(loud * math.sin(at / 8)) for at in range(count)))
            file.writeframes(samples.tobytes())
        else:
            file.writeframes(b"\x60\xa0" * (count * width // 2))
    return out.getvalue()


def mp3(seconds: float = 1.5) -> bytes:
    return FRAME * round(seconds / FRAME_SECONDS)


def with_name(wav: bytes, name: bytes = b"Recorded by Maria Lopez") -> bytes:
    """Return *wav* as a recorder writes it that knows whose it is."""
    name += b"\0" * (len(name) % 2)
    chunk = b"LIST" + (len(name) + 12).to_bytes(4, "little") + b"INFOIART"
    chunk += len(name).to_bytes(4, "little") + name
    size = int.from_bytes(wav[4:8], "little") + len(chunk)
    return wav[:4] + size.to_bytes(4, "little") + wav[8:] + chunk


def tagged(frames: bytes, name: bytes = b"Recorded by Maria Lopez") -> bytes:
    """Return *frames* between the two kinds of titles that an MP3 has."""
    frame = b"TPE1" + (len(name) + 1).to_bytes(4, "big") + b"\0\0\0" + name
    size = len(frame)
    head = b"ID3\x04\0\0" + bytes((size >> shift) & 0x7F for shift in (21, 14, 7, 0))
    return head + frame + frames + (b"TAG" + name).ljust(128, b"\0")
