"""The doorbell on many machines: RQ carries the word "due" to the workers, and nothing else."""

import logging
import threading

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
            except RedisError:
                log.warning("bell not rung")


def listen(url: str) -> None:
    """Answer the bell until Redis goes away; without a Redis, return at once."""
    if not url:
        return
    try:
        queue = Queue(QUEUE, connection=Redis.from_url(url), serializer=JSONSerializer)
        SimpleWorker([queue], connection=queue.connection, serializer=JSONSerializer).work(
            logging_level="WARNING"
        )
    except RedisError:
        log.warning("bell out of reach")
