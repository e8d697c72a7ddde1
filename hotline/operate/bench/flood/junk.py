"""What a flood is made of: near-duplicates, word salad, scraps, files, slow senders, and guesses of codes."""

import json
import random
from collections.abc import Callable
from pathlib import Path

from hotline.operate.bench.flood.browser import Browser, code_on
from hotline.vault.codes import mint

Piece = Callable[[Browser], str | None]
"""Sends itself; returns the code it got, nothing where none is due, and None where no answer came."""

_WORDS = json.loads((Path(__file__).parent / "words.json").read_text(encoding="utf-8"))
_LETTERS = "aaabcdeeefghiiiklmnooprstuuvz"
_NEW, _AGAIN = "/en/new", "/en/again"


class Junk:
    """Makes pieces of a flood, with *letters* for dice."""

    def __init__(self, letters: random.Random) -> None:
        self._letters = letters

    def piece(self) -> Piece:
        """Return any piece."""
        kinds = (self._alike, self._salad, self._scrap, self._with_file, self._slow, self._guess)
        (make,) = self._letters.choices(kinds, (45, 25, 8, 7, 5, 10))
        return make()

    def upload(self) -> Piece:
        """Return a form with a small file."""
        account, file = self.told(), self._letters.randbytes(8_000)
        return lambda browser: _code(browser.sends(_NEW, {"account": account}, file))

    def _alike(self) -> Piece:
        account = self.told()
        return lambda browser: _code(browser.sends(_NEW, {"account": account}))

    def _salad(self) -> Piece:
        account = self._random_words()
        return lambda browser: _code(browser.sends(_NEW, {"account": account}))

    def _scrap(self) -> Piece:
        account = self._letters.choice(_WORDS["scraps"])
        return lambda browser: _code(browser.sends(_NEW, {"account": account}))

    def _with_file(self) -> Piece:
        account = self._random_words()
        file = self._letters.randbytes(self._letters.choice((20_000, 60_000, 300_000)))
        return lambda browser: _code(browser.sends(_NEW, {"account": account}, file))

    def _slow(self) -> Piece:
        account, seconds = self.told(), self._letters.uniform(2, 8)
        return lambda browser: _code(browser.sends(_NEW, {"account": account}, slowly=seconds))

    def _guess(self) -> Piece:
        code = mint().digits
        # Whoever guesses may be asked to wait: that is an answer.
        return lambda browser: browser.sends(_AGAIN, {"code": code}) and ""

    def told(self) -> str:
        """Return one of a few stories with other names, places and numbers in it."""
        pick = self._letters.choice
        filled: str = pick(_WORDS["templates"]).format(
            name=pick(_WORDS["names"]),
            other=pick(_WORDS["names"]),
            street=pick(_WORDS["streets"]),
            month=pick(_WORDS["months"]),
            number=self._letters.randrange(10**8, 10**9),
            short=self._letters.randrange(1, 200),
        )
        return filled

    def _random_words(self) -> str:
        words = (
            "".join(self._letters.choices(_LETTERS, k=self._letters.randint(2, 9)))
            for _ in range(self._letters.randint(15, 60))
        )
        return " ".join(words)


def _code(page: str | None) -> str | None:
    return code_on(page) or None
