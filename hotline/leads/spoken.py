"""What the words of a lead say of a person: a summary that says so tells it as a field would, and more exactly. Pure.

Found are names of languages, countries and their people, words for a sex and for a child, ages: in the language of the
words, in English, and in the languages that they seem to be in. What words say counts as told whoever it is said of,
but for the one word right behind "alleged", and for the country of the lead itself. It is a list: other words say it, too
(she, a name of a town, a flag), and whoever approves the words must see those.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from hotline.anonymize.language import candidates
from hotline.leads.drafts import Disclosure
from hotline.leads.gating import FACTS, Spoken
from hotline.leads.ladders import in_years
from hotline.leads.likeness import plain
from hotline.leads.naming import Name, is_capitalized, names_in, only_capitalized, unspaced_in

_ENOUGH_WORDS = 4
_GROWN, _OLDEST, _YOUNGEST = 18, 99, 5
_NEAR, _BEHIND, _SINCE = 3, 2, 5
_NAMES = ("person_language", "nationality")
_PREFIXES = re.compile("^[وفبلك]?(?:ال|لل)?(?=.{3})")


@dataclass(frozen=True, slots=True)
class Said:
    """That words say *value* of *fact*, from *start* to *end* of *field*."""

    field: str
    fact: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    plain: str
    start: int
    end: int


_Hit = tuple[Name, int, int]
"""What is named, from which word on, and behind which it ends."""


def said_in(told: Disclosure) -> tuple[Said, ...]:
    """Return what the words of *told* say of a person: headline, summary, translations, town and venue."""
    texts = [("headline", told.language, told.headline), ("summary", told.language, told.summary)]
    texts += [(f"translations.{name}", name, text) for name, text in told.translations.items()]
    texts += [("town", told.language, told.town), ("venue", told.language, told.venue)]
    return tuple(
        Said(field, *what)
        for field, language, text in texts
        for what in said(text, language, told.country)
    )


def facts_of(said_: Sequence[Said]) -> Spoken:
    """Return the values of each fact that is said."""
    return {
        name: frozenset(one.value for one in said_ if one.fact == name)
        for name in FACTS
        if any(one.fact == name for one in said_)
    }


@lru_cache(maxsize=512)
def said(text: str, language: str, country: str = "") -> tuple[tuple[str, str, int, int], ...]:
    """Return what *text*, in *language* (BCP 47) of a lead of *country*, says of a person: fact, value, start, end."""
    words = [_Word(m.group(), plain(m.group()), *m.span()) for m in re.finditer(r"\w+", text)]
    if not words:
        return ()
    found: dict[tuple[str, str, int, int], None] = {}
    its, *others = _languages(text, language, len(words))
    for code in (its, *others):
        reading = _Reading(words, code, country)
        found |= dict.fromkeys((*reading.names(), *_unspaced(text, code, country)))
        found |= dict.fromkeys(reading.ages())
    for one in _Reading(words, "en", country).names() if "en" not in (its, *others) else ():
        # What else they name in English may be another word in their own language.
        if one[0] in _NAMES:
            found[one] = None
    return tuple(sorted(found, key=lambda one: (one[2], one)))


def _languages(text: str, language: str, count: int) -> list[str]:
    """Return the languages in which to look, those first that the words are said to be in."""
    seeming = candidates(text) if count >= _ENOUGH_WORDS else ()
    return list(dict.fromkeys(code.split("-")[0].lower() for code in (language, *seeming)))


def _unspaced(text: str, code: str, country: str) -> Iterator[tuple[str, str, int, int]]:
    folded = text.casefold()
    if len(folded) != len(text):
        return
    for name, (fact, value) in unspaced_in(code).items():
        if value != country and (at := folded.find(name)) >= 0:
            yield fact, value, at, at + len(name)


class _Reading:
    """The words of one text, as one language reads them."""

    def __init__(self, words: Sequence[_Word], language: str, country: str) -> None:
        self.words, self.language, self.country = words, language, country
        self.plain = [word.plain for word in words]
        self.hits: list[_Hit] = [
            hit for at in range(len(words)) for hit in self._at(at, names_in(language))
        ]
        self.ends: Mapping[str, dict[int, int]] = self._by_fact()

    def _at(self, at: int, names: Mapping[str, Sequence[Name]]) -> Iterator[_Hit]:
        """Yield what is named from one word on: of each fact that which says most."""
        best: dict[str, _Hit] = {}
        word = self.plain[at]
        for form in dict.fromkeys((word, _PREFIXES.sub("", word))):
            row = [*self.plain[:at], form, *self.plain[at + 1 :]] if form != word else self.plain
            for name in names.get(form[:3], ()):
                end = name.ends_at(row, at)
                its = best.get(name.fact)
                if end and (its is None or name.weight > its[0].weight):
                    best[name.fact] = (name, at, end)
        for hit in best.values():
            if self.words[at].plain not in only_capitalized() or is_capitalized(
                self.words[at].text
            ):
                yield hit

    def _by_fact(self) -> dict[str, dict[int, int]]:
        found: dict[str, dict[int, int]] = {}
        for name, at, end in self.hits:
            found.setdefault(name.fact, {})[at] = end
        return found

    def names(self) -> Iterator[tuple[str, str, int, int]]:
        """Yield each fact that a name says."""
        in_speech = self._spoken_languages()
        for name, at, end in self.hits:
            if name.fact not in FACTS or self._is_of_alleged(at) or self._is_here(name, at):
                continue
            if name.fact == "person_language" and self._is_country(name, at):
                continue
            if not (name.fact == "nationality" and not name.is_place and at in in_speech):
                yield name.fact, name.value, self.words[at].start, self.words[end - 1].end

    def _spoken_languages(self) -> frozenset[int]:
        """Return where a language is named that somebody speaks: it does not say where they come from."""
        speaking, found = self.ends.get("speaking", {}), set[int]()
        for at in self.ends.get("person_language", {}):
            near = range(at - _NEAR, at + _NEAR)
            if any(one in speaking for one in near) or any(
                before in found for before in range(at - _BEHIND, at)
            ):
                found.add(at)
        return frozenset(found)

    def _is_of_alleged(self, at: int) -> bool:
        return at - 1 in self.ends.get("alleged", {})

    def _is_here(self, name: Name, at: int) -> bool:
        """Tell whether this names the country of the lead itself, as a place."""
        if not (name.is_place and name.value == self.country):
            return False
        return self.language != "en" or self.plain[at] == name.words[0][0]

    def _is_country(self, name: Name, at: int) -> bool:
        """Tell whether what begins as the name of a language goes on as that of a country: Romania, not Romanian."""
        return any(
            other.is_place and its == at and other.weight > name.weight
            for other, its, _ in self.hits
        )

    def ages(self) -> Iterator[tuple[str, str, int, int]]:
        """Yield each age that is said, in figures or in words."""
        for first in range(len(self.words)):
            number, end = self._number(first)
            if number is None or (first and self._number(first - 1)[1] > first):
                continue
            spot = self.words[first].start, self.words[end - 1].end
            if number == _GROWN and self._ends_before("under", first):
                yield "minor", "yes", *spot
            elif _YOUNGEST <= number <= _OLDEST and self._is_age(first, end):
                yield "age_band", in_years(number), *spot
                if number < _GROWN:
                    yield "minor", "yes", *spot

    def _is_age(self, first: int, end: int) -> bool:
        if end in self.ends.get("age_after", {}) or self._ends_before("age_before", first):
            return True
        persons = {
            ends
            for fact in ("gender", "minor", "nationality")
            for ends in self.ends.get(fact, {}).values()
        }
        if end in self.ends.get("years", {}):
            is_persons = any(first - _SINCE < ends <= first for ends in persons)
            return is_persons or self._ends_before("age_of", first)
        its = self.ends.get("age_person", {}).items()
        return any(ends == first and at in persons for at, ends in its)

    def _ends_before(self, fact: str, first: int) -> bool:
        return first in self.ends.get(fact, {}).values()

    def _number(self, at: int) -> tuple[int | None, int]:
        """Return the number that begins at a word, and behind which word it ends."""
        word = self.plain[at]
        if (figures := word.removesuffix("s")).isdecimal():
            return int(figures), at + 1
        values = {(name.fact, start): (int(name.value), end) for name, start, end in self.hits if name.fact in ("number", "tens")}  # fmt: skip
        if ("tens", at) in values:
            tens, end = values["tens", at]
            after = self.ends.get("joint", {}).get(end, end)
            unit = values.get(("number", after)) if after < len(self.words) else None
            return (tens + unit[0], unit[1]) if unit and unit[0] < 10 else (tens, end)
        return values.get(("number", at), (None, at + 1))
