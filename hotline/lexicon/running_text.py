"""How often a word has a capital in running text, counted with its capitals by a package named in ``SOURCES.md``.

Runs only when lexicons are built.
"""

import gzip
import importlib
import json
import math
from pathlib import Path
from typing import Any

from hotline.lexicon.folding import bare, fold

COUNTED_BY_CASE = ("en", "es")


def capital_shares(code: str) -> dict[str, float]:
    """Return for each folded word of language *code* the share of its uses with a capital."""
    package: Any = importlib.import_module("spacy_lookups_data")
    path = Path(package.__file__).parent / "data" / f"{code}_lexeme_prob.json.gz"
    with gzip.open(path) as file:
        logarithms: dict[str, float] = json.load(file)
    words = {word.lower() for word in logarithms if word.isalpha()}
    return {bare(fold(word)): _share(logarithms, word) for word in words}


def _share(logarithms: dict[str, float], word: str) -> float:
    with_capital, without = logarithms.get(word.capitalize()), logarithms.get(word)
    if with_capital is None:
        return 0.0
    return 1.0 if without is None else 1 / (1 + math.exp(without - with_capital))
