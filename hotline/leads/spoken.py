"""Which languages the words of a lead name: a summary that says so tells it as a field would. Pure.

Names are CLDR's, in the language of the words; only languages that somebody may well write to us in are looked for,
because the names of the others are everyday words somewhere.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from babel import Locale, UnknownLocaleError

from hotline.leads.drafts import Disclosure
from hotline.lexicon import available_languages

# Names of four letters and less are words of something else too often.
_SHORTEST = 5
# Adjectives of these languages end otherwise beside a noun of another gender or case.
_INFLECTED = frozenset({"be", "bg", "cs", "hr", "mk", "pl", "ru", "sk", "sl", "sr", "uk"})
_ENDING = 3


def named_in(told: Disclosure) -> frozenset[str]:
    """Return the codes of the languages that the words of *told* name."""
    texts = [(told.language, told.summary), (told.language, told.headline)]
    texts += list(told.translations.items())
    return frozenset(code for language, text in texts for code in named(text, language))


def named(text: str, language: str) -> frozenset[str]:
    """Return the codes of the languages that *text*, in *language* (BCP 47), names."""
    names = _names(language)
    words = " ".join(re.findall(r"\w+", text.casefold()))
    if not names or not words:
        return frozenset()
    found = _pattern(language).findall(words)
    return frozenset(names[name] for name in found)


@lru_cache(maxsize=128)
def _names(language: str) -> Mapping[str, str]:
    """Return the codes of languages by how their names begin, in *language*."""
    try:
        names = Locale.parse(language, sep="-").languages
    except (UnknownLocaleError, ValueError, TypeError):
        return {}
    cut = _ENDING if language.split("-")[0] in _INFLECTED else 0
    found = {}
    for code in sorted({code.split("-")[0] for code in available_languages()}):
        name = str(names.get(code, "")).casefold()
        if (name.isascii() and len(name) < _SHORTEST) or not name.isalpha():
            continue
        found[name[:-cut] if cut and len(name) > _SHORTEST + cut else name] = code
    return found


@lru_cache(maxsize=128)
def _pattern(language: str) -> re.Pattern[str]:
    names = sorted(_names(language), key=len, reverse=True)
    ending = r"\w{0,4}" if language.split("-")[0] in _INFLECTED else r"s?"
    return re.compile(rf"\b({'|'.join(map(re.escape, names))}){ending}\b")
