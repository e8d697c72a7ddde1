"""How an operator dresses the reporters' pages: their brand, or a cover.

A theme is a folder with ``theme.toml``; whatever it leaves out stays as it is::

    title = "Shopping lists"            # of every page: it stands in the history of a browser
    name = "Lists"                      # in the bar at the top; "" leaves it blank, without it the title stands there
    icon = "icon.png"                   # a small PNG in the same folder
    accent = ["#1d4ed8", "#93c5fd"]     # of links and buttons: on light ground, on dark ground

    [titles]                            # the title in a language
    es = "Listas de la compra"

    [addresses]                         # words of addresses, in place of ours: these are not served then
    new = "list"
    again = "items"

    [words.en]                          # the first page: what it says at the top
    heading = "Lists that stay with you"
    lead = "Make one. Come back for it."

A disguise changes what a passing look, a history or a list of addresses says. It does not change what a page says
once it is open, the name of the site, or what the network sees; and whoever knows the hotline knows its pages
under any dress. It keeps no secret, so nothing may rest on it.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hotline.channels.web.colours import CONTRAST, Colours, is_colour
from hotline.errors import Misconfigured

FILE = "theme.toml"
ADDRESSES = ("new", "again", "languages", "how", "leave", "numbers", "sooner", "word")
LARGEST_ICON = 4096
_WORD = re.compile("[a-z]{4,20}")
_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")
# What a passing look must not read; words of English, since no list of other languages is ours.
_TELLS = re.compile(
    "traffick|slavery|abus|victim|survivor|hotline|helpline|exploit|rescue|police|report",
    re.IGNORECASE,
)
_PNG = b"\x89PNG\r\n\x1a\n"
# Addresses that the house answers at already.
TAKEN = frozenset(
    {
        "calls",
        "console",
        "demo",
        "directory",
        "feeds",
        "handoff",
        "healthz",
        "static",
        "taxii",
        "transparency",
        "twilio",
    }
)


@dataclass(frozen=True, slots=True)
class Theme:
    """What ``theme.toml`` says; empty where it says nothing, and *name* None where the title stands in the bar."""

    title: str = ""
    name: str | None = None
    icon: bytes = field(default=b"", repr=False)
    accent: tuple[str, str] | None = None
    titles: Mapping[str, str] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def title_in(self, locale: str) -> str:
        return self.titles.get(locale, self.title)

    def said_in(self, locale: str, what: str) -> str:
        """Return the *heading* or *lead* of the first page in *locale*, empty where ours stands."""
        return self.words.get(locale, {}).get(what, "")

    def telling(self) -> list[str]:
        """Return what of this theme says to everybody what the pages are for."""
        words = (word for said in self.words.values() for word in said.values())
        every = [
            self.title,
            self.name or "",
            *self.titles.values(),
            *self.addresses.values(),
            *words,
        ]
        return list(filter(_TELLS.search, every))

    def address(self, rule: str) -> str:
        """Return the *rule* of a page, such as ``/<locale>/new``, with the words of this theme."""
        return "/".join(self.addresses.get(part, part) for part in rule.split("/"))


PLAIN = Theme()


def read_theme(folder: Path | None) -> Theme:
    """Return the theme that lies in *folder*; our own look where there is none.

    Raises:
        Misconfigured: with what is wrong with it.
    """
    if folder is None:
        return PLAIN
    told = _read(folder / FILE)
    known = {"title", "name", "icon", "accent", "titles", "addresses", "words"}
    _require(told.keys() <= known, f"it may say {', '.join(sorted(known))}, and nothing else")
    return Theme(
        title=_line(told.get("title", ""), "title"),
        name=_line(told["name"], "name") if "name" in told else None,
        icon=_icon(folder, told["icon"]) if "icon" in told else b"",
        accent=_accent(told["accent"]) if "accent" in told else None,
        titles=_by_locale(told.get("titles", {}), "titles"),
        addresses=_addresses(told.get("addresses", {})),
        words=_words(told.get("words", {})),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise Misconfigured(f"THEME has no {FILE} that can be read") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Misconfigured(f"{FILE} is not TOML: {error}") from None


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Misconfigured(f"{FILE}: {otherwise}")


def _line(value: object, name: str, *, longest: int = 60) -> str:
    fits = isinstance(value, str) and len(value) <= longest and value.isprintable()
    _require(fits, f"{name} is a line of at most {longest} letters")
    return str(value).strip()


def _table(value: object, name: str) -> Mapping[str, Any]:
    _require(isinstance(value, dict), f"{name} is a table")
    return value if isinstance(value, dict) else {}


def _by_locale(value: object, name: str) -> dict[str, str]:
    table = _table(value, name)
    for locale in table:
        _require(
            bool(_LOCALE.fullmatch(locale)), f"{name} has a name that is no language: {locale}"
        )
    return {locale: _line(line, f"{name}.{locale}") for locale, line in table.items()}


def _words(value: object) -> dict[str, dict[str, str]]:
    words = {}
    for locale, said in _table(value, "words").items():
        name = f"words.{locale}"
        _require(bool(_LOCALE.fullmatch(locale)), f"{name} is no language")
        table = _table(said, name)
        _require(table.keys() <= {"heading", "lead"}, f"{name} may say heading and lead")
        words[locale] = {
            part: _line(line, f"{name}.{part}", longest=120) for part, line in table.items()
        }
    return words


def _addresses(value: object) -> dict[str, str]:
    table = _table(value, "addresses")
    _require(table.keys() <= set(ADDRESSES), f"addresses are those of {', '.join(ADDRESSES)}")
    for name, word in table.items():
        _require(
            isinstance(word, str) and bool(_WORD.fullmatch(word)),
            f"addresses.{name} is a word of 4 to 20 small letters, a to z",
        )
        _require(word not in TAKEN, f"addresses.{name} is taken: {word}")
    served = [table.get(name, name) for name in ADDRESSES]
    _require(len(set(served)) == len(served), "two addresses are the same word")
    return dict(table)


def _icon(folder: Path, name: object) -> bytes:
    is_name = isinstance(name, str) and Path(name).name == name
    _require(is_name, "icon is the name of a file beside it")
    try:
        icon = (folder / str(name)).read_bytes()
    except OSError:
        raise Misconfigured(f"{FILE}: icon cannot be read") from None
    _require(icon.startswith(_PNG), "icon is not a PNG")
    _require(len(icon) <= LARGEST_ICON, f"icon is larger than {LARGEST_ICON} bytes")
    return icon


def _accent(value: object) -> tuple[str, str]:
    is_pair = isinstance(value, list) and len(value) == 2 and all(map(is_colour, value))
    _require(is_pair, 'accent is a pair such as ["#1d4ed8", "#93c5fd"]: on light, on dark ground')
    light, dark = value if isinstance(value, list) else ("", "")
    for side, colour in (("light", light), ("dark", dark)):
        worst = Colours.read().worst_contrast(colour, side)
        _require(
            worst >= CONTRAST,
            f"accent {colour} reads at {worst:.1f}:1 on {side} ground, and needs {CONTRAST}:1",
        )
    return light, dark
