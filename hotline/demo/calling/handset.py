"""The phone at the other end of a call: what it hears, and what is pressed and said there."""

from typing import TYPE_CHECKING

from hotline.demo.calling.happenings import Declined, Key, PickedUp, Said, Speaking
from hotline.demo.calling.heard import Heard, seconds_of_words

if TYPE_CHECKING:
    from hotline.demo.calling.leg import Leg

_KEYS = frozenset("0123456789*#")
_BETWEEN_KEYS = 0.25
_LONG = 600.0


class Handset:
    """One phone in one call. Pressing, saying and waiting let time pass for every call."""

    def __init__(self, leg: "Leg") -> None:
        self._leg = leg
        self._exchange = leg.exchange

    @property
    def sid(self) -> str:
        return self._leg.call.sid

    @property
    def phone(self) -> str:
        """The number of this phone."""
        return self._leg.phone

    @property
    def status(self) -> str:
        """The call's state in the provider's words."""
        return self._leg.call.status

    @property
    def is_over(self) -> bool:
        return self._leg.is_over

    @property
    def is_ringing(self) -> bool:
        """Tell whether we call this phone, and nobody has picked up yet."""
        call = self._leg.call
        return call.status == "ringing" and call.direction != "inbound"

    @property
    def second(self) -> float:
        """Seconds since the call began."""
        return self._leg.second

    @property
    def hears(self) -> list[Heard]:
        """Everything that was heard so far, and what is being said now."""
        return list(self._leg.heard)

    def heard_by(self, second: float) -> list[Heard]:
        """Return what was heard to its end by that second of the call."""
        return [
            heard for heard in self._leg.heard if heard.to_second <= second and not heard.is_cut
        ]

    @property
    def listens(self) -> str:
        """What the line waits for now (compare `Leg`); a queue also where its documents wait for a key."""
        return "queue" if self._leg.is_queued else self._leg.listens

    @property
    def language(self) -> str:
        """The language in which words are recognized now, or nothing."""
        return self._leg.language

    @property
    def recorded_seconds(self) -> float | None:
        """How long the recording is that is being made; None where none is."""
        since = self._leg.recorded_since
        return None if since is None else self._exchange.now - since

    @property
    def is_speaking(self) -> bool:
        return self._exchange.now < self._leg.speaks_until

    @property
    def document(self) -> str:
        """The last document."""
        return self._leg.documents[-1] if self._leg.documents else ""

    @property
    def documents(self) -> list[str]:
        return list(self._leg.documents)

    @property
    def line(self) -> str:
        """Our number."""
        call = self._leg.call
        return call.to if call.direction == "inbound" else call.sender

    @property
    def was_picked_up(self) -> bool:
        return self._leg.answered is not None

    @property
    def caller_shown(self) -> str:
        """Which number a phone shows that is called."""
        return self._leg.call.sender

    def presses(self, keys: str) -> None:
        """Press *keys* one after the other, quickly."""
        for number, key in enumerate(keys):
            if key not in _KEYS:
                raise ValueError("there is no such key")
            if number:
                self.waits(_BETWEEN_KEYS)
            if not self.is_over:
                self._leg.keys.append(key)
                self._exchange.does(self._leg, Key())

    def holds(self, key: str, times: int = 20) -> None:
        """Hold a key down, on a phone that repeats it."""
        self.presses(key * times)

    def says(self, words: str, *, confidence: float = 0.9, locale: str = "") -> None:
        """Say something, and be silent until the line has taken it; *locale* is the language that it is in."""
        self.speaks(seconds_of_words(words), words=words, confidence=confidence, locale=locale)
        self._is_silent_until_understood()

    def makes_noise(self, seconds: float = 2.0) -> None:
        """Be heard without a word."""
        self.speaks(seconds)
        self._is_silent_until_understood()

    def speaks(
        self,
        seconds: float,
        *,
        words: str = "",
        confidence: float = 0.9,
        locale: str = "",
        content: bytes = b"",
    ) -> None:
        """Speak for *seconds*; *content* is the sound of it."""
        self._leg.speaks_until = self._exchange.now + seconds
        partner = self._leg.partner
        if partner is not None and words:
            partner.hears(seconds, words=words, locale=locale, by="person")
        self._exchange.does(self._leg, Speaking(seconds, content))
        self.waits(seconds)
        self._exchange.does(self._leg, Said(words, confidence if words else 0.0, locale))

    def waits(self, seconds: float) -> None:
        """Be silent for *seconds*."""
        self._exchange.waits(seconds)

    def listens_until(self, second: float) -> None:
        """Be silent until that second of the call."""
        self.waits(max(second - self.second, 0))

    def hears_out(self) -> list[Heard]:
        """Be silent until the line waits for something or has hung up, and return what was heard meanwhile."""
        before, end = len(self._leg.heard), self._exchange.now + _LONG
        while not (self.is_over or self.listens) and self._exchange.now < end:
            self.waits(self._next())
        return self._leg.heard[before:]

    def picks_up(self, *, is_machine: bool = False) -> None:
        """Take a call that rings."""
        self._exchange.does(self._leg, PickedUp(is_machine))

    def declines(self) -> None:
        """Push a call away that rings."""
        self._exchange.does(self._leg, Declined())

    def hangs_up(self) -> None:
        """End the call from this side; one that still rings out was not made."""
        status = "canceled" if self._leg.answered is None else "completed"
        self._exchange.ends(self.sid, status)

    def drops(self) -> None:
        """Lose the connection: for the provider that is an end like any other."""
        self.hangs_up()

    def _next(self) -> float:
        due = self._leg.due
        return 0.1 if due is None else max(due - self._exchange.now, 0.01)

    def _is_silent_until_understood(self) -> None:
        document, end = len(self._leg.documents), self._exchange.now + 10
        while (
            not self.is_over
            and self.listens in ("keys", "words", "record")
            and document == len(self._leg.documents)
            and self._exchange.now < end
        ):
            self.waits(0.5)

    def __repr__(self) -> str:
        return f"<Handset {self.status}>"
