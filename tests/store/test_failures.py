"""A database that is away may come back; one that is there and refuses is told apart, and nothing of what it said is."""

from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError

from hotline.errors import Unavailable
from hotline.store import Refusing, Store, failure_of

_FATAL = 'connection failed: connection to server at "10.1.2.3", port 5432 failed: FATAL:  '


def what_it_says(url: str, statement: str = "SELECT 1") -> Unavailable:
    store = Store(url)
    with pytest.raises(Unavailable) as told, store.read() as session:
        session.execute(text(statement))
    store.close()
    return told.value


@pytest.mark.parametrize(
    "said",
    [
        'password authentication failed for user "hotline"',
        'no pg_hba.conf entry for host "10.1.2.3", user "hotline", database "line", no encryption',
        'role "hotline" is not permitted to log in',
        'permission denied for database "line"',
        'database "line" does not exist',
        "unsupported startup parameter: options",
    ],
)
def test_who_is_not_let_in_hears_why_and_no_name(said: str) -> None:
    failure = failure_of(OperationalError("", {}, psycopg.OperationalError(_FATAL + said)))
    assert isinstance(failure, Refusing)
    assert not any(word in str(failure) for word in ("10.1.2.3", '"', "5432"))


@pytest.mark.parametrize(
    "said",
    [
        "the database system is starting up",
        "the database system is not yet accepting connections",
        "the database system is in recovery mode",
        "the database system is shutting down",
        "sorry, too many clients already",
        "terminating connection due to administrator command",
    ],
)
def test_what_passes_by_itself_is_no_refusal(said: str) -> None:
    failure = failure_of(OperationalError("", {}, psycopg.OperationalError(_FATAL + said)))
    assert not isinstance(failure, Refusing)


def test_a_server_that_lacks_what_we_ask_for_refuses(postgres_url: str) -> None:
    url = make_url(postgres_url)
    elsewhere = url.set(database="nowhere").render_as_string(hide_password=False)
    stranger = url.set(username="stranger").render_as_string(hide_password=False)
    for failure in (
        what_it_says(elsewhere),
        what_it_says(stranger),
        what_it_says(postgres_url, "SELECT words FROM things"),
        what_it_says(postgres_url, "SELECT words FROM pg_class"),
    ):
        assert isinstance(failure, Refusing)
        assert not any(word in str(failure) for word in ("nowhere", "stranger", "things", "words"))


def test_a_server_that_is_away_may_come_back() -> None:
    failure = what_it_says("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    assert not isinstance(failure, Refusing)


def test_a_file_without_tables_or_that_is_no_database_refuses(tmp_path: Path) -> None:
    assert isinstance(
        what_it_says(f"sqlite:///{tmp_path / 'new.db'}", "SELECT words FROM things"), Refusing
    )
    (tmp_path / "letter.txt").write_text("no database at all, but words " * 100)
    assert isinstance(what_it_says(f"sqlite:///{tmp_path / 'letter.txt'}"), Refusing)
    # The volume may come.
    assert not isinstance(what_it_says(f"sqlite:///{tmp_path / 'away' / 'line.db'}"), Refusing)
