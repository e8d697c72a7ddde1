"""Read EXIF: who owns the camera, which one it is, when and where the picture was taken."""

from collections.abc import Mapping
from typing import Any

from PIL import ExifTags, Image

from hotline.anonymize.files.fields import label_of
from hotline.anonymize.files.iptc import decoded, read_iptc
from hotline.anonymize.files.parts import Found, Gap, Kind
from hotline.anonymize.files.xmp import read_xmp
from hotline.domain.identity import Label

_OPAQUE = frozenset({0x927C, 0x8649, 0x8773, 0x83BB, 0x02BC})
_XMP, _IPTC, _PHOTOSHOP, _MAKER_NOTE = 0x02BC, 0x83BB, 0x8649, 0x927C
_DIRECTORIES = (ExifTags.IFD.Exif, ExifTags.IFD.Interop)
_POINTERS = frozenset(int(each) for each in ExifTags.IFD)
_WIDE = frozenset(range(0x9C9B, 0x9CA0))  # Windows writes its titles and authors in UTF-16.
_USER_COMMENT = 0x9286
_LONGEST_LIST = 16


def read_exif(exif: Image.Exif, found: Found) -> None:
    """Add what *exif* says to *found*."""
    _directory(exif, ExifTags.TAGS, found)
    for number in _DIRECTORIES:
        _directory(exif.get_ifd(number), ExifTags.TAGS, found)
    _position(exif.get_ifd(ExifTags.IFD.GPSInfo), found)
    if isinstance(packet := exif.get(_XMP), bytes):
        read_xmp(packet, found)
    if isinstance(block := exif.get(_IPTC), bytes):
        read_iptc(block, found)


def _directory(entries: Mapping[int, Any], names: Mapping[int, str], found: Found) -> None:
    for number, value in entries.items():
        if number in _OPAQUE:
            if number in {_MAKER_NOTE, _PHOTOSHOP}:
                found.gaps.add(Gap.OPAQUE)
        elif number not in _POINTERS:
            name = names.get(number, f"tag {number}")
            label = label_of(name)
            if text := _text(number, value, is_telling=label is not None):
                found.add(Kind.EXIF, name, text, label)


def _text(number: int, value: Any, *, is_telling: bool) -> str:
    """Return *value* as words; numbers say nothing of anybody unless their field does."""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return _of_bytes(number, value)
    if isinstance(value, tuple | list):
        return " ".join(
            _text(number, each, is_telling=is_telling) for each in value[:_LONGEST_LIST]
        ).strip()
    return str(value) if is_telling else ""


def _of_bytes(number: int, value: bytes) -> str:
    if number in _WIDE:
        return value.decode("utf-16-le", "replace")
    if number == _USER_COMMENT:
        wide = value[:8].startswith(b"UNICODE")
        return value[8:].decode("utf-16", "replace") if wide else decoded(value[8:])
    text = decoded(value)
    return text if sum(map(str.isprintable, text)) > 0.8 * len(text) else ""


def _position(entries: Mapping[int, Any], found: Found) -> None:
    """Add where the picture was taken as one pair of coordinates, and what else the directory holds of it."""
    try:
        latitude, longitude = _degrees(entries, 1), _degrees(entries, 3)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        latitude = longitude = None
    if latitude is not None and longitude is not None:
        found.add(Kind.EXIF, "GPSPosition", f"{latitude:.6f}, {longitude:.6f}", Label.ADDRESS)
    elif 2 in entries or 4 in entries:
        found.gaps.add(Gap.BROKEN)
    for number, value in entries.items():
        name = ExifTags.GPSTAGS.get(number, f"GPS {number}")
        if text := "" if number in {0, 1, 2, 3, 4} else _text(number, value, is_telling=True):
            found.add(Kind.EXIF, name, text, label_of(name) or Label.ADDRESS)


def _degrees(entries: Mapping[int, Any], at: int) -> float | None:
    if at not in entries or at + 1 not in entries:
        return None
    degrees, minutes, seconds = (float(each) for each in entries[at + 1])
    value = degrees + minutes / 60 + seconds / 3600
    if not 0 <= value <= 180:
        raise ValueError
    return -value if str(entries[at]).strip("\x00 ").upper() in {"S", "W"} else value
