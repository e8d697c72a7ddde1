"""Which rules fit which sentence; each is a small function from a sentence to what is wrong with it."""

from collections.abc import Iterator, Mapping

from hotline.i18n import CONSOLE, PHRASES, REPORTER, VOICE
from hotline.operate.strings import (
    alphabets,
    calls,
    copied,
    fields,
    figures,
    lengths,
    markup,
    unseen,
    wholeness,
)
from hotline.operate.strings.entries import Entry, Fault, Rule


def _named(*rules: Rule) -> dict[str, Rule]:
    return {rule.__name__: rule for rule in rules}


EVERYWHERE = _named(
    wholeness.fuzzy,
    wholeness.forms,
    fields.fields,
    fields.percent,
    fields.braces,
    markup.tags,
    markup.signs,
    markup.quotes,
    unseen.bidi,
    unseen.controls,
    unseen.normal,
    unseen.edges,
    unseen.blanks,
    figures.telephones,
    figures.addresses,
    alphabets.neighbours,
    copied.same,
    copied.remnants,
    copied.doubled,
)
FOR_REPORTERS = _named(
    alphabets.letters,
    alphabets.numerals,
    lengths.stated,
    lengths.stated_words,
    lengths.sentence,
    lengths.phrase,
)
READ = _named(figures.numbers, figures.menu)
HEARD = _named(calls.keys, calls.breath, calls.sayable, calls.overheard)
NOT_OF_THE_SOURCE = frozenset(["forms", "neighbours", "same", "remnants"])


_RULES: Mapping[str, Mapping[str, Rule]] = {
    REPORTER: EVERYWHERE | FOR_REPORTERS | READ,
    PHRASES: EVERYWHERE | FOR_REPORTERS | READ,
    VOICE: EVERYWHERE | FOR_REPORTERS | HEARD,
    CONSOLE: EVERYWHERE,
}
"""By domain; staff ask back, and a page for them may be long."""


def judged(entry: Entry) -> Iterator[tuple[str, Fault]]:
    """Yield each rule that *entry* breaks, and how."""
    nothing = list(wholeness.blank(entry))
    if nothing:
        yield "blank", nothing[0]
        return
    for name, rule in _RULES[entry.domain].items():
        if not (entry.is_source and name in NOT_OF_THE_SOURCE):
            yield from ((name, fault) for fault in dict.fromkeys(rule(entry)))
