"""People in need who write meanwhile: each in their own words and language, with cookies or without.

They open the form and take some seconds to write, as with a browser. Some send without what the form carries: a page
that was saved, a program of a helper.
"""

import html
import json
import random
import re
import time
import unicodedata
from dataclasses import dataclass, field

from hotline.operate.bench.anonymizer.labelled import OWN
from hotline.operate.bench.flood.browser import Browser, code_on

_QUESTION = re.compile(r'for="sum">(.*?)</label>', re.DOTALL)
_HIDDEN = re.compile(r'<input type="hidden" name="(code|puzzle|slip)" value="([^"]*)">')
_READS = 3.0
"""Seconds that somebody takes to read a puzzle."""
_WRITES = 4.0
"""Seconds that somebody takes to write, at least."""


@dataclass
class Person:
    """Somebody who writes *text*. *took* is how long each answer took; *solved* tells whether a puzzle was offered."""

    text: str
    language: str
    has_cookies: bool
    has_slip: bool = True
    code: str = ""
    solved: bool = False
    took: list[float] = field(default_factory=list)

    def writes(self, browser: Browser) -> None:
        """Load the page, write, send it, and solve what is asked; without an answer the code stays empty."""
        if self.has_cookies:
            browser = browser.with_cookie("page=1")
        page = self._seen(browser, browser.loads("/en/new"))
        if page is None:
            return
        form = {"account": self.text}
        if self.has_slip:
            time.sleep(_WRITES)
            form["slip"] = dict(_HIDDEN.findall(page))["slip"]
        page = self._seen(browser, browser.sends("/en/new", form))
        self.code = code_on(page)
        for _ in range(3):
            if page is None or not self._is_asked(page):
                return
            time.sleep(_READS)
            self.solved = True
            page = self._seen(browser, browser.sends("/en/sooner", _solved(page)))

    def _is_asked(self, page: str) -> bool:
        return _QUESTION.search(page) is not None

    def _seen(self, browser: Browser, page: str | None) -> str | None:
        self.took.append(browser.took)
        return page


def crowd(letters: random.Random, number: int) -> list[Person]:
    """Return *number* people who say different things, in as many languages as there are accounts of our own."""
    by_language = [
        path.read_text(encoding="utf-8").splitlines() for path in sorted(OWN.glob("*.jsonl"))
    ]
    told = [json.loads(line) for lines in zip(*by_language, strict=False) for line in lines]
    first = told[: len(by_language)]
    letters.shuffle(first)
    several = (first + told[len(by_language) :]) * (1 + number // len(told))
    return [
        Person(each["text"], each["lang"], has_cookies=place % 2 == 0, has_slip=place % 5 < 4)
        for place, each in enumerate(several[:number])
    ]


def _solved(page: str) -> dict[str, str]:
    """Add up what *page* asks."""
    question = html.unescape(_QUESTION.findall(page)[0])
    numbers = [unicodedata.decimal(char) for char in question if char.isdecimal()]
    return {**dict(_HIDDEN.findall(page)), "sum": str(sum(numbers))}
