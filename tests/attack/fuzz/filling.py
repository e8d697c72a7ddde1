"""Every form that the pages of the desk show, sent as it is but for one field, which holds what nobody should send."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO
from typing import Any
from urllib.parse import quote_from_bytes, urlsplit

from werkzeug.test import TestResponse

from tests.attack.fuzz.hostile import NASTY
from tests.cast import Member
from tests.house import ORIGIN

Value = str | bytes
MISSING, DOUBLED = b"missing", b"doubled"
"""Not sent at all; sent twice, the second time empty."""

WRONG: tuple[Value, ...] = (
    MISSING,
    DOUBLED,
    *NASTY,
    b"\xff\xfe",
    " ",
    "0",
    "1",
    "9" * 30,
    "9" * 5000,
    "a" * 70_000,
    "[" * 5000,
    *("9999-12-31", "0001-01-01", "2026-02-31", "2026-13", "9999-12", "+10000-01-01"),
    *("2026-W10-1", "20260302", "9999-12-31T23:59", "0001-01-01T00:00", "2026-03-29T02:30"),
    *("2026-03-02T10:00+23:59", "2026-03-02T10:00Z", "24:00", "23:59:60"),
    *("en", "xx-YY", "US", "0" * 32, "f" * 31, "0" * 32 + "-1", "1 words", "1 words 2", "on"),
    "a@" + "b" * 300,
)


@dataclass
class Form:
    """One form of a page: where it goes, and its fields with what a browser would send of them first."""

    path: str
    method: str
    with_files: bool = False
    fields: dict[str, str] = field(default_factory=dict)
    offered: set[str] = field(default_factory=set)

    def sent(self, member: Member, name: str, value: Value) -> TestResponse:
        """Send it with *value* in the place of the field called *name*."""
        if self.with_files:
            return self._open(member, data=self._parts(name, value))
        pairs = "&".join(_pair(*one) for one in self._filled(name, value))
        if self.method == "GET":
            return self._open(member, query_string=pairs)
        kind = "application/x-www-form-urlencoded"
        return self._open(member, data=pairs, content_type=kind)

    def _open(self, member: Member, **more: Any) -> TestResponse:
        return member.client.open(self.path, method=self.method, base_url=ORIGIN, **more)

    def _filled(self, name: str, value: Value) -> Iterator[tuple[str, Value]]:
        for one, usual in self.fields.items():
            if one != name:
                yield one, usual
            elif value == DOUBLED:
                yield from ((one, usual), (one, ""))
            elif value != MISSING:
                yield one, value

    def _parts(self, name: str, value: Value) -> dict[str, list[Any]]:
        parts: dict[str, list[Any]] = {}
        for one, its in self._filled(name, value):
            content = _as_bytes(its)
            parts.setdefault(one, []).append(
                (BytesIO(content), "a.wav") if self.fields[one] == FILE else content
            )
        return parts


FILE = "a file"
"""What stands for a file among the fields."""


def _pair(name: str, value: Value) -> str:
    return "=".join(map(quote_from_bytes, map(_as_bytes, (name, value))))


def _as_bytes(value: Value) -> bytes:
    return value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")


class Forms(HTMLParser):
    """Reads the forms of a page at *path*."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._path, self._list = path, ""

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        its = {name: value or "" for name, value in attrs}
        if tag == "form":
            to = urlsplit(its.get("action") or self._path).path
            self.found.append(Form(to, its.get("method", "get").upper(), "enctype" in its))
        elif self.found and tag in ("input", "textarea", "select", "button"):
            self._add(tag, its)
        elif self.found and tag == "option" and self._list:
            self._offer(self._list, its.get("value", ""), "selected" in its)

    def _add(self, tag: str, its: dict[str, str]) -> None:
        name, form = its.get("name", ""), self.found[-1]
        self._list = name if tag == "select" else ""
        if "formaction" in its:
            to = urlsplit(its["formaction"]).path
            self.found.insert(-1, Form(to, form.method, form.with_files, form.fields))
        if not name:
            return
        if its.get("type") == "file":
            form.fields[name] = FILE
        elif its.get("type") in ("radio", "checkbox") or tag == "button":
            self._offer(name, its.get("value", "on"), "checked" in its)
        else:
            form.fields.setdefault(name, its.get("value", ""))

    def _offer(self, name: str, value: str, is_chosen: bool) -> None:
        form = self.found[-1]
        form.offered.add(value)
        if is_chosen or not form.fields.get(name):
            form.fields[name] = value


def forms_on(page: str, path: str) -> list[Form]:
    reader = Forms(path)
    reader.feed(page)
    return reader.found
