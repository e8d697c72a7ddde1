"""A provider's load: as fast as the hotline answers, or at a steady rate whether it answers or not."""

import random
import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException

Request = tuple[bytes, dict[str, str]]


@dataclass
class Outcome:
    """What came of a load: seconds that each answered request took, and how many got no good answer."""

    took: list[float] = field(default_factory=list)
    failed: int = 0
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        return len(self.took) / self.seconds

    def milliseconds(self, share: float) -> float:
        """Return the time within which *share* of the requests were answered."""
        ordered = sorted(self.took)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000


def as_fast_as_answered(port: int, requests: list[Request], connections: int = 16) -> Outcome:
    """Send *requests* over some connections, each as soon as the one before it is answered."""
    outcome, waiting, guard = Outcome(), requests[::-1], threading.Lock()

    def work() -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        while True:
            with guard:
                if not waiting:
                    return
                request = waiting.pop()
            _send(connection, request, time.perf_counter(), outcome)

    outcome.seconds = _together([work] * connections)
    return outcome


def at_a_steady_rate(
    port: int, requests: list[Request], per_second: float, connections: int = 32
) -> Outcome:
    """Send *requests* at random moments (Poisson), and count the time from when each was due."""
    outcome, guard = Outcome(), threading.Lock()
    due, moment = [], time.perf_counter() + 0.2
    for request in requests:
        moment += random.expovariate(per_second)
        due.append((moment, request))
    due.reverse()

    def work() -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        while True:
            with guard:
                if not due:
                    return
                moment, request = due.pop()
            time.sleep(max(0.0, moment - time.perf_counter()))
            _send(connection, request, moment, outcome)

    outcome.seconds = _together([work] * connections)
    return outcome


def _send(connection: HTTPConnection, request: Request, since: float, outcome: Outcome) -> None:
    body, headers = request
    try:
        connection.request("POST", "/twilio/sms", body, headers)
        response = connection.getresponse()
        response.read()
    except (OSError, HTTPException):
        connection.close()
        outcome.failed += 1
        return
    if response.status == 200:
        outcome.took.append(time.perf_counter() - since)
    else:
        outcome.failed += 1


def _together(works: list) -> float:  # type: ignore[type-arg]
    start = time.perf_counter()
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - start
