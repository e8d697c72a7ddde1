"""Fields, in which facts are put, survive translation: a damaged one would fail when somebody is answered."""

import re
from collections.abc import Iterator
from functools import lru_cache
from gettext import c2py

from hotline.operate.strings.entries import FIELD, Entry, Fault

_BRACES = re.compile(r"[{}]")


def fields(entry: Entry) -> Iterator[Fault]:
    wanted = [sorted(FIELD.findall(source)) for source in entry.sources]
    for form, said in enumerate(entry.said):
        found = sorted(FIELD.findall(said))
        if found not in wanted and not _leaves_out_the_number(entry, form, found):
            yield Fault("other fields")


def percent(entry: Entry) -> Iterator[Fault]:
    if any("%" in FIELD.sub("", said).replace("%%", "") for said in entry.said):
        yield Fault("a damaged field, or a lone %")


def braces(entry: Entry) -> Iterator[Fault]:
    wanted = [_BRACES.findall(source) for source in entry.sources]
    if any(_BRACES.findall(said) not in wanted for said in entry.said):
        yield Fault("other braces")


def _leaves_out_the_number(entry: Entry, form: int, found: list[str]) -> bool:
    """Tell whether a form of one number alone, such as the Arabic dual, says it by itself."""
    if len(entry.sources) == 1 or form not in _forms_of_one_number(entry.row.plural):
        return False
    most = set(FIELD.findall(entry.sources[-1]))
    return set(found) < most and len(most) - len(found) == 1


@lru_cache(maxsize=64)
def _forms_of_one_number(plural: str) -> frozenset[int]:
    form_of = c2py(plural.partition("plural=")[2].strip().rstrip(";"))
    forms = [form_of(number) for number in range(200)]
    return frozenset(form for form in forms if forms.count(form) == 1)
