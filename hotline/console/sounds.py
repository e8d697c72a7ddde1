"""Which files of a message can be heard where they are, and what a player is told that it gets."""

_WAV = "audio/wav"
_KINDS = frozenset(
    {"audio/aac", "audio/amr", "audio/mp4", "audio/mpeg", "audio/ogg", "audio/webm", _WAV}
)


def can_be_heard(kind: str) -> bool:
    """Tell whether a file that came as *kind* can be played; any other is only handed out."""
    return played_as(kind) in _KINDS


def played_as(kind: str) -> str:
    """Return the media type by which browsers know *kind*."""
    plain = kind.partition(";")[0].strip().lower()
    return _WAV if plain in ("audio/x-wav", "audio/wave", "audio/vnd.wave") else plain
