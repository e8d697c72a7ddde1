"""What a rule finds and a person has allowed: ``ALLOWED.toml`` says which words or sentences, in which languages, and why.

::

    [[same]]
    in = ["fil"]
    allow = ["zero", "one"]
    why = "Numbers are counted in English words."
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from hotline.operate.strings.entries import Entry, Fault
from hotline.operate.strings.glossaries import is_list_of_words

RULES = frozenset(
    [
        "blanks",
        "doubled",
        "letters",
        "neighbours",
        "numbers",
        "remnants",
        "same",
        "sentence",
        "stated_words",
        "twins",
    ]
)
"""The rules from which there are exceptions; from the others there are none."""

_EVERYWHERE = ""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What is allowed, as rule, locale and word or sentence; what of it was needed is remembered."""

    kept: frozenset[tuple[str, str, str]] = frozenset()
    faults: tuple[str, ...] = ()
    used: set[tuple[str, str, str]] = field(default_factory=set)

    def covers(self, rule: str, entry: Entry, fault: Fault) -> bool:
        """Tell whether *fault* is allowed: by its word, or by its sentence."""
        what = (fault.word, *entry.sources)
        keys = {(rule, where, one) for where in (entry.locale, _EVERYWHERE) for one in what}
        found = keys & self.kept
        self.used.update(found)
        return bool(found)

    def unneeded(self, locales: Collection[str]) -> Iterator[str]:
        """Yield what allows nothing any more in one of *locales*."""
        for rule, where, what in sorted(self.kept - self.used):
            if where in (_EVERYWHERE, *locales):
                yield f"ALLOWED.toml: {rule}: not needed in {where or 'any language'}: {what!r}"


def read(said: Mapping[str, Any]) -> Allowed:
    kept, faults = set(), []
    for rule, rows in said.items():
        if rule not in RULES:
            faults.append(f"ALLOWED.toml: from {rule} there are no exceptions")
            continue
        for row in rows if isinstance(rows, list) else [rows]:
            its = row if isinstance(row, dict) else {}
            lists = (its.get("allow"), its.get("in", []))
            if not its.get("allow") or not all(map(is_list_of_words, lists)):
                faults.append(f"ALLOWED.toml: {rule}: `in` and `allow` are lists: {row}")
                continue
            kept |= {
                (rule, where, what)
                for where in its.get("in", [_EVERYWHERE])
                for what in its["allow"]
            }
            if not str(its.get("why", "")).strip():
                faults.append(f"ALLOWED.toml: {rule}: no reason for {its['allow'][0]!r}")
    return Allowed(frozenset(kept), tuple(faults))
