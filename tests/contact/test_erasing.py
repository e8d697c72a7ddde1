"""What the provider holds is erased there, and its id is forgotten once it is gone."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from hotline.contact import erase, erase_later
from hotline.contact.erasing import NotErasedYet
from hotline.contact.tables import erase_at_provider
from hotline.jobs import claim
from hotline.migrations import create_all
from hotline.store import Store
from tests.fakes import FakeCarrier

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
SM = "SM" + "1" * 32


def rows(store):
    with store.read() as session:
        return session.execute(select(func.count()).select_from(erase_at_provider)).scalar_one()


def due(store, at):
    return store.write(lambda session: claim(session, at=at))


def test_a_message_is_asked_to_be_erased_once(store):
    assert store.write(lambda session: erase_later(session, "message", SM, at=NOW))
    assert not store.write(lambda session: erase_later(session, "message", SM, at=NOW))
    assert rows(store) == 1
    assert not due(store, NOW)
    assert [job.name for job in due(store, NOW + timedelta(minutes=2))] == ["erase"]


def test_on_postgresql_too(postgres_url):
    store = Store(postgres_url)
    create_all(store)
    assert store.write(lambda session: erase_later(session, "message", SM, at=NOW))
    assert not store.write(lambda session: erase_later(session, "message", SM, at=NOW))
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


def test_the_id_is_forgotten_only_when_it_is_gone(store):
    carrier = FakeCarrier(settling=1)
    store.write(lambda session: erase_later(session, "message", SM, at=NOW))
    (job,) = due(store, NOW + timedelta(minutes=2))

    # The provider still works on it: the job comes back,
    with pytest.raises(NotErasedYet) as refusal:
        erase(store, carrier, job.ref)
    assert SM not in str(refusal.value)
    assert rows(store) == 1

    # then it is gone there, and here.
    erase(store, carrier, job.ref)
    assert carrier.erased == [("message", SM)]
    assert rows(store) == 0

    # Doing the same job twice does no harm.
    erase(store, carrier, job.ref)
    assert carrier.erased == [("message", SM)]
