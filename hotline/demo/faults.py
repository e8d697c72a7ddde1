"""What the loopback provider can do wrong, and which numbers make it do so; read from ``faults.toml``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Refusal:
    """A request that is not done: the answer's HTTP status, the provider's code and its words."""

    code: int
    status: int
    message: str

    def about(self, *, to: str = "", sender: str = "") -> str:
        """Return the provider's words; they quote numbers, as the real ones do."""
        return self.message.replace("{to}", to).replace("{from}", sender)


@dataclass(frozen=True, slots=True)
class Fate:
    """The end of a text that was taken and does not arrive."""

    code: int
    status: str
    message: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number that makes *word* happen at *place*."""

    number: str
    place: str
    word: str


@dataclass(frozen=True, slots=True)
class Faults:
    """All that can go wrong. *places* maps each place to its words, codes among them."""

    places: Mapping[str, tuple[str, ...]]
    refusals: Mapping[int, Refusal]
    fates: Mapping[int, Fate]
    numbers: tuple[Number, ...]
    senders: Mapping[str, int]

    def by_number(self, place: str, address: str) -> str:
        """Return the word that *address* chooses at *place*, or nothing."""
        bare = address.removeprefix("whatsapp:")
        return next((n.word for n in self.numbers if n.number == bare and n.place == place), "")


@cache
def faults() -> Faults:
    """Return what ``faults.toml`` says."""
    read = tomllib.loads((files("hotline.demo") / "faults.toml").read_text("utf-8"))
    refusals = {row["code"]: Refusal(**row) for row in read["refusal"]}
    fates = {row["code"]: Fate(**row) for row in read["fate"]}
    places = {place: tuple(words) for place, words in read["places"].items()}
    places["requests"] += tuple(map(str, refusals))
    places["courses"] += tuple(map(str, fates))
    numbers = tuple(Number(**row) for row in read["number"])
    senders = {row["number"]: row["code"] for row in read["sender"]}
    return Faults(places, refusals, fates, numbers, senders)
