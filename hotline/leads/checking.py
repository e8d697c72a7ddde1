"""Whether the words of a lead say who somebody is: held against the sealed identity, which a caseworker's session opens.

No name, no number and no rare word that was masked in the account may occur, also not written otherwise or in other
letters (`likeness`, `said_numbers`). What is told in a field of its own may: the town and the venue are places, and the
fields of the alleged (plates, numbers, handles, pages) hold what is theirs; but no name of a person, and never where the
person who told it is reached.

Pure, and it keeps nothing: a `Problem` points into the words of the lead, and never says what it met.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from hotline.anonymize.language import candidates
from hotline.anonymize.ordinary import ordinary_in
from hotline.i18n import SOURCE
from hotline.leads.drafts import LeadDraft
from hotline.leads.known import (
    RUN,
    SHORTEST,
    WORD,
    Known,
    Named,
    codes_in,
    is_rare,
    plain_digits,
    seen,
)
from hotline.leads.likeness import LEAST, bones, plain, romanized, skeleton
from hotline.leads.said_numbers import digits_in, numbers_in
from hotline.leads.wording import Fact, Problem
from hotline.lexicon.folding import fold
from hotline.lexicon.format import Stays
from hotline.vault.contents import Identity

PLACES = ("town", "venue")
SELECTORS = ("plates", "numbers", "handles", "links")

_CODE = re.compile(r"[^\W_]+(?:[\s-]{0,2}[^\W_]+){0,4}")
_APART = re.compile(rf"{WORD.pattern}(?:[-‐‑.·'’_]{WORD.pattern})+|\b[^\W\d_](?: [^\W\d_])+\b")
_OF_A_PHONE = 7
_GLUED = 5
"""Letters of a name that is found at either end of a longer word."""

Spot = tuple[int, int]
_WHOLE: Spot = (0, 0)


def texts_of(draft: LeadDraft) -> dict[str, str]:
    """Return everything of *draft* that somebody typed, by field; of fields with several, numbered: ``plates 0``."""
    texts = {
        "summary": draft.summary,
        "headline": draft.headline,
        "town": draft.town,
        "venue": draft.venue,
        **{f"translations.{name}": text for name, text in draft.translations.items()},
    }
    for name in SELECTORS:
        texts |= {f"{name} {at}": text for at, text in enumerate(getattr(draft, name))}
    return {name: text for name, text in texts.items() if text.strip()}


def found_in(texts: Mapping[str, str], identities: Iterable[Identity]) -> tuple[Problem, ...]:
    """Return where *texts* (`texts_of`) say what *identities* keep sealed."""
    known = [Known.of(identity) for identity in identities]
    read = [_Text.of(name, text) for name, text in texts.items()]
    told = [one for one in read if one.kind in PLACES]
    return tuple(
        dict.fromkeys(
            Problem(one.kind, Fact.IN_IDENTITY, *spot)
            for one in read
            for its in known
            for spot in _spots(one, its, told)
        )
    )


@dataclass(frozen=True, slots=True, repr=False)
class _Text:
    """What somebody typed into a field, without what nobody sees; *places* say where each character of it stood.

    It is read once, however many identities it is held against: *words* as `plain` leaves them, *apart* words that
    something cuts, *numbers* digit by digit, and *codes*.
    """

    kind: str
    text: str
    places: list[int]
    languages: tuple[str, ...]
    words: list[tuple[str, re.Match[str]]]
    apart: list[tuple[str, Spot]]
    numbers: list[tuple[str, Spot]]
    codes: list[tuple[set[str], Spot]]

    @classmethod
    def of(cls, name: str, typed: str) -> "_Text":
        text, places = seen(typed)
        languages = candidates(text) or (SOURCE,)
        words = [(plain(match.group()), match) for match in WORD.finditer(text)]
        apart = [
            (plain("".join(WORD.findall(one.group()))), one.span()) for one in _APART.finditer(text)
        ]
        numbers = [(plain_digits(one.group()), one.span()) for one in RUN.finditer(text)]
        numbers += [(one.digits, (one.start, one.end)) for one in numbers_in(text, languages)]
        codes = [(codes_in(one.group()), one.span()) for one in _CODE.finditer(text)]
        kind = name.partition(" ")[0]
        return cls(kind, text, places, languages, words, apart, numbers, codes)

    def spot(self, start: int, end: int) -> Spot:
        """Return where a stretch of the text stood in what was typed."""
        return (self.places[start], self.places[end - 1] + 1) if end > start else _WHOLE


def _spots(text: _Text, known: Known, told: Iterable[_Text]) -> Iterator[Spot]:
    """Yield where *text* says what is *known*; for fields without words of their own the place is nothing."""
    if text.kind in SELECTORS:
        if _names_somebody(text, known) or _is_reached(text, known.own):
            yield _WHOLE
    elif text.kind in PLACES:
        met = (_named(text, known, known.names), _phrased(text, known.names), _in_a_row(text, known.names), _numbered(text, known))  # fmt: skip
        if any(True for each in met for _ in each):
            yield _WHOLE
    else:
        placed = _without(known, told)
        names = known.names | placed
        for found in (
            _named(text, known, names),
            _numbered(text, known),
            _phrased(text, names),
            _in_a_row(text, names),
        ):
            yield from (text.spot(*spot) for spot in found)


def _without(known: Known, told: Iterable[_Text]) -> Named:
    """Return the places that are *known*, without those that the lead tells in a field of its own."""
    words = frozenset(word for one in told for word, _ in one.words)
    places = [fold(one.text) for one in told]
    return Named(
        known.placed.rare - words,
        frozenset(phrase for phrase in known.placed.phrases if not words.issuperset(phrase)),
        frozenset(name for name in known.placed.unspaced if not any(name in its for its in places)),
    )


def _named(text: _Text, known: Known, names: Named) -> Iterator[Spot]:
    """Yield the words of *text* that are names, also written otherwise, glued to others or cut into parts."""
    is_like = _Likeness(names.rare, text.languages)
    is_start = text.kind not in PLACES
    for word, match in text.words:
        is_inside = not is_start
        is_start = text.text[match.end() : match.end() + 1] in ".!?" and text.kind not in PLACES
        written = match.group()
        is_name = is_inside and written[:1].isupper() and word in known.everyday
        if word in known.short and written.istitle():
            is_name = is_inside or not _is_common(word, text)
        if is_name or is_like(word):
            yield match.span()
    for joined, spot in text.apart:
        if joined in names.rare or romanized(joined) in names.rare:
            yield spot


class _Likeness:
    """Tell whether a plain word of a text is one of some *names*."""

    def __init__(self, names: frozenset[str], languages: tuple[str, ...]) -> None:
        self._names = names
        self._others = {romanized(word) for word in names} - {""}
        self._bones = {one for word in names for one in bones(word)}
        self._languages = languages

    def __call__(self, word: str) -> bool:
        if len(word) < SHORTEST:
            return False
        if word in self._names or word in self._others or (romanized(word) or word) in self._names:
            return True
        if not is_rare(word, self._languages):
            return False
        bone = skeleton(word)
        return (len(bone) >= LEAST and bone in self._bones) or _is_glued(word, self._names)


def _is_glued(word: str, names: frozenset[str]) -> bool:
    """Tell whether a name stands at either end of *word*, or nothing but names stands in it: ``mariagomez``."""
    long = [name for name in names if _GLUED <= len(name) < len(word)]
    if any(word.startswith(name) or word.endswith(name) for name in long):
        return True
    reached = {0}
    for at in range(len(word)):
        if at in reached:
            reached |= {at + len(name) for name in names if word.startswith(name, at)}
    return len(word) in reached and word not in names


def _is_common(word: str, text: _Text) -> bool:
    """Tell whether a short *word* opens sentences of these languages, as "in" does."""
    each = {*text.languages, SOURCE}
    return any(ordinary_in((one,)).stays(word) & Stays.OPENING for one in each)


def _names_somebody(text: _Text, known: Known) -> bool:
    """Tell whether a plate, number, account or page names a person."""
    names, words = known.people, [word for word, _ in text.words]
    is_like = _Likeness(names.rare, text.languages)
    if any(map(is_like, words)) or any(True for _ in _in_a_row(text, names)):
        return True
    if text.kind != "links" and any(word in known.everyday for word in words):
        return True
    joined = "".join(words)
    return any("".join(phrase) in joined for phrase in names.phrases)


def _is_reached(text: _Text, own: Known | None) -> bool:
    """Tell whether *text* holds where, or under which word or number, whoever told it is reached."""
    if own is None:
        return False
    is_like = _Likeness(own.names.rare, text.languages)
    digits = digits_in(text.text)
    return (
        any(is_like(word) for word, _ in text.words)
        or any(_same_number(digits, its) for its in own.numbers)
        or any(True for _ in _numbered(text, own))
    )


def _numbered(text: _Text, known: Known) -> Iterator[Spot]:
    for digits, spot in text.numbers:
        if digits in known.ages or any(_same_number(digits, its) for its in known.numbers):
            yield spot
    for codes, spot in text.codes:
        if codes & known.codes:
            yield spot


def _phrased(text: _Text, names: Named) -> Iterator[Spot]:
    """Yield names of several everyday words, such as those of a restaurant."""
    words = [word for word, _ in text.words]
    for phrase in names.phrases:
        for at in range(len(words) - len(phrase) + 1):
            if tuple(words[at : at + len(phrase)]) == phrase:
                yield text.words[at][1].start(), text.words[at + len(phrase) - 1][1].end()


def _in_a_row(text: _Text, names: Named) -> Iterator[Spot]:
    """Yield names in scripts that put no space between words."""
    folded = fold(text.text)
    for name in names.unspaced:
        at = folded.find(name)
        if at >= 0:
            yield at, at + len(name)


def _same_number(said: str, sealed: str) -> bool:
    """Tell whether two numbers are one, with or without the code of a country in front."""
    if min(len(said), len(sealed)) < _OF_A_PHONE:
        return said == sealed
    return sealed[-_OF_A_PHONE:] in said or said[-_OF_A_PHONE:] in sealed
