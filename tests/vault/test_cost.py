"""The way in and the queue are paid for by every report: no key is parsed again, nothing is asked twice.

Counts, because times depend on the machine; `hotline bench` measures those.
"""

from typing import Any

import pytest
from sqlalchemy import Engine, event

from hotline.store import new_id
from hotline.vault import keys
from hotline.vault.contents import Account, Identity
from hotline.vault.sealing import keep, seal_contact, seal_message
from tests.vault.conftest import House


def first_message(house: House, report_id: str) -> None:
    sealed = seal_message(
        house.keyring,
        desk="harbor",
        report_id=report_id,
        seq=1,
        account=Account("said"),
        preview="said",
        identity=Identity("who"),
    )
    contact = seal_contact(house.keyring, desk="harbor", report_id=report_id, address=None, ways={})
    house.store.write(lambda session: keep(session, [*sealed, contact]))


def test_sealing_parses_no_key(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def parsed(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(keys.PublicKey, "__init__", parsed)
    monkeypatch.setattr(keys.PrivateKey, "__init__", parsed)
    first_message(house, new_id())


def test_fifty_previews_take_one_query_and_one_epoch_key(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages = [(new_id(), 1) for _ in range(50)]
    for report_id, _ in messages:
        first_message(house, report_id)
    noor = house.keyholder("noor")
    asked: list[str] = []

    def ask(*facts: Any) -> None:
        asked.append(facts[2])

    loaded: list[int] = []
    load = keys.PrivateKey.__init__
    monkeypatch.setattr(
        keys.PrivateKey, "__init__", lambda self, seed: (loaded.append(1), load(self, seed))[1]
    )
    event.listen(Engine, "before_cursor_execute", ask)
    with house.store.read() as session:
        assert noor.open_previews(session, messages) == ["said"] * 50
    event.remove(Engine, "before_cursor_execute", ask)
    assert len([statement for statement in asked if "envelopes" in statement]) == 1
    assert len([statement for statement in asked if "epoch_wraps" in statement]) == 1
    assert len(loaded) == 1
