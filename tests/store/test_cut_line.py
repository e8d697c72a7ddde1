"""The line to PostgreSQL is cut: nobody hangs for minutes, and whoever waits for a row waits for as long as a provider does."""

import threading

import pytest
from sqlalchemy import make_url, text

from hotline.errors import Unavailable
from hotline.operate.backup import one_moment
from hotline.operate.bench.faults.wire import Wire
from hotline.store import Store

_ONE, _LONG = text("SELECT 1"), text("SELECT pg_sleep(60)")


@pytest.fixture
def wire(postgres_url):
    """A wire to the database, as between two hosts."""
    wire = Wire(f"{make_url(postgres_url).query['host']}/.s.PGSQL.5432")
    yield wire
    wire.closes()


@pytest.fixture
def store(wire, postgres_url):
    its = make_url(postgres_url).set(host="127.0.0.1", port=wire.port, query={})
    store = Store(its.render_as_string(hide_password=False))
    yield store
    store.close()


def _ask(store, statement, *, before):
    with store.read() as session:
        before()
        session.execute(statement)


@pytest.mark.timeout(120)
def test_whoever_meets_a_cut_line_is_told_so_and_goes_on_once_it_is_mended(store, wire):
    asks, told = threading.Event(), []

    def waits():
        with pytest.raises(Unavailable):
            _ask(store, _LONG, before=asks.set)
        told.append("waits")

    waiting = threading.Thread(target=waits)
    waiting.start()
    asks.wait()
    with pytest.raises(Unavailable):
        _ask(store, _ONE, before=wire.cuts)
    with pytest.raises(Unavailable):
        store.write(lambda session: session.execute(_ONE))
    waiting.join()
    assert told == ["waits"]
    wire.mends()
    with store.read() as session:
        assert session.execute(_ONE).scalar_one() == 1


def test_the_server_is_told_when_to_let_go_of_what_is_held_over_it(store):
    with store.read() as session:
        found = dict(session.execute(text("SELECT name, setting FROM pg_settings")).all())
    assert found["lock_timeout"] == "15000"
    assert found["idle_in_transaction_session_timeout"] == "300000"


def test_what_the_address_says_itself_goes_before(postgres_url):
    mark = "&" if "?" in postgres_url else "?"
    store = Store(f"{postgres_url}{mark}options=-c%20lock_timeout%3D7000")
    with store.read() as session:
        assert session.execute(text("SHOW lock_timeout")).scalar_one() == "7s"
    store.close()


def test_a_backup_is_not_given_up_where_the_file_or_the_pipe_is_slow(store):
    asked = text("SHOW idle_in_transaction_session_timeout")
    with one_moment(store) as session:
        assert session.execute(asked).scalar_one() == "0"
    with store.read() as session:
        assert session.execute(asked).scalar_one() == "5min"
