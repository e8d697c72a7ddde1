"""A retry gets the answer it got before, and the provider's id is not kept for it."""

import pytest

from hotline.vault.envelope import SealBroken
from hotline.vault.seen import open_answer, seal_answer, seen_key

ONE, OTHER = "SM" + "0" * 32, "SM" + "0" * 31 + "1"


def test_who_knows_the_id_reads_the_answer() -> None:
    sealed = seal_answer(ONE, "Te leemos. \ud83d\ude4f")
    assert open_answer(ONE, sealed) == "Te leemos. \ud83d\ude4f"
    with pytest.raises(SealBroken):
        open_answer(OTHER, sealed)


def test_neither_key_nor_answer_shows_the_id() -> None:
    assert seen_key(ONE) != seen_key(OTHER)
    assert len(seen_key(ONE)) == 32
    assert ONE.encode() not in seal_answer(ONE, "ok") + seen_key(ONE)
