"""Prompts for tests of the channel: Spanish by a voice, Tigrinya by sounds alone, and audio that tells its name."""

import hashlib
from dataclasses import dataclass, field

VOICES = {
    "en": ("Google.en-GB-Chirp3-HD-Aoede", "en-GB"),
    "es": ("Google.es-US-Chirp3-HD-Aoede", "es-US"),
    "zh-Hans": ("Polly.Zhiyu-Neural", "cmn-CN"),
}
HEARD = {"en": "en-US", "es": "es-MX"}
SOUNDS = frozenset({"ti", "so"})


@dataclass(frozen=True)
class Voice:
    say: str
    language: str


@dataclass(frozen=True)
class Sound:
    digest: str
    seconds: float = 1.0
    is_synthetic: bool = True


def digest_of(name, locale):
    return hashlib.sha256(f"{name} {locale}".encode()).hexdigest()


@dataclass
class FakePrompts:
    """*recorded* are prompts that an operator recorded; *fails* is raised by whatever must look into the store."""

    offered: tuple[str, ...] = (*VOICES, *sorted(SOUNDS))
    recorded: set[tuple[str, str]] = field(default_factory=set)
    fails: Exception | None = None

    def words(self, name, locale):
        return f"{name} in {locale}"

    def voice(self, locale):
        return Voice(*VOICES[locale]) if locale in VOICES else None

    def speech(self, locale):
        return HEARD.get(locale, "")

    def sound(self, name, locale):
        if self.fails:
            raise self.fails
        if (name, locale) in self.recorded:
            return Sound(digest_of(name, locale), is_synthetic=False)
        return Sound(digest_of(name, locale)) if locale in SOUNDS else None

    def content(self, digest):
        for locale in SOUNDS:
            if digest == digest_of("wait", locale):
                return ("audio/mpeg", b"audio of " + locale.encode())
        return None
