"""Redis is a bell: it carries the word "due", and nothing waits for it or is lost with it."""

import time

from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from hotline import jobs
from hotline.jobs import Job
from hotline.jobs.bell import QUEUE, RedisBell, listen
from tests.servers import wait_for


def ask(store):
    store.write(lambda session: jobs.later(session, Job("send", "ref")))


def test_without_redis_a_report_is_kept_at_once_and_its_job_waits(store, redis_server):
    redis_server.stop()
    store.on_jobs(RedisBell(redis_server.url).ring)
    began = time.monotonic()
    ask(store)
    assert time.monotonic() - began < 2
    with store.read() as session:
        assert jobs.waiting(session) == 1


def test_when_redis_is_back_it_is_rung_again(store, redis_server):
    redis_server.stop()
    store.on_jobs(RedisBell(redis_server.url).ring)
    ask(store)
    redis_server.start()
    client = Redis.from_url(redis_server.url)
    queue = Queue(QUEUE, connection=client, serializer=JSONSerializer)

    def rung():
        ask(store)
        return queue.jobs

    (job, *_) = wait_for(rung, 30)
    assert (job.description, list(job.args), job.kwargs) == ("due", [], {})
    client.close()


def test_a_listener_without_redis_comes_back_instead_of_dying(redis_server):
    redis_server.stop()
    assert listen(redis_server.url) is False
