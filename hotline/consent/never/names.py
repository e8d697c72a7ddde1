"""Names of staff and organizations in a text, with care for names that are ordinary words, such as "Grace"."""

from collections.abc import Collection, Iterator
from functools import lru_cache
from urllib.parse import urlsplit

from hotline.consent.never.lists import lists
from hotline.consent.never.squeezing import Squeezed, squeeze
from hotline.lexicon import open_lexicon, phrases
from hotline.lexicon.folding import bare, fold

_SHORT = 3
_LONG = 6
_WITHOUT_SPACES = "\u2e80"
"""From here on names are written without spaces, and in so few letters that only the whole of one counts."""
_LANGUAGES = ("en", "es", "fr", "pt", "de", "it", "ro", "ar", "ru", "hi")


def of_staff(squeezed: Squeezed, text: str, names: Collection[str]) -> Iterator[tuple[int, int]]:
    """Yield where *text* names one of *names*: the whole of it, or a part, such as the first name alone."""
    for name in names:
        whole, parts = _parts(name)
        yield from _stand(squeezed, whole)
        for part, is_word in parts:
            for start, end in _stand(squeezed, part):
                if not is_word or _is_capital_inside(squeezed, text, start):
                    yield start, end


def of_organizations(
    squeezed: Squeezed, text: str, names: Collection[str]
) -> Iterator[tuple[int, int]]:
    """Yield where *text* names one of *names*, or leads to their page."""
    host = _host(text)
    for name in names:
        if "://" in name:
            own = _host(name)
            if own and (host == own or host.endswith(f".{own}")):
                yield 0, len(text)
            continue
        whole, parts = _parts(name)
        if host and len(letters := whole or "".join(part for part, _ in parts)) >= _LONG:
            yield from ((0, len(text)) for _ in range(letters in squeezed.letters))
        yield from _stand(squeezed, whole)
        for part, is_word in parts if not whole else ():
            for start, end in _stand(squeezed, part):
                if not is_word or _is_capital_inside(squeezed, text, start):
                    yield start, end


def _stand(squeezed: Squeezed, letters: str) -> Iterator[tuple[int, int]]:
    """Yield where *letters* stand as whole words, as places in *squeezed*."""
    at = squeezed.letters.find(letters) if letters else -1
    while at >= 0:
        if at in squeezed.starts and at + len(letters) in squeezed.ends:
            yield at, at + len(letters)
        at = squeezed.letters.find(letters, at + 1)


def _is_capital_inside(squeezed: Squeezed, text: str, start: int) -> bool:
    """Tell whether the word at *start* has a capital that neither opens a sentence nor stands among capitals."""
    if start in squeezed.sentences or text.upper() == text:
        return False
    return text[squeezed.span(start, start + 1)[0]].isupper()


@lru_cache(maxsize=4096)
def _parts(name: str) -> tuple[str, tuple[tuple[str, bool], ...]]:
    """Return the letters of *name* where it has several words, and each word that may stand for it, with whether it is ordinary."""
    squeezed = squeeze(name)
    if any(char >= _WITHOUT_SPACES for char in name):
        return (squeezed.letters if len(squeezed.letters) > 1 else ""), ()
    words = [
        (word, name[slice(*span)])
        for word, span in zip(squeezed.words, squeezed.spans, strict=True)
    ]
    parts = tuple(
        (letters, len(letters) <= _SHORT or _is_word(letters, word))
        for letters, word in words
        if len(letters) > 1 and fold(word) not in phrases.everywhere("connectors")
    )
    return (squeezed.letters if len(words) > 1 else ""), parts


def _is_word(letters: str, word: str) -> bool:
    opened = filter(None, map(open_lexicon, _LANGUAGES))
    return letters in lists().words or any(each.stays(bare(fold(word))) for each in opened)


def _host(address: str) -> str:
    """Return the site that *address* leads to, without ``www``; empty where it is none."""
    if "://" not in address or any(map(str.isspace, address)):
        return ""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
