"""Open an HSDS data package: a folder or a zip with datapackage.json and CSV files, or with JSON documents.

Nothing is unpacked to disk, and a package may name files inside itself only. Where datapackage.json is
missing, the files are known by their names. One JSON file alone is a package too.
"""

import csv
import io
import json
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Protocol
from zipfile import BadZipFile, ZipFile

from referral.older import GONE, OTHER_NAMES
from referral.tables import TABLES

DOCUMENTS = (".json", ".ndjson", ".jsonl")
"""How the names of files end that hold HSDS documents."""

LARGEST_FILE = 256 * 1024 * 1024
"""Bytes of one unpacked file; what is longer is refused before it is read."""


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

    def names(self) -> list[str]:
        return sorted(path.name for path in self._root.iterdir())

    def open(self, path: str) -> IO[bytes]:
        inside = (self._root / path).resolve()
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
    """A zip, read where it lies. A single folder around everything is looked through."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        tops = {
            name.split("/")[0] for name in archive.namelist() if not name.startswith("__MACOSX/")
        }
        wrapped = len(tops) == 1 and all("/" in name for name in archive.namelist())
        self._top = f"{tops.pop()}/" if wrapped else ""

    def names(self) -> list[str]:
        return sorted(
            name.removeprefix(self._top)
            for name in self._archive.namelist()
            if name.startswith(self._top)
        )

    def open(self, path: str) -> IO[bytes]:
        try:
            member = self._archive.getinfo(self._top + path)
            if member.file_size > LARGEST_FILE:
                raise OSError
            return self._archive.open(member)
        # `zipfile` raises the last two for a compression it does not know and for a locked member.
        except (KeyError, BadZipFile, NotImplementedError, RuntimeError):
            raise FileNotFoundError from None


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

    Raises: PackageUnreadable.
    """
    try:
        with source.open("datapackage.json") as described:
            listed = [_resource(each) for each in json.load(described)["resources"]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        known = (".csv", *DOCUMENTS)
        names = (n for n in source.names() if n.lower().endswith(known) and n != "datapackage.json")
        listed = [Resource(table_named(n), n) for n in names]
    if not listed:
        raise PackageUnreadable
    return listed


def _resource(listed: dict[str, object]) -> Resource:
    path = str(listed.get("path", ""))
    table = table_named(str(listed.get("name", ""))) or table_named(path)
    return Resource(table, path.removeprefix("./"))


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
            return raw.read(LARGEST_FILE).decode("utf-8-sig", errors="surrogateescape")
        except (BadZipFile, zlib.error, EOFError):
            raise FileNotFoundError from None


def rows(source: Source, path: str) -> Iterator[tuple[int, list[str] | None]]:
    """Yield the number of the first line of each record, and its values; None for an unreadable record.

    The header is the first record. Bytes that are not UTF-8 come as lone surrogates. Raises: OSError.
    """
    with source.open(path) as raw:
        text = io.TextIOWrapper(raw, encoding="utf-8-sig", errors="surrogateescape", newline="")
        reader = csv.reader(text)
        while True:
            first = reader.line_num + 1
            try:
                yield first, next(reader)
            except csv.Error:
                yield first, None
            except StopIteration:
                return
            except (BadZipFile, zlib.error, EOFError):
                # A damaged archive gives nothing more, however often it is asked.
                yield first, None
                return
