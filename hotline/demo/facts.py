"""What ``var/demo.json`` says: who can sign in and read the feeds, which services say their room, and what signatures
are made over."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import cast

from flask import current_app

from hotline.errors import Misconfigured
from hotline.vault.keyfiles import write_private

NAME = "demo.json"


@dataclass(frozen=True, slots=True, repr=False)
class Facts:
    """The demo's own secrets. They guard nothing but made-up people; the file is private all the same."""

    url: str
    twilio: dict[str, str]
    staff: list[dict[str, str]]
    feeds: list[dict[str, str]]
    capacity: list[dict[str, str]] = field(default_factory=list)

    @classmethod
    def read(cls, var: Path) -> "Facts | None":
        """Return the facts of the demo in *var*, or None when there is none yet.

        Raises:
            Misconfigured: the file is there and is not what we wrote.
        """
        try:
            return cls(**json.loads((var / NAME).read_text("utf-8")))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError):
            raise Misconfigured(f"{NAME} cannot be read") from None

    def write(self, var: Path) -> None:
        content = json.dumps(asdict(self), ensure_ascii=False, indent=1)
        write_private(var / NAME, (content + "\n").encode())

    def at(self, url: str) -> "Facts":
        """Return the same facts for another address, when the port has changed."""
        feeds = [{**feed, "taxii": f"{url}/taxii2/"} for feed in self.feeds]
        links = [{**one, "url": one["url"].replace(self.url, url, 1)} for one in self.capacity]
        return Facts(url, self.twilio, self.staff, feeds, links)


def facts() -> Facts:
    """Return the facts of the demo that serves this request."""
    return cast(Facts, current_app.extensions["demo"])
