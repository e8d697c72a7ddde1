"""Give the words of a document as plain text, where nobody here can draw its pages."""

import contextlib

from hotline.anonymize.files.copies import Fact, NoCopy, Why
from hotline.anonymize.files.facts import facts_of_parts
from hotline.anonymize.files.kinds import OLD_OFFICE, RICH_TEXT
from hotline.anonymize.files.office import read_office
from hotline.anonymize.files.parts import MOST_TEXT, Broken, Found, Gap, Kind
from hotline.anonymize.files.rich_text import words_of_rich_text

_BESIDE = frozenset({"link"})


def words_of_document(content: bytes) -> bytes:
    """Return the words of an office document.

    Raises:
        NoCopy: it is locked, has no words, or is of an old form that only an office program reads.
        Broken: it cannot be read.
    """
    if content.startswith(OLD_OFFICE):
        raise NoCopy(Why.NEEDS_OFFICE)
    if content.startswith(RICH_TEXT):
        return as_text(words_of_rich_text(content))
    found = Found()
    read_office(content, found)
    if Gap.ENCRYPTED in found.gaps:
        raise NoCopy(Why.LOCKED)
    shown = (each.text for each in found if each.kind is Kind.TEXT and each.field not in _BESIDE)
    return as_text("\n\n".join(shown))


def facts_of_office(content: bytes) -> tuple[Fact, ...]:
    """Return what a document says of who wrote it, and when."""
    found = Found()
    with contextlib.suppress(Broken):
        read_office(content, found)
    return facts_of_parts(found)


def as_text(words: str) -> bytes:
    """Return *words* as the bytes of a plain text without control characters.

    Raises:
        NoCopy: there are none.
    """
    lines = (" ".join(line.split()) for line in words[:MOST_TEXT].splitlines())
    text = "\n".join("".join(filter(_is_written, line)) for line in lines).strip()
    if not text:
        raise NoCopy(Why.BROKEN)
    return f"{text}\n".encode("utf-8", "replace")


def _is_written(character: str) -> bool:
    """Tell whether *character* is one that people write: joiners and marks of direction are, controls are not."""
    return character >= " " and character != "\x7f"
