"""The doorbell on many machines: RQ carries the word "due" to the workers, and nothing else."""

import logging
import threading
from contextlib import suppress
from types import FrameType

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

QUEUE = "hotline"
RUNG = "hotline.worker.rung"

log = logging.getLogger(__name__)


class RedisBell:
    """Rings through Redis from a thread of its own: a report never waits for Redis, nor fails with it.

    Rings that come close together are one ring. A ring that is lost costs seconds: workers also look by the clock.
    """

    def __init__(self, url: str) -> None:
        self._queue = Queue(
            QUEUE,
            connection=Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5),
            serializer=JSONSerializer,
        )
        self._due = threading.Event()
        threading.Thread(target=self._loop, name="bell", daemon=True).start()

    def ring(self) -> None:
        self._due.set()

    def _loop(self) -> None:
        while True:
            self._due.wait()
            self._due.clear()
            try:
                self._queue.enqueue(RUNG, description="due", result_ttl=0, failure_ttl=60)
            except Exception:
                # Without this thread nobody is rung any more.
                with suppress(Exception):
                    log.warning("bell not rung")


class _Listener(SimpleWorker):
    """RQ's worker, which remembers whether it ended because it was told to."""

    was_told = False

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        self.was_told = True
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call] # RQ has no types there.


def listen(url: str) -> bool:
    """Answer the bell until told to stop (True), or until Redis goes away (False)."""
    listener: _Listener | None = None
    try:
        redis = Redis.from_url(url, socket_connect_timeout=5)
        queue = Queue(QUEUE, connection=redis, serializer=JSONSerializer)
        listener = _Listener([queue], connection=queue.connection, serializer=JSONSerializer)
        listener.work(logging_level="WARNING")
    except RedisError:
        log.warning("bell out of reach")
    return listener is not None and listener.was_told
