"""What goes wrong on purpose: by a list of words, by the number that is texted, or by chance.

A *place* is where something can go wrong, a *word* what goes wrong there; ``faults.toml`` lists both.
"""

import random
import threading
from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from hotline.demo.faults import faults
from hotline.errors import Misconfigured

Words = deque[str]
_AMOUNTS = frozenset({"pace", "hang", "lateness", "stubbornness", "tries"})
_LONGEST = 3600


@dataclass
class Weather:
    """What is to go wrong.

    Each place has a queue of words, one for each thing to come there; an empty word lets one pass. Where
    no word waits, the number decides, and where it means nothing, chance does: ``rates[place][word]`` is
    the probability of that word. *pace* is the pause, in seconds, before each further status; *hang* how
    long an answer keeps us waiting; *lateness* how late a late thing comes; *stubbornness* how often a
    deletion is put off when it is put off; *tries*, when set, how often a webhook is tried, whatever its
    address asks for.
    """

    webhooks: Words = field(default_factory=deque)
    requests: Words = field(default_factory=deque)
    courses: Words = field(default_factory=deque)
    callbacks: Words = field(default_factory=deque)
    looks: Words = field(default_factory=deque)
    erasing: Words = field(default_factory=deque)
    steps: Words = field(default_factory=deque)
    news: Words = field(default_factory=deque)
    recordings: Words = field(default_factory=deque)
    pickups: Words = field(default_factory=deque)
    hearing: Words = field(default_factory=deque)
    rates: dict[str, dict[str, float]] = field(default_factory=dict)
    pace: float = 0.4
    hang: float = 30.0
    lateness: float = 3.0
    stubbornness: int = 2
    tries: int | None = None

    def __post_init__(self) -> None:
        self._chance = random.Random()
        self._guard = threading.Lock()

    def at(self, place: str, address: str = "") -> str:
        """Return what goes wrong now at *place* with a text to or from *address*; mostly nothing."""
        queue = self.queue(place)
        with self._guard:
            if queue:
                return queue.popleft()
        return faults().by_number(place, address) or self._by_chance(place)

    def queue(self, place: str) -> Words:
        """Return the words that wait at *place*.

        Raises:
            Misconfigured: nothing can go wrong there.
        """
        if place not in faults().places:
            raise Misconfigured("nothing can go wrong there")
        words: Words = getattr(self, place)
        return words

    def expects(self, place: str, word: str, times: int = 1) -> None:
        """Let *word* happen to the next things at *place*."""
        _refuse_unknown(place, word)
        with self._guard:
            self.queue(place).extend([word] * times)

    def turns(self, rates: Mapping[str, Mapping[str, float]], *, seed: int | None = None) -> None:
        """Let things go wrong at random from now on, always in the same way with the same *seed*.

        Raises:
            Misconfigured: a place, a word or a probability is none.
        """
        for place, words in rates.items():
            for word in words:
                _refuse_unknown(place, word)
            if not _are_probabilities(words.values()):
                raise Misconfigured("the probabilities of a place lie between 0 and 1 together")
        with self._guard:
            self.rates = {place: dict(words) for place, words in rates.items()}
            self._chance = random.Random(seed)

    def becomes(self, written: Mapping[str, Any]) -> None:
        """Be as *written*: ``pace``, ``hang``, ``lateness``, ``stubbornness``, ``tries``, ``rates``, ``seed`` and words.

        ``words`` maps places to lists of words, which come after those that wait already.

        Raises:
            Misconfigured: something is written that is no weather.
        """
        _refuse_unreadable(written)
        for name in _AMOUNTS & set(written):
            setattr(self, name, written[name])
        if "rates" in written:
            self.turns(written["rates"], seed=written.get("seed"))
        for place, words in written.get("words", {}).items():
            for word in words:
                self.expects(place, word)

    def shown(self) -> dict[str, Any]:
        """Return the weather as `becomes` reads it."""
        with self._guard:
            words = {place: list(self.queue(place)) for place in faults().places}
            amounts = {name: getattr(self, name) for name in sorted(_AMOUNTS)}
            return {**amounts, "rates": self.rates, "words": words}

    def clears(self) -> None:
        """Let nothing go wrong any more, but for what numbers ask for."""
        with self._guard:
            self.rates = {}
            for place in faults().places:
                self.queue(place).clear()

    def _by_chance(self, place: str) -> str:
        words = self.rates.get(place)
        if not words:
            return ""
        with self._guard:
            drawn = self._chance.random()
        for word, probability in words.items():
            drawn -= probability
            if drawn < 0:
                return word
        return ""


def storm(probability: float) -> dict[str, dict[str, float]]:
    """Return rates with which something goes wrong everywhere with *probability*, each word as often as any."""
    return {
        place: dict.fromkeys(words, probability / len(words))
        for place, words in faults().places.items()
    }


def _are_probabilities(given: Collection[object]) -> bool:
    """Tell whether *given* are probabilities of things of which at most one happens."""
    numbers = [one for one in given if isinstance(one, int | float)]
    # A rounding error is no storm.
    return (
        len(numbers) == len(given) and all(one >= 0 for one in numbers) and sum(numbers) <= 1 + 1e-9
    )


def _refuse_unknown(place: str, word: str) -> None:
    if word and word not in faults().places.get(place, ()):
        raise Misconfigured("no such thing can go wrong there")


def _refuse_unreadable(written: Mapping[str, Any]) -> None:
    """Refuse names that are none, and amounts that are no sensible numbers."""
    amounts = [written[name] for name in _AMOUNTS & set(written) if written[name] is not None]
    are_sensible = all(isinstance(one, int | float) and 0 <= one <= _LONGEST for one in amounts)
    shapes = (written.get("rates", {}), written.get("words", {}))
    if (
        set(written) - _AMOUNTS - {"rates", "seed", "words"}
        or not are_sensible
        or not all(isinstance(shape, Mapping) for shape in shapes)
    ):
        raise Misconfigured("this is no weather")
