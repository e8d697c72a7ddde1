"""Read the phrases of a lexicon: one line of words, sets and gaps becomes one matcher.

A phrase is a row of elements. Each is matched by one word, or by several joined with ``_``::

    lock|locked|shut_in     any of these            passport*   a word that begins so
    @boss                   a set of the lexicon    *piga*      a word that contains so
    #12-18                  a number in this range, in digits or in words; # any number
    grade_#1-6              the same beside other words
    ..  ..6                 up to 3 (6) words between     <>  <6>   the same, in either order
    word?                   may be missing          !word       is not followed by
    ^  $                    begins, ends a sentence; $ also as one choice of several

A line that starts with ``~`` is matched even after a negation.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

_EITHER_ORDER = re.compile(r"^<(\d*)>$")
_GAP = re.compile(r"^\.\.(\d*)$")
_NUMBERS = re.compile(r"^#(?:(\d+)-(\d+))?$")
_RANGE = re.compile(r"#(\d+)-(\d+)")
_DEFAULT_GAP = 3
_DIGIT = re.compile(r"[\d#]")
# Where words are not separated, the 8 of 28 is no number of its own.
_WITHIN_NUMBER = r"(?!(?<=\d)\d)"


class MalformedPhrase(ValueError):
    """A lexicon holds a phrase that cannot be read."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """What the phrases of one language share: its sets, number words, gap-breakers and glued particles.

    Where words are not separated, *letters* is how many a gap reckons for each of its words. *spelled* remembers what
    satisfies an element: many phrases share it.
    """

    sets: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)
    negators: frozenset[str] = frozenset()
    proclitics: tuple[str, ...] = ()
    proclitics_before: str = ""
    unsegmented: bool = False
    letters: int = 3
    spelled: dict[str, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a lexicon in one order: its *row* decides whether a text says it."""

    rule: str
    row: tuple[str, ...]
    heeds_negation: bool


@dataclass(frozen=True, slots=True)
class Phrase(Line):
    """A line as an index files it: the *elements* that a text must hold.

    *gaps* are the most words that may lie between each element and the next.
    """

    elements: tuple[tuple[str, ...], ...]
    gaps: tuple[int, ...]


def read_phrases(rule: str, lines: str, grammar: Grammar) -> Iterator[Phrase]:
    """Yield the phrases of *rule*; empty lines and lines that begin with ``//`` say nothing."""
    for raw in lines.splitlines():
        line = raw.strip()
        if line and not line.startswith("//"):
            heeds_negation = not line.startswith("~")
            for row in _orders(line.lstrip("~ ").split()):
                elements, gaps = _outline(row, grammar)
                if not elements:
                    raise MalformedPhrase(f"{rule}: {line}")
                yield Phrase(rule, tuple(map(sys.intern, row)), heeds_negation, elements, gaps)


def _outline(
    row: Iterable[str], grammar: Grammar
) -> tuple[tuple[tuple[str, ...], ...], tuple[int, ...]]:
    """Return the elements that *row* cannot do without, and the room between them."""
    elements: list[tuple[str, ...]] = []
    gaps: list[int] = []
    for element in row:
        if gap := _GAP.match(element):
            room = int(gap.group(1) or _DEFAULT_GAP)
        elif element in "^$" or element.startswith("!"):
            room = 0
        elif element.endswith("?"):
            room = max(word.count(" ") + 1 for word in literals(element[:-1], grammar))
        else:
            if element not in grammar.spelled:
                grammar.spelled[element] = tuple(literals(element, grammar))
            elements.append(grammar.spelled[element])
            gaps.append(0)
            continue
        if gaps:
            gaps[-1] += room
    return tuple(elements), tuple(gaps[:-1])


def _orders(row: list[str]) -> Iterable[list[str]]:
    """Spell out the two orders that ``a <3> b`` stands for."""
    for place, element in enumerate(row):
        if either := _EITHER_ORDER.match(element):
            before, after = row[:place], row[place + 1 :]
            gap = [f"..{either.group(1)}"]
            yield before + gap + after
            yield after + gap + before
            return
    yield row


def compile_row(row: Iterable[str], grammar: Grammar) -> re.Pattern[str]:
    """Return the pattern that finds *row* in a line of folded words."""
    return re.compile("".join(_piece(element, grammar) for element in row))


