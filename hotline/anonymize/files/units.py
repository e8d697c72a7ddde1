"""Know the units that moving pictures consist of, and keep those alone that a decoder draws from.

Beside them stand units of words: user data (camcorders and old telephones write when and where into them), numbers of
rights, filling, and kinds that no standard describes, which every player steps over.
"""

import re
from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType

_START = b"\x00\x00\x01"
_STARTS = re.compile(_START)
_ALL = 1 << 40
# ISO 11172-2 and 13818-2, 6.2.1; 14496-2, table 6-3; SMPTE 421M, annex E: how much of a unit of a kind belongs to it.
_MPEG = {0xB3: _ALL, 0xB5: _ALL, 0xB7: 1, 0xB8: 5} | dict.fromkeys(range(0xB0), _ALL)
_MPEG4 = dict.fromkeys(range(0x20), 1) | dict.fromkeys(range(0x20, 0x30), _ALL)
_MPEG4 |= {0xB0: 2, 0xB3: 4, 0xB5: _ALL, 0xB6: _ALL}
_VC1 = dict.fromkeys(range(0x0A, 0x10), _ALL)
UNITS: Mapping[str, Mapping[int, int]] = MappingProxyType(
    {"mpeg1video": _MPEG, "mpeg2video": _MPEG, "mpeg4": _MPEG4, "vc1": _VC1}
)
_GROUP, _EXTENSION, _RIGHTS = b"\xb8", b"\xb5", 4
# ISO 14496-10, table 7-1; 23008-2, table 7-1; AV1, 6.2.2.
_AVC_SETS, _AVC_PICTURES, _AVC_MORE = frozenset({7}), frozenset({8}), frozenset({13})
_AVC_HIGH, _AVC_HEAD = frozenset({100, 110, 122, 144}), 6
_HEVC_SETS, _HEVC_HEAD = frozenset({32, 33, 34}), 23
_AV1_SEQUENCE, _AV1_HEAD = 1, 4
_WORDS, _LETTERS = 16, 6

Kind = Callable[[bytes], int]
"""From a unit to its kind, -1 where it has none."""


def drawn_from(codec: str, content: bytes) -> bytes:
    """Return what is drawn of a frame, or of the head before all frames, of a form in `UNITS`."""
    kept, starts = UNITS[codec], [(each.start(), each.end()) for each in _STARTS.finditer(content)]
    ends = [*(start for start, _ in starts), len(content)]
    # Pictures of this one form come without the start of their first unit, too.
    drawn = [content[: ends[0]]] if codec == "vc1" else []
    for (_, at), end in zip(starts, ends[1:], strict=True):
        most = kept.get(content[at], 0) if at < end else 0
        unit = content[at : min(at + most, end)]
        if kept is _MPEG:
            unit = _silent(unit)
        drawn.append(_START + unit if unit else b"")
    return b"".join(drawn)


def _silent(unit: bytes) -> bytes:
    """Return a unit of MPEG-1 or 2 without the time of day, and without the number of rights."""
    if unit[:1] == _GROUP and len(unit) == _MPEG[_GROUP[0]]:
        return _GROUP + b"\x00\x08\x00" + bytes((unit[4] & 0x60,))
    is_number = unit[:1] == _EXTENSION and unit[1:] and unit[1] >> 4 == _RIGHTS
    return b"" if is_number else unit


def drawn_units(codec: str, head: bytes, content: bytes) -> bytes:
    """Return what is drawn of a frame of H.264 or H.265, in the form that *head*, which stands before all, says it has."""
    kind_of, kept, at_length = _NETWORK[codec]
    if head[:1] != b"\x01" or len(head) <= at_length:
        return _annex_b(content, kind_of, kept)
    size, at, units = (head[at_length] & 3) + 1, 0, []
    while at + size < len(content):
        end = at + size + int.from_bytes(content[at : at + size], "big")
        if end <= len(content) and kind_of(content[at + size : min(at + size + 1, end)]) in kept:
            units.append(content[at:end])
        at = end
    return b"".join(units)


