"""A text as the anonymizer reads it: its words in order, how each is written, what the lexicons say of it."""

from collections import Counter
from collections.abc import Set
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from hotline.anonymize.language import candidates
from hotline.anonymize.ordinary import ordinary_in
from hotline.anonymize.segmenting import segment
from hotline.anonymize.tokens import HAS_RUN, forms_of, is_run, places
from hotline.domain.identity import Label
from hotline.lexicon import open_lexicon, phrases
from hotline.lexicon.folding import fold
from hotline.lexicon.format import Stays

_ENDS_SENTENCE = frozenset('.!?…:;"“«»”\n•।۔။።、。！？：\u2013\u2014-(')
_ENDS_PART = frozenset(".!?…\n۔।。！？።")
_ENOUGH_WORDS, _FEWEST_WORDS = 40, 12
_INSIDE_AN_ADDRESS = frozenset(" .,'’-‐‑\u00a0\t·\"“”„«»/,،、，°º№#")
_INSIDE_A_NAME = frozenset(" .'’-‐‑\u00a0\t·")


_FIRST_WITHOUT_CASE = "\u058f"


class Rule(StrEnum):
    """What decided about a word. The first group hides it, the second lets it stay."""

    FORM = "form"
    NUMBER = "number"
    DATE = "date"
    UNLISTED = "unlisted"
    NAME = "name"
    CAPITAL = "capital"
    INTRODUCED = "introduced"
    TITLED = "titled"
    BESIDE = "beside"
    BRIDGE = "bridge"
    LONE = "lone"
    ADDRESS = "address"
    VEHICLE = "vehicle"
    VENUE = "venue"

    ORDINARY = "ordinary"
    COUNT = "count"
    ALSO = "also"


@dataclass
class Word:
    """A word or number of the text. *stays* are `Stays` bits; *hidden*, *label* and *rule* are what is decided about it."""

    # Most words never differ from these defaults: they stand on the class, and a word costs half as much to make.

    start: int
    end: int
    folded: str
    stays: int = field(default=0, init=False)
    is_number: bool = field(default=False, init=False)
    has_case: bool = field(default=True, init=False)
    is_capital: bool = field(default=False, init=False)
    is_shouted: bool = field(default=False, init=False)
    is_run: bool = field(default=False, init=False)
    opens: bool = field(default=False, init=False)
    joined: bool = field(default=False, init=False)
    is_near: bool = field(default=False, init=False)
    hidden: bool = field(default=False, init=False)
    name_like: bool = field(default=False, init=False)
    label: Label | None = field(default=None, init=False)
    rule: Rule | None = field(default=None, init=False)

    def hide(self, rule: Rule) -> None:
        """Hide the word as a part of a name; the first rule that hid it is the one that is told."""
        if not self.hidden:
            self.rule = rule
        self.hidden = self.name_like = True


@dataclass(slots=True)
class Reading:
    """A text with its words. *forms* are the folded words in their order, *said* all of them, *where* tells where each stands.

    *digits* is how many there are in the text, *numbers* which words hold them.
    """

    text: str
    folded: str
    languages: tuple[str, ...]
    words: list[Word]
    forms: list[str]
    digits: int
    numbers: list[int]
    has_runs: bool
    is_shouted: bool
    capitals_tell: bool
    where: dict[str, list[int]]
    said: frozenset[str]
    was_redacted: bool = False

    def where_any(self, listed: Set[str]) -> list[int]:
        """Return which words of the text are *listed*, in their order."""
        said = self.said & listed
        return sorted([at for form in said for at in self.where[form]]) if said else []


_GIVEN_BACK = int(
    Stays.AMONG_CAPITALS | Stays.WITHOUT_CASE | Stays.OPENING | Stays.SHOUTED | Stays.BESIDE_A_NAME
)


def read(text: str, hints: tuple[str, ...] = (), also: frozenset[str] = frozenset()) -> Reading:
    """Return *text* cut into words, with its languages and what their lexicons and *also* know of each word."""
    folded = fold(text)
    spans = places(folded)
    forms = forms_of(folded, spans)
    parts = _parts(text, spans, forms, hints)
    languages = tuple(dict.fromkeys(code for _, spoken in parts for code in spoken))
    has_runs = not folded.isascii() and HAS_RUN.search(folded) is not None
    if has_runs:
        spans = [cut for start, end in spans for cut in _cut(folded[start:end], start, languages)]
        forms = forms_of(folded, spans)
    digits = sum(map(folded.count, "0123456789"))
    words = _written(text, folded, spans, forms, has_digits=digits > 0)
    _look_up(words, text, parts, also)
    where: dict[str, list[int]] = {}
    for at, form in enumerate(forms):
        if form in where:
            where[form].append(at)
        else:
            where[form] = [at]
    is_shouted = sum([word.is_shouted for word in words]) > 0.6 * len(words)
    return Reading(
        text=text,
        folded=folded,
        languages=languages,
        words=words,
        forms=forms,
        digits=digits,
        numbers=[at for at, word in enumerate(words) if word.is_number] if digits else [],
        has_runs=has_runs,
        is_shouted=is_shouted,
        capitals_tell=not is_shouted and _capitals_tell(words),
        where=where,
        said=frozenset(where),
    )


