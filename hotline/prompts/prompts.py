"""The prompts of this house: their words, and what a caller hears of them."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from hotline.i18n import SOURCE, VOICE, Languages
from hotline.prompts import pace, recordings, standins, voices
from hotline.prompts.pace import Spoken
from hotline.prompts.recordings import Recording
from hotline.prompts.voices import Voice
from hotline.store import Store

_FRESH = 15.0
"""Seconds for which approved recordings are not looked up again; where one is approved it is heard at once."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A file that is played; *digest* names it, *is_synthetic* says that a machine spoke it."""

    digest: str
    seconds: float
    is_synthetic: bool


class Prompts:
    """Every sentence that a call may say, and how it is heard in each language.

    Without a *store* there are no recordings of one's own: what everybody gets who installs this.
    """

    def __init__(
        self,
        languages: Languages,
        store: Store | None = None,
        folder: Path = standins.FOLDER,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._languages = languages
        self._store = store
        self._clock = clock
        self._stand_ins = standins.stand_ins(folder)
        self._known: tuple[float, Mapping[tuple[str, str], Recording]] | None = None

    @classmethod
    def of(cls, languages: Languages, store: Store) -> "Prompts":
        return cls(languages, store)

    @property
    def names(self) -> tuple[str, ...]:
        """Every prompt, by its name."""
        return _names(self._languages)

    @property
    def offered(self) -> tuple[str, ...]:
        """Languages in which a call can be led whole: all words are there, and all of them can be heard."""
        return tuple(locale for locale in self._languages.complete(VOICE) if self.is_heard(locale))

    def is_heard(self, locale: str) -> bool:
        """Tell whether every prompt has a voice or a sound in *locale*."""
        return self.voice(locale) is not None or all(
            self.sound(name, locale) for name in self.names
        )

    def words(self, name: str, locale: str) -> str:
        """Return the sentence *name* in *locale*; of a language that is not complete, in the source language."""
        return _words(self._languages, name, locale)

    def words_digest(self, name: str, locale: str) -> str:
        """Return what tells this sentence from what it was before, or will be."""
        return _words_digest(self._languages, name, locale)

    def voice(self, locale: str) -> Voice | None:
        """Return the voice that speaks where there is no sound."""
        return voices.tongue(locale).voice

    def speech(self, locale: str) -> str:
        """Return the language in which speech is understood, as the provider names it; empty for none."""
        return voices.tongue(locale).speech

    def sound(self, name: str, locale: str) -> Sound | None:
        """Return the file that is played for the prompt; None where the voice speaks it, or nothing does."""
        own = self._recordings.get((locale, name))
        if own and own.words == self.words_digest(name, locale):
            return Sound(own.digest, own.seconds, is_synthetic=False)
        stand_in = self.stand_in(name, locale)
        if stand_in is None or self.voice(locale):
            return None
        return Sound(stand_in.digest, stand_in.seconds, is_synthetic=True)

    def stand_in(self, name: str, locale: str) -> standins.StandIn | None:
        """Return what a machine made of today's words, whether it is heard or not."""
        kept = self._stand_ins.get((locale, name))
        return kept if kept and kept.words == self.words_digest(name, locale) else None

    def content(self, digest: str) -> tuple[str, bytes] | None:
        """Return the kind and the bytes of the sound *digest*, or None for one that callers do not hear."""
        path = self._files.get(digest)
        if path:
            return standins.KIND, path.read_bytes()
        if self._store is None:
            return None
        with self._store.read() as session:
            return recordings.content(session, digest)

    def seconds(self, line: Spoken) -> float:
        """Return how long *line* takes at most, its pause included."""
        digits = [f"digit_{digit}" for digit in line.digits if digit.isdecimal()]
        letters = voices.tongue(line.locale).letters
        said = [*([line.prompt] if line.prompt else []), *digits]
        prompts = sum(self._seconds(name, line.locale, letters) for name in said)
        between = pace.BETWEEN_DIGITS * max(len(digits) - 1, 0)
        return prompts + between + pace.seconds_of(line.words, letters) + line.pause

    def forget(self) -> None:
        """Look the recordings up again: one was approved or taken back."""
        self._known = None

    def _seconds(self, name: str, locale: str, letters: float) -> float:
        sound = self.sound(name, locale)
        return sound.seconds if sound else pace.seconds_of(self.words(name, locale), letters)

    @property
    def _recordings(self) -> Mapping[tuple[str, str], Recording]:
        if self._store is None:
            return {}
        known, now = self._known, self._clock()
        if known is None or now - known[0] > _FRESH:
            with self._store.read() as session:
                approved = recordings.recordings(session, state=recordings.APPROVED)
            known = self._known = now, {(one.locale, one.prompt): one for one in approved}
        return known[1]

    @cached_property
    def _files(self) -> Mapping[str, Path]:
        return {kept.digest: kept.path for kept in self._stand_ins.values()}


@lru_cache(maxsize=32)
def _names(languages: Languages) -> tuple[str, ...]:
    environment = languages.environment(SOURCE, VOICE)
    found = environment.list_templates(filter_func=lambda name: name.startswith("voice/"))
    return tuple(name.removeprefix("voice/").removesuffix(".txt") for name in found)


@lru_cache(maxsize=8192)
def _words(languages: Languages, name: str, locale: str) -> str:
    is_whole = locale in languages.whole(VOICE)
    return languages.render(f"voice/{name}.txt", locale if is_whole else SOURCE, VOICE).strip()


@lru_cache(maxsize=8192)
def _words_digest(languages: Languages, name: str, locale: str) -> str:
    return standins.digest_of(_words(languages, name, locale))
