"""A language says everything, in as many forms as it counts in, and nothing of it is a guess."""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog

from hotline.locales import Row
from hotline.operate.strings import catalogs
from hotline.operate.strings.entries import Entry, Fault


def blank(entry: Entry) -> Iterator[Fault]:
    if not entry.said or not all(said.strip() for said in entry.said):
        yield Fault("not translated")


def fuzzy(entry: Entry) -> Iterator[Fault]:
    if entry.is_fuzzy:
        yield Fault("a guess that nobody has read (fuzzy)")


def forms(entry: Entry) -> Iterator[Fault]:
    """A sentence with a number in it has a form for each way in which the language counts."""
    wanted = entry.row.forms if len(entry.sources) > 1 else 1
    if len(entry.said) != wanted:
        yield Fault(f"{len(entry.said)} forms where the language counts in {wanted}")


def head(path: Path, catalog: Catalog, row: Row) -> Iterator[str]:
    """Yield a fault where the head of a catalog counts otherwise than ``hotline/locales.toml``."""
    where = f"{row.tag}/{path.name}"
    if b"Plural-Forms:" not in path.read_bytes():
        yield f"{where}: its head has no Plural-Forms"
    elif _packed(catalog.plural_forms) != _packed(row.plural):
        yield f"{where}: its Plural-Forms are not those of locales.toml: {row.plural!r}"


def surplus(where: str, catalog: Catalog, newest: Catalog) -> Iterator[str]:
    """Yield each sentence of *catalog* that no template has any more."""
    for message in catalog:
        source = catalogs.sources(message)[0]
        if source and newest.get(source, message.context) is None:
            yield f"{where}: no template says this any more: {source!r}"


def _packed(plural: str) -> str:
    return "".join(plural.split()).rstrip(";")
