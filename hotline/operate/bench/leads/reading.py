"""One client of a TAXII server: it asks on one connection, and waits for whole answers."""

import json
import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from types import TracebackType
from urllib.parse import urlencode

from hotline.errors import Unavailable

ROUNDS = 101
_ACCEPT = "application/taxii+json;version=2.1"


@dataclass(frozen=True, slots=True)
class Asked:
    """*tail* follows the address of the collections; *objects* is how many the answer must hold."""

    tail: str
    query: Mapping[str, str]
    objects: int


class Reader:
    """A client with the token of an agency."""

    def __init__(self, port: int, path: str, token: str) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self._path = path
        self._headers = {"Authorization": f"Bearer {token}", "Accept": _ACCEPT}

    def __enter__(self) -> "Reader":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._connection.close()

    def asks(self, asked: Asked) -> bytes:
        """Return a whole answer.

        Raises:
            Unavailable: it was refused.
        """
        query = f"?{urlencode(asked.query)}" if asked.query else ""
        self._connection.request("GET", self._path + asked.tail + query, headers=self._headers)
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise Unavailable(f"a page was answered with {answer.status}")
        return body


def measured(reader: Reader, asked: Mapping[str, Asked]) -> dict[str, float]:
    """Return the median of what each answer took, in milliseconds; they take turns, so that a bad minute hits all."""
    for one in asked.values():
        held = json.loads(reader.asks(one)).get("objects", [])
        if len(held) != one.objects:
            raise Unavailable(f"an answer holds {len(held)} objects instead of {one.objects}")
    took: dict[str, list[float]] = {name: [] for name in asked}
    for _ in range(ROUNDS):
        for name, one in asked.items():
            start = time.perf_counter()
            reader.asks(one)
            took[name].append(time.perf_counter() - start)
    return {name: statistics.median(each) * 1000 for name, each in took.items()}


def walk(reader: Reader, asked: Asked, pages: int) -> float:
    """Return how many seconds it takes to follow ``next`` through so many *pages*; the middle of three walks."""
    return statistics.median(_walk(reader, asked, pages) for _ in range(3))


def _walk(reader: Reader, asked: Asked, pages: int) -> float:
    start, query = time.perf_counter(), dict(asked.query)
    for number in range(pages):
        page = json.loads(reader.asks(Asked(asked.tail, query, asked.objects)))
        if len(page["objects"]) != asked.objects:
            raise Unavailable("a page of the walk is not full")
        if number < pages - 1:
            query["next"] = page["next"]
    return time.perf_counter() - start
