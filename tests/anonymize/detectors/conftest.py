"""What every detector's tests ask: how much of an identifier is still visible, and what it is called."""

from collections.abc import Callable

import pytest

from hotline.anonymize import redact
from hotline.domain.identity import Label


@pytest.fixture(scope="session")
def left() -> Callable[[str, str], str]:
    """Return a function that says which letters and digits of an identifier a redacted text still shows."""

    def left(text: str, identifier: str) -> str:
        start = text.index(identifier)
        hidden = {place for span in redact(text).spans for place in range(span.start, span.end)}
        return "".join(
            char for at, char in enumerate(identifier, start) if char.isalnum() and at not in hidden
        )

    return left


@pytest.fixture(scope="session")
def labels() -> Callable[[str], set[Label]]:
    """Return a function that names the kinds of identifiers in a text."""
    return lambda text: {span.label for span in redact(text).spans}
