"""What ``pofilter`` of the translate toolkit says of the catalogs: tests by other people, of the same promises.

Only those of its tests that raise no false alarm in any of our scripts. It is a tool of the checks and no part of the
product: where it is not installed, nobody is asked.
"""

from collections.abc import Iterator
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

from hotline.operate.strings.copied import has_words
from hotline.operate.strings.entries import Entry, Fault

_STRICT = [
    "blank",
    "emails",
    "escapes",
    "isfuzzy",
    "newlines",
    "nplurals",
    "numbers",
    "printf",
    "pythonbraceformat",
    "unchanged",
    "untranslated",
    "urls",
    "variables",
    "xmltags",
]
_OUR_NAMES = {"unchanged": "same"}
"""Its tests that find what one of our rules finds: one permission is enough for both."""

_NOT_OF_FORMS = frozenset(["numbers", "printf", "unchanged", "variables"])
"""Its tests that do not know that a form of one number alone may leave out the number."""


def is_there() -> bool:
    return find_spec("translate") is not None


def ask(entry: Entry) -> Iterator[tuple[str, Fault]]:
    """Yield the test and what it finds, where there is something to translate."""
    if not has_words(entry.sources[0]):
        return
    for test, found in sorted(_filter(entry.locale).filterunit(_unit(entry)).items()):
        if len(entry.sources) > 1 and test in _NOT_OF_FORMS:
            continue
        yield _OUR_NAMES.get(test, test), Fault(f"pofilter {test}: {found['message']}")


@lru_cache(maxsize=64)
def _filter(locale: str) -> Any:
    from translate.filters import checks, pofilter

    settings = checks.CheckerConfig(targetlanguage=locale.replace("-", "_"))
    return pofilter.pocheckfilter(
        _Options, [checks.StandardChecker, checks.StandardUnitChecker], settings
    )


class _Options:
    limitfilters = _STRICT
    excludefilters: tuple[str, ...] = ()
    includeheader = False
    includereview = True
    includefuzzy = True
    autocorrect = False
    error = None


def _unit(entry: Entry) -> Any:
    from translate.misc.multistring import multistring
    from translate.storage.pypo import pounit

    is_one = len(entry.sources) == 1
    unit = pounit(entry.sources[0] if is_one else multistring(list(entry.sources)))
    unit.target = entry.said[0] if is_one else multistring(list(entry.said))
    unit.markfuzzy(entry.is_fuzzy)
    return unit
