"""How the tests look at who someone is: every fact has a usual value."""

from typing import Any

from hotline.vault.opening import Keyholder
from hotline.vault.revealing import reveal
from hotline.vault.sealing import Identity
from tests.vault.conftest import NOW, House


def look(house: House, keyholder: Keyholder, report_id: str, **facts: Any) -> Identity:
    """Reveal the original words of the first message, to call back, with *facts* in place of any of that."""
    usual = {"seq": 1, "field": "words", "purpose": "handoff", "words": "to call back", "at": NOW}
    return reveal(house.store, keyholder, house.keyring, report_id=report_id, **{**usual, **facts})
