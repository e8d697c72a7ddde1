"""Sentences are as short as their comment wants, and short enough to be read by somebody who is afraid."""

import re
from collections.abc import Iterator

from hotline.i18n import PHRASES
from hotline.operate.strings.entries import FIELD, Entry, Fault, units, wording

LONGEST_SENTENCE = 25
"""Words of one sentence, where the script has spaces."""

LONGEST_UNSPACED = {"Hans": 40, "Hant": 40, "Khmr": 100, "Laoo": 100, "Mymr": 100, "Thai": 140}
"""Letters of one sentence, where it has none. Thai ends no sentence with a sign."""

LONGEST_PHRASE = 100
"""UTF-16 units of an approved phrase; 70 are one part of an SMS, which is aimed at and not possible in every script."""

_STATED = re.compile(r"[Aa]t most (\d+) characters")
_STATED_WORDS = re.compile(r"[Aa]t most (\d+) words")
# What stands behind a digit of a menu is read by itself.
_ENDS = re.compile(r"(?<=[.!?؟؛।॥።።၊။។。！？；۔;])\s*|\n|(?<=\d)[,،፣]?\s+|\s+(?=\d\s)")


def stated(entry: Entry) -> Iterator[Fault]:
    """The comment says how many UTF-16 units a sentence may have, without its fields."""
    limits = [int(most) for most in _STATED.findall(entry.notes)]
    longest = max(units(FIELD.sub("", said)) for said in entry.said)
    if limits and longest > min(limits):
        yield Fault(f"{longest} characters, and its comment wants at most {min(limits)}")


def stated_words(entry: Entry) -> Iterator[Fault]:
    """Or how many words each sentence of it may have, where words stand apart."""
    limits = [int(most) for most in _STATED_WORDS.findall(entry.notes)]
    if limits and entry.row.script not in LONGEST_UNSPACED:
        longest = max(len(one.split()) for said in entry.said for one in sentences(said))
        if longest > min(limits):
            yield Fault(f"{longest} words, and its comment wants at most {min(limits)}")


def sentence(entry: Entry) -> Iterator[Fault]:
    most = LONGEST_UNSPACED.get(entry.row.script)
    for one in (one for said in entry.said for one in sentences(said)):
        if most is None and len(one.split()) > LONGEST_SENTENCE:
            yield Fault(f"a sentence of {len(one.split())} words: at most {LONGEST_SENTENCE}")
        elif most is not None and len(one) > most:
            yield Fault(f"a sentence of {len(one)} letters: at most {most}")


def phrase(entry: Entry) -> Iterator[Fault]:
    if entry.domain == PHRASES and units(entry.said[0]) > LONGEST_PHRASE:
        yield Fault(f"a phrase longer than {LONGEST_PHRASE} units")


def sentences(text: str) -> list[str]:
    return [one.strip() for one in _ENDS.split(wording(text))]
