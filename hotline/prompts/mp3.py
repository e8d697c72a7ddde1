"""How long an MP3 lasts, from its own frames; what stands around them (titles, names) is no part of it.

The layout is that of ISO 11172-3 and 13818-3, Layer III, and of MPEG 2.5, which is spoken everywhere too.
"""

from collections.abc import Iterator

_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
"""Samples a second by the version's two bits: MPEG 1, 2 and 2.5."""
_KILOBITS = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""By the index in the head, for MPEG 1 and for the others; 0 is a rate that the head does not tell."""
_LAYER_3 = 1
_OLD_TAG = 128
_TAILS = (b"TAG", b"APETAGEX", b"LYRICSBEGIN")


def frames(raw: bytes) -> tuple[bytes, float] | None:
    """Return the frames of *raw* alone and how many seconds they last; None where it is no whole MP3."""
    start, seconds = _after_tag(raw), 0.0
    end = start
    for size, lasts in _walk(raw, start):
        end, seconds = end + size, seconds + lasts
    rest = raw[end:]
    is_tail = rest[:_OLD_TAG].startswith(_TAILS) or not rest.strip(b"\0")
    return (raw[start:end], seconds) if end > start and is_tail else None


def _after_tag(raw: bytes) -> int:
    """Return where the frames begin: an ID3v2 tag says its length in four times seven bits."""
    if len(raw) < 10 or raw[:3] != b"ID3":
        return 0
    size = 0
    for byte in raw[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size + (10 if raw[5] & 0x10 else 0)


def _walk(raw: bytes, at: int) -> Iterator[tuple[int, float]]:
    """Yield size and seconds of one frame after the other, until something else stands there."""
    while (frame := _frame(raw[at : at + 4])) and at + frame[0] <= len(raw):
        yield frame
        at += frame[0]


def _frame(head: bytes) -> tuple[int, float] | None:
    """Return size and seconds of the frame with this *head*, or None."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    rate, kilobits = head[2] >> 2 & 3, head[2] >> 4
    if version == 1 or layer != _LAYER_3 or rate == 3 or kilobits in (0, 15):
        return None
    is_first = version == 3
    hertz, samples = _RATES[version][rate], 1152 if is_first else 576
    padding = head[2] >> 1 & 1
    return samples // 8 * _KILOBITS[is_first][kilobits] * 1000 // hertz + padding, samples / hertz
