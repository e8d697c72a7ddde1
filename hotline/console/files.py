"""The files of a message as a page lists them: each original with its clean copy, and what it says of itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import g

from hotline.console.speech import day_text, locale
from hotline.i18n import CONSOLE
from hotline.parts import here
from hotline.vault.found import Found
from hotline.vault.opening_files import OpenFile
from hotline.vault.tickets import ticket

_APART, _END = "\u2068", "\u2069"
"""First strong isolate, and the end of one (Unicode, UAX 9)."""


@dataclass(frozen=True, slots=True, repr=False)
class Listed:
    """A *file* that somebody sent, its *copy*, what it *says* of itself, and the *key* with which that is kept as words."""

    file: OpenFile
    copy: OpenFile | None = None
    says: str = ""
    key: str = ""


def listed(
    report_id: str, files: Iterable[OpenFile], *, until: datetime | None = None
) -> list[Listed]:
    """Return the originals among *files*, in their order; *until* is when the approval ends on which the look rests."""
    files = list(files)
    return [_listed(report_id, file, files, until) for file in files if not file.head.copy_of]


def _listed(
    report_id: str, file: OpenFile, files: Sequence[OpenFile], until: datetime | None
) -> Listed:
    says = what_it_says(file.found)
    key = ticket(g.keyholder, file, report_id, at=g.at, until=until) if says else ""
    return Listed(file, copy_among(files, file.head.number), says, key)


def copy_among(files: Iterable[OpenFile], number: int) -> OpenFile | None:
    """Return the clean copy of file *number*, if it has one."""
    return next((one for one in files if one.head.copy_of == number), None)


def what_it_says(found: Found, *, is_shown: bool = True) -> str:
    """Return what a file says of place, time and who made it, in sentences of the reader's language; or nothing.

    Where it *is_shown* each fact stands apart, so that numbers keep their order beside letters that run to the left.
    """
    if not found.facts:
        return ""
    told = {kind: _told(found, kind) for kind in ("time", "place", "author", "maker")}
    if is_shown:
        told = {kind: f"{_APART}{text}{_END}" if text else "" for kind, text in told.items()}
    is_written = found.made in ("pages", "words")
    return (
        here()
        .languages.render(
            "console/file_says.txt", locale(), CONSOLE, facts=told, is_written=is_written
        )
        .strip()
    )


def _told(found: Found, kind: str) -> str:
    texts = [text for its, text in found.facts if its == kind]
    return " / ".join(map(_moment, texts) if kind == "time" else texts)


def _moment(text: str) -> str:
    """Return a moment in ISO 8601 as it is written in the reader's language; by the clock of whoever wrote it down."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    said = day_text(at.date().isoformat(), locale())
    if "T" not in text:
        return said
    zone = f" {at.tzname()}" if at.tzinfo else ""
    return f"{said} {at:%H:%M}{zone}"
