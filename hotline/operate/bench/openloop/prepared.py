"""What the sender will send: signed requests, each with the moment when it is due, made before anything is measured."""

import random
from collections.abc import Iterator
from pathlib import Path

from hotline.operate.bench.openloop.sender import RECORD
from hotline.operate.bench.rig import Rig

_FIRST_PERSON = 1_000_000
_AGO = 20.0
"""Seconds after which somebody may text again: the answer is there, and was read."""
_SAYS = ("", "1", "2", "")


def prepare(served: Rig, path: Path, *, per_second: float, seconds: float, later: float) -> int:
    """Write to *path* what comes in *seconds* at random moments (Poisson), and return how many that are.

    A share of *later* are of people who texted before; the rest are first texts, each of somebody new.
    """
    number, count = random.Random(7), 0
    with path.open("wb") as out:
        for due, person, body in _texts(number, per_second, seconds, later):
            request = whole(served, person, body)
            out.write(RECORD.pack(due, len(request)) + request)
            count += 1
    return count


def whole(served: Rig, person: int, body: str) -> bytes:
    """Return a text of *person* as the bytes of an HTTP request."""
    content, headers = served.webhook(person, body)
    head = f"POST /twilio/sms HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content


def _texts(
    chance: random.Random, per_second: float, seconds: float, later: float
) -> Iterator[tuple[float, int, str]]:
    """Yield when, who and what: whoever texts again does so in the order of the first texts."""
    came: list[tuple[float, int, int]] = []
    person, again, due = _FIRST_PERSON, 0, chance.expovariate(per_second)
    while due < seconds:
        may = again < len(came) and came[again][0] + _AGO < due
        if may and chance.random() < later:
            _, who, said = came[again]
            again += 1
        else:
            person, who, said = person + 1, person, 0
        came.append((due, who, said + 1))
        yield due, who, _SAYS[said % len(_SAYS)]
        due += chance.expovariate(per_second)