def _look_up(
    words: list[Word],
    text: str,
    parts: list[tuple[int, tuple[str, ...]]],
    also: frozenset[str],
) -> None:
    """Ask for each word what the lexicons of the languages of its part know of it."""
    apart = _folded_apart()
    part = iter(parts)
    reaches = 0
    for word in words:
        if word.start >= reaches:
            reaches, spoken = next(part)
            stays, known = ordinary_in(spoken).stays, dict[str, int]()
        if word.is_number:
            continue
        form = word.folded
        bits = known.get(form)
        if bits is None:
            bits = known[form] = stays(form)
        if not bits and form in apart and text[word.start : word.end] in phrases.spelt_apart():
            bits = _GIVEN_BACK
        if form in also:
            bits, word.rule = bits | _GIVEN_BACK, Rule.ALSO
        word.stays = bits


@lru_cache(maxsize=1)
def _folded_apart() -> frozenset[str]:
    return frozenset(map(phrases.folded, phrases.spelt_apart()))


def _parts(
    text: str, spans: list[tuple[int, int]], forms: list[str], hints: tuple[str, ...]
) -> list[tuple[int, tuple[str, ...]]]:
    """Return where each part of *text* ends and what it may be written in: people change language by the sentence.

    The language of most words comes first, and is asked about every part.
    """
    if len(spans) <= _ENOUGH_WORDS:
        return [(len(text), candidates(text, hints, words=forms))]
    cuts = [0]
    for index in range(_FEWEST_WORDS, len(spans) - _FEWEST_WORDS):
        if index - cuts[-1] >= _FEWEST_WORDS:
            gap = text[spans[index - 1][1] : spans[index][0]]
            if gap != " " and not _ENDS_PART.isdisjoint(gap):
                cuts.append(index)
    ends = [*cuts[1:], len(spans)]
    found: list[tuple[int, tuple[str, ...]]] = []
    heard: Counter[str] = Counter()
    for first, last in zip(cuts, ends, strict=True):
        end = spans[last][0] if last < len(spans) else len(text)
        own = candidates(text[spans[first][0] : end], hints, words=forms[first:last])
        heard.update(dict.fromkeys(own[:1], last - first))
        found.append((end, own))
    most = tuple(code for code, _ in heard.most_common(1))
    return [(end, tuple(dict.fromkeys((*most, *own)))) for end, own in found]


def _cut(token: str, start: int, languages: tuple[str, ...]) -> list[tuple[int, int]]:
    if not is_run(token):
        return [(start, start + len(token))]
    lexicon = open_lexicon(_run_language(token, languages))
    if lexicon is None:
        return [(start + index, start + index + 1) for index in range(len(token))]
    return [(start + first, start + last) for first, last in segment(token, lexicon)]


_RUN_LANGUAGES = (
    ("\u0e00", "\u0e7f", "th"), ("\u0e80", "\u0eff", "lo"), ("\u1000", "\u109f", "my"), ("\u1780", "\u17ff", "km"),
)  # fmt: skip


def _run_language(token: str, languages: tuple[str, ...]) -> str:
    for first, last, code in _RUN_LANGUAGES:
        if first <= token[0] <= last:
            return code
    return "ja" if "ja" in languages else "zh"


def _written(
    text: str, folded: str, spans: list[tuple[int, int]], forms: list[str], *, has_digits: bool
) -> list[Word]:
    """Return the words at *spans*, with how each is written and what stands between it and the one before."""
    words: list[Word] = []
    previous = 0
    for (start, end), form in zip(spans, forms, strict=True):
        word = Word(start, end, form)
        words.append(word)
        if has_digits and not form.isalpha() and any(map(str.isdigit, form)):
            word.is_number = True
        if text[start] != folded[start]:
            _read_capitals(word, text[start:end])
        elif form[0] > _FIRST_WITHOUT_CASE:
            word.has_case = form[0] != form[0].upper()
            word.is_run = is_run(form)
        gap = text[previous:start]
        if gap == " " and previous > 0:
            word.joined = word.is_near = True
        else:
            word.opens = previous == 0 or not _ENDS_SENTENCE.isdisjoint(gap)
            word.joined = previous > 0 and _INSIDE_A_NAME.issuperset(gap)
            word.is_near = word.joined or (previous > 0 and _INSIDE_AN_ADDRESS.issuperset(gap))
        previous = end
    return words


def _read_capitals(word: Word, surface: str) -> None:
    word.is_capital = surface[0].isupper()
    word.is_shouted = word.is_capital and len(surface) > 1 and surface.isupper()


def _capitals_tell(words: list[Word]) -> bool:
    """Say whether a lower-case word is the less likely to be a name, because this writer uses capitals."""
    return any(word.is_capital and not word.opens and len(word.folded) > 1 for word in words)
