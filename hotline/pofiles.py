"""Catalogs of gettext (``.po``, ``.pot``), read fast and held small: a process speaks every language of all of them.

The sentences of a template are held once and numbered. What a locale says of them is one piece of UTF-8, of which a
sentence is decoded when it is first said. What cannot be read to its end is not there, nor is what a translator was
unsure of (fuzzy) or left out a form of, nor what is said in one context only: no template of ours has contexts.
`operate.strings` tells such faults, and writes these files.
"""

import re
from array import array
from collections.abc import Iterable, Iterator
from gettext import c2py
from itertools import accumulate
from typing import NamedTuple

_TEXT = r'(?:[ \t]*"(?:[^"\\\n]|\\.)*+"\s*?\n)++'
_ENTRY = re.compile(
    rf"((?:^#.*\n)*+)(^msgctxt{_TEXT})?^msgid({_TEXT})(?:^msgid_plural{_TEXT})?((?:^msgstr(?:\[\d\])?{_TEXT})++)"
    r"(?=[ \t]*(?:\n|#|msg|\Z))",
    re.MULTILINE,
)
_FORM = re.compile(rf"^msgstr(?:\[\d\])?({_TEXT})", re.MULTILINE)
_PIECE = re.compile(r'"((?:[^"\\\n]|\\.)*+)"')
_ESCAPED = re.compile(r"\\(.)")
_LETTERS = {"n": "\n", "t": "\t", "r": "\r"}
_FUZZY = re.compile(r"^#,.*\bfuzzy\b", re.MULTILINE)
_PLURAL = re.compile(r"^Plural-Forms:\s*nplurals=(\d+);\s*plural=([^;\n]+)", re.MULTILINE)
_BETWEEN = "\0"


class Entry(NamedTuple):
    """A sentence, each line of what translators are told of it, and the templates that it stands in."""

    sentence: str
    comments: tuple[str, ...]
    places: tuple[str, ...]


class Template:
    """What a ``.pot`` has: every sentence of a domain, in its order, and the number of each."""

    def __init__(self, text: str) -> None:
        self.entries = tuple(
            Entry(sentence, _noted("#.", notes), tuple(" ".join(_noted("#:", notes)).split()))
            for notes, sentence, _ in _entries(text)
            if sentence
        )
        self.numbers = {entry.sentence: number for number, entry in enumerate(self.entries)}


class Words:
    """How a ``.po`` says the sentences of *template*."""

    def __init__(self, template: Template, text: str) -> None:
        said = [b""] * len(template.numbers)
        count, self._form = 2, c2py("n != 1")
        for notes, sentence, quoted in _entries(text):
            if not sentence and (plural := _PLURAL.search(_unquoted(quoted))):
                count, self._form = int(plural[1]), c2py(plural[2])
            elif sentence in template.numbers and not _FUZZY.search(notes):
                said[template.numbers[sentence]] = _BETWEEN.join(_forms(quoted, count)).encode()
        self._numbers, self._text = template.numbers, b"".join(said)
        self._ends = array("I", accumulate(map(len, said), initial=0))
        self._known: dict[str, tuple[str, ...]] = {}

    def has(self, sentence: str) -> bool:
        start, end = self._place(sentence)
        return start < end

    def said(self, sentence: str) -> tuple[str, ...]:
        """Return *sentence* in each plural form; nothing where it is not there."""
        if sentence not in self._known:
            start, end = self._place(sentence)
            if start == end:
                return ()
            self._known[sentence] = tuple(self._text[start:end].decode().split(_BETWEEN))
        return self._known[sentence]

    def gettext(self, sentence: str) -> str:
        return next(iter(self.said(sentence)), sentence)

    def ngettext(self, one: str, many: str, count: int) -> str:
        forms = self.said(one)
        if not forms:
            return one if count == 1 else many
        return forms[self._form(count)]

    def _place(self, sentence: str) -> tuple[int, int]:
        number = self._numbers.get(sentence)
        return (0, 0) if number is None else (self._ends[number], self._ends[number + 1])


def _entries(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield the comments of each entry, its sentence, and its translations as they are quoted."""
    for notes, context, sentence, quoted in _ENTRY.findall(f"{text}\n"):
        if not context:
            yield notes, _unquoted(sentence), quoted


def _forms(quoted: str, count: int) -> Iterable[str]:
    """Return the translations of an entry, *count* of them where it has a plural; nothing where one lacks."""
    if not quoted.startswith("msgstr["):
        return (_unquoted(quoted),)
    forms = [_unquoted(form) for form in _FORM.findall(quoted)]
    return forms if len(forms) == count and all(forms) else ()


def _unquoted(quoted: str) -> str:
    text = "".join(_PIECE.findall(quoted))
    return _ESCAPED.sub(_letter, text) if "\\" in text else text


def _letter(escaped: re.Match[str]) -> str:
    return _LETTERS.get(escaped[1], escaped[1])


def _noted(mark: str, notes: str) -> tuple[str, ...]:
    """Return the lines of *notes* that begin with *mark*."""
    lines = notes.splitlines()
    return tuple(line.removeprefix(mark).strip() for line in lines if line.startswith(mark))
