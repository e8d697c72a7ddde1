"""The recovery key on paper: enough shares give it back, fewer give nothing."""

import json
from itertools import combinations, permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.errors import Malformed
from hotline.vault.shares import _inverse, _times, cut, join

KEY = bytes(range(32))
VECTOR = json.loads((Path(__file__).parent / "vectors" / "shares.json").read_text())


def test_the_field_is_that_of_aes() -> None:
    # FIPS 197, 4.2 and 4.2.1.
    assert _times(0x57, 0x83) == 0xC1
    assert _times(0x57, 0x13) == 0xFE
    assert all(_times(number, _inverse(number)) == 1 for number in range(1, 256))


def test_any_three_of_five_give_the_key() -> None:
    shares = cut(KEY, threshold=3, shares=5)
    assert all(join(some) == KEY for some in combinations(shares, 3))
    assert all(join(some) == KEY for some in permutations(shares[:3]))
    assert join(shares) == KEY


@settings(max_examples=25, deadline=None)
@given(key=st.binary(min_size=32, max_size=32), threshold=st.integers(2, 6), more=st.integers(0, 4))
def test_every_threshold_works(key: bytes, threshold: int, more: int) -> None:
    shares = cut(key, threshold=threshold, shares=threshold + more)
    assert join(shares[more:]) == key


def test_a_share_reads_as_it_did_when_it_was_printed() -> None:
    assert join(VECTOR["shares"][1:]).hex() == VECTOR["key"]
    counter = iter(range(10**6))
    drawn = cut(
        bytes.fromhex(VECTOR["key"]),
        threshold=3,
        shares=5,
        draw=lambda size: bytes(next(counter) * 7 % 256 for _ in range(size)),
    )
    assert drawn == VECTOR["shares"]


def test_a_share_may_be_typed_loosely() -> None:
    shares = cut(KEY, threshold=2, shares=3)
    loosely = [shares[0].lower(), shares[2].replace("-", " \n")]
    assert join(loosely) == KEY


def test_what_does_not_belong_together_is_refused() -> None:
    shares = cut(KEY, threshold=3, shares=5)
    others = cut(KEY, threshold=3, shares=5)
    mistyped = ("A" if shares[0][7] != "A" else "B").join((shares[0][:7], shares[0][8:]))
    for some in (
        [],
        shares[:2],
        [shares[0], shares[0], shares[1]],
        [shares[0], shares[1], others[2]],
        [mistyped, shares[1], shares[2]],
        [shares[0][:-1], shares[1], shares[2]],
        ["", shares[1], shares[2]],
        ["1889", shares[1], shares[2]],
        ["ذ", shares[1], shares[2]],
    ):
        with pytest.raises(Malformed):
            join(some)


def test_only_a_sensible_cutting_is_made() -> None:
    for threshold, count in ((1, 3), (4, 3), (2, 256)):
        with pytest.raises(Malformed):
            cut(KEY, threshold=threshold, shares=count)
    with pytest.raises(Malformed):
        cut(bytes(31), threshold=2, shares=3)
