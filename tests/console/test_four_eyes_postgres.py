"""Asking, approving, alerts and their ends on PostgreSQL, where two colleagues may decide at the same moment."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hotline.vault.asked import find
from hotline.worker import WORK
from tests.cast import MARIA, Member, Texter
from tests.house import ORIGIN, House, found_house


@pytest.fixture
def house(tmp_path: Path, postgres_url: str) -> Iterator[House]:
    house = found_house(tmp_path, database_url=postgres_url, four_eyes=True)
    yield house
    house.close()


def test_two_open_it_together(house: House) -> None:
    maria = Texter(house, MARIA)
    noor, ines = Member(house, "noor"), Member(house, "ines")
    for member in (noor, ines):
        member.signs_in()
    maria.texts("My boss took my passport. My name is Maria Lopez")
    path = f"/console/report/{noor.first_report()}"
    for field in ("words", "sender"):
        noor.sends(f"{path}/reveal", what=f"1 {field}", purpose="handoff", why="they agreed")
        noor.sends(f"{path}/reveal", what=f"1 {field}", purpose="handoff", why="they agreed")
    page = ines.opens("/console/approvals")
    first, second = re.findall(r'id="request-([0-9a-f]{32})"', page)

    # Of many clicks at once one decides.
    (shown,) = re.findall(
        rf'{first}/approve"><input type="hidden" name="shown" value="(\w+)"', page
    )

    def decide(act: str) -> int:
        form = {"why": "no", "shown": shown}
        path = f"/console/approvals/{first}/{act}"
        return ines.client.post(path, data=form, base_url=ORIGIN).status_code

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(decide, ["approve", "refuse", "approve", "refuse"]))
    assert statuses.count(303) == 1, statuses

    ines.approves(second)
    opened = noor.sends(f"{path}/reveal/granted", expect=200, request=second)
    assert ("Maria Lopez" in opened.text) != (MARIA in opened.text)

    # An emergency, its alert, and the end of everything that has a time.
    assert MARIA in noor.sends(f"{path}/emergency", expect=200).text
    (alert,) = re.findall(r'id="alert-([0-9a-f]{32})"', ines.opens("/console/alerts"))
    ines.sends(f"/console/alerts/{alert}/settle", remark="they came in time")
    house.clock.passes(hours=25)
    WORK["sweep"](house.hotline, "")
    with house.hotline.store.read() as session:
        assert find(session, first) is None
        assert find(session, second) is None
