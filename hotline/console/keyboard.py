"""Single keys of the desk: whether they are on, and which key each act has. Kept in someone's own browser.

What stands in the cookie: ``on`` or ``off``, and behind a colon, as a form writes it, the acts whose key is another
than ours: ``on:c=x&n=%D9%85``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from hotline.errors import Malformed

ACTS = ("j", "k", "c", "g", "s", "n", "r", "u", "/")
"""Each act by the key that it has at first."""

FIXED = frozenset("?123456")
"""Keys whose act always stays on them."""


class KeyTaken(Malformed):
    default_message = "each act needs one key of its own"


@dataclass(frozen=True, slots=True)
class Keyboard:
    """*changed* says, by the key that an act has at first, which it has now."""

    is_off: bool = False
    changed: Mapping[str, str] = field(default_factory=dict)

    def key(self, act: str) -> str:
        """Return the key of an act now."""
        return self.changed.get(act, act)

    def to_cookie(self) -> str:
        word = "off" if self.is_off else "on"
        return f"{word}:{urlencode(self.changed)}" if self.changed else word

    @classmethod
    def from_cookie(cls, kept: str) -> "Keyboard":
        """Read what `to_cookie` wrote; what cannot be read, somebody's own making, is left out."""
        word, _, acts = kept.partition(":")
        changed = {act: key for act, key in parse_qsl(acts[:400]) if act in ACTS and _is_key(key)}
        try:
            return cls.of({act: changed.get(act, act) for act in ACTS}, is_off=word == "off")
        except KeyTaken:
            return cls(word == "off")

    @classmethod
    def of(cls, keys: Mapping[str, str], *, is_off: bool) -> "Keyboard":
        """Return the keyboard on which each act has the key of its name in *keys*; an empty one is ours.

        Raises:
            KeyTaken: two acts share a key, or one is no single letter, figure or sign.
        """
        now = {act: keys.get(act, "").strip().lower() or act for act in ACTS}
        if len({*now.values()} | FIXED) < len(now) + len(FIXED) or not all(
            map(_is_key, now.values())
        ):
            raise KeyTaken
        return cls(is_off, {act: key for act, key in now.items() if key != act})


def _is_key(key: str) -> bool:
    return len(key) == 1 and key.isprintable() and not key.isspace()
