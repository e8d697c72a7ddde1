"""Somebody at a browser without scripts, who keeps cookies and fills in the forms that pages show."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import requests

from hotline.errors import NotFound, Refused

_PATIENCE = 30

File = tuple[str, str, bytes]
"""Name, media type, content."""


class Unanswered(Refused):
    default_message = "the house of the drill did not answer as it should"


@dataclass
class Form:
    """One form of a page: what it sends by itself, and between what its fields let choose."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)


class Browser:
    def __init__(self, url: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.session.trust_env = False

    def get(self, path: str, **headers: str) -> str:
        return _whole(path, self.session.get(self.url + path, headers=headers, timeout=_PATIENCE))

    def post(
        self,
        path: str,
        form: Mapping[str, Any],
        *,
        files: Sequence[File] = (),
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """Send *form*, and *files* in its field ``files``; a value that is a list is sent as often as it has members.

        Raises:
            Unanswered: it was refused.
        """
        attached = [("files", (name, content, kind)) for name, kind, content in files]
        return _whole(
            path,
            self.session.post(
                self.url + path, form, files=attached or None, headers=headers, timeout=_PATIENCE
            ),
        )

    def tries(self, method: str, path: str, **more: Any) -> str:
        """Ask for what may be refused, and return what comes back, whatever it is."""
        return self.session.request(method, self.url + path, timeout=_PATIENCE, **more).text

    def submit(self, path: str, action: str, **values: object) -> str:
        """Open *path*, fill in the form whose address ends with *action*, and send it.

        Raises:
            NotFound: the page has no such form.
            Unanswered: it was refused.
        """
        return self.fill_in(self.get(path), action, **values)

    def fill_in(self, page: str, action: str, **values: object) -> str:
        """Fill in a form of a *page* that is open, and send it, as `submit` does."""
        form = form_of(page, action)
        return self.post(form.action, {**form.fields, **values})

    def cookie(self, *names: str) -> str:
        """Return the first cookie of one of *names*; empty when there is none."""
        return next((c.value or "" for c in self.session.cookies if c.name in names), "")


def _whole(path: str, response: requests.Response) -> str:
    if response.status_code >= 400:
        where = "/".join(part for part in path.partition("?")[0].split("/") if len(part) < 32)
        raise Unanswered(f"the house of the drill answered {response.status_code} to {where}")
    return response.text


def links(page: str, under: str) -> set[str]:
    """Return the paths that *page* points to below *under*."""
    reader = _Reader()
    reader.feed(page)
    return {link.partition("#")[0] for link in reader.links if link.startswith(under)}


def form_of(page: str, action: str) -> Form:
    """Return the first form of *page* whose address ends with *action*.

    Raises:
        NotFound: there is none.
    """
    found = next((form for form in forms(page) if form.action.endswith(action)), None)
    if found is None:
        raise NotFound(f"there is no form {action} where it was looked for")
    return found


def forms(page: str) -> list[Form]:
    reader = _Reader()
    reader.feed(page)
    return reader.forms


class _Reader(HTMLParser):
    """Reads the forms and links of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._inside = False
        self._choosing = ""

    def handle_starttag(self, tag: str, attrs: Iterable[tuple[str, str | None]]) -> None:
        had = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.links.append(had.get("href", ""))
        elif tag == "form":
            self.forms.append(Form(had.get("action", "").partition("#")[0]))
            self._inside = True
        elif self._inside:
            self._field(tag, had)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._choosing = ""

    def _field(self, tag: str, had: dict[str, str]) -> None:
        form, name = self.forms[-1], had.get("name", "")
        if tag == "select":
            self._choosing = name
        elif tag == "option" and self._choosing:
            form.choices.setdefault(self._choosing, []).append(had.get("value", ""))
            form.fields.setdefault(self._choosing, [had.get("value", "")])
            if "selected" in had:
                form.fields[self._choosing] = [had.get("value", "")]
        elif tag == "input" and name:
            self._input(form, name, had)
        elif tag == "button" and name:
            form.choices.setdefault(name, []).append(had.get("value", ""))

    @staticmethod
    def _input(form: Form, name: str, had: dict[str, str]) -> None:
        kind = had.get("type", "text")
        if kind in ("radio", "checkbox"):
            form.choices.setdefault(name, []).append(had.get("value", "on"))
            if "checked" in had:
                form.fields.setdefault(name, []).append(had.get("value", "on"))
        elif kind not in ("submit", "button", "file", "image"):
            form.fields.setdefault(name, []).append(had.get("value", ""))
