"""What must not be done twice is done by one at a time, in one process and on many hosts."""

import subprocess
import sys
import threading

import pytest
from sqlalchemy import text

from hotline.contact.alone import alone
from hotline.errors import Unavailable
from hotline.store import Store, new_id

_END_THE_OTHERS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


_HOLDS = """
import sys
from hotline.contact.alone import alone
from hotline.store import Store
with alone(Store(sys.argv[1]), sys.argv[2]) as is_alone:
    print(is_alone, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(params=["sqlite", "postgres"])
def stores(request, tmp_path):
    """Two hosts over one database; on SQLite two who open the file."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'hotline.db'}"
    else:
        url = request.getfixturevalue("postgres_url")
    one, other = Store(url), Store(url)
    yield one, other
    one.close()
    other.close()


def test_one_holds_it_and_nobody_else_until_they_let_go(stores):
    one, other = stores
    ref = new_id()
    with alone(one, ref) as is_alone:
        assert is_alone
        with alone(other, ref) as is_too, alone(other, new_id()) as is_something_else:
            assert not is_too
            assert is_something_else
        # Whoever did not get it has not let go of it either.
        with alone(other, ref) as is_too:
            assert not is_too
    with alone(other, ref) as is_alone:
        assert is_alone


def test_whoever_fails_lets_go(stores):
    one, other = stores
    ref = new_id()
    with pytest.raises(KeyError), alone(one, ref):
        raise KeyError
    with alone(other, ref) as is_alone:
        assert is_alone


def test_of_many_at_once_one_holds_it(stores):
    ref, all_here, were_alone = new_id(), threading.Barrier(6), []

    def tries(store):
        with alone(store, ref) as is_alone:
            were_alone.append(is_alone)
            all_here.wait(30)

    threads = [threading.Thread(target=tries, args=(stores[number % 2],)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert were_alone.count(True) == 1


def test_another_process_holds_it_on_sqlite_too_and_until_it_is_killed(tmp_path):
    url, ref = f"sqlite:///{tmp_path / 'hotline.db'}", new_id()
    store = Store(url)
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDS, url, ref], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout.readline() == b"True\n"
        # Whoever holds and lets go of something else meanwhile lets nobody in.
        with alone(store, new_id()) as is_something_else, alone(store, ref) as is_alone:
            assert is_something_else
            assert not is_alone
        with alone(store, ref) as is_alone:
            assert not is_alone
        other.kill()
    with alone(store, ref) as is_alone:
        assert is_alone
    # What lies beside the database names nothing, and is for nobody else.
    (file,) = tmp_path.iterdir()
    assert (file.name, file.read_bytes()) == ("hotline.db-alone", b"")
    assert file.stat().st_mode & 0o777 == 0o600
    store.close()


def test_what_cannot_be_locked_is_no_leave_to_go_on(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'gone' / 'hotline.db'}")
    with pytest.raises(Unavailable), alone(store, new_id()):
        pass
    store.close()


def test_what_is_held_ends_with_its_holder(postgres_url):
    one, other = Store(postgres_url), Store(postgres_url)
    ref = new_id()
    with alone(one, ref):
        with other.engine.begin() as session:
            session.execute(_END_THE_OTHERS)
        with alone(other, ref) as is_alone:
            assert is_alone
    one.close()
    other.close()


def test_a_database_that_is_away_is_no_leave_to_go_on():
    store = Store("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    with pytest.raises(Unavailable), alone(store, new_id()):
        pass
    store.close()
