"""Whether the words of a lead say who somebody is: held against the sealed identity, which a caseworker's session opens.

No name, no number and no rare word that was masked in the account may occur, also not written otherwise or in other
letters (`likeness`). What is told in a field of its own may: the town and the venue are places, and the fields of the
alleged (plates, numbers, handles, pages) hold what is theirs, but never where the person who told it is reached.

Pure, and it keeps nothing: a `Problem` points into the words of the lead, and never says what it met.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from hotline.anonymize.language import candidates
from hotline.anonymize.ordinary import ordinary_in
from hotline.domain.identity import Label
from hotline.i18n import SOURCE
from hotline.leads.drafts import LeadDraft
from hotline.leads.likeness import LEAST, bones, plain, romanized, skeleton
from hotline.leads.wording import Fact, Problem
from hotline.lexicon.folding import MARKS, fold
from hotline.vault.contents import Identity, placeholder_of

PLACES = ("town", "venue")
SELECTORS = ("plates", "numbers", "handles", "links")

_REACHED = ("number", "place", "word")
"""What of `Identity.contact` says who or where somebody is; the rest are codes and hours."""

_OF_PLACES = frozenset({Label.PLACE, Label.ADDRESS, Label.VENUE})
_NO_WORDS = frozenset({Label.DATE, Label.AGE, Label.PHONE})
_WORD = re.compile(rf"(?:[^\W\d_]|[{MARKS}\u200c])+")
_RUN = re.compile(r"\d(?:[\s().,/+·•‑–—_-]{0,3}\d)*")
_CODE = re.compile(r"[^\W_]+(?:[\s-]{0,2}[^\W_]+){0,4}")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]+")
_SHORTEST, _SHORTEST_UNSPACED = 3, 2
_FEWEST_DIGITS, _OF_A_PHONE = 4, 7
_SHORTEST_CODE = 5


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
    known = [_Known.of(identity) for identity in identities]
    places = frozenset(
        plain(word) for name in PLACES for word in _WORD.findall(texts.get(name, ""))
    )
    return tuple(
        dict.fromkeys(
            Problem(name.partition(" ")[0], Fact.IN_IDENTITY, *spot)
            for name, text in texts.items()
            for its in known
            for spot in _spots(name, text, its, places)
        )
    )


@dataclass(frozen=True, slots=True, repr=False)
class _Known:
    """What one identity is known by. *names* are rare words, *everyday* those that are names and ordinary words too.

    *own* says where and under which numbers the person is reached; *placed* are words of places alone.
    """

    names: frozenset[str]
    placed: frozenset[str]
    everyday: frozenset[str]
    phrases: frozenset[tuple[str, ...]]
    unspaced: frozenset[str]
    numbers: frozenset[str]
    codes: frozenset[str]
    ages: frozenset[str]
    own: "_Known | None" = field(default=None)

    @classmethod
    def of(cls, identity: Identity) -> "_Known":
        languages = candidates(identity.original) or ("en",)
        said = [(label_of(name), words) for name, words in identity.entities]
        reached = [(None, identity.sender)]
        reached += [(None, identity.contact.get(name, "")) for name in _REACHED]
        own = cls._of(reached, languages, None)
        return cls._of([*said, *reached], languages, own)

    @classmethod
    def _of(
        cls,
        said: Iterable[tuple[Label | None, str]],
        languages: tuple[str, ...],
        own: "_Known | None",
    ) -> "_Known":
        its: dict[str, set[str]] = {name: set() for name in ("names", "placed", "everyday", "unspaced", "numbers", "codes", "ages")}  # fmt: skip
        phrases: set[tuple[str, ...]] = set()
        for label, words in said:
            its["ages"] |= _digits(words, 2) if label is Label.AGE else set()
            if label is not Label.DATE:
                its["numbers"] |= _digits(words, _FEWEST_DIGITS)
                its["codes"] |= _codes(words)
            if label in _NO_WORDS:
                continue
            its["unspaced"] |= _unspaced(words, languages)
            each = [plain(word) for word in _WORD.findall(words)]
            rare = {word for word in each if _is_rare(word, languages)}
            its["placed" if label in _OF_PLACES else "names"] |= rare
            if label is Label.PERSON:
                its["everyday"] |= {word for word in each if len(word) >= _SHORTEST} - rare
            if len(each) > 1 and label is not None:
                phrases.add(tuple(each))
        return cls(**{name: frozenset(each) for name, each in its.items()}, phrases=frozenset(phrases), own=own)  # fmt: skip


def label_of(name: str) -> Label | None:
    placeholder = placeholder_of(name)
    return placeholder[0] if placeholder else None


def _spots(
    name: str, text: str, known: _Known, places: frozenset[str]
) -> Iterator[tuple[int, int]]:
    """Yield where *text* says what is *known*; for fields without words of their own the place is nothing."""
    kind = name.partition(" ")[0]
    if kind in SELECTORS:
        if known.own and _says_number(text, known.own):
            yield 0, 0
        return
    if kind in PLACES:
        if _says_number(text, known) or any(True for _ in _named(text, known, known.names, places=frozenset())):  # fmt: skip
            yield 0, 0
        return
    yield from _named(text, known, known.names | known.placed, places=places)
    yield from _numbered(text, known)
    yield from _phrased(text, known, places)
    yield from _in_a_row(text, known, places)


def _named(
    text: str, known: _Known, names: frozenset[str], *, places: frozenset[str]
) -> Iterator[tuple[int, int]]:
    """Yield the words of *text* that are names, also written otherwise."""
    languages = candidates(text) or ("en",)
    other = {romanized(word) for word in names} - {""}
    known_bones = {one for word in names for one in bones(word)}
    is_start = True
    for match in _WORD.finditer(text):
        written = match.group()
        word = plain(written)
        is_capital = written[:1].isupper() and not is_start
        is_start = text[match.end() : match.end() + 1] in ".!?"
        if len(word) < _SHORTEST or word in places:
            continue
        is_like = word in names or word in other or (romanized(word) or word) in names
        is_like |= is_capital and word in known.everyday
        bone = skeleton(word)
        is_like |= len(bone) >= LEAST and bone in known_bones and _is_rare(word, languages)
        if is_like:
            yield match.span()


def _numbered(text: str, known: _Known) -> Iterator[tuple[int, int]]:
    for match in _RUN.finditer(text):
        digits = _plain_digits(match.group())
        if digits in known.ages or any(_same_number(digits, its) for its in known.numbers):
            yield match.span()
    for match in _CODE.finditer(text):
        if _codes(match.group()) & known.codes:
            yield match.span()


def _says_number(text: str, known: _Known) -> bool:
    return any(True for _ in _numbered(text, known))


def _phrased(text: str, known: _Known, places: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Yield names of several everyday words, such as those of a restaurant."""
    found = [(plain(match.group()), match.start(), match.end()) for match in _WORD.finditer(text)]
    words = [word for word, _, _ in found]
    for phrase in known.phrases:
        if set(phrase) <= places:
            continue
        for at in range(len(words) - len(phrase) + 1):
            if tuple(words[at : at + len(phrase)]) == phrase:
                yield found[at][1], found[at + len(phrase) - 1][2]


