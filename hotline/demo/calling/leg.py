"""One end of a call: what it carries out, what it has heard, what was pressed."""

from collections import deque
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from hotline.demo.calling.documents import Verb
from hotline.demo.calling.happenings import Ended, Happening, Parted, Redirected, Step
from hotline.demo.calling.heard import Heard
from hotline.demo.calls import INBOUND, Call
from hotline.demo.terms import Door

if TYPE_CHECKING:
    from hotline.demo.calling.exchange import Exchange

Script = Generator[float | None, Happening | None, "Step | None"]
"""Yields the moment at which it wants to be woken, or None for never; gets what happened, or None at that moment."""

SORRY = "We are sorry, an application error has occurred. Goodbye."
_MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Told:
    """Who is told how a call goes: where, and of which events."""

    url: str = ""
    events: frozenset[str] = frozenset({"completed"})


class Leg:
    """A call that is going on.

    *listens* says what the line waits for: ``""`` while it speaks, ``keys``, ``words``, ``record``,
    ``talk`` or ``ring``. *fallback* is where broken documents go, *phone* the
    number at the other end, also where it is withheld.
    """

    def __init__(
        self, call: Call, exchange: "Exchange", *, fallback: str = "", told: Told | None = None
    ) -> None:
        self.call = call
        self.exchange = exchange
        self.fallback = fallback
        self.told = told or Told()
        self.heard: list[Heard] = []
        self.keys: deque[str] = deque()
        self.documents: list[str] = []
        self.phone = call.phone
        self.listens = ""
        self.is_queued = False
        self.language = ""
        self.recorded_since: float | None = None
        self.speaks_until = 0.0
        self.url = ""
        self.began = exchange.now
        self.answered: float | None = None
        self.due: float | None = None
        self.script: Script | None = None
        self.is_over = False
        self.partner: Leg | None = None
        self.parent: Leg | None = None
        self.news = 0
        self._asked_at: tuple[float, int] = (-1.0, 0)

    @property
    def now(self) -> float:
        return self.exchange.now

    @property
    def second(self) -> float:
        """Seconds since the call began; for one that we make, since it was picked up."""
        if self.call.direction == INBOUND or self.answered is None:
            return self.now - self.began
        return self.now - self.answered

    def answers(self) -> None:
        """Be answered, if that has not happened yet."""
        if self.answered is not None:
            return
        self.answered = self.now
        self.call.status = "in-progress"
        self.exchange.tells(self, "answered")

    def hears(
        self,
        seconds: float,
        *,
        words: str = "",
        locale: str = "",
        sound: str = "",
        by: str = "line",
    ) -> Heard:
        """Note that something is heard from now on, for *seconds* (compare `Heard`)."""
        heard = Heard(self.second, self.second + seconds, words, locale, sound, by)
        self.heard.append(heard)
        return heard

    def begins(self, step: Step) -> Script:
        """Carry out the document of *step*, and whatever follows from it, until the end of the call."""
        following: Step | None = step
        while following:
            try:
                following = yield from self.carries_out(self.asks(following))
            except Redirected as redirected:
                self.parts()
                following = redirected.step
        return None

    def carries_out(self, verbs: Sequence[Verb]) -> Script:
        """Do one thing after the other; return the document that comes next, or None at the end."""
        for verb in verbs:
            following = yield from self.exchange.verbs[verb.name](self, verb)
            if following:
                return following
        return None

    def asks(self, step: Step) -> Sequence[Verb]:
        """Return the document of *step*, or an apology and the end where nobody has a readable one."""
        self._refuse_to_spin()
        self.listens = ""
        self.url = urljoin(self.url, step.url)
        door = Door(self.url, self.fallback)
        return self.exchange.fetch(self, door, step)

    def at(self, url: str, verb: Verb, **fields: str) -> Step:
        """Return the step that an ``action`` of *verb* at *url* means; no address is the document's own."""
        return Step(url or self.url, verb.asks.get("method", "POST").upper(), fields)

    def tells_last(self, step: Step) -> None:
        """Call a last webhook of a call that is over; what it answers is not done any more."""
        self.call.status = "completed"
        self.exchange.fetch(self, Door(urljoin(self.url, step.url), ""), step)

    def parts(self) -> None:
        """Leave whoever is at the other end."""
        if self.partner is not None:
            self.exchange.happens(self.partner, Parted())
        self.partner, self.listens = None, ""

    def until(self, moment: float) -> Script:
        """Wait until *moment*, whatever happens meanwhile."""
        while self.now < moment:
            yield moment
        return None

    def talks(self, is_over: Callable[[Happening], bool]) -> Script:
        """Hear the other end until *is_over*."""
        self.listens = "talk"
        while True:
            event = yield None
            self.keys.clear()
            if event is not None and is_over(event):
                self.listens = ""
                return None

    def _refuse_to_spin(self) -> None:
        """End a call whose documents lead to each other without any time passing."""
        moment, count = self._asked_at
        self._asked_at = (self.now, count + 1 if moment == self.now else 1)
        if self._asked_at[1] > _MOST_AT_ONCE:
            raise Ended("failed")

    def __repr__(self) -> str:
        return f"<Leg {self.call.status}>"
