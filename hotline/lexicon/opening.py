"""Open a compiled lexicon: the trie and the marks of its words stay in the file and are mapped."""

import mmap
from functools import lru_cache
from pathlib import Path

import marisa_trie

from hotline.lexicon.format import FOOTER, MAGIC, WIDTH, ZIPF_STEPS

COMPILED = Path(__file__).parent / "compiled"


class Lexicon:
    """The words of one language, read straight from the mapped file. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if self._bytes[-len(MAGIC) :] != MAGIC:
            raise ValueError("not a compiled lexicon")
        marks_at = int.from_bytes(self._bytes[-FOOTER : -len(MAGIC)], "big")
        marks = memoryview(self._bytes)[marks_at:-FOOTER]
        self._zipf, self._stays = marks[0::WIDTH], marks[1::WIDTH]
        self._trie = marisa_trie.Trie().mmap(str(path))
        self._id = self._trie.get

    def __contains__(self, word: str) -> bool:
        return word in self._trie

    def __len__(self) -> int:
        return len(self._trie)

    def stays(self, word: str) -> int | None:
        """Return the `Stays` bits of *word*; nothing when it is not listed, 0 when it is listed as one that goes."""
        index = self._id(word)
        return None if index is None else self._stays[index]

    def zipf(self, word: str) -> float:
        """Return how frequent *word* is, 0 when it is not listed."""
        index = self._id(word)
        return 0.0 if index is None else self._zipf[index] / ZIPF_STEPS

    def marks(self, word: str) -> int | None:
        """Return both bytes of *word* as one number, nothing when it is not listed."""
        index = self._id(word)
        return None if index is None else self._zipf[index] << 8 | self._stays[index]

    def beginnings(self, text: str) -> list[tuple[int, float]]:
        """Return how long each word is that *text* starts with, and how frequent."""
        found = self._trie.iter_prefixes_with_ids(text)
        return [(len(word), self._zipf[index] / ZIPF_STEPS) for word, index in found]


@lru_cache(maxsize=256)
def open_lexicon(language: str) -> Lexicon | None:
    """Return the lexicon of *language* (a code such as ``es`` or ``ru-Latn``), or nothing when there is none."""
    if language not in available_languages():
        return None
    return Lexicon(COMPILED / f"{language}.lexicon")


@lru_cache(maxsize=8)
def open_names(kind: str) -> Lexicon:
    """Return a gazetteer that is not of one language: ``persons``, ``places`` or ``tongues``."""
    return Lexicon(COMPILED / f"{kind}.gazetteer")


@lru_cache(maxsize=1)
def available_languages() -> frozenset[str]:
    """Return the codes of every language with a compiled lexicon."""
    return frozenset(path.stem for path in COMPILED.glob("*.lexicon"))
