"""Texts as a provider brings them: each again and again until it is answered; what was answered must be kept, once."""

import threading
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import count
from urllib.parse import parse_qs

from sqlalchemy import func, select

from hotline.errors import Unavailable
from hotline.operate.bench.load import Request
from hotline.operate.bench.rig import signed_text
from hotline.reports.tables import messages, seen
from hotline.store import Store
from hotline.vault.seen import seen_key

_PATIENCE = 15.0
"""Seconds that a provider waits for an answer."""

NO_ANSWER, KEPT, OURS = 0, 200, 500
"""After no answer, and after one that says the fault is ours (from 500 on), a provider comes again: so its webhooks are
set up. After another status than these it may never."""

_PAUSE, _LONGEST = 0.2, 240.0


@dataclass
class Texting:
    """What a provider knows that brings texts to the hotline on *port*: which were answered, and what each was."""

    port: int
    token: str
    answered: list[tuple[Request, bytes]] = field(default_factory=list)
    repeated: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    is_over: threading.Event = field(default_factory=threading.Event)
    _numbers: "count[int]" = field(default_factory=count)

    def goes_on(self, pause: float) -> None:
        """Bring one text after the other, with a *pause* between them, until it is over."""
        while not self.is_over.is_set():
            self.brings(self.text())
            self.is_over.wait(pause)

    def text(self, body: str = "") -> Request:
        """Return a text of somebody who has not texted before: *body*, or an account."""
        return signed_text(f"http://127.0.0.1:{self.port}", self.token, next(self._numbers), body)

    def brings(self, text: Request) -> None:
        """Bring *text* until it is answered.

        Raises:
            Unavailable: it never was.
        """
        self.answered.append((text, self._answer(text)))

    def brings_once(self, text: Request) -> bool:
        """Bring *text* once; tell whether it was acknowledged."""
        status, answer = self._asks(text)
        if status == KEPT:
            self.answered.append((text, answer))
        return status == KEPT

    def unfit(self) -> list[str]:
        """Return each answer after which a provider might not come again."""
        found = self.statuses.elements()
        return [str(one) for one in found if one not in (NO_ANSWER, KEPT) and one < OURS]

    def lost(self, store: Store) -> list[str]:
        """Return what was answered and is not kept."""
        with store.read() as session:
            kept = set(map(bytes, session.execute(select(seen.c.id_hash)).scalars()))
        return ["text" for (body, _), _ in self.answered if seen_key(_sid(body)) not in kept]

    def repeats(self, store: Store) -> tuple[int, int]:
        """Bring what was answered once more, each once; return how many were kept again, and how many answers were others."""
        before, others = _kept(store), 0
        for text, answer in self.answered[self.repeated :]:
            others += self._answer(text) != answer
        self.repeated = len(self.answered)
        return _kept(store) - before, others

    def _answer(self, text: Request) -> bytes:
        end = time.monotonic() + _LONGEST
        while time.monotonic() < end:
            status, answer = self._asks(text)
            if status == KEPT:
                return answer
            time.sleep(_PAUSE)
        raise Unavailable("a text was never answered")

    def _asks(self, text: Request) -> tuple[int, bytes]:
        """Bring *text* on a connection of its own; return the status of the answer, and the answer."""
        body, headers = text
        try:
            connection = HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
            with closing(connection):
                connection.request("POST", "/twilio/sms", body, headers)
                with connection.getresponse() as response:
                    status, answer = response.status, response.read()
        except (OSError, HTTPException):
            status, answer = NO_ANSWER, b""
        self.statuses[status] += 1
        return status, answer


def _sid(body: bytes) -> str:
    return parse_qs(body.decode())["MessageSid"][0]


def _kept(store: Store) -> int:
    with store.read() as session:
        return int(session.execute(select(func.count()).select_from(messages)).scalar_one())
