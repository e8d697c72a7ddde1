"""Who read what: back-translations, doubts and signatures stand for sentences that are there.

``<locale>/back.toml`` is keyed by the translated sentence, so that a changed one has none until it is read anew.
``REVIEW.toml`` says how far each language was read.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from typing import Any

from hotline.i18n import SOURCE
from hotline.operate.strings.entries import Entry
from hotline.reviews import State


def backs(
    locale: str, state: str, understood: Mapping[str, str], entries: Collection[Entry]
) -> Iterator[str]:
    """Yield each sentence that nobody read back although *state* says so, and what was read of one that is gone."""
    said = {one for entry in entries for one in entry.said if one}
    if state in (State.CROSS_CHECKED, State.REVIEWED):
        if not understood:
            yield f"{locale}/back.toml: nothing was translated back, and REVIEW.toml says {state}"
            return
        for entry in entries:
            if not all(understood.get(one, "").strip() for one in entry.said):
                yield entry.fault("not translated back")
    for gone in sorted(understood.keys() - said):
        yield f"{locale}/back.toml: no sentence of today: {gone!r}"


def reviews(
    review: Mapping[str, Any],
    locales: Collection[str],
    sentences: Collection[str],
    version: Callable[[str], str],
) -> Iterator[str]:
    """Yield what is wrong in ``REVIEW.toml``.

    *locales* are those that are there, *sentences* all of ours; *version* is what a signature of a locale names today.
    """
    for locale in sorted({*locales} - review.keys() - {SOURCE}):
        yield f"REVIEW.toml: {locale} has no state"
    for locale, row in review.items():
        where = f"REVIEW.toml: {locale}"
        if locale not in locales:
            yield f"{where} is no language of ours"
            continue
        if row.get("state") not in list(State):
            yield f"{where}: its state is not {', '.join(State)}"
        for doubt in row.get("doubts", ()):
            if doubt.get("sentence") not in sentences:
                yield f"{where}: a doubt about no sentence of today: {doubt.get('sentence')!r}"
            elif not doubt.get("why", "").strip():
                yield f"{where}: a doubt without a reason: {doubt['sentence']!r}"
        yield from _signatures(where, row, version(locale))


def _signatures(where: str, row: Mapping[str, Any], version: str) -> Iterator[str]:
    readers = row.get("readers", ())
    if row.get("state") == State.REVIEWED and version not in [
        one.get("version") for one in readers if isinstance(one, Mapping)
    ]:
        yield f"{where}: reviewed, and nobody signed its sentences as they stand today"
    for reader in readers:
        is_dated = isinstance(reader, Mapping) and isinstance(reader.get("on"), date)
        if not (is_dated and reader.get("name") and reader.get("version")):
            yield f"{where}: a signature without a name, a day or a version"
