"""Open an HSDS data package: a folder or a zip with datapackage.json and CSV files, or with JSON documents.

Nothing is unpacked to disk, and a package may name files inside itself only. Where datapackage.json is
missing, the files are known by their names. One JSON file alone is a package too.
"""

import codecs
import io
import json
import stat
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from lzma import LZMAError
from os.path import commonpath
from pathlib import Path, PurePosixPath
from typing import IO, Protocol
from zipfile import BadZipFile, ZipFile

from referral.older import GONE, OTHER_NAMES
from referral.tables import TABLES

DOCUMENTS = (".json", ".ndjson", ".jsonl")
"""How the names of files end that hold HSDS documents."""

KNOWN = (".csv", ".tsv", *DOCUMENTS)

DESCRIPTION = "datapackage.json"

LARGEST_FILE = 256 * 1024 * 1024
"""Bytes of one unpacked file; what is longer is refused before it is read."""

_DAMAGED = (BadZipFile, zlib.error, LZMAError)
"""What a damaged archive raises, by how it was packed."""


class PackageUnreadable(Exception):
    """The package as a whole cannot be read: it is no folder, zip or file of HSDS."""

    def __init__(self) -> None:
        super().__init__("this is neither a folder, a zip file nor a JSON file of HSDS")


@dataclass(frozen=True, slots=True)
class Resource:
    """One file of a package, and the HSDS table that it fills; a file of documents fills several."""

    table: str
    path: str

    @property
    def holds_documents(self) -> bool:
        return self.path.lower().endswith(DOCUMENTS)

    @property
    def file(self) -> str:
        """Return the name a report may show: the last part of the path, and no strange characters."""
        name = PurePosixPath(self.path).name
        return "".join(c if c.isascii() and (c.isalnum() or c in "._- ") else "?" for c in name)[
            :80
        ]


class Source(Protocol):
    """Where the files of a package lie."""

    def names(self) -> list[str]: ...

    def open(self, path: str) -> IO[bytes]:
        """Open one file. Raises: OSError where there is no such file inside the package."""


class Folder:
    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        if not any(map(_is_known, self.names())):
            inside = (each.relative_to(self._root).as_posix() for each in _files(self._root))
            self._root /= folder_of(inside)

    def names(self) -> list[str]:
        return sorted(path.name for path in self._root.iterdir())

    def open(self, path: str) -> IO[bytes]:
        try:
            inside = (self._root / path).resolve()
        except ValueError:  # The path holds a character that none may hold.
            raise FileNotFoundError from None
        if not inside.is_relative_to(self._root) or not stat.S_ISREG(inside.stat().st_mode):
            raise FileNotFoundError
        if inside.stat().st_size > LARGEST_FILE:
            raise OSError
        return inside.open("rb")


class Single:
    """One file, which is the whole package."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self) -> list[str]:
        return [self._path.name]

    def open(self, path: str) -> IO[bytes]:
        if path != self._path.name or self._path.stat().st_size > LARGEST_FILE:
            raise FileNotFoundError
        return self._path.open("rb")


class Zip:
    """A zip, read where it lies."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        named = {e.filename.replace("\\", "/").lstrip("/"): e for e in archive.infolist()}
        named = {name: each for name, each in named.items() if _is_ours(name)}
        top = folder_of(named)
        self._members = {
            name.removeprefix(f"{top}/"): each
            for name, each in named.items()
            if not top or name.startswith(f"{top}/")
        }

    def names(self) -> list[str]:
        return sorted(self._members)

    def open(self, path: str) -> IO[bytes]:
        try:
            member = self._members[path]
            if member.file_size > LARGEST_FILE:
                raise OSError
            return self._archive.open(member)
        # `zipfile` raises the last two for a compression it does not know and for a locked member.
        except (KeyError, BadZipFile, NotImplementedError, RuntimeError):
            raise FileNotFoundError from None


def folder_of(names: Iterable[str]) -> str:
    """Return the folder that a package of files of those *names* lies in: by its description, or around them all."""
    known = map(PurePosixPath, filter(_is_known, names))
    paths = sorted(known, key=lambda path: (len(path.parts), path))
    described = [path for path in paths if path.name == DESCRIPTION]
    around = {path.parent for path in described[:1]} or {path.parent for path in paths}
    folder = commonpath(around) if around else ""
    return "" if folder == "." else folder


