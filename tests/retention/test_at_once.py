"""A report is erased while somebody writes in it: the erasure is whole, and what was written is kept."""

import threading
from functools import partial

import pytest
from sqlalchemy import func, select

from hotline import audit
from hotline.errors import HotlineError
from hotline.reports.tables import reports
from hotline.retention.tables import erasures
from hotline.triage.ending import ask_erasure, cancel_erasure
from tests.cast import MARIA, Member, Texter
from tests.house import ORIGIN, found_house
from tests.retention.rows import tables_naming

pytestmark = pytest.mark.parametrize("whole", ["sqlite", "postgres"], indirect=True)
ROUNDS = 4


@pytest.fixture
def whole(request, tmp_path):
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    house = found_house(tmp_path, database_url=url)
    yield house
    house.close()


def at_once(*acts):
    """Begin all *acts* at the same moment and return what each came to: its result or its error."""
    ready, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number, act):
        ready.wait()
        try:
            results[number] = act()
        except Exception as error:
            results[number] = error

    threads = [threading.Thread(target=run, args=(number, act)) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def ids(house):
    with house.hotline.store.read() as session:
        return set(session.execute(select(reports.c.id)).scalars())


def erase(house, report_id):
    return house.hotline.sweeper.eraser.erase(report_id, by="ines", at=house.clock())


def test_a_text_that_arrives_meanwhile_is_kept_and_the_erasure_is_whole(whole):
    maria = Texter(whole, MARIA)
    for number in range(ROUNDS):
        maria.texts(f"before {number}")
        (report_id,) = ids(whole)
        erased, answer = at_once(
            partial(erase, whole, report_id), partial(maria.texts, f"meanwhile {number}")
        )
        assert not isinstance(erased, Exception), erased
        assert isinstance(answer, str), answer
        whole.hotline.sweeper.sweep(at=whole.clock())
        assert tables_naming(whole.hotline.store, report_id) == set()
        # It came before the erasure and went with it, or it began a report of its own.
        left = ids(whole)
        assert len(left) <= 1
        for new in left:
            erase(whole, new)


def test_an_answer_that_is_written_meanwhile_leaves_nothing_behind(whole):
    maria, noor = Texter(whole, MARIA), Member(whole, "noor")
    for number in range(ROUNDS):
        maria.texts(f"before {number}")
        noor.signs_in()
        (report_id,) = ids(whole)
        path = f"/console/report/{report_id}/reply"

        def reply(path=path):
            form = {"words": "We are here", "read": "1"}
            return noor.client.post(path, data=form, base_url=ORIGIN).status_code

        erased, status = at_once(partial(erase, whole, report_id), reply)
        assert not isinstance(erased, Exception), erased
        assert status in (303, 404, 409), status
        whole.hotline.sweeper.sweep(at=whole.clock())
        assert tables_naming(whole.hotline.store, report_id) == set()


def test_two_sweeps_at_once_erase_once(whole):
    maria, store = Texter(whole, MARIA), whole.hotline.store
    for number in range(ROUNDS):
        maria.texts(f"before {number}")
        (report_id,) = ids(whole)
        store.write(partial(ask_erasure, report_id=report_id, at=whole.clock()))
        at = whole.clock.passes(hours=72)
        ended = at_once(*[partial(whole.hotline.sweeper.sweep, at=at)] * 3)
        assert all(isinstance(one, int) for one in ended), ended
        assert tables_naming(store, report_id) == set()
    with store.read() as session:
        lines = [line for line in audit.page(session, limit=200) if line.did == "erased"]
    assert len(lines) == ROUNDS


def test_asking_and_taking_back_at_once_ends_in_one_of_both(whole):
    maria, store = Texter(whole, MARIA), whole.hotline.store
    maria.texts("hello")
    (report_id,) = ids(whole)

    def asks():
        store.write(lambda session: ask_erasure(session, report_id, at=whole.clock()))

    def takes_back():
        store.write(lambda session: cancel_erasure(session, report_id, at=whole.clock()))

    for _ in range(ROUNDS):
        results = at_once(asks, takes_back, asks)
        assert not [
            one
            for one in results
            if isinstance(one, Exception) and not isinstance(one, HotlineError)
        ]
        with store.read() as session:
            assert session.execute(select(func.count()).select_from(erasures)).scalar_one() <= 1
