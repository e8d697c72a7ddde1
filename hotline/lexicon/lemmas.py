"""Join what the dictionaries of forms and lemmas say of a language's words, from the packages named in ``SOURCES.md``.

They know two things a frequency list does not: that a form is written in lower case, hence no name, and whose form it
is. A rare form of a frequent word is ordinary; "encerrábamos" stands in no frequency list, everybody knows it.

Runs only when lexicons are built.
"""

import importlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from hotline.lexicon import phrases
from hotline.lexicon.folding import bare, fold
from hotline.lexicon.running_text import COUNTED_BY_CASE, capital_shares
from hotline.lexicon.wordlists import LETTERS, Entry, Known, Language

LOST_BY_FORM = 0.8
MOST_BY_LEMMA = 4.6
# Where nothing marks a name, a form that nobody counted may stay, but not beside something hidden.
OF_KEPT_WITHOUT_CASE = 4.3
FREQUENT_LEMMA = 3.4


@dataclass(slots=True)
class Forms:
    """Folded forms: the lemmas of those written in lower case, and those written with a capital."""

    lemmas: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    capitalized: set[str] = field(default_factory=set)

    def known(self, word: str) -> Known:
        if word in self.lemmas:
            return Known.AS_BOTH if word in self.capitalized else Known.AS_WORD
        return Known.AS_NAME if word in self.capitalized else Known.UNKNOWN


def read_forms(language: Language) -> Forms:
    """Return the forms of *language*; of German, whose nouns have capitals, a capital says nothing."""
    forms = Forms()
    if language.lemmas == "-":
        return forms
    dictionaries: Any = importlib.import_module("simplemma.strategies.dictionaries")
    for form, lemma in (
        dictionaries.DefaultDictionaryFactory().get_dictionary(language.lemmas).items()
    ):
        if not LETTERS.fullmatch(form):
            continue
        word = bare(fold(form))
        if form[:1].isupper() and language.script != "nouns":
            forms.capitalized.add(word)
        elif not lemma[:1].isupper() or language.script == "nouns":
            forms.lemmas[word].add(bare(fold(lemma)))
    return forms


def enrich(
    words: Mapping[str, Entry], forms: Forms, language: Language, kept: frozenset[str]
) -> dict[str, Entry]:
    """Return *words* with what *forms* adds, and every form of a *kept* or frequent lemma."""
    enriched = {word: _judged(word, entry, forms, language) for word, entry in words.items()}
    kept_lemmas = kept.union(*(forms.lemmas[word] for word in kept if word in forms.lemmas))
    for form, lemmas in forms.lemmas.items():
        frequent = [words[lemma].zipf for lemma in lemmas if lemma in words]
        zipf = min(max(frequent, default=0.0) - LOST_BY_FORM, MOST_BY_LEMMA)
        if not kept_lemmas.isdisjoint(lemmas):
            zipf = max(zipf, OF_KEPT_WITHOUT_CASE if language.has_no_case else MOST_BY_LEMMA)
        if form in enriched:
            entry = enriched[form]
            if entry.known is Known.AS_WORD and entry.zipf < zipf:
                enriched[form] = replace(entry, zipf=zipf)
        elif zipf >= FREQUENT_LEMMA - LOST_BY_FORM:
            enriched[form] = Entry(zipf, forms.known(form))
    shares = capital_shares(language.code) if language.code in COUNTED_BY_CASE else {}
    for word in enriched.keys() & shares.keys():
        enriched[word] = replace(enriched[word], capitals=shares[word])
    return enriched


def _judged(word: str, entry: Entry, forms: Forms, language: Language) -> Entry:
    """Join what a spelling dictionary said with what *forms* says; where nothing marks a name, both must know a word."""
    if language.has_no_case and forms.lemmas:
        is_known = any(part in forms.lemmas for part in _without_clitics(word, language.code))
        return entry if is_known else replace(entry, known=Known.UNKNOWN)
    known = forms.known(word)
    if known is Known.UNKNOWN or entry.known is Known.AS_BOTH:
        return entry
    if entry.known is Known.UNKNOWN:
        return replace(entry, known=known)
    return entry if known is entry.known else replace(entry, known=Known.AS_BOTH)


def _without_clitics(word: str, code: str) -> Iterator[str]:
    """Yield *word*, then what remains of it without one clitic in front, behind, and on both sides."""
    rows = phrases.clitics().get(code, ())
    front = [
        part for in_front, parts, _ in rows if in_front for part in parts if word.startswith(part)
    ]
    behind = [
        part for in_front, parts, _ in rows if not in_front for part in parts if word.endswith(part)
    ]
    for first in ("", *front):
        for last in ("", *behind):
            yield word.removeprefix(first).removesuffix(last)
