"""The prompts of this house: their words, and what a caller hears of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from hotline.i18n import SOURCE, VOICE, Languages
from hotline.prompts import pace, standins, voices
from hotline.prompts.pace import Spoken
from hotline.prompts.voices import Voice
from hotline.store import Store


@dataclass(frozen=True, slots=True)
class Sound:
    """A file that is played; *digest* names it, *is_synthetic* says that a machine spoke it."""

    digest: str
    seconds: float
    is_synthetic: bool


class Prompts:
    """Every sentence that a call may say, and how it is heard in each language."""

    def __init__(self, languages: Languages, store: Store, folder: Path = standins.FOLDER) -> None:
        self._languages = languages
        self._store = store
        self._stand_ins = standins.stand_ins(folder)

    @classmethod
    def of(cls, languages: Languages, store: Store) -> "Prompts":
        return cls(languages, store)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every prompt, by its name."""
        environment = self._languages.environment(SOURCE, VOICE)
        found = environment.list_templates(filter_func=lambda name: name.startswith("voice/"))
        return tuple(name.removeprefix("voice/").removesuffix(".txt") for name in found)

    @property
    def offered(self) -> tuple[str, ...]:
        """Languages in which a call can be led whole: all words are there, and all of them can be heard."""
        return tuple(
            locale
            for locale in self._languages.complete(VOICE)
            if self.voice(locale) or all(self.sound(name, locale) for name in self.names)
        )

    @lru_cache(maxsize=8192)  # noqa: B019 - one instance lives as long as the process.
    def words(self, name: str, locale: str) -> str:
        """Return the sentence *name* in *locale*; of a language that is not complete, in the source language."""
        is_whole = locale in self._languages.complete(VOICE)
        return self._languages.render(
            f"voice/{name}.txt", locale if is_whole else SOURCE, VOICE
        ).strip()

    def voice(self, locale: str) -> Voice | None:
        return voices.tongue(locale).voice

    def speech(self, locale: str) -> str:
        """Return the language in which speech is understood, as the provider names it; empty for none."""
        return voices.tongue(locale).speech

    def sound(self, name: str, locale: str) -> Sound | None:
        """Return the file that is played for the prompt; None where the voice speaks it, or nothing does."""
        if self.voice(locale):
            return None
        kept = self._stand_ins.get((locale, name))
        if kept is None or kept.words != standins.digest_of(self.words(name, locale)):
            return None
        return Sound(kept.digest, kept.seconds, is_synthetic=True)

    def content(self, digest: str) -> tuple[str, bytes] | None:
        """Return the kind and the bytes of the sound *digest*, or None for one that is not played."""
        path = self._files.get(digest)
        return (standins.KIND, path.read_bytes()) if path else None

    @cached_property
    def _files(self) -> Mapping[str, Path]:
        return {kept.digest: kept.path for kept in self._stand_ins.values()}

    def seconds(self, line: Spoken) -> float:
        """Return how long *line* takes at most, its pause included."""
        said = [line.prompt] if line.prompt else []
        said += [f"digit_{digit}" for digit in line.digits if digit.isdecimal()]
        letters = voices.tongue(line.locale).letters
        prompts = sum(self._seconds(name, line.locale, letters) for name in said)
        return prompts + pace.seconds_of(line.words, letters) + line.pause

    def _seconds(self, name: str, locale: str, letters: float) -> float:
        sound = self.sound(name, locale)
        return sound.seconds if sound else pace.seconds_of(self.words(name, locale), letters)
