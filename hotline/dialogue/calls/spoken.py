"""A spoken yes, no or digit, as the key that means it."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from hotline.dialogue.picking import lone_key
from hotline.dialogue.tongues import fold


def key_of(speech: str, locale: str, codes: Sequence[str]) -> str:
    """Return the key that *speech* says in *locale*, where the keys of the question mean *codes*; else nothing."""
    key = lone_key(speech)
    if key and key.isdigit():
        return key
    word = fold(speech)
    for code, words in _words().get(locale, {}).items():
        if code in codes and word in words:
            return str(codes.index(code) + 1)
    return ""


@cache
def _words() -> Mapping[str, Mapping[str, frozenset[str]]]:
    content = tomllib.loads((files(__package__) / "spoken.toml").read_text("utf-8"))
    return {
        locale: {code: frozenset(map(fold, words)) for code, words in said.items()}
        for locale, said in content.items()
    }
