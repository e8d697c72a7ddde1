"""How long a prompt may take, whoever speaks it: a caller has little time, and hears it in fear."""

LONGEST = 30.0
"""Seconds; every prompt of a call bears on somebody's safety, and nobody remembers more than this."""

_SHORTER = {"start": 6.0, "language": 2.2}
"""The greeting says how to stay silent; of the offers of a language a caller hears several before their own."""


def longest(name: str) -> float:
    """Return how many seconds the prompt *name* may take."""
    return _SHORTER.get(name, LONGEST)
