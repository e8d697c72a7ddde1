"""Know what belongs to sound and pictures in the forms in which others write words among them."""

import re

# ISO 11172-3 and 13818-3: kbit/s by version (1; 2 and 2.5) and layer, Hz by version.
_BITRATES = {
    (1, 1): (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (1, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 3): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 1): (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 3): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_FULL_LACE, _NO_COMMENTS = 255, b"\x03vorbis" + bytes(8) + b"\x01"
_JPEG_START, _JPEG_PIXELS, _JPEG_END, _JPEG_OF_A_FILM = b"\xff\xd8", 0xDA, b"\xff\xd9", b"AVI1"
_JPEG_MARK = re.compile(b"\xff+[^\x00\xd0-\xd7\xff]")
# Fields and comments, but for the one that says how colours are meant.
_JPEG_FIELDS = frozenset({*range(0xE0, 0xF0), 0xFE} - {0xEE})
_ID3, _ID3_SIZE = b"TAG", 128
_APE, _APE_FOOTER, _APE_HAS_HEADER = b"APETAGEX", 32, 1 << 31
_LYRICS, _LYRICS_END = b"LYRICS200", 15


def mpeg_frame(content: bytes) -> int:
    """Return how many bytes the frame of MPEG sound has that *content* begins with; 0 where it begins with none."""
    if len(content) < 4 or content[0] != 0xFF or content[1] & 0xE0 != 0xE0:
        return 0
    version, layer = content[1] >> 3 & 3, 4 - (content[1] >> 1 & 3)
    rate, speed = content[2] >> 4, content[2] >> 2 & 3
    if version == 1 or layer == 4 or rate in {0, 15} or speed == 3:
        return 0
    first = version == 3
    bits = _BITRATES[1 if first else 2, layer][rate] * 1000
    hertz, padding = _RATES[version][speed], content[2] >> 1 & 1
    if layer == 1:
        return (12 * bits // hertz + padding) * 4
    samples = 144 if first or layer == 2 else 72
    return samples * bits // hertz + padding


def vorbis_head(head: bytes) -> bytes:
    """Return the three headers of Vorbis (laced, as containers hold them) with an empty one for comments.

    Raises:
        IndexError: it ends too early.
    """
    if head[:1] != b"\x02":
        return head
    sizes, at = [], 1
    for _ in range(2):
        size = 0
        while head[at] == _FULL_LACE:
            size, at = size + _FULL_LACE, at + 1
        sizes.append(size + head[at])
        at += 1
    first, setup = head[at : at + sizes[0]], head[at + sum(sizes) :]
    lacing = bytes([_FULL_LACE] * (len(first) // _FULL_LACE) + [len(first) % _FULL_LACE])
    return b"\x02" + lacing + bytes((len(_NO_COMMENTS),)) + first + _NO_COMMENTS + setup


def jpeg_frame(frame: bytes) -> bytes:
    """Return a picture of a film of JPEGs, which may come in two fields, without what cameras write into it and behind it.

    What is none stays as it is.
    """
    if frame[:2] != _JPEG_START:
        return frame
    kept, at = bytearray(_JPEG_START), 2
    while frame[at : at + 1] == b"\xff" and at + 4 <= len(frame):
        mark = frame[at + 1]
        end = at + 2 + int.from_bytes(frame[at + 2 : at + 4], "big")
        if mark == _JPEG_PIXELS:
            found = _JPEG_MARK.search(frame, end)
            end = found.end() - 2 if found else len(frame)
        if mark not in _JPEG_FIELDS or frame[at + 4 : at + 8] == _JPEG_OF_A_FILM:
            kept += frame[at:end]
        at = end
        if frame[at : at + 2] == _JPEG_END:
            return bytes(kept) + _JPEG_END + _other_field(frame[at + 2 :])
    return bytes(kept)


def _other_field(rest: bytes) -> bytes:
    rest = rest.lstrip(b"\x00")
    return jpeg_frame(rest) if rest[:2] == _JPEG_START else b""


def without_tail(content: bytes) -> bytes:
    """Return *content* without the names that programs write behind the sound: ID3v1, APE and Lyrics3."""
    end = len(content)
    while (before := _end_before(content, end)) < end:
        end = before
    return content[:end]


def _end_before(content: bytes, end: int) -> int:
    """Return where what ends at *end* begins, if it is known to be no sound."""
    if content[end - _ID3_SIZE : end].startswith(_ID3):
        return end - _ID3_SIZE
    footer = content[max(end - _APE_FOOTER, 0) : end]
    if footer.startswith(_APE):
        size = int.from_bytes(footer[12:16], "little")
        has_header = int.from_bytes(footer[20:24], "little") & _APE_HAS_HEADER
        return max(end - size - (_APE_FOOTER if has_header else 0), 0)
    if content[max(end - _LYRICS_END, 0) : end].endswith(_LYRICS):
        digits = content[end - _LYRICS_END : end - len(_LYRICS)]
        return max(end - _LYRICS_END - int(digits), 0) if digits.isdigit() else end
    return end
