"""Catalogs as gettext's own tools read them.

The hotline reads the ``.po`` files themselves: nothing needs to be compiled to run. This is for whoever wants to look at
a language with other tools.
"""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.mofile import write_mo

from hotline.operate.strings import catalogs


def write(translations: Path, faults: list[str]) -> Iterator[str]:
    """Write a ``.mo`` beside each catalog that none of *faults* names, and yield those that were refused."""
    for path in sorted(translations.glob("*/LC_MESSAGES/*.po")):
        where = f"{path.parent.parent.name.replace('_', '-')}/{path.name}"
        if any(fault.startswith(f"{where}:") for fault in faults):
            path.with_suffix(".mo").unlink(missing_ok=True)
            yield f"{where}: not compiled, because the check refuses it"
            continue
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogs.read(path))
