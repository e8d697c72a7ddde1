"""A worker beside the web processes hears who may read, too: what it keeps is sealed to nobody who left."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from hotline import worker
from hotline.jobs import bell
from hotline.vault.keyring import DESK, Keyring
from hotline.worker import living
from tests.cast import Member
from tests.house import found_house


def test_a_worker_of_its_own_hears_of_a_new_period(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = found_house(tmp_path)
    beside = Keyring.open(
        house.hotline.store,
        root_public=house.hotline.keyring.root_public,
        pin=house.var / "keys" / "roster.pin",
    )
    config = replace(house.hotline.config, redis_url="redis://nowhere.example")
    theirs = replace(house.hotline, keyring=beside, config=config)
    before = beside.current("main", DESK).id

    def rings_until_it_is_heard(_url: str) -> bool:
        ines = Member(house, "ines")
        ines.signs_in()
        ines.sends("/console/keys/begin")
        until = time.monotonic() + 5
        while beside.current("main", DESK).id == before and time.monotonic() < until:
            time.sleep(0.02)
        return True

    monkeypatch.setattr(living, "_ROSTER_SECONDS", 0.05)
    monkeypatch.setattr(bell, "listen", rings_until_it_is_heard)
    worker.serve(theirs)
    assert beside.current("main", DESK).id == house.hotline.keyring.current("main", DESK).id
    assert beside.current("main", DESK).id != before
    house.close()
