"""Words that a person must meet again as they met them first, and words that stand in no sentence to a reporter.

``GLOSSARY.toml`` names the terms in English, ``<locale>/glossary.toml`` says each in its language: by the beginnings of
words, compared without regard to capitals wherever they stand, because many languages put something before a word.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hotline.i18n import VOICE
from hotline.operate.strings.entries import Entry, wording


@dataclass(frozen=True, slots=True)
class Glossary:
    """The words of one language; *excepted* holds the terms that a sentence goes without, and why."""

    terms: Mapping[str, tuple[str, ...]]
    never: tuple[str, ...]
    never_in_texts: tuple[str, ...]
    excepted: Mapping[str, Mapping[str, str]]


class Terms:
    """The terms of ``GLOSSARY.toml``, and which of them stand in a sentence of ours."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        self._english = {
            term: re.compile(rf"\b(?:{'|'.join(map(re.escape, row['english']))})\b", re.IGNORECASE)
            for term, row in said.items()
        }
        self._found: dict[str, list[str]] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._english)

    def of(self, source: str) -> list[str]:
        if source not in self._found:
            plain = wording(source)
            self._found[source] = [
                term for term, english in self._english.items() if english.search(plain)
            ]
        return self._found[source]


def read(said: Mapping[str, Any]) -> Glossary:
    return Glossary(
        {term: tuple(beginnings) for term, beginnings in said.get("terms", {}).items()},
        tuple(said.get("never", ())),
        tuple(said.get("never_in_texts", ())),
        said.get("except", {}),
    )


def misshapen(locale: str, said: Mapping[str, Any]) -> Iterator[str]:
    """Yield each row of a glossary that is no list of words: a word alone would be taken for its letters."""
    lists = {name: said[name] for name in ("never", "never_in_texts") if name in said}
    terms, excepted = said.get("terms", {}), said.get("except", {})
    for name, table in (("terms", terms), ("except", excepted)):
        if not isinstance(table, dict):
            yield f"{locale}/glossary.toml: {name}: no table"
    for name, words in (lists | (terms if isinstance(terms, dict) else {})).items():
        if not is_list_of_words(words):
            yield f'{locale}/glossary.toml: {name}: no list of words, such as ["one", "two"]'


def is_list_of_words(words: object) -> bool:
    return isinstance(words, list) and all(isinstance(word, str) for word in words)


def check(locale: str, own: Glossary, terms: Terms, entries: Collection[Entry]) -> Iterator[str]:
    """Yield where the sentences of a language leave its own glossary, and where that is not whole."""
    yield from _not_whole(locale, own, terms)
    needed = set()
    for entry in entries:
        for term in _missing(entry, own, terms):
            excepting = [one for one in entry.sources if term in own.excepted.get(one, {})]
            needed |= {(one, term) for one in excepting}
            if not excepting:
                wanted = " or ".join(map(repr, own.terms[term]))
                yield entry.fault(f"the term {term!r} is not said as {wanted}")
        yield from _never(entry, own)
    for sentence, reasons in own.excepted.items():
        for term in sorted(reasons.keys() - {term for one, term in needed if one == sentence}):
            yield f"{locale}/glossary.toml: the exception of {term!r} is not needed: {sentence!r}"


def _not_whole(locale: str, own: Glossary, terms: Iterable[str]) -> Iterator[str]:
    for term in terms:
        if not any(own.terms.get(term, ())):
            yield f"{locale}/glossary.toml: the term {term!r} is missing"
    for term in sorted(own.terms.keys() - set(terms)):
        yield f"{locale}/glossary.toml: GLOSSARY.toml has no term {term!r}"


def _missing(entry: Entry, own: Glossary, terms: Terms) -> Iterator[str]:
    for term in terms.of(entry.sources[-1]):
        beginnings = own.terms.get(term, ())
        if beginnings and not all(_holds(said, beginnings) for said in entry.said):
            yield term


def _never(entry: Entry, own: Glossary) -> Iterator[str]:
    is_overheard = entry.domain == VOICE or entry.is_sent
    for beginning in own.never + (own.never_in_texts if is_overheard else ()):
        if any(_holds(said, [beginning]) for said in entry.said):
            yield entry.fault(f"a word that is never said, {beginning!r}")


def _holds(said: str, beginnings: Iterable[str]) -> bool:
    return any(beginning.casefold() in said.casefold() for beginning in beginnings)
