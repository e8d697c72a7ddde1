"""Counts what the provider asks of one process, how it ended, and how long it took."""

import threading
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

ARRIVED = "hotline.arrived"
"""Where the doorway notes in a request's environ when it began, by `time.perf_counter`."""

STEPS = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0)
"""Seconds; the provider waits for fifteen."""

_OF_PATHS = {"sms": "texts", "voice": "calls", "fallback": "fallback"}
KINDS = (*_OF_PATHS.values(), "news", "other")
KEPT, REFUSED, FAILED = OUTCOMES = ("kept", "refused", "failed")


@dataclass
class Counts:
    """How often each kind had which outcome, and how many took at most each of `STEPS`, or longer."""

    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    took: Counter[int] = field(default_factory=Counter)


class Meter:
    """*inside*, measured. What was answered well is counted apart from what went wrong."""

    def __init__(self, inside: WSGIApplication) -> None:
        self._inside = inside
        self._counting = threading.Lock()
        self._counts = Counts()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if not path.startswith("/twilio/"):
            return self._inside(environ, start_response)
        began = environ.get(ARRIVED, time.perf_counter())
        outcome = FAILED

        def begin(status: str, *rest: object) -> object:
            nonlocal outcome
            outcome = _outcome(status)
            return start_response(status, *rest)  # type: ignore[arg-type]

        try:
            return self._inside(environ, begin)  # type: ignore[arg-type]
        finally:
            self._count(_kind(path), outcome, time.perf_counter() - began)

    def counts(self) -> Counts:
        """Return a copy of what was counted since the process began."""
        with self._counting:
            its = self._counts
            return Counts(Counter(its.outcomes), Counter(its.took))

    def _count(self, kind: str, outcome: str, seconds: float) -> None:
        with self._counting:
            self._counts.outcomes[kind, outcome] += 1
            if outcome == KEPT:
                self._counts.took[bisect_left(STEPS, seconds)] += 1


def _kind(path: str) -> str:
    """Return what a webhook is about; an address may hold an id, which is none of it."""
    first, _, rest = path.removeprefix("/twilio/").partition("/")
    return "news" if "status" in rest.split("/") else _OF_PATHS.get(first, "other")


def _outcome(status: str) -> str:
    return {"2": KEPT, "4": REFUSED}.get(status[:1], FAILED)