def _piece(element: str, grammar: Grammar) -> str:
    if gap := _GAP.match(element):
        return _gap(int(gap.group(1) or _DEFAULT_GAP), grammar)
    if element in "^$":
        return _edge(element, grammar)
    if element.startswith("!"):
        return f"(?!{_one_of(literals(element[1:], grammar), grammar)})"
    if element.endswith("?"):
        return f"(?:{_one_of(literals(element[:-1], grammar), grammar)})?"
    return _one_of(literals(element, grammar), grammar)


def _gap(words: int, grammar: Grammar) -> str:
    if grammar.unsegmented:
        return f"[^.]{{0,{words * grammar.letters}}}?"
    stops = "|".join(sorted(map(re.escape, grammar.negators | {"."})))
    return f"(?: (?!(?:{stops}) )[^ ]+){{0,{words}}}?"


def _edge(element: str, grammar: Grammar) -> str:
    if grammar.unsegmented:
        return r"(?<=\.)" if element == "^" else r"(?=\.)"
    return r"(?<= \.)" if element == "^" else r"(?= \.)"


def literals(element: str, grammar: Grammar) -> list[str]:
    """Return the words that satisfy *element*, sets and numbers spelled out."""
    words: list[str] = []
    for choice in element.split("|"):
        if numbers := _NUMBERS.match(choice):
            words += _numerals(numbers, grammar)
        elif choice.startswith("@"):
            if choice[1:] not in grammar.sets:
                raise MalformedPhrase(choice)
            words += literals(grammar.sets[choice[1:]], grammar)
        elif choice == "$":
            words.append(".")
        elif choice:
            joined = choice.replace("_", "" if grammar.unsegmented else " ")
            words += _with_numerals(sys.intern(joined), grammar)
    return list(dict.fromkeys(words))


def _numerals(numbers: re.Match[str], grammar: Grammar) -> list[str]:
    if numbers.group(1) is None:
        return ["#", *grammar.numbers]
    low, high = int(numbers.group(1)), int(numbers.group(2))
    named = [word for word, value in grammar.numbers.items() if low <= value <= high]
    return [*map(str, range(low, high + 1)), *named]


def _with_numerals(words: str, grammar: Grammar) -> list[str]:
    """Spell out the number in *words*, as in ``in # hours``, or its range, as in ``grade #1-6``."""
    if "#" not in words:
        return [words]
    if numbers := _RANGE.search(words):
        before, after = words[: numbers.start()], words[numbers.end() :]
        return [before + numeral + after for numeral in _numerals(numbers, grammar)]
    return [words, *(words.replace("#", numeral) for numeral in grammar.numbers)]


def _one_of(words: list[str], grammar: Grammar) -> str:
    tree: dict[str, object] = {}
    for word in words:
        _plant(tree, word)
    body = _branch(tree)
    if grammar.unsegmented:
        edge = _WITHIN_NUMBER if _DIGIT.search("".join(words)) else ""
        return f"{edge}{body}{edge}"
    return f" {_proclitic(grammar)}{body}(?= )"


def _proclitic(grammar: Grammar) -> str:
    if not grammar.proclitics:
        return ""
    particles = "|".join(map(re.escape, sorted(grammar.proclitics, key=len, reverse=True)))
    before = f"(?=[{grammar.proclitics_before}])" if grammar.proclitics_before else ""
    return f"(?:(?:{particles}){before})?"


def _plant(tree: dict[str, object], word: str) -> None:
    """Add *word* to a tree of letters, so that words that begin alike are compared once."""
    for letter in word:
        tree = tree.setdefault(letter, {})  # type: ignore[assignment]
    tree[""] = {}


def _branch(tree: dict[str, object]) -> str:
    branches = [
        _letter(letter) + (_branch(below) if isinstance(below, dict) and below else "")
        for letter, below in tree.items()
        if letter
    ]
    if not branches:
        return ""
    body = branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
    if "" not in tree:
        return body
    return f"(?:{body})?"


def _letter(letter: str) -> str:
    if letter == "*":
        return "[^ ]*"
    return r"\d+" if letter == "#" else re.escape(letter)
