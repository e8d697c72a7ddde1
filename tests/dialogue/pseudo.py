"""A made-up language: every sentence longer, accented and in brackets, so that what is not translated shows."""

import shutil
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from hotline.i18n import Languages

LOCALE = "eo"
"""Babel knows no locale for made-up languages; nothing is offered in this one."""

_ACCENTS = str.maketrans("aeiouyAEIOUYnsc", "äéïöüÿÄÉÏÖÜŸñšç")


def pseudo_languages(translations: Path, folder: Path) -> Languages:
    """Return languages that have English and the made-up one."""
    for domain in ("messages", "console"):
        shutil.copy(translations / f"{domain}.pot", folder)
    with (translations / "messages.pot").open("rb") as file:
        template = read_po(file)
    catalog = Catalog(locale=LOCALE)
    for message in template:
        if message.id:
            is_one = isinstance(message.id, str)
            said = pseudo(message.id) if is_one else tuple(map(pseudo, message.id))
            catalog.add(message.id, said, flags=message.flags)
    path = folder / LOCALE / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_po(file, catalog)
    return Languages(folder, only=[LOCALE])


def pseudo(sentence: str) -> str:
    """Return *sentence* in the made-up language; its fields stay."""
    parts = sentence.split("%(")
    rest = [part.partition(")s") for part in parts[1:]]
    fields = [f"%({name}{end}{text.translate(_ACCENTS)}" for name, end, text in rest]
    return f"[{parts[0].translate(_ACCENTS)}{''.join(fields)}]"
