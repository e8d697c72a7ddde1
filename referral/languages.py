"""Tell when two language codes mean one language."""

from collections.abc import Mapping
from functools import lru_cache

from babel.core import get_global


@lru_cache(maxsize=1_000)
def main_language(code: str) -> str:
    """Return the language of *code* alone, as CLDR prefers it: ``pt-BR`` is ``pt``, ``tir`` is ``ti``.

    Directories write ISO 639-1 or 639-3 (HSDS language.code), callers BCP 47.
    """
    main = _first(code)
    aliases: Mapping[str, str] = get_global("language_aliases")
    return _first(aliases.get(main, main))


def _first(code: str) -> str:
    return code.replace("_", "-").split("-")[0].strip().lower()
