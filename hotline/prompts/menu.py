"""Which languages one breath of a call can offer, and how long each caller waits to hear their own."""

from collections.abc import Callable, Iterator, Sequence

from hotline.prompts.pace import Said, Spoken

MOST = 9
"""Languages on one page: each has a key from 1 to 9."""
LISTENING = 13.0
"""Seconds that one page takes at most."""
PROMISED = 15.0
"""Seconds after which whoever calls from where their language is spoken has heard it offered."""

Seconds = Callable[[Spoken], float]


def page(
    locales: Sequence[str], *, seconds: Seconds, budget: float = LISTENING, most: int = MOST
) -> tuple[str, ...]:
    """Return those of *locales*, from the first on, that can be offered within *budget* seconds; at least one."""
    fitting = sum(wait <= budget for wait in waits(locales[:most], seconds=seconds))
    return tuple(locales[: max(fitting, 1)])


def pages(locales: Sequence[str], *, seconds: Seconds) -> Iterator[tuple[str, ...]]:
    """Yield *locales* page by page."""
    while locales:
        one = page(locales, seconds=seconds)
        yield one
        locales = locales[len(one) :]


def waits(locales: Sequence[str], *, seconds: Seconds, before: float = 0) -> list[float]:
    """Return for each of one page's *locales* when its own option has been said, its key included.

    *before* is how many seconds the call already spoke.
    """
    times, passed = [], before
    for key, locale in enumerate(locales, 1):
        passed += seconds(option(locale, key))
        times.append(passed)
    return times


def option(locale: str, key: int) -> Said:
    """Return how a language is offered: in itself, with its key."""
    return Said(locale, "language", str(key))
