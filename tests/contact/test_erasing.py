"""What the provider holds is erased there, and its id is forgotten once it is gone."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from hotline.contact import erase, erase_later
from hotline.contact.carrier import CarrierBusy
from hotline.contact.erasing import PATIENCE
from hotline.contact.tables import erase_at_provider
from hotline.jobs import Priority, claim, done
from hotline.migrations import create_all
from hotline.store import Store
from hotline.triage.tables import alerts
from hotline.worker import work_off
from tests.fakes import FakeCarrier

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
SM = "SM" + "1" * 32


def rows(store):
    with store.read() as session:
        return session.execute(select(func.count()).select_from(erase_at_provider)).scalar_one()


def due(store, at):
    return store.write(lambda session: claim(session, Priority.UPKEEP, at=at))


def asks(store, kind="message", provider_id=SM, at=NOW):
    return store.write(lambda session: erase_later(session, kind, provider_id, at=at))


class Work:
    """Does the jobs that are due as the worker does, and lets time pass."""

    def __init__(self, store, carrier):
        self.store, self.carrier, self.told, self.at = store, carrier, [], NOW

    def tell(self, _session, ref):
        self.told.append(ref)

    def passes(self, **span):
        self.at += timedelta(**span)
        jobs = due(self.store, self.at)
        for job in jobs:
            erase(self.store, self.carrier, [job.ref], at=self.at, tell=self.tell)
            self.store.write(lambda session, job=job: done(session, job))
        return len(jobs)


def test_a_message_is_asked_to_be_erased_once(store):
    assert asks(store)
    assert not asks(store)
    assert rows(store) == 1
    assert not due(store, NOW)
    assert [job.name for job in due(store, NOW + timedelta(minutes=2))] == ["erase"]


def test_its_words_and_the_message_are_asked_for_apart(store):
    assert asks(store, "text")
    assert asks(store, "message")
    assert rows(store) == 2


def test_on_postgresql_too(postgres_url):
    store = Store(postgres_url)
    create_all(store)
    assert asks(store)
    assert not asks(store)
    assert rows(store) == 1
    store.close()


def test_nothing_is_asked_when_the_transaction_fails(store):
    def work(session):
        erase_later(session, "message", SM, at=NOW)
        raise ValueError("later work failed")

    with pytest.raises(ValueError):
        store.write(work)
    assert rows(store) == 0
    assert not due(store, NOW + timedelta(days=1))


@pytest.mark.parametrize("kind", ["text", "message", "media", "recording", "call"])
def test_the_id_is_forgotten_only_when_it_is_gone(store, kind):
    work = Work(store, FakeCarrier(settling=1))
    asks(store, kind)

    # The provider still works on it: it is asked for again,
    assert work.passes(minutes=2)
    assert (work.carrier.erased, rows(store)) == ([], 1)

    # then it is gone there, and here.
    assert work.passes(minutes=2)
    assert (work.carrier.erased, rows(store)) == ([(kind, SM)], 0)
    assert not work.passes(days=30)


def test_what_is_not_finished_is_asked_for_more_and_more_seldom(store):
    work = Work(store, FakeCarrier(settling=100))
    asks(store)
    for span in ({"minutes": 1}, {"minutes": 1}, {"minutes": 5}, {"hours": 1}, {"hours": 6}):
        # Not a moment too early.
        just_before = timedelta(**span) - timedelta(seconds=1)
        assert not work.passes(seconds=just_before.total_seconds())
        assert work.passes(seconds=1) == 1
    assert work.passes(days=1) == 1
    assert work.passes(days=1) == 1
    assert not work.passes(hours=23)


def test_after_two_weeks_its_words_are_emptied_and_people_hear_of_it_once(store):
    class Stubborn(FakeCarrier):
        def erase(self, kind, provider_id):
            super().erase(kind, provider_id)
            return kind == "text"

    work = Work(store, Stubborn())
    asks(store)
    for _ in range(6):
        work.passes(days=1)
    assert (len(work.told), ("text", SM) in work.carrier.erased) == (0, False)
    for _ in range(10):
        work.passes(days=1)
    assert len(work.told) == 1
    assert work.carrier.erased.count(("text", SM)) == 1

    # It is never given up: when the provider lets go of it at last, it is gone here too.
    work.carrier = FakeCarrier()
    assert work.passes(days=1) == 1
    assert rows(store) == 0


def test_people_also_hear_of_a_provider_that_cannot_be_asked_for_two_weeks(store):
    class Away(FakeCarrier):
        def erase(self, kind, provider_id):
            raise CarrierBusy

    asks(store)
    told = []
    (job,) = due(store, NOW + timedelta(minutes=2))
    for at in (NOW, NOW + PATIENCE, NOW + PATIENCE + timedelta(days=1)):
        its = erase(store, Away(), [job.ref], at=at, tell=lambda _session, ref: told.append(ref))
        assert its.busy == {job.ref}
    assert len(told) == 1
    assert rows(store) == 1


def test_a_worker_that_died_before_its_job_was_done_does_not_multiply_it(store):
    carrier = FakeCarrier(settling=100)
    asks(store)
    (job,) = due(store, NOW + timedelta(minutes=2))
    # It was put off, but the job itself was never taken off the list: both come back,
    erase(store, carrier, [job.ref], at=NOW + timedelta(minutes=2))
    both = due(store, NOW + timedelta(minutes=4))
    assert len(both) == 2
    for one in both:
        erase(store, carrier, [one.ref], at=NOW + timedelta(minutes=4))
        store.write(lambda session, one=one: done(session, one))
    # and one of them goes on.
    assert len(due(store, NOW + timedelta(days=2))) == 1


def test_doing_what_is_done_does_no_harm(store):
    carrier = FakeCarrier()
    asks(store)
    (job,) = due(store, NOW + timedelta(minutes=2))
    for _ in range(2):
        erase(store, carrier, [job.ref], at=NOW)
    assert carrier.erased == [("message", SM)]


def test_the_worker_puts_an_alert_before_supervisors(house):
    house.carrier.settling = 10_000
    store = house.hotline.store
    asks(store, at=house.clock())
    for _ in range(20):
        house.clock.passes(days=1)
        work_off(house.hotline)
    with store.read() as session:
        raised = session.execute(select(alerts.c.kind, alerts.c.desk)).all()
    assert [tuple(row) for row in raised] == [("provider_holds", "main")]
