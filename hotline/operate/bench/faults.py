"""The server is killed again and again under load: what was acknowledged must be there, once."""

import random
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from urllib.parse import parse_qs

from sqlalchemy import func, select

from hotline.operate.bench.load import Request
from hotline.operate.bench.rig import Rig, rig
from hotline.reports.tables import messages, seen
from hotline.store import Store
from hotline.vault.seen import seen_key


@dataclass
class Ledger:
    """What a provider knows: each request, and each answer it got to it."""

    answers: dict[int, set[bytes]] = field(default_factory=dict)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def note(self, number: int, body: bytes) -> None:
        with self.guard:
            self.answers.setdefault(number, set()).add(body)


def measure(kills: int = 20, seconds_between: float = 1.5) -> dict[str, float]:
    """Kill the server *kills* times; then let the provider send everything that was answered again."""
    with rig() as served:
        requests = [served.webhook(number) for number in range(kills * 500)]
        ledger = Ledger()
        for number, body in _send_while_killed(served, requests, kills, seconds_between):
            ledger.note(number, body)
        acknowledged = [requests[number] for number in ledger.answers]
        present, kept = _present(served, acknowledged), _messages(served)
        for number in sorted(ledger.answers):
            ledger.note(number, _until_answered(served, requests[number]))
        again = _messages(served)
    return {
        "kills": kills,
        "acknowledged": len(acknowledged),
        "acknowledged and lost": len(acknowledged) - present,
        "kept once more by a retry": again - kept,
        "retries that got another answer": sum(len(each) > 1 for each in ledger.answers.values()),
    }


def _send_while_killed(
    served: Rig, requests: list[Request], kills: int, pause: float
) -> list[tuple[int, bytes]]:
    """Send *requests* in order from eight connections until the last kill is over."""
    numbers, over = iter(range(len(requests))), threading.Event()
    acknowledged: list[tuple[int, bytes]] = []
    guard = threading.Lock()

    def work() -> None:
        while not over.is_set():
            with guard:
                number = next(numbers, None)
            if number is None:
                return
            body = None
            while body is None and not over.is_set():
                # As a provider does: the same again, until it is answered.
                body = _once(served, requests[number])
                if body is None:
                    time.sleep(0.02)
            if body is not None:
                acknowledged.append((number, body))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for _ in range(kills):
        _until_more(acknowledged)
        time.sleep(random.uniform(0, pause))
        served.kill()
        served.start()
    over.set()
    for thread in threads:
        thread.join()
    return acknowledged


def _until_more(acknowledged: list[tuple[int, bytes]], seconds: float = 60) -> None:
    """Wait until one more is acknowledged, so that each kill meets a hotline at work."""
    before, end = len(acknowledged), time.monotonic() + seconds
    while len(acknowledged) == before and time.monotonic() < end:
        time.sleep(0.01)


def _once(served: Rig, request: Request) -> bytes | None:
    """Send once, over a connection of its own; None without a good answer."""
    body, headers = request
    try:
        with closing(HTTPConnection("127.0.0.1", served.port, timeout=60)) as connection:
            connection.request("POST", "/twilio/sms", body, headers)
            with connection.getresponse() as response:
                answer = response.read()
    except (OSError, HTTPException):
        return None
    return answer if response.status == 200 else None


def _until_answered(served: Rig, request: Request) -> bytes:
    for _ in range(100):
        answer = _once(served, request)
        if answer is not None:
            return answer
        time.sleep(0.1)
    raise RuntimeError("a retry was never answered")


def _present(served: Rig, requests: list[Request]) -> int:
    """Return how many of *requests* were kept."""
    sids = [parse_qs(body.decode())["MessageSid"][0] for body, _ in requests]
    keys = [seen_key(sid) for sid in sids]
    store = Store(served.database_url)
    with store.read() as session:
        kept = set(map(bytes, session.execute(select(seen.c.id_hash)).scalars()))
    store.close()
    return sum(key in kept for key in keys)


def _messages(served: Rig) -> int:
    store = Store(served.database_url)
    with store.read() as session:
        kept: int = session.execute(select(func.count()).select_from(messages)).scalar_one()
    store.close()
    return kept
