"""How far the sentences of a locale were read, and by whom.

``translations/REVIEW.toml`` says it of what everybody gets who installs this::

    [es]
    state = "drafted"            # or "cross-checked", or "reviewed"
    doubts = [{ sentence = "An English sentence.", why = "What may be wrong with it." }]
    readers = [{ name = "…", on = 2026-11-26, version = "…" }]

A reader is a native speaker, and signs a *version*: the very sentences on which somebody's safety hangs, each with its
translation. Once one of them changes, nobody has read that version.
"""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from hotline.errors import Misconfigured

REVIEW = "REVIEW.toml"
BACK = "back.toml"
_KEYS = frozenset({"state", "doubts", "readers"})


class State(StrEnum):
    """How far a locale was read; each state reaches those before it.

    DRAFTED: by who wrote it. CROSS_CHECKED: another reader put it back into English from its sentences alone, and
    what differed was mended. REVIEWED: a native speaker has read every sentence on which somebody's safety hangs.
    """

    DRAFTED = "drafted"
    CROSS_CHECKED = "cross-checked"
    REVIEWED = "reviewed"

    def reaches(self, least: "State") -> bool:
        states = list(State)
        return states.index(self) >= states.index(least)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why the translation of an English *sentence* may be wrong."""

    sentence: str
    why: str


@dataclass(frozen=True, slots=True)
class Reader:
    """A native speaker who has read a *version*."""

    name: str
    on: date
    version: str


@dataclass(frozen=True, slots=True)
class Review:
    """What ``REVIEW.toml`` says of a locale."""

    state: State = State.DRAFTED
    doubts: tuple[Doubt, ...] = ()
    readers: tuple[Reader, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence on which somebody's safety hangs, as it is *said* in a locale: each plural form, or nothing.

    *places* are the templates that it stands in, *comment* is what translators are told of it.
    """

    domain: str
    english: str
    said: tuple[str, ...]
    comment: str = ""
    places: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """What tells it from what it was before, or will be: 32 hexadecimal digits."""
        return _digest([self.domain, self.english, *self.said])


@dataclass(frozen=True, slots=True)
class Signatures:
    """What was signed in this house: locales with versions, and locales with the ids of sentences marked as wrong."""

    signed: frozenset[tuple[str, str]] = frozenset()
    wrong: frozenset[tuple[str, str]] = frozenset()


NOBODY = Signatures()


def read_reviews(folder: Path) -> Mapping[str, Review]:
    """Return what ``REVIEW.toml`` in *folder* says of each locale that it names; a folder without one says nothing.

    Raises:
        Misconfigured: it cannot be understood, with where.
    """
    path = folder / REVIEW
    if not path.exists():
        return {}
    return {locale: _review(locale, its) for locale, its in _toml(path).items()}


def read_back(folder: Path, locale: str) -> Mapping[str, str]:
    """Return what another reader understood, in English, by the translated sentence; empty where nobody has.

    Raises:
        Misconfigured: it cannot be understood, with where.
    """
    path = folder / locale.replace("-", "_") / BACK
    if not path.exists():
        return {}
    return {sentence: back for sentence, back in _toml(path).items() if isinstance(back, str)}


def version_of(sentences: Iterable[Sentence]) -> str:
    """Return what a signature names, 32 hexadecimal digits; empty where there is nothing to sign, or a gap in it."""
    read = list(sentences)
    if not read or not all(one.said for one in read):
        return ""
    return _digest(sorted(one.id for one in read))


def state_of(
    review: Review, sentences: Iterable[Sentence], locale: str, signatures: Signatures
) -> State:
    """Return how far *sentences* of *locale* were read, as they stand now.

    Signatures of other versions count no more, and none does while one of the sentences is marked as wrong.
    """
    unsigned = State.CROSS_CHECKED if review.state is State.REVIEWED else review.state
    versions = {one.version for one in review.readers if review.state is State.REVIEWED}
    versions |= {version for signed, version in signatures.signed if signed == locale}
    if not versions:
        return unsigned
    read = list(sentences)
    is_wrong = any((locale, one.id) in signatures.wrong for one in read)
    return State.REVIEWED if version_of(read) in versions - {""} and not is_wrong else unsigned


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError):
        raise Misconfigured(f"{path.name} is no TOML") from None


def _review(locale: str, its: Any) -> Review:
    try:
        if unknown := set(its) - _KEYS:
            raise ValueError(unknown)
        return Review(
            State(its["state"]),
            tuple(Doubt(one["sentence"], one["why"]) for one in its.get("doubts", ())),
            tuple(_reader(one) for one in its.get("readers", ())),
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        raise Misconfigured(f"{REVIEW} says something of {locale} that is no review") from None


def _reader(its: Mapping[str, Any]) -> Reader:
    if not isinstance(its["on"], date):
        raise TypeError
    return Reader(str(its["name"]), its["on"], str(its["version"]))


def _digest(parts: Iterable[str]) -> str:
    whole = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:32]
