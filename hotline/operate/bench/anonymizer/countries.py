"""Tell a country from a place within one: a country may be known, a town may not."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError

from hotline.operate.bench.anonymizer.labelled import Labelled, TextSet

_PLACES = frozenset({"LOCATION", "PLACE"})


def with_finer_places(of: TextSet) -> list[Labelled]:
    """Return the texts of *of*, labelled with nothing but those places that are not whole countries."""
    return [
        Labelled(
            each.text,
            each.language,
            tuple(
                span
                for span in each.spans
                if span.label in _PLACES
                and not is_country(each.text[span.start : span.end], each.language)
            ),
        )
        for each in of.texts
    ]


def is_country(name: str, language: str) -> bool:
    """Say whether *name* is what CLDR calls a country in *language* or in English."""
    return name.casefold().strip() in _countries(language) | _countries("en")


@lru_cache(maxsize=128)
def _countries(language: str) -> frozenset[str]:
    try:
        names = Locale.parse(language).territories
    except (UnknownLocaleError, ValueError):
        return frozenset()
    return frozenset(name.casefold() for code, name in names.items() if len(code) == 2)
