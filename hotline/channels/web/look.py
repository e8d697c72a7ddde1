"""What the pages of one house look like: one stylesheet, one script, one icon, put together when it starts.

They are sent with every page and kept by no browser, as the pages are: on a shared computer a file of ours in a
cache tells for weeks that somebody was here. So there is one of each, without our remarks (which would tell what
a page is for), and compressed once. Pages themselves are never compressed: the length of a compressed page
tells of what is typed into it.
"""

import gzip
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from flask import Blueprint, Response, current_app, request
from flask.blueprints import BlueprintSetupState
from flask.sansio.app import App

from hotline.channels.web.theme import Theme, read_theme
from hotline.config import Config
from hotline.parts import Hotline

_STATIC = Path(__file__).parents[2] / "static"
_FIRST = ("tokens.css", "scripts.css", "base.css", "page/sheet.css")
_REMARK = re.compile(r"/\*.*?\*/", re.DOTALL)
_LINE_REMARK = re.compile(r"^\s*//.*$", re.MULTILINE)
_BLANK = re.compile(r"\s*\n\s*")


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that every page brings along, plain and compressed; its *mark* changes when it does."""

    mark: str
    plain: bytes = field(repr=False)
    packed: bytes = field(repr=False)
    mimetype: str

    @classmethod
    def of(cls, text: str, mimetype: str) -> "Asset":
        plain = text.encode()
        mark = hashlib.sha256(plain).hexdigest()[:12]
        return cls(mark, plain, gzip.compress(plain, 9, mtime=0), mimetype)

    def answer(self) -> Response:
        """Return it as the browser can take it."""
        takes_packed = request.accept_encodings["gzip"] > 0
        response = Response(self.packed if takes_packed else self.plain, mimetype=self.mimetype)
        response.headers["Vary"] = "Accept-Encoding"
        if takes_packed:
            response.headers["Content-Encoding"] = "gzip"
        return response


@dataclass(frozen=True, slots=True)
class Look:
    """The theme of a house, and the files made from it."""

    theme: Theme
    sheet: Asset
    script: Asset
    icon: bytes = field(repr=False)

    @classmethod
    def of(cls, config: Config) -> "Look":
        """Put together the look of a house.

        Raises:
            Misconfigured: its theme cannot be used.
        """
        theme = read_theme(config.theme)
        return cls(
            theme,
            Asset.of(sheet_of(theme), "text/css"),
            Asset.of(_script(), "text/javascript"),
            theme.icon or (_STATIC / "icon.png").read_bytes(),
        )


def look() -> Look:
    """Return the look of the house that serves this request."""
    return _look_of(current_app)


def _look_of(app: App) -> Look:
    found = app.extensions["look"]
    if not isinstance(found, Look):
        raise TypeError
    return found


class Dressed(Blueprint):
    """A blueprint whose pages stand at the addresses that the theme of the house gives them."""

    def make_setup_state(
        self, app: App, options: dict[str, object], first_registration: bool = False
    ) -> BlueprintSetupState:
        return _Setup(self, app, options, first_registration)


class _Setup(BlueprintSetupState):
    def __init__(
        self,
        blueprint: Blueprint,
        app: App,
        options: dict[str, object],
        first_registration: bool,
    ) -> None:
        super().__init__(blueprint, app, options, first_registration)
        hotline: Hotline = app.extensions["hotline"]
        app.extensions["look"] = Look.of(hotline.config)

    def add_url_rule(self, rule: str, *args: object, **options: object) -> None:
        themed = _look_of(self.app).theme.address(rule)
        super().add_url_rule(themed, *args, **options)  # type: ignore[arg-type]


def sheet_of(theme: Theme) -> str:
    """Return every stylesheet as one, the ground first; how the others follow does not matter."""
    names = dict.fromkeys(
        (*_FIRST, *sorted(f"page/{path.name}" for path in _STATIC.glob("page/*.css")))
    )
    return put_together(names, _accent(theme))


def put_together(names: Iterable[str], more: str = "") -> str:
    """Return some stylesheets, and *more*, as one, without remarks and blanks."""
    text = "\n".join((_STATIC / name).read_text(encoding="utf-8") for name in names)
    return _BLANK.sub("\n", _REMARK.sub("", text + more)).strip()


def _accent(theme: Theme) -> str:
    """Return the colours of *theme*; browsers that know no dark ground get the light one's."""
    if theme.accent is None:
        return ""
    light, dark = theme.accent
    washes = "--accent-wash: var(--ground-sunken); --ground-chosen: var(--ground-hover);"
    return (
        f"\n:root {{ {_in_colour(f'light-dark({light}, {dark})')} {washes} }}"
        f"\n@supports not (color: light-dark(#000, #fff)) {{ :root {{ {_in_colour(light)} }} }}"
    )


def _in_colour(colour: str) -> str:
    return f"--accent: {colour}; --accent-deep: {colour}; --focus: {colour};"


def _script() -> str:
    """Return every script as one, each with names of its own."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(_STATIC.glob("page/*.js")))
    bare = (_BLANK.sub("\n", _LINE_REMARK.sub("", text)).strip() for text in texts)
    return "\n".join(f"{{\n{text}\n}}" for text in bare)
