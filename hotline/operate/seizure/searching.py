"""Look for canaries in bytes, in every form that a word or a key may take there."""

import base64
import hashlib
import json
import quopri
import re
import urllib.parse
from collections.abc import Iterable, Iterator

from hotline.operate.seizure.canaries import Canaries, Canary
from hotline.operate.seizure.decoding import layers, unzipped

DEEP = 16_000_000
"""Up to so many bytes everything is decoded; in larger things the commonest packings are looked for as they are."""

_NUMBER = re.compile(r"\+1500555\d{4}")
_NEAR = 1000
_AT_ONCE = 32_000_000
_OVERLAP = 4096

_Sought = list[tuple[str, set[bytes]]]


class Search:
    """What the canaries of a run look like, found once and used for every byte.

    Most words have a part of which there are few forms, such as the stem of the run: where that is not, none of
    them is. What was looked through before, byte for byte, is not looked through again.
    """

    def __init__(self, canaries: Canaries, *, deep: int = DEEP) -> None:
        self._deep = deep
        stem = canaries.stem
        words = [canary for canary in canaries if isinstance(canary.value, str)]
        self._packed_stem = _packed(Canary("stem", stem.capitalize()))
        others = [canary for canary in words if not _is_name(canary, stem)]
        sought = [(_part(str(c.value), stem), c.label, _forms(str(c.value))) for c in words]
        self._words: dict[frozenset[bytes], _Sought] = {}
        for part, label, forms in sought:
            self._words.setdefault(part or frozenset(forms), []).append((label, forms))
        self._exact = [(c.label, exact) for c in canaries if (exact := _exact(c.value))]
        self._known: dict[bytes, set[str]] = {}
        keys = [canary for canary in canaries if isinstance(canary.value, bytes)]
        self._packed: _Sought = [(c.label, _packed(c)) for c in [*others, *keys]]
        letters = (re.escape(letter.encode()) for letter in stem)
        self._squeezed = re.compile(rb".?".join(letters), re.DOTALL)

    def found(self, content: bytes) -> set[str]:
        """Return the labels of what *content* holds, also packed."""
        digest = hashlib.sha256(content).digest()
        if digest not in self._known:
            self._known[digest] = (
                {label for piece in layers(content) for label in self._plain(piece)}
                if len(content) <= self._deep
                else self.found_raw(content)
            )
        return self._known[digest]

    def found_plain(self, content: bytes) -> set[str]:
        """Return the labels of what stands in *content* as it is."""
        return set(self._plain(content))

    def found_raw(self, content: bytes) -> set[str]:
        """Return the labels of what stands in *content* as it is, zipped, in base64, or squeezed by a database."""
        found = set()
        for start in range(0, len(content), _AT_ONCE):
            found |= self._raw(content[start : start + _AT_ONCE + _OVERLAP])
        return found

    def _raw(self, piece: bytes) -> set[str]:
        found = set(self._plain(piece))
        found |= {label for label, forms in self._packed if _any(forms, piece)}
        found |= {label for inside in unzipped(piece) for label in self._plain(inside)}
        if not found and (_any(self._packed_stem, piece) or self._squeezed.search(piece.lower())):
            found.add("some name")
        return found

    def _plain(self, piece: bytes) -> Iterator[str]:
        folded = piece.lower()
        for parts, sought in self._words.items():
            if near := _around(parts, folded):
                yield from (label for label, forms in sought if _any(forms, near))
        yield from (label for label, forms in self._exact if _any(forms, piece))


def _any(forms: Iterable[bytes], content: bytes) -> bool:
    return any(form in content for form in forms)


def _around(parts: Iterable[bytes], content: bytes) -> bytes:
    """Return what stands near *parts* wherever they are in *content*: a word of ours is shorter than that."""
    near = []
    for part in parts:
        at = content.find(part)
        while at >= 0:
            near.append(content[max(at - _NEAR, 0) : at + 2 * _NEAR])
            at = content.find(part, at + _NEAR)
    return b"\n".join(near)


def _is_name(canary: Canary, stem: str) -> bool:
    return str(canary.value).lower().startswith(stem)


def _part(word: str, stem: str) -> frozenset[bytes]:
    """Return bytes, one of which stands wherever *word* does in any of its forms; none where that saves nothing."""
    if word.lower().startswith(stem):
        return frozenset(_forms(stem))
    if _NUMBER.fullmatch(word):
        return frozenset(
            form for each in (word[2:8], f"{word[2:5]} {word[5:8]}") for form in _plainest(each)
        )
    if word.isascii() and " " in word:
        return frozenset(_plainest(max(word.lower().split(" "), key=len)))
    return frozenset()


def _plainest(word: str) -> tuple[bytes, ...]:
    return word.encode(), *_wide(word)


def _forms(word: str) -> set[bytes]:
    """Return the bytes that *word* may stand as, where capital letters of ours were made small."""
    variants = {word.lower()} if word.isascii() else _cases(word)
    variants |= {each.replace(" ", "+") for each in variants}
    if word.startswith("+"):
        variants |= {word[1:], word[2:], f"{word[2:5]} {word[5:8]} {word[8:]}"}
    forms: set[bytes] = set()
    for each in variants:
        forms |= {
            each.encode(),
            *(_wide(each) if each.isascii() else ()),
            urllib.parse.quote(each).lower().encode(),
            json.dumps(each)[1:-1].lower().encode(),
            quopri.encodestring(each.encode()).lower(),
        }
    return forms


def _exact(value: str | bytes) -> set[bytes]:
    """Return what must be looked for letter by letter: a key, and other scripts in UTF-16."""
    if isinstance(value, bytes):
        return {value}
    return set() if value.isascii() else {form for each in _cases(value) for form in _wide(each)}


def _cases(word: str) -> set[str]:
    """Return *word* in small and in capital letters, which in other scripts differ in every encoding."""
    return {word, word.lower(), word.upper()}


def _wide(word: str) -> tuple[bytes, bytes]:
    return word.encode("utf-16-le"), word.encode("utf-16-be")


def _packed(canary: Canary) -> set[bytes]:
    """Return what a canary looks like in base64, wherever it begins there, and in hexadecimal."""
    value = canary.value
    raw = {value} if isinstance(value, bytes) else {value.encode(), value.lower().encode()}
    packed = {each.hex().encode() for each in raw}
    for each in raw:
        for shift in range(3):
            run = base64.b64encode(bytes(shift) + each)
            packed.add(run[-(-shift * 8 // 6) : (shift + len(each)) * 8 // 6])
    return packed
