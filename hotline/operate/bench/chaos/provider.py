"""The loopback provider as the driver steers it from another process: weather, phones, and what it still holds."""

import json
import random
import time
from base64 import b64encode
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode

from hotline.config import TwilioSettings
from hotline.demo.faults import faults
from hotline.errors import Unavailable

_PATIENCE = 180.0
_SLOW = frozenset({"hangs"})
_SELDOM = 0.002
"""How often something takes as long as we are willing to wait: each such wait holds up a whole worker."""


@dataclass(frozen=True, slots=True)
class Bubble:
    """What a phone shows; *is_mine* is what its owner typed."""

    text: str
    is_mine: bool


@dataclass(frozen=True)
class Provider:
    """The provider on *port*."""

    port: int

    def wakes(self) -> None:
        """Wait until it answers."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                self._asks("GET", "/weather")
                return
            except Unavailable:
                time.sleep(0.05)
        raise Unavailable("the provider did not start")

    def storms(self, chance: random.Random, *, share: float, hurry: float) -> None:
        """Let every fault that there is happen at random from now on, to *share* of what could go wrong.

        *hurry* shortens the provider's own waits.
        """
        self._asks(
            "POST",
            "/weather",
            {
                "pace": 0.2 * hurry,
                "hang": 11.0,
                "lateness": 3.0 * hurry,
                "rates": rates(share),
                "seed": chance.randrange(1 << 30),
            },
        )

    def clears(self) -> None:
        self._asks("POST", "/weather", {"clear": True, "pace": 0.0})

    def texts(self, sender: str, line: str, body: str, pictures: Sequence[tuple[str, str]]) -> None:
        """Let a phone text us; *pictures* are kinds and contents in base64."""
        sent = {"sender": sender, "line": line, "body": body, "pictures": list(pictures)}
        self._asks("POST", "/texts", sent)

    def shows(self, phone: str, line: str) -> list[Bubble]:
        shown = self._asks("GET", f"/bubbles?{urlencode({'phone': phone, 'line': line})}")
        return [Bubble(one["text"], one["mine"]) for one in shown]

    def switches_on(self, phone: str) -> None:
        self._asks("POST", "/phones", {"phone": phone, "on": True})

    def settles(self) -> None:
        """Wait until nothing is under way there; what was held back comes now."""
        self._asks("POST", "/settle", {})

    def holds(self) -> Mapping[str, int]:
        held: Mapping[str, int] = self._asks("GET", "/held")
        return held

    def messages(self, account: TwilioSettings | None) -> list[dict[str, Any]]:
        """Return the texts of *account* that are still there, the newest thousand of them."""
        if account is None:
            return []
        known = b64encode(f"{account.account_sid}:{account.auth_token}".encode()).decode()
        path = f"/demo/twilio/2010-04-01/Accounts/{account.account_sid}/Messages.json"
        headers = {"Authorization": f"Basic {known}"}
        listed = self._answer("GET", f"{path}?PageSize=1000", headers=headers)
        return list(listed["messages"])

    def _asks(self, method: str, path: str, sent: Mapping[str, Any] | None = None) -> Any:
        body = None if sent is None else json.dumps(sent)
        headers = {"Content-Type": "application/json"}
        return self._answer(method, f"/demo/remote{path}", headers=headers, body=body)

    def _answer(
        self, method: str, path: str, *, headers: Mapping[str, str], body: str | None = None
    ) -> Any:
        headers = {**headers, "Connection": "close"}
        try:
            with closing(HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)) as connection:
                connection.request(method, path, body, headers)
                with connection.getresponse() as response:
                    answer = response.read()
        except (OSError, HTTPException):
            raise Unavailable("the provider does not answer") from None
        if response.status != 200:
            raise Unavailable("the provider does not understand")
        return json.loads(answer)


def rates(share: float) -> dict[str, dict[str, float]]:
    """Return how probable each fault is, so that at each place *share* of what happens goes wrong."""
    every: dict[str, dict[str, float]] = {}
    for place, words in faults().places.items():
        each = share / len(words)
        every[place] = {word: min(each, _SELDOM) if word in _SLOW else each for word in words}
    return every
