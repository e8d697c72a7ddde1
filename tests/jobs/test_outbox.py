"""A job is a row first: it is done once, comes back when it failed, and is never lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import text

from hotline import jobs, worker
from hotline.jobs import Job
from hotline.store import Store, metadata
from tests.servers import wait_for

_, PEOPLE, UPKEEP = jobs.Priority
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def ask(store, *names):
    for name in names:
        store.write(lambda session, name=name: jobs.later(session, Job(name, "ref", AT)))


def claim(store, at=AT, limit=50, priority=PEOPLE):
    return store.write(lambda session: jobs.claim(session, priority, at=at, limit=limit))


def test_a_job_is_claimed_by_one_worker_only(store):
    ask(store, "send", "erase")
    assert {job.name for job in claim(store)} == {"send", "erase"}
    assert claim(store) == []


def test_a_worker_that_died_lets_its_job_go(store):
    ask(store, "send")
    claim(store)
    assert claim(store, AT + jobs.outbox.CLAIM - timedelta(seconds=1)) == []
    assert [job.name for job in claim(store, AT + jobs.outbox.CLAIM)] == ["send"]


def test_a_job_that_is_not_due_waits(store):
    store.write(lambda session: jobs.later(session, Job("send", "", AT + timedelta(hours=1))))
    assert claim(store) == []
    with store.read() as session:
        assert jobs.next_due(session) == AT + timedelta(hours=1)
    assert len(claim(store, AT + timedelta(hours=1))) == 1


def test_a_failed_job_comes_back_later_each_time_and_for_ever(store):
    ask(store, "send")
    at, waits = AT, []
    for _ in range(12):
        (job,) = claim(store, at)
        store.write(lambda session, job=job, at=at: jobs.failed(session, job, at=at))
        with store.read() as session:
            due = jobs.next_due(session)
        waits.append(due - at)
        at = due
    assert waits == sorted(waits)
    assert waits[0] == timedelta(seconds=1)
    # What waited for somebody who was away for long goes soon after they are back.
    assert waits[-1] == timedelta(hours=1)


def test_a_job_that_was_not_begun_is_given_back_and_counts_as_no_try(store):
    ask(store, "send")
    held = claim(store)
    soon = AT + timedelta(seconds=1)
    store.write(lambda session: jobs.give_back(session, held, at=soon))
    assert claim(store) == []
    assert [(job.id, job.tries) for job in claim(store, soon)] == [(held[0].id, 0)]


def test_what_is_given_back_still_goes_in_its_order(store):
    for seconds in range(12, 0, -1):
        job = Job("send", "ref", AT - timedelta(seconds=seconds))
        store.write(lambda session, job=job: jobs.later(session, job))
    held = claim(store)
    store.write(lambda session: jobs.give_back(session, held))
    assert [job.id for job in claim(store)] == [job.id for job in held]


def test_a_done_job_is_gone(store):
    ask(store, "send")
    (job,) = claim(store)
    store.write(lambda session: jobs.done(session, job))
    with store.read() as session:
        assert jobs.waiting(session) == 0


def test_a_job_is_not_kept_when_its_reason_is_not(store):
    def fails(session):
        jobs.later(session, Job("send", "ref", AT))
        raise ValueError

    with pytest.raises(ValueError):
        store.write(fails)
    assert claim(store) == []


def test_a_standing_job_is_asked_for_once_and_rests(store):
    for _ in range(2):
        store.write(lambda session: jobs.ensure(session, ["sweep"], at=AT))
    (job,) = claim(store)
    store.write(lambda session: jobs.repeat(session, job, at=AT + timedelta(minutes=5)))
    assert claim(store) == []
    store.write(lambda session: jobs.hasten(session, ["sweep"], at=AT))
    assert [job.name for job in claim(store)] == ["sweep"]


def test_the_bell_rings_for_what_is_due_and_not_for_what_is_not(store):
    rings = []
    store.on_jobs(lambda: rings.append(True))
    now = datetime.now(UTC)
    for at, rung in ((None, 1), (now, 2), (now + timedelta(minutes=1), 2)):
        store.write(lambda session, at=at: jobs.later(session, Job("send", "", at)))
        assert len(rings) == rung


def test_a_standing_job_that_a_clock_ahead_put_off_comes_round_again(store):
    every = {"sweep": timedelta(minutes=10)}
    store.write(lambda session: jobs.ensure(session, ["sweep"], at=AT))
    (job,) = claim(store, AT)
    store.write(lambda session: jobs.repeat(session, job, at=AT + timedelta(minutes=10)))
    assert store.write(lambda session: jobs.pull_in(session, every, at=AT)) == 0
    store.write(lambda session: jobs.repeat(session, job, at=AT + timedelta(days=365)))
    assert store.write(lambda session: jobs.pull_in(session, every, at=AT)) == 1
    assert [one.name for one in claim(store, AT)] == ["sweep"]


def test_what_a_clock_ahead_claimed_does_not_wait_for_that_clock(store):
    ask(store, "send")
    claim(store, AT + timedelta(hours=1))
    assert claim(store, AT) == []
    store.write(lambda session: jobs.pull_in(session, worker.STANDING, at=AT))
    assert [one.name for one in claim(store, AT)] == ["send"]
    # Whose clock is a little ahead holds what they claimed.
    ask(store, "erase")
    claim(store, AT + timedelta(minutes=5))
    store.write(lambda session: jobs.pull_in(session, worker.STANDING, at=AT))
    assert claim(store, AT) == []


def test_two_that_start_at_once_ask_for_a_standing_job_once(postgres_url):
    one, other = Store(postgres_url), Store(postgres_url)
    one.write(metadata.create_all)
    stands = partial(jobs.ensure, names=["sweep", "end"], at=AT)
    with ThreadPoolExecutor(1) as pool:
        with one.engine.begin() as session:
            stands(session)
            # It does not see them, and waits for who was there first.
            started = pool.submit(other.write, stands)
            wait_for(lambda: is_waited_for(one))
        started.result(30)
    assert sorted(job.name for job in claim(one)) == ["end", "sweep"]
    one.close()
    other.close()


def is_waited_for(store):
    with store.read() as session:
        waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        return session.execute(text(waits)).scalar_one() > 0


def test_what_people_wait_for_is_not_behind_upkeep(store):
    for name, before in (("erase", 5), ("page", 1)):
        priority = UPKEEP if name == "erase" else PEOPLE
        job = Job(name, "", AT - timedelta(minutes=before), priority)
        store.write(lambda session, job=job: jobs.later(session, job))
    with store.read() as session:
        assert jobs.next_due(session) == AT - timedelta(minutes=5)
        assert jobs.is_due(session, PEOPLE, at=AT)
    assert [job.name for job in claim(store)] == ["page"]
    with store.read() as session:
        assert not jobs.is_due(session, PEOPLE, at=AT)
        assert jobs.is_due(session, UPKEEP, at=AT)
    assert [job.name for job in claim(store, priority=UPKEEP)] == ["erase"]
