"""A flood from one address, while people in need write from it, too: they are kept, let in and answered.

The tests of speed are in `hotline bench flood`; a small piece of it runs here, on a machine that does other things.
"""

import random

import pytest
from sqlalchemy import select

from hotline.channels.web.desk import Brake, Desk
from hotline.domain.report import Status
from hotline.operate.bench import flood
from hotline.operate.bench.flood.junk import Junk
from hotline.operate.bench.flood.people import crowd
from hotline.reports.tables import reports
from tests.channels.web.reading import digits
from tests.house import found_house

# What takes longest is begun first where it is one of a group.
pytestmark = [pytest.mark.xdist_group("flood"), pytest.mark.timeout(900)]

# So much junk that more than a few must wait, however slow the machine is.
JUNK, UPLOADS, PEOPLE = 160, 6, 4


def test_those_in_need_are_above_what_floods_and_nothing_is_lost():
    figures = flood.measure(JUNK, 10.0, PEOPLE, UPLOADS, seed=5, patience=120, looks=5)
    assert figures["junk sent"] == JUNK
    assert figures["uploads sent"] == UPLOADS
    assert figures["  of junk, not answered"] == 0
    assert figures["  of uploads, not answered"] == 0
    assert figures["people in need"] == PEOPLE + 1
    assert figures["  of them, not answered"] == 0
    assert figures["  not in the queue"] == 0
    assert figures["  of those looked up, lost"] == 0
    assert figures["  rows fewer than acknowledged"] == 0
    assert figures["in quarantine"] > 0
    assert figures["memory at most, MB"] - figures["memory before, MB"] < 400


ADDRESSES = {
    "one for all": lambda _number: {"REMOTE_ADDR": "198.51.100.7"},
    "each their own": lambda number: {"REMOTE_ADDR": f"203.0.113.{number % 250}"},
    "said by a proxy": lambda number: {
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_X_FORWARDED_FOR": f"203.0.113.{number % 250}, 198.51.100.7",
        "HTTP_FORWARDED": f"for=203.0.113.{number % 250}",
        "HTTP_X_REAL_IP": f"203.0.113.{number % 250}",
    },
}


@pytest.fixture(scope="module")
def told():
    """Whether each of a shelter's people, and of a flood, went into the queue, by where they came from."""
    letters = random.Random(3)
    junk = Junk(letters)
    accounts = [junk.told() for _ in range(160)] + [person.text for person in crowd(letters, 10)]
    letters.shuffle(accounts)

    def statuses(folder, address) -> list[str]:
        house = found_house(folder)
        house.app.extensions["web"] = Desk(brake=Brake(sleep=lambda _seconds: None))
        browser = house.app.test_client()
        for number, account in enumerate(accounts):
            answer = browser.post(
                "/en/new", data={"account": account}, environ_overrides=address(number)
            )
            assert (answer.status_code, bool(digits(answer.text))) == (200, True)
            house.clock.passes(seconds=1)
        with house.hotline.store.read() as session:
            its = select(reports.c.status).order_by(reports.c.waiting_since)
            found = list(session.execute(its).scalars())
        house.close()
        return found

    return statuses


def test_where_somebody_comes_from_changes_nothing(told, tmp_path):
    found = [
        told(tmp_path / str(place), address) for place, address in enumerate(ADDRESSES.values())
    ]
    assert found[0].count(Status.QUARANTINED) > 10
    assert found[0].count(Status.OPEN) >= 10
    assert all(one == found[0] for one in found)
