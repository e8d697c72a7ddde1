"""What is remembered of a mixture of languages has an end: strangers choose the mixtures."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from typing import Any

import hotline.anonymize
from hotline.anonymize.wording import MIXTURES

ENOUGH_FOR_ALL_KINDS = 32


def remembered() -> Iterator[tuple[str, Any]]:
    """Yield every function of the room that keeps answers by languages."""
    for module in pkgutil.walk_packages(hotline.anonymize.__path__, "hotline.anonymize."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if hasattr(value, "cache_info") and "languages" in inspect.signature(value).parameters:
                yield f"{module.name}.{name}", value


def test_nothing_keeps_more_mixtures_than_agreed() -> None:
    found = dict(remembered())
    assert len(found) > 5
    for name, function in found.items():
        assert function.cache_info().maxsize <= MIXTURES * ENOUGH_FOR_ALL_KINDS, name
