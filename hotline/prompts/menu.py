"""Which languages one breath of a call can offer, and how long each caller waits to hear their own."""

from collections.abc import Callable, Sequence

from hotline.prompts.pace import Said, Spoken

MOST = 9
"""Languages on one page: each has a key from 1 to 9."""
OPTION = "language"

Seconds = Callable[[Spoken], float]


def page(
    locales: Sequence[str], *, seconds: Seconds, budget: float, most: int = MOST
) -> tuple[str, ...]:
    """Return those of *locales*, from the first on, that can be offered within *budget* seconds; at least one."""
    heard = waits(locales[:most], seconds=seconds)
    fitting = sum(wait <= budget for wait in heard)
    return tuple(locales[: max(fitting, 1)])


def waits(locales: Sequence[str], *, seconds: Seconds, before: float = 0) -> list[float]:
    """Return for each of one page's *locales* when its own option has been said, its key included.

    *before* is how long the call already spoke.
    """
    times, passed = [], before
    for key, locale in enumerate(locales, 1):
        passed += seconds(option(locale, key))
        times.append(passed)
    return times


def option(locale: str, key: int) -> Said:
    """Return how a language is offered: in itself, with its key."""
    return Said(locale, OPTION, str(key))
