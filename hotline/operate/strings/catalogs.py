"""Catalogs as files: their head, how one is read, how one is written."""

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, denormalize, read_po, write_po

from hotline.errors import Misconfigured
from hotline.locales import table

_LINE = re.compile(r'(?:msg[a-z_]+(?:\[\d+\])?[ \t]*)?"(?:[^"\\]|\\.)*"')
_SOURCE = re.compile(
    r'^msgid[ \t]*("(?:[^"\\\n]|\\.)*"(?:[ \t]*\r?\n[ \t]*"(?:[^"\\\n]|\\.)*")*)', re.MULTILINE
)


class Unreadable(Misconfigured):
    """A file is no catalog; the text says where it breaks off."""


def blank(locale: str | None = None) -> Catalog:
    """Return a catalog with nothing in it but its head."""
    catalog = Catalog(
        locale=locale,
        project="hotline",
        version="1",
        header_comment="# What people read. Free under the AGPL, version 3 or later.",
        msgid_bugs_address="see README",
        last_translator="see translations/REVIEW.toml",
        language_team="nobody yet",
        charset="utf-8",
        fuzzy=False,
    )
    if locale:
        catalog.mime_headers = [("Plural-Forms", table()[locale.replace("_", "-")].plural)]
    return catalog


def read(path: Path) -> Catalog:
    """Return the catalog in *path*: a template, or ``<locale>/LC_MESSAGES/<domain>.po``.

    Raises:
        Unreadable: it is no catalog.
    """
    locale = None if path.suffix == ".pot" else path.parent.parent.name
    raw = path.read_bytes()
    for fault in _slips(raw):
        raise Unreadable(fault)
    try:
        return read_po(io.BytesIO(raw), locale=locale, abort_invalid=True)
    except (PoFileError, ValueError, LookupError) as broken:
        raise Unreadable(str(broken)) from None


def _slips(raw: bytes) -> Iterator[str]:
    """Yield slips of the hand that Babel reads without a word, and then not as they were meant."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        yield "it is not written in UTF-8"
        return
    for number, line in enumerate(text.splitlines(), 1):
        its = line.strip()
        if its and not its.startswith("#") and not _LINE.fullmatch(its):
            yield f'line {number}: it does not stand between two " (inside, write \\")'
    sources = [
        "".join(denormalize(piece) for piece in found.splitlines())
        for found in _SOURCE.findall(text)
    ]
    for source in dict.fromkeys(sources):
        if sources.count(source) > 1:
            yield f"it says twice: {source!r}"


def write(path: Path, catalog: Catalog) -> None:
    """Write *catalog* in the order that it has, so that nothing but its sentences changes the file."""
    catalog.creation_date = catalog.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    with path.open("wb") as file:
        write_po(file, catalog, include_lineno=False, ignore_obsolete=True, width=100)


def locales_in(translations: Path) -> list[str]:
    """Return the locales that have a folder."""
    folders = (path for path in translations.iterdir() if path.is_dir())
    return sorted(folder.name.replace("_", "-") for folder in folders)


def place_of(translations: Path, locale: str, domain: str) -> Path:
    return translations / locale.replace("-", "_") / "LC_MESSAGES" / f"{domain}.po"


def sources(message: Message) -> tuple[str, ...]:
    """Return what a message says in our language: one sentence, or its singular and its plural."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def said(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))
