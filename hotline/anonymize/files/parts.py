"""The texts found in a file, each with what it is, and what of the file could not be read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from hotline.domain.identity import Label

MOST_BYTES = 25 << 20
MOST_TEXT = 300_000
MOST_PARTS = 2_000
LONGEST_FIELD = 20_000
UNKNOWN = "unknown"
"""The form of a file that has none that we know."""


class Kind(StrEnum):
    """Where in a file a text was found."""

    NAME = "name"
    EXIF = "exif"
    XMP = "xmp"
    IPTC = "iptc"
    COMMENT = "comment"
    PROPERTY = "property"
    TEXT = "text"


class Gap(StrEnum):
    """What of a file was not read, so that whoever relies on its texts knows what they do not hold."""

    TOO_LARGE = "too_large"
    UNKNOWN_FORM = "unknown_form"
    BROKEN = "broken"
    ENCRYPTED = "encrypted"
    CUT = "cut"
    TOOK_TOO_LONG = "took_too_long"
    PICTURES = "pictures"
    NESTED = "nested"
    OPAQUE = "opaque"


@dataclass(frozen=True, slots=True, repr=False)
class Part:
    """A text of a file. *label* is what the whole of it is, where its field says so: an owner is a name, whatever it is."""

    kind: Kind
    field: str
    text: str
    label: Label | None = None

    def __repr__(self) -> str:
        return f"<Part {self.kind}>"


@dataclass(frozen=True, slots=True, repr=False)
class FileText:
    """The texts of a file; *gaps* say what they do not hold. *readable* is false where nothing of its form was understood."""

    form: str
    parts: tuple[Part, ...]
    gaps: frozenset[Gap]
    readable: bool = True

    def __repr__(self) -> str:
        return f"<FileText of {len(self.parts)} parts>"


class Broken(Exception):
    """Raised among readers: the file is not what it says it is, or is made to cost too much. Never leaves the room."""


@dataclass(slots=True)
class Found:
    """What readers fill while they go through a file, within what one file may give."""

    parts: list[Part] = field(default_factory=list)
    gaps: set[Gap] = field(default_factory=set)
    room: int = MOST_TEXT

    def add(self, kind: Kind, name: str, text: str, label: Label | None = None) -> None:
        """Keep *text*, or as much of it as there is room for."""
        kept = text.replace("\x00", " ").strip()
        if kind is not Kind.TEXT:
            kept = self._within(kept, LONGEST_FIELD)
        kept = self._within(kept, self.room)
        if not kept:
            return
        if len(self.parts) >= MOST_PARTS:
            self.gaps.add(Gap.CUT)
            return
        self.room -= len(kept)
        self.parts.append(Part(kind, name[:100], kept, label))

    def _within(self, text: str, most: int) -> str:
        if len(text) > most:
            self.gaps.add(Gap.CUT)
        return text[:most]

    @property
    def is_full(self) -> bool:
        return self.room <= 0 or len(self.parts) >= MOST_PARTS

    def __iter__(self) -> Iterator[Part]:
        return iter(self.parts)


def unread(name: str, gap: Gap) -> FileText:
    """Return what is to be said of a file of which nothing was read."""
    found = Found()
    found.add(Kind.NAME, "file", name)
    return FileText(UNKNOWN, tuple(found), frozenset({gap}), readable=False)
