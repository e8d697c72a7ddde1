"""What the account agreed on with the loopback provider: who answers STOP, where texts may go, where webhooks are."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

STOP, START, HELP = "STOP", "START", "HELP"
ADVANCED, DEFAULT, OFF = "advanced", "default", "off"


@dataclass(frozen=True, slots=True)
class Keyword:
    """Words that the provider takes for itself, and what it answers; an empty answer is silence."""

    words: frozenset[str]
    answer: str


@dataclass(frozen=True, slots=True)
class Door:
    """Where webhooks of a line go, and where when that fails; each may end in ``#rc=…&rp=…``."""

    url: str
    fallback: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """Where calls to a line go (*door*), and who is told when they are over."""

    door: Door
    status_callback: str = ""


@cache
def usual_keywords() -> Mapping[str, Keyword]:
    """Return the provider's own keywords."""
    read = _read()
    return {
        kind: Keyword(frozenset(read[kind.lower()]["words"]), read[kind.lower()]["answer"])
        for kind in (STOP, START, HELP)
    }


@cache
def neutral_template() -> str:
    return str(_read()["template"])


def _read() -> dict[str, Any]:
    return tomllib.loads((files("hotline.demo") / "words.toml").read_text("utf-8"))


@dataclass
class Terms:
    """How the account behaves.

    *opting* says who minds STOP, START and HELP on SMS: ``default`` (the provider answers them itself),
    ``advanced`` (it does, in the account's words, and says so in the webhook) or ``off``. *blocked* are
    countries (ISO 3166) that no SMS goes to. *service* is the Messaging Service that webhooks name.
    *templates* maps approved WhatsApp templates to their texts; any other shows a neutral one.
    """

    opting: str = ADVANCED
    keywords: dict[str, Keyword] = field(default_factory=lambda: dict(usual_keywords()))
    blocked: set[str] = field(default_factory=set)
    service: str = ""
    media_origin: str = "https://api.twilio.com"
    templates: dict[str, str] = field(default_factory=dict)
    price: float = 0.0079

    def heard(self, body: str) -> str:
        """Return which keyword *body* is, if it is one."""
        word = body.strip().upper()
        if self.opting == OFF:
            return ""
        return next((kind for kind, known in self.keywords.items() if word in known.words), "")

    def answer(self, kind: str) -> str:
        return self.keywords[kind].answer

    def template(self, content_sid: str) -> str:
        return self.templates.get(content_sid) or neutral_template()
