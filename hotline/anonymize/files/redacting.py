"""Take identifiers out of the texts of a file, its name among them."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from hotline.anonymize.files.parts import FileText, Gap, Kind, Part
from hotline.anonymize.language import UNKNOWN
from hotline.anonymize.placeholders import place
from hotline.anonymize.redacting import redact
from hotline.domain.identity import Label, Redaction, Span

_JOINTS = re.compile(r"[\s_+\-.()\x00-\x1f\x7f/\\:]+|%20")
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,5}$")


@dataclass(frozen=True, slots=True, repr=False)
class RedactedPart:
    """A text of a file without its identifiers; its spans count characters of *original*, which only revealers may see."""

    kind: Kind
    field: str
    redaction: Redaction
    original: str

    def __repr__(self) -> str:
        return f"<RedactedPart {self.kind}>"


@dataclass(frozen=True, slots=True, repr=False)
class RedactedFile:
    """What may be shown of a file. *gaps* say what nobody has read; *name* is one placeholder where nothing was."""

    name: str
    form: str
    parts: tuple[RedactedPart, ...]
    gaps: frozenset[Gap]

    def __repr__(self) -> str:
        return f"<RedactedFile of {len(self.parts)} parts>"


def redact_file(
    file: FileText, *, languages: Sequence[str] = (), also: frozenset[str] = frozenset()
) -> RedactedFile:
    """Return the texts of *file* without identifiers; placeholders are numbered within each part.

    *languages* and *also* are those of `redact`. A field that names somebody goes whole; of a file that could not be
    read, the name goes whole as well.
    """
    parts = tuple(_redacted(part, file.readable, languages, also) for part in file.parts)
    name = next((each.redaction.text for each in parts if each.kind is Kind.NAME), "")
    return RedactedFile(name, file.form, parts, file.gaps)


def _redacted(
    part: Part, is_readable: bool, languages: Sequence[str], also: frozenset[str]
) -> RedactedPart:
    text = _as_words(part.text) if part.kind is Kind.NAME else part.text
    label = part.label or (None if is_readable else Label.OTHER_ID)
    if label is not None:
        whole = (Span(0, len(text), label),) if text else ()
        redaction = place(text, whole, UNKNOWN)
    else:
        redaction = redact(text, languages=languages, also=also)
    return RedactedPart(part.kind, part.field, redaction, text)


def _as_words(name: str) -> str:
    """Return a file name as words: people join them by anything but spaces, and what ends it is no word of theirs."""
    stem = _EXTENSION.sub("", unicodedata.normalize("NFC", name))
    return _JOINTS.sub(" ", stem).strip()
