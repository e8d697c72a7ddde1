"""Look for canaries in bytes, in every form that a word or a key may take there."""

import base64
import json
import quopri
import re
import urllib.parse
from collections.abc import Iterable, Iterator
from pathlib import Path

from hotline.operate.seizure.canaries import Canaries, Canary
from hotline.operate.seizure.decoding import layers, unzipped

DEEP = 16_000_000
"""Up to so many bytes everything is decoded; in larger things the commonest packings are looked for as they are."""

_AT_ONCE = 32_000_000
_OVERLAP = 4096


class Search:
    """What the canaries of a run look like, found once and used for every byte."""

    def __init__(self, canaries: Canaries) -> None:
        self._words = [(c.label, _forms(c.value)) for c in canaries if isinstance(c.value, str)]
        self._exact = [(c.label, form) for c in canaries for form in _exact(c.value)]
        self._packed = [(c.label, _packed(c)) for c in canaries]
        letters = (re.escape(letter.encode()) for letter in canaries.stem)
        self._squeezed = re.compile(rb".?".join(letters), re.DOTALL | re.IGNORECASE)

    def found(self, content: bytes) -> set[str]:
        """Return the labels of what *content* holds, also packed."""
        if len(content) <= DEEP:
            return {label for piece in layers(content) for label in self._plain(piece)}
        found = set()
        for start in range(0, len(content), _AT_ONCE):
            found |= self.found_raw(content[start : start + _AT_ONCE + _OVERLAP])
        return found

    def found_raw(self, content: bytes) -> set[str]:
        """Return the labels of what stands in *content* as it is, in base64 or zipped, or squeezed by a database."""
        found = set(self._plain(content))
        found |= {label for label, packed in self._packed if any(p in content for p in packed)}
        found |= {label for piece in unzipped(content) for label in self._plain(piece)}
        if not found and self._squeezed.search(content):
            found.add("squeezed.name")
        return found

    def found_in_file(self, path: Path) -> set[str]:
        """Return the labels of what the file *path* holds, or its name; one that went away holds nothing."""
        try:
            return self.found(path.read_bytes()) | self.found(path.name.encode())
        except FileNotFoundError:
            return set()

    def _plain(self, piece: bytes) -> Iterator[str]:
        folded = piece.lower()
        # Letters of other scripts have a case too, which only their own encoding knows.
        if not piece.isascii():
            folded += piece.decode("utf-8", "replace").lower().encode()
        for label, forms in self._words:
            if any(form in folded for form in forms):
                yield label
        for label, form in self._exact:
            if form in piece:
                yield label


def _forms(word: str) -> set[bytes]:
    """Return the bytes that *word* may stand as, in small letters."""
    # Small and capital letters of other scripts differ in every encoding, and `bytes.lower` does not know them.
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
    return {word, word.lower(), word.upper()}


def _wide(word: str) -> tuple[bytes, bytes]:
    return word.encode("utf-16-le"), word.encode("utf-16-be")


def _packed(canary: Canary) -> set[bytes]:
    """Return what a canary looks like in base64, wherever it begins there, and in hexadecimal."""
    values: Iterable[bytes]
    if isinstance(canary.value, bytes):
        values = [canary.value]
    else:
        values = {form.encode() for form in (canary.value, canary.value.lower())}
    packed = set()
    for value in values:
        packed |= {value.hex().encode(), value.hex().upper().encode()}
        for shift in range(3):
            run = base64.b64encode(bytes(shift) + value)
            first = -(-shift * 8 // 6)
            packed.add(run[first : (shift + len(value)) * 8 // 6])
    return packed
