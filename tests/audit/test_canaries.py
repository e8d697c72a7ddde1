"""However staff write it down, no word that anybody typed lies in the clear in the log."""

import pytest

from hotline.audit.tables import audit_checkpoints, audit_log, audit_tiles, audit_waiting
from hotline.channels.herald import keep_log
from tests.cast import Member, Texter
from tests.house import House

CANARY = "Zarifa-Quillfeather"
SAID = f"My name is {CANARY}. He locks me in and took my passport"


@pytest.fixture
def busy(house: House, maria: Texter, noor: Member, ines: Member) -> House:
    """A house in which everything that takes words was done with the name in them."""
    maria.texts(SAID)
    noor.signs_in()
    report = f"/console/report/{noor.first_report()}"
    noor.sends(f"{report}/urgency", urgency="high", why=f"{CANARY} called")
    noor.sends(f"{report}/note", note=f"{CANARY} is with her sister")
    noor.client.post(
        f"{report}/reveal",
        data={"seq": "1", "field": "words", "purpose": "life", "why": f"{CANARY} moves tonight"},
        base_url="https://line.example",
    )
    noor.client.post(
        f"{report}/reply",
        data={"text": f"{CANARY}, we are here", "read": "2"},
        base_url="https://line.example",
    )
    noor.client.post(
        f"{report}/close",
        data={"outcome": "safe_now", "why": f"{CANARY} is safe", "read": "9"},
        base_url="https://line.example",
    )
    return house


def test_no_row_of_the_log_holds_what_was_typed(busy: House) -> None:
    store = busy.hotline.store

    def cells() -> list[str]:
        found = []
        with store.read() as session:
            for table in (audit_waiting, audit_log, audit_tiles, audit_checkpoints):
                for row in session.execute(table.select()):
                    found += [
                        cell.decode("latin-1") if isinstance(cell, bytes) else str(cell)
                        for cell in row
                    ]
        return found

    before = cells()
    keep_log(busy.hotline, at=busy.clock.passes(hours=3))
    for cell in before + cells():
        assert CANARY not in cell
        assert "Zarifa" not in cell


def test_codes_are_short_and_hold_no_sentence(busy: House) -> None:
    with busy.hotline.store.read() as session:
        rows = session.execute(audit_waiting.select()).mappings().all()
    assert {row["did"] for row in rows} >= {"urgency", "note", "claim"}
    for row in rows:
        assert row["purpose"] == "" or row["purpose"].isidentifier()
        assert len(row["did"]) <= 32
