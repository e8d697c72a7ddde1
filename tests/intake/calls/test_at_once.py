"""The same step twice at once, two calls at once, a worker that dies in between: kept once, answered alike."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from hotline.contact.tables import calls
from hotline.dialogue.calls.turns import Heard
from hotline.errors import Unavailable
from hotline.intake import calls as leading
from hotline.reports.tables import messages, reports
from tests.house import found_house
from tests.intake.calls.caller import Caller


def rows(house, table):
    with house.hotline.store.read() as session:
        return session.execute(select(table)).all()


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request, tmp_path):
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    house = found_house(tmp_path, database_url=url)
    yield house
    house.close()


def test_the_same_step_on_four_workers_at_once_is_kept_once_and_answered_alike(house):
    call = Caller(house).dials().chooses("en").presses("5", "1")
    before = len(rows(house, messages))
    heard = Heard(call.step, digits="2")
    house.clock.passes(seconds=5)
    with ThreadPoolExecutor(4) as workers:
        answers = list(workers.map(call.again, [heard] * 4))
    assert len(rows(house, messages)) == before + 1
    assert len(set(answers)) == 1
    assert [line.prompt for line in answers[0].lines] == ["ask_country"]


def test_a_call_that_begins_twice_at_once_begins_once(house):
    call = Caller(house)
    with ThreadPoolExecutor(4) as workers:
        answers = list(workers.map(call.again, [Heard()] * 4))
    assert len(set(answers)) == 1
    assert len(rows(house, calls)) == 1


def test_two_calls_of_one_phone_at_once_stand_each_for_itself(house):
    one, other = Caller(house).dials(), Caller(house).dials()
    one.chooses("en").presses("5")
    other.chooses("es")
    one.presses("1")
    other.is_silent().presses("2")
    assert (one.prompts, other.prompts) == (["ask_safe"], ["cut"])
    assert {line.locale for line in other.hears.lines} == {"es"}
    assert len(rows(house, reports)) == 1


def test_a_worker_that_dies_after_keeping_loses_and_doubles_nothing(house, monkeypatch):
    call = Caller(house).dials().chooses("en").presses("5", "1")
    before = len(rows(house, messages))

    def dies(*_args, **_kwargs):
        raise Unavailable

    with monkeypatch.context() as broken:
        broken.setattr(leading, "keep_state", dies)
        with pytest.raises(Unavailable):
            call.presses("2")
    call.presses("2")
    assert call.prompts == ["ask_country"]
    assert len(rows(house, messages)) == before + 1


def test_a_code_that_was_promised_before_a_worker_died_is_the_code_that_is_read(house, monkeypatch):
    call = Caller(house).dials().chooses("en")
    call.presses("5", "3", "1", "1", "6", "1", "2", "#", "1", "#", "3")
    assert call.prompts == ["ask_code"]

    def dies(*_args, **_kwargs):
        raise Unavailable

    with monkeypatch.context() as broken:
        broken.setattr(leading, "keep_state", dies)
        with pytest.raises(Unavailable):
            call.presses("1")
    call.presses("1")
    digits = "".join(line.digits for line in call.hears.lines if line.digits)[:21]
    other = Caller(house, sender="+4915112345600").dials().chooses("en").presses("#", f"{digits}#")
    assert other.prompts == ["nothing_new", "way", "hear_promise"]
