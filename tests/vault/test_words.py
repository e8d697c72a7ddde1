"""What staff wrote in the log opens for who may read the log of that desk, in its own line, and nowhere else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from hotline import audit
from hotline.audit.tables import audit_waiting
from hotline.domain.staff import HOUSE
from hotline.errors import NotFound, Refused
from hotline.store import new_id
from hotline.vault.envelope import SealBroken
from hotline.vault.words import epoch_of, seal_words, write_down
from tests.vault.conftest import NOW, House

WORDS = "the shelter asked who comes, \ud800 قال"


def sealed(house: House, desk: str = "harbor", words: str = WORDS) -> tuple[str, bytes]:
    line_id = new_id()
    return line_id, seal_words(house.keyring, desk=desk, line_id=line_id, words=words)


def test_supervisor_and_auditor_read_them_and_nobody_else(house: House) -> None:
    line_id, words = sealed(house)
    where = {"line_id": line_id, "desk": "harbor", "sealed": words}
    with house.store.read() as session:
        for username in ("ines", "omar"):
            assert house.keyholder(username).open_words(session, **where) == WORDS
        for username in ("noor", "tala"):
            with pytest.raises(Refused):
                house.keyholder(username).open_words(session, **where)


def test_they_open_in_their_own_line_and_for_their_own_desk_only(house: House) -> None:
    ines = house.keyholder("ines")
    line_id, words = sealed(house)
    other_id, others = sealed(house, "valley")
    _, of_the_house = sealed(house, HOUSE)
    with house.store.read() as session:
        for where in (
            {"line_id": other_id, "desk": "harbor", "sealed": words},
            {"line_id": line_id, "desk": "valley", "sealed": words},
            {"line_id": other_id, "desk": "valley", "sealed": others},
            {"line_id": other_id, "desk": HOUSE, "sealed": of_the_house},
            {"line_id": line_id, "desk": "harbor", "sealed": others},
        ):
            with pytest.raises(SealBroken):
                ines.open_words(session, **where)


def test_no_byte_of_them_can_be_changed_or_left_out(house: House) -> None:
    ines, (line_id, words) = house.keyholder("ines"), sealed(house)

    @settings(max_examples=100, deadline=None)
    @given(place=st.integers(0, len(words) - 1), by=st.integers(1, 255))
    def changed(place: int, by: int) -> None:
        flipped = bytearray(words)
        flipped[place] ^= by
        with house.store.read() as session:
            for broken in (bytes(flipped), words[:place], words + b"\0"):
                with pytest.raises(SealBroken):
                    ines.open_words(session, line_id=line_id, desk="harbor", sealed=broken)

    changed()


def test_a_line_is_written_with_its_words_sealed_or_without_any(house: House) -> None:
    facts = {"at": NOW, "who": "ines", "did": "look", "desk": "harbor", "purpose": "handoff"}

    def write(session) -> None:
        write_down(session, house.keyring, **facts, words=WORDS)
        write_down(session, house.keyring, **facts)

    house.store.write(write)
    with house.store.read() as session:
        rows = session.execute(select(audit_waiting)).all()
        lines = audit.page(session, kinds=["look"])
        said = {
            house.keyholder("omar").open_words(
                session, line_id=line.id, desk=line.desk, sealed=line.sealed
            )
            for line in lines
            if line.sealed
        }
    assert said == {WORDS}
    assert len(lines) == 2
    assert "shelter" not in repr(rows)
    current = house.keyring.current("harbor", "record").id
    assert [epoch_of(line.sealed) for line in lines if line.sealed] == [current]


def test_there_are_no_words_of_a_desk_that_is_none(house: House) -> None:
    with pytest.raises(NotFound):
        seal_words(house.keyring, desk="mountain", line_id=new_id(), words="said")
    with pytest.raises(SealBroken):
        epoch_of(b"short")