def avc_head(head: bytes) -> bytes:
    """Return the head of H.264 pictures (ISO 14496-15, 5.3.3.1) with what they are drawn by and nothing else.

    Raises:
        IndexError: it ends too early.
    """
    if head[:1] != b"\x01":
        return _annex_b(head, _avc_kind, _AVC_SETS | _AVC_PICTURES)
    sets, at = _listed(head, _AVC_HEAD, head[5] & 0x1F, _avc_kind, _AVC_SETS)
    pictures, at = _listed(head, at + 1, head[at], _avc_kind, _AVC_PICTURES)
    bare = head[:5] + bytes((0xE0 | len(sets),)) + b"".join(sets)
    bare += bytes((len(pictures),)) + b"".join(pictures)
    if head[1] in _AVC_HIGH and len(head) > at + 3:
        more, _ = _listed(head, at + 4, head[at + 3], _avc_kind, _AVC_MORE)
        bare += head[at : at + 3] + bytes((len(more),)) + b"".join(more)
    return bare


def hevc_head(head: bytes) -> bytes:
    """Return the head of H.265 pictures (ISO 14496-15, 8.3.3.1) with what they are drawn by and nothing else.

    Raises:
        IndexError: it ends too early.
    """
    if head[:1] != b"\x01" or len(head) < _HEVC_HEAD:
        return _annex_b(head, _hevc_kind, _HEVC_SETS)
    kept, at = [], _HEVC_HEAD
    for _ in range(head[_HEVC_HEAD - 1]):
        kind, count = head[at] & 0xBF, int.from_bytes(head[at + 1 : at + 3], "big")
        units, at = _listed(head, at + 3, count, _hevc_kind, _HEVC_SETS)
        if units:
            kept.append(bytes((kind,)) + len(units).to_bytes(2, "big") + b"".join(units))
    return head[: _HEVC_HEAD - 1] + bytes((len(kept),)) + b"".join(kept)


def av1_head(head: bytes) -> bytes:
    """Return the head of AV1 pictures with their sequence and nothing else.

    Raises:
        IndexError: it ends too early.
    """
    bare, at = head[:_AV1_HEAD], _AV1_HEAD
    while at < len(head):
        start, first = at, head[at]
        at += 2 if first & 4 else 1
        size, shift = 0, 0
        while first & 2:
            size |= (head[at] & 0x7F) << shift
            at, shift = at + 1, shift + 7
            if not head[at - 1] & 0x80:
                break
        at = at + size if first & 2 else len(head)
        if first >> 3 & 15 == _AV1_SEQUENCE:
            bare += head[start:at]
    return bare


def ends_in_words(content: bytes) -> bool:
    """Tell whether somebody wrote behind a picture: pictures never end in letters, if not in the same ones."""
    last = content.rstrip(b"\x00")[-_WORDS:]
    are_letters = all(0x20 <= each < 0x7F for each in last)
    return len(last) == _WORDS and are_letters and len(set(last)) >= _LETTERS


def _avc_kind(unit: bytes) -> int:
    return unit[0] & 0x1F if unit else -1


def _hevc_kind(unit: bytes) -> int:
    return unit[0] >> 1 & 0x3F if unit else -1


def _listed(
    head: bytes, at: int, count: int, kind_of: Kind, kept: Collection[int]
) -> tuple[list[bytes], int]:
    """Return those of *count* units, each behind its length, that are of a kind in *kept*, and where the last one ends."""
    units = []
    for _ in range(count):
        if at + 2 > len(head):
            raise IndexError
        end = at + 2 + int.from_bytes(head[at : at + 2], "big")
        if kind_of(head[at + 2 : end]) in kept:
            units.append(head[at:end])
        at = end
    return units, at


def _annex_b(head: bytes, kind_of: Kind, kept: Collection[int]) -> bytes:
    """Return units, each behind a start, that are of a kind in *kept*."""
    units = [unit.rstrip(b"\x00") for unit in head.split(_START)[1:]]
    return b"".join(b"\x00" + _START + unit for unit in units if kind_of(unit) in kept)


# The units of pictures and what they are drawn by, and where the head says how long a length is.
_NETWORK: Mapping[str, tuple[Kind, frozenset[int], int]] = MappingProxyType(
    {
        "h264": (_avc_kind, frozenset({*range(1, 6)}) | _AVC_SETS | _AVC_PICTURES, 4),
        "hevc": (_hevc_kind, frozenset({*range(10), *range(16, 22)}) | _HEVC_SETS, 21),
    }
)
