"""Whether two words may be one name, though they are written by other rules, or in other letters. Pure.

Names of people and places are written in many ways: Ramón and Ramon, Mohammed and محمد, Ivan and Иван. What letters
sound like is read from their names in Unicode (ARABIC LETTER MEEM begins with an m), so no table has to know a script.
"""

import re
import unicodedata
from functools import lru_cache

from hotline.lexicon.folding import bare, fold

LEAST = 3
"""Consonants that two names must share, all of them and in this order."""

_SPELLED = ("CYRILLIC", "GREEK")
_MARKS = ("SARA", "VOWEL", "SIGN", "MARK", "VIRAMA", "TONE", "MAI", "HARD", "SOFT")
# Letters whose Unicode name does not begin with their sound.
_NAMED = {
    "em": "m", "en": "n", "er": "r", "es": "s", "el": "l", "ef": "f", "ie": "e", "yeru": "y", "short i": "i",
    "ghe": "g", "ha": "h", "alpha": "a", "epsilon": "e", "eta": "i", "iota": "i", "omicron": "o", "upsilon": "y", "omega": "o",
    "yi": "i", "ukrainian ie": "e", "byelorussian-ukrainian i": "i", "beta": "v", "chi": "ch", "xi": "x", "psi": "ps",
    "theta": "th", "phi": "f", "rho": "r",
}  # fmt: skip
_ALIKE = str.maketrans(
    {"c": "k", "q": "k", "g": "k", "x": "k", "z": "s", "j": "s", "p": "b", "w": "f", "v": "f"}
)
_ARTICLE = "ال"
_PAIRS = (("sch", "s"), ("sz", "s"), ("sh", "s"), ("ch", "k"), ("kh", "h"), ("gh", "g"), ("ph", "f"), ("th", "t"), ("dh", "d"), ("bh", "b"), ("ts", "s"), ("zh", "s"), ("dj", "s"))  # fmt: skip
_SILENT = re.compile(r"[^bdfhklmnrst]")
_TWICE = re.compile(r"(.)\1+")


def plain(word: str) -> str:
    """Return *word* folded, and without accents: ``Ramón`` is ``ramon``."""
    folded = bare(fold(unicodedata.normalize("NFKC", word).casefold()))
    if not folded or not _is_latin(folded[0]):
        return folded
    apart = unicodedata.normalize("NFKD", folded)
    return "".join(_latin(char) for char in apart if not unicodedata.combining(char))


def _latin(char: str) -> str:
    """Return a Latin letter without its stroke: ``ł``, LATIN SMALL LETTER L WITH STROKE, is an l."""
    name = "" if char.isascii() else unicodedata.name(char, "")
    called = name.partition(" LETTER ")[2].partition(" WITH ")[0].split()
    return called[-1].lower() if called else char


def bones(word: str) -> set[str]:
    """Return each `skeleton` of a plain word: with its article, and without."""
    return {skeleton(word), skeleton(word.removeprefix(_ARTICLE))}


def romanized(word: str) -> str:
    """Return a folded word in Latin letters, letter by letter, where its script has vowels too; otherwise empty."""
    names = [unicodedata.name(char, "") for char in word]
    if not names or not all(name.startswith(_SPELLED) for name in names):
        return ""
    return "".join(map(_sound, word))


def skeleton(word: str) -> str:
    """Return the consonants of a plain word in any script, those that sound alike as one: ``mohammed`` is ``mhmd``."""
    sounds = _TWICE.sub(r"\1", "".join(_sound(char) for char in word))
    for pair, one in _PAIRS:
        sounds = sounds.replace(pair, one)
    return _SILENT.sub("", sounds.translate(_ALIKE)).removesuffix("h")


@lru_cache(maxsize=4096)
def _sound(char: str) -> str:
    """Return how a letter begins to sound, in Latin letters; vowels too, where its script writes them."""
    if _is_latin(char):
        return char
    name = unicodedata.name(char, "")
    if "ANUSVARA" in name:
        return "n"
    script, _, letter = name.partition(" ")
    words = [part for part in letter.split() if part not in ("SMALL", "CAPITAL", "LETTER", "FINAL", "SYLLABLE", "CHARACTER", "WITH")]  # fmt: skip
    if not words or words[0] in _MARKS:
        return ""
    called = " ".join(words).lower()
    if called in _NAMED:
        return _NAMED[called]
    if script == "HANGUL" or (script in _SPELLED and words[0] in ("YA", "YU", "SHCHA")):
        return words[0].lower()
    begins = re.match(r"[bcdfghjklmnpqrstvwxz]{1,3}|[aeiouy]", words[0].lower())
    return begins.group() if begins else ""


def _is_latin(char: str) -> bool:
    return char.isascii() or unicodedata.name(char, "").startswith("LATIN")