def _is_known(name: str) -> bool:
    return name.lower().endswith(KNOWN)


def _is_ours(name: str) -> bool:
    """Say whether a member of a zip is a file, and not what a computer of its own accord put beside it."""
    path = PurePosixPath(name)
    return not (name.endswith("/") or path.parts[:1] == ("__MACOSX",) or path.name[:1] == ".")


def _files(folder: Path, deep: int = 3) -> Iterator[Path]:
    """Yield the files of *folder* and of the folders in it, some levels *deep*; links are not followed."""
    for each in sorted(folder.iterdir()):
        if each.is_dir() and not each.is_symlink():
            yield from _files(each, deep - 1) if deep else ()
        else:
            yield each


@contextmanager
def open_package(path: Path) -> Iterator[Source]:
    """Yield the files of the package at *path*. Raises: PackageUnreadable."""
    if path.is_dir():
        yield Folder(path)
        return
    if path.is_file() and path.name.lower().endswith(DOCUMENTS):
        yield Single(path)
        return
    try:
        archive = ZipFile(path)
    except (OSError, BadZipFile):
        raise PackageUnreadable from None
    with archive:
        yield Zip(archive)


def resources(source: Source) -> list[Resource]:
    """Return the files that datapackage.json lists, or all CSV and JSON files where it is missing or broken.

    Files are taken in that it does not list, if no file that it lists and that is there fills the same table. Where a
    damaged archive does not give it, it is listed itself, so that this is told.

    Raises: PackageUnreadable.
    """
    names = (name for name in source.names() if _is_known(name) and name != DESCRIPTION)
    found = [Resource(table_named(name), name) for name in names]
    try:
        with source.open(DESCRIPTION) as described:
            listed = [each for one in json.load(described)["resources"] for each in _resource(one)]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        listed = found
    except _DAMAGED:
        listed = [*found, Resource("", DESCRIPTION)] if found else []
    else:
        paths = {each.path for each in listed}
        filled = {each.table for each in listed if _is_there(source, each)} | {""}
        listed += [r for r in found if r.path not in paths and r.table not in filled]
    if not listed:
        raise PackageUnreadable
    return listed


def _resource(listed: dict[str, object]) -> Iterator[Resource]:
    """Yield what one entry lists: a resource may lie in several files."""
    given = listed.get("path", "")
    for path in given if isinstance(given, list) else [given]:
        table = table_named(str(listed.get("name", ""))) or table_named(str(path))
        yield Resource(table, str(path).removeprefix("./"))


def _is_there(source: Source, resource: Resource) -> bool:
    try:
        source.open(resource.path).close()
    except OSError:
        return False
    return True


def table_named(name: str) -> str:
    """Return the HSDS table that *name* (``services``, ``taxonomies.csv``) means, of any version; empty if none."""
    stem = PurePosixPath(name).stem.lower().replace("-", "_")
    stem = OTHER_NAMES.get(stem, stem)
    singulars = (
        stem,
        stem.removesuffix("s"),
        stem.removesuffix("es"),
        stem.removesuffix("ies") + "y",
    )
    return next((each for each in singulars if each in TABLES or each in GONE), "")


def text_of(source: Source, path: str) -> str:
    """Return a file as text; bytes that are not UTF-8 come as lone surrogates. Raises: OSError."""
    with source.open(path) as raw:
        try:
            content = raw.read(LARGEST_FILE)
        except (*_DAMAGED, EOFError):
            raise FileNotFoundError from None
    return content.decode(*_coding(content[:2]))


def lines_of(source: Source, path: str) -> Iterator[str]:
    """Yield the lines of a file with their ends. Raises: OSError, and EOFError where a damaged archive gives no more."""
    with source.open(path) as raw:
        try:
            whole = io.BufferedReader(raw)  # type: ignore[type-var]  # What is opened can be read into.
            encoding, errors = _coding(whole.peek(2)[:2])
            with io.TextIOWrapper(whole, encoding, errors, newline="") as text:
                yield from text
        except _DAMAGED:
            raise EOFError from None


def _coding(start: bytes) -> tuple[str, str]:
    """Return how a file that begins with *start* is to be decoded."""
    if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16", "replace"
    return "utf-8-sig", "surrogateescape"
