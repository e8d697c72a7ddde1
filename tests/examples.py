"""Laws on examples: a quarter of them at every run, all of them in the long run."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings

at_length = False
"""Whether the long run was asked for; `conftest` says so before any test is made."""


def examples(most: int, **more: Any) -> Callable[[Any], Any]:
    """Try a law on *most* examples in the long run, which then has it too, and on a quarter of them otherwise."""
    its = {"deadline": None, **more}
    if at_length:
        return lambda test: pytest.mark.exhaustive(settings(max_examples=most, **its)(test))
    return settings(max_examples=-(-most // 4), **its)