def _in_a_row(text: str, known: _Known, places: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Yield names in scripts that put no space between words."""
    folded = fold(text)
    for name in known.unspaced:
        at = folded.find(name)
        if at >= 0 and not any(name in place for place in places):
            yield at, at + len(name)


def _unspaced(words: str, languages: tuple[str, ...]) -> set[str]:
    """Return what may be a name in a run without spaces: all of it, and each two signs of Han that are no word."""
    ordinary = ordinary_in(languages)
    found: set[str] = set()
    for run in _UNSPACED.findall(fold(words)):
        is_han = "\u3400" <= run[0] <= "\u9fff"
        least = _SHORTEST_UNSPACED if is_han else _SHORTEST
        pairs = [run[at : at + 2] for at in range(len(run) - 1)] if is_han else []
        found |= {name for name in (run, *pairs) if len(name) >= least and not ordinary.stays(name)}
    return found


@lru_cache(maxsize=4096)
def _is_rare(word: str, languages: tuple[str, ...]) -> bool:
    """Tell whether a plain word is no common word of these languages, so that it may well name somebody."""
    each = [*languages, SOURCE]
    return len(word) >= _SHORTEST and not any(ordinary_in((one,)).stays(word) for one in each)


def _digits(words: str, least: int) -> set[str]:
    runs = {_plain_digits(match.group()) for match in _RUN.finditer(words)}
    return {run for run in runs if len(run) >= least}


def _plain_digits(run: str) -> str:
    return "".join(char for char in fold(run) if char.isdigit())


def _same_number(said: str, sealed: str) -> bool:
    """Tell whether two numbers are one, with or without the code of a country in front."""
    if min(len(said), len(sealed)) < _OF_A_PHONE:
        return said == sealed
    return sealed[-_OF_A_PHONE:] in said or said[-_OF_A_PHONE:] in sealed


def _codes(words: str) -> set[str]:
    """Return each run of letters and digits together that may be a plate or a document: ``b 123 xyz`` as one."""
    parts = re.findall(r"[^\W\d_]+|\d+", fold(words))
    runs = {
        "".join(parts[start:end])
        for start in range(len(parts))
        for end in range(start + 2, min(start + 5, len(parts) + 1))
        if all(len(part) <= 4 or part.isdigit() for part in parts[start:end])
    }
    return {
        run
        for run in runs
        if len(run) >= _SHORTEST_CODE and sum(char.isdigit() for char in run) >= 2 and any(char.isalpha() for char in run)
    }  # fmt: skip
