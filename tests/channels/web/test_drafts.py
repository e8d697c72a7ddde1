"""What is written and not sent opens with its code, and with the word where there is one; with nothing else."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from hotline.domain.report import Channel, IncomingMessage
from hotline.errors import Unavailable
from hotline.retention.sweep import sweep
from hotline.vault import drafts as drafting
from hotline.vault.codes import mint
from hotline.vault.drafts import Locked, _packed, _unpacked, open_draft, save_draft
from hotline.vault.reporters import ReporterKey
from hotline.vault.tables import drafts
from tests.examples import examples
from tests.house import NOON

WRITTEN = {"account": ("They keep my passport in the office.",), "need": ("doctor", "papers")}


@pytest.fixture
def key(house):
    return house.hotline.codes.derive(mint())


def save(house, key, fields=WRITTEN, *, word="", at=NOON):
    return house.hotline.store.write(
        lambda session: save_draft(session, key, fields, word=word, at=at)
    )


def opened(house, key, word=""):
    with house.hotline.store.read() as session:
        return open_draft(session, key, word)


def rows(house):
    with house.hotline.store.read() as session:
        return session.execute(select(drafts)).all()


def test_the_code_opens_what_was_saved_last(house, key):
    assert save(house, key, {"account": ("Wait.",)})
    assert save(house, key)
    assert opened(house, key) == WRITTEN
    assert opened(house, house.hotline.codes.derive(mint())) is None
    assert len(rows(house)) == 1


def test_with_a_word_the_code_alone_opens_nothing(house, key):
    save(house, key, word="lantern")
    assert isinstance(opened(house, key), Locked)
    assert isinstance(opened(house, key, "candle"), Locked)
    assert opened(house, key, " Lantern ") == WRITTEN


def test_the_row_tells_nothing_of_what_was_written(house, key):
    save(house, key, word="lantern")
    save(house, house.hotline.codes.derive(mint()), {"account": ("No.",)})
    longer, shorter = rows(house)
    assert b"passport" not in longer.sealed
    assert b"lantern" not in longer.sealed
    assert len(longer.sealed) == len(shorter.sealed)


def test_a_draft_is_gone_after_a_week_and_not_before(house, key):
    save(house, key)
    hotline = house.hotline
    sweep(hotline.store, hotline.threads, at=NOON + timedelta(days=7))
    assert opened(house, key) == WRITTEN
    sweep(hotline.store, hotline.threads, at=NOON + timedelta(days=8))
    assert opened(house, key) is None


def test_what_is_sent_is_no_draft_any_more(house, key):
    save(house, key)
    message = IncomingMessage(Channel.WEB, "They keep my passport.", "en")
    house.hotline.reception.receive(message, at=NOON, reporter=key)
    assert opened(house, key) is None
    assert not save(house, key)
    assert rows(house) == []


@examples(40)
@given(
    st.dictionaries(st.text(), st.lists(st.text(), max_size=3).map(tuple), max_size=5), st.text()
)
def test_anything_that_was_typed_comes_back(fields, word):
    key = ReporterKey(bytes(32))
    assert _unpacked(key.open_draft(key.seal_draft(_packed(fields), word), word)) == fields


def test_whatever_script_it_is_written_in_a_whole_account_fits_and_no_more(house, key):
    for letter in ("a", "ع", "কা", "💐"):
        whole = letter * ((64 << 10) // len(letter.encode()))
        beside = dict.fromkeys(("place", "number", "hours", "word"), (letter * 900,))
        assert save(house, key, {"account": (whole,), **beside}, word="moth")
        assert opened(house, key, "moth")["account"] == (whole,)
    with pytest.raises(Unavailable):
        save(house, key, {"account": ("a" * (101 << 10),)})
    assert opened(house, key, "moth") is not None


@pytest.mark.parametrize(("bound", "most"), [("ROWS", 3), ("ROOM", 2000)])
def test_a_day_takes_so_many_drafts_and_the_next_day_others(
    house, key, monkeypatch, bound: str, most: int
):
    monkeypatch.setattr(drafting, bound, most)
    sizes = []
    for _ in range(20):
        with suppress(Unavailable):
            save(house, house.hotline.codes.derive(mint()))
        sizes.append(sum(len(row.sealed) for row in rows(house)))
    assert 0 < (len(rows(house)) if bound == "ROWS" else sizes[-1]) <= most
    assert sizes[-1] == sizes[10]
    # Tomorrow there is room again, and whoever saved yesterday saves anew.
    assert save(house, key, at=NOON + timedelta(days=1))
    assert save(house, key, {"account": ("More.",)}, at=NOON + timedelta(days=1))


def test_where_the_day_is_full_what_was_saved_before_stays_and_is_changed(house, key, monkeypatch):
    save(house, key)
    monkeypatch.setattr(drafting, "ROWS", 1)
    with pytest.raises(Unavailable):
        save(house, house.hotline.codes.derive(mint()))
    assert save(house, key, {"account": ("More.",)})
    monkeypatch.setattr(drafting, "ROWS", 0)
    with pytest.raises(Unavailable):
        save(house, key)
    assert opened(house, key) == {"account": ("More.",)}
