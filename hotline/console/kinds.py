"""Which files of a message can be shown where they are, how, and what a browser is told that it gets."""

from enum import StrEnum
from pathlib import PurePath

from hotline.vault.opening_files import OpenFile

_WAV = "audio/wav"
_SOUNDS = frozenset(
    {
        "audio/aac", "audio/amr", "audio/flac", "audio/mp4", "audio/mpeg", "audio/ogg", "audio/webm", _WAV,
    }
)  # fmt: skip
_PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})
_FILMS = frozenset({"video/mp4", "video/ogg", "video/webm"})
_WORDS = frozenset({"text/plain"})


class Way(StrEnum):
    """How a file is shown: *words* are part of the page, *saved* is what no browser shows safely by itself."""

    PICTURE = "picture"
    SOUND = "sound"
    FILM = "film"
    WORDS = "words"
    SAVED = "saved"

    @property
    def is_fetched(self) -> bool:
        """Tell whether the page fetches it by an address of its own."""
        return self in (Way.PICTURE, Way.SOUND, Way.FILM)


def way_of(kind: str) -> Way:
    """Return how a clean copy of *kind* is shown."""
    plain = played_as(kind)
    shown = {Way.PICTURE: _PICTURES, Way.SOUND: _SOUNDS, Way.FILM: _FILMS, Way.WORDS: _WORDS}
    return next((way for way, kinds in shown.items() if plain in kinds), Way.SAVED)


def can_be_heard(kind: str) -> bool:
    """Tell whether a file that came as *kind* can be played; any other is only handed out, or shown by its copy."""
    return way_of(kind) is Way.SOUND


def played_as(kind: str) -> str:
    """Return the media type by which browsers know *kind*."""
    plain = kind.partition(";")[0].strip().lower()
    return _WAV if plain in ("audio/x-wav", "audio/wave", "audio/vnd.wave") else plain


def may_be_fetched(file: OpenFile) -> bool:
    """Tell whether a page may show *file*: a clean copy, or sound; a stranger's picture or film never as it came."""
    way = way_of(file.head.kind)
    return way is Way.SOUND or (bool(file.head.copy_of) and way.is_fetched)


def saved_as(file: OpenFile) -> str:
    """Return the name under which a browser keeps a file: its number, and for a copy of ours the ending by which it opens."""
    suffix = PurePath(file.head.name).suffix if file.head.copy_of else ""
    return f"{file.head.number}{suffix}"
