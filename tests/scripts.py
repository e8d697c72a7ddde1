"""Languages by their script: what a language can break, one of the same script mostly breaks, too."""

from collections.abc import Iterable
from typing import Any

import pytest

from hotline.locales import table


def one_of_each(locales: Iterable[str]) -> list[Any]:
    """Return *locales* as parameters of a test: the first of each script, and for `make bench` the others.

    A language that we do not speak stands for itself.
    """
    rows, seen = table(), set[str]()
    params = []
    for locale in locales:
        script = rows[locale].script if locale in rows else locale
        marks = [pytest.mark.exhaustive] if script in seen else []
        params.append(pytest.param(locale, marks=marks))
        seen.add(script)
    return params
