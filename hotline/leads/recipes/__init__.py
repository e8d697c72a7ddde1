"""How an agency's tools read leads: texts that can be run as they are, with this house's own address in them.

A recipe is a file; its first line is its title. ``{{url}}`` stands for our address, and ``TOKEN`` (in scripts ``…``) for a
token, which no text holds: it was shown once. `tests/leads/test_recipes.py` runs each against a served feed, but OpenCTI's, which is
compared with the settings of its connector.
"""

from dataclasses import dataclass
from pathlib import Path

_ROOM = Path(__file__).parent
_FILES = (
    "curl.sh",
    "read_taxii.py",
    "misp",
    "read_misp.py",
    "opencti.env",
    "bundle.sh",
    "read_bundle.py",
    "check_webhook.py",
)


@dataclass(frozen=True, slots=True)
class Recipe:
    """*name* is that of the file to save it in, *title* what it is for, and *text* the whole of it."""

    name: str
    title: str
    text: str


def all(url: str) -> list[Recipe]:  # noqa: A001 - `recipes.all` says what it is; nobody needs the other one here.
    """Return the recipes of a hotline whose address is *url*, without a last slash."""
    return [_read(name, url) for name in _FILES]


def _read(name: str, url: str) -> Recipe:
    text = (_ROOM / f"{name}.txt").read_text(encoding="utf-8").replace("{{url}}", url)
    return Recipe(name, text.partition("\n")[0].removeprefix("# "), text)
