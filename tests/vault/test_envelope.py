"""A record opens with its secret, in its place, as it was sealed; otherwise it is broken, and no more is said."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.errors import Malformed
from hotline.vault.envelope import (
    PREVIEW_CAPACITY,
    PREVIEW_LENGTH,
    WRAP_LENGTH,
    Place,
    Purpose,
    SealBroken,
    new_secret,
    open_field,
    pad,
    seal_field,
    unpad,
    unwrap_secret,
    wrap_info,
    wrap_secret,
)
from hotline.vault.keys import PUBLIC_LENGTH, PrivateKey, PublicKey
from tests.examples import examples

PLACE = Place(Purpose.RECORD, "harbor", "a" * 32, "account", 3)
SECRET = bytes(range(32))
PRIVATE = PrivateKey(bytes(32))
INFO = wrap_info(PLACE._replace(purpose=Purpose.MESSAGE_SECRET), "e" * 32)


def refuses_record(sealed: bytes, *, secret: bytes = SECRET, place: Place = PLACE) -> None:
    with pytest.raises(SealBroken) as broken:
        open_field(secret, sealed, place)
    assert str(broken.value) == "this seal does not open"


def refuses_wrap(wrap: bytes, *, private: PrivateKey = PRIVATE, info: bytes = INFO) -> None:
    with pytest.raises(SealBroken) as broken:
        unwrap_secret(wrap, private, info=info)
    assert str(broken.value) == "this seal does not open"


@examples(60)
@given(plaintext=st.binary(max_size=3000), version=st.integers(0, 2**32 - 1), desk=st.text())
def test_what_is_sealed_opens(plaintext: bytes, version: int, desk: str) -> None:
    place = PLACE._replace(version=version, desk=desk[:200])
    assert open_field(SECRET, seal_field(SECRET, plaintext, place), place) == plaintext


def test_every_changed_byte_of_a_record_is_noticed() -> None:
    sealed = seal_field(SECRET, b"she is held above the shop", PLACE)
    for position in range(len(sealed)):
        for change in (0x01, 0x80, 0xFF):
            changed = bytearray(sealed)
            changed[position] ^= change
            refuses_record(bytes(changed))


def test_a_record_of_any_other_length_is_refused() -> None:
    sealed = seal_field(SECRET, b"she is held above the shop", PLACE)
    for length in range(len(sealed)):
        refuses_record(sealed[:length])
    for more in (1, 16, 511, 512, 1024, 16384):
        refuses_record(sealed + bytes(more))


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"report_id": "b" * 32},
        {"field": "identity"},
        {"desk": "valley"},
        {"version": 2},
        {"purpose": Purpose.MESSAGE_SECRET},
        # The same letters, cut differently: each part is preceded by its length.
        {"desk": "harbora", "report_id": "a" * 31},
    ],
    ids=lambda change: "+".join(change),
)
def test_a_record_does_not_open_in_another_place(elsewhere: dict[str, Any]) -> None:
    sealed = seal_field(SECRET, b"said", PLACE)
    refuses_record(sealed, place=PLACE._replace(**elsewhere))


def test_a_record_does_not_open_with_another_secret() -> None:
    refuses_record(seal_field(SECRET, b"said", PLACE), secret=new_secret())


def test_the_length_of_a_record_tells_its_bucket_only() -> None:
    lengths = {len(seal_field(SECRET, bytes(size), PLACE)) for size in range(PREVIEW_CAPACITY + 1)}
    assert lengths == {PREVIEW_LENGTH}
    assert len(seal_field(SECRET, bytes(PREVIEW_CAPACITY + 1), PLACE)) == PREVIEW_LENGTH + 512


def test_a_record_of_fixed_size_is_refused_in_another_bucket() -> None:
    longer = seal_field(SECRET, bytes(600), PLACE)
    with pytest.raises(SealBroken):
        open_field(SECRET, longer, PLACE, length=PREVIEW_LENGTH)


@pytest.mark.parametrize(
    "padded",
    [
        b"\0\0\0\4help" + bytes(503) + b"\1",
        b"\0\0\2\0" + bytes(508),
        b"\xff\xff\xff\xff" + bytes(508),
        b"\0\0\0\4help" + bytes(1016),
        b"",
    ],
    ids=["a byte after the text", "too long", "far too long", "a bucket too large", "empty"],
)
def test_only_one_padding_is_accepted(padded: bytes) -> None:
    with pytest.raises(SealBroken):
        unpad(padded)


def test_a_text_of_megabytes_is_padded_to_16_kib() -> None:
    assert len(pad(bytes(5_000_000))) % 16384 == 0
    place = PLACE._replace(field="attachment")
    assert open_field(SECRET, seal_field(SECRET, bytes(70_000), place), place) == bytes(70_000)


def test_a_wrap_opens_for_its_key_in_its_context() -> None:
    wrap = wrap_secret(SECRET, PRIVATE.public, info=INFO)
    assert len(wrap) == WRAP_LENGTH
    assert unwrap_secret(wrap, PRIVATE, info=INFO) == SECRET


def test_every_changed_byte_of_a_wrap_is_noticed() -> None:
    wrap = wrap_secret(SECRET, PRIVATE.public, info=INFO)
    for position in range(len(wrap)):
        changed = bytearray(wrap)
        changed[position] ^= 1 << (position % 8)
        refuses_wrap(bytes(changed))


def test_a_wrap_of_any_other_length_is_refused() -> None:
    wrap = wrap_secret(SECRET, PRIVATE.public, info=INFO)
    for length in range(len(wrap)):
        refuses_wrap(wrap[:length])
    refuses_wrap(wrap + b"\0")


def test_a_wrap_does_not_open_for_another_key_or_epoch_or_message() -> None:
    wrap = wrap_secret(SECRET, PRIVATE.public, info=INFO)
    other = PrivateKey.fresh()
    refuses_wrap(wrap, private=other)
    # Neither when its key id is written over, so that it looks addressed to that key,
    refuses_wrap(wrap[:5] + other.public.id + wrap[13:], private=other)
    # nor under another epoch's name, nor for the next message.
    refuses_wrap(wrap, info=wrap_info(PLACE._replace(purpose=Purpose.MESSAGE_SECRET), "f" * 32))
    later = PLACE._replace(purpose=Purpose.MESSAGE_SECRET, version=4)
    refuses_wrap(wrap, info=wrap_info(later, "e" * 32))


def test_a_wrap_whose_x25519_share_is_null_is_refused() -> None:
    wrap = wrap_secret(SECRET, PRIVATE.public, info=INFO)
    refuses_wrap(wrap[: 13 + 1088] + bytes(32) + wrap[13 + 1120 :])


def test_only_a_32_byte_secret_is_wrapped() -> None:
    with pytest.raises(SealBroken):
        wrap_secret(bytes(31), PRIVATE.public, info=INFO)


def test_a_key_that_is_none_is_malformed() -> None:
    for raw in (b"", bytes(PUBLIC_LENGTH - 1), b"\xff" * PUBLIC_LENGTH):
        with pytest.raises(Malformed):
            PublicKey(raw)
    with pytest.raises(Malformed):
        PrivateKey(bytes(31))


def test_a_private_key_does_not_show_itself() -> None:
    assert PRIVATE.seed.hex() not in repr(PRIVATE)
    assert repr(PRIVATE) == f"<PrivateKey {PRIVATE.public.id.hex()}>"


@pytest.mark.parametrize(
    "header", [b"HLV2\x01", b"HLV1\x02", b"HLV1\x00", b"HLW1\x01", b"hlv1\x01"]
)
def test_a_record_of_another_version_or_suite_is_refused(header: bytes) -> None:
    sealed = seal_field(SECRET, b"she is held above the shop", PLACE)
    refuses_record(header + sealed[5:])


@pytest.mark.parametrize(
    "header", [b"HLW2\x01", b"HLW1\x02", b"HLW1\x00", b"HLV1\x01", b"hlw1\x01"]
)
def test_a_wrap_of_another_version_or_suite_is_refused(header: bytes) -> None:
    wrap = wrap_secret(SECRET, PRIVATE.public, info=INFO)
    refuses_wrap(header + wrap[5:])


def spliced(one: bytes, other: bytes, cuts: list[int], takes: list[bool]) -> bytes:
    """Return *one* with the parts between *cuts* taken from *other* where *takes* says so."""
    edges = [0, *sorted(cuts), len(one)]
    parts = zip(edges, edges[1:], takes, strict=False)
    return b"".join((other if take else one)[start:end] for start, end, take in parts)


@examples(80)
@given(
    cuts=st.lists(st.integers(0, PREVIEW_LENGTH), max_size=4),
    takes=st.lists(st.booleans(), min_size=5, max_size=5),
    same_secret=st.booleans(),
)
def test_no_record_is_made_of_parts_of_two(
    cuts: list[int], takes: list[bool], same_secret: bool
) -> None:
    # Commitment, nonce, text and tag of two rows, cut anywhere and put together again.
    one = seal_field(SECRET, b"the first", PLACE)
    secret = SECRET if same_secret else new_secret()
    other = seal_field(secret, b"the second", PLACE._replace(report_id="b" * 32))
    mixed = spliced(one, other, cuts, takes)
    if mixed == one:
        assert open_field(SECRET, mixed, PLACE) == b"the first"
    else:
        refuses_record(mixed)


@examples(60)
@given(
    cuts=st.lists(st.integers(0, WRAP_LENGTH), max_size=4),
    takes=st.lists(st.booleans(), min_size=5, max_size=5),
)
def test_no_wrap_is_made_of_parts_of_two(cuts: list[int], takes: list[bool]) -> None:
    one = wrap_secret(SECRET, PRIVATE.public, info=INFO)
    elsewhere = wrap_info(PLACE._replace(purpose=Purpose.MESSAGE_SECRET, report_id="b" * 32), "e")
    mixed = spliced(one, wrap_secret(SECRET, PRIVATE.public, info=elsewhere), cuts, takes)
    if mixed == one:
        assert unwrap_secret(mixed, PRIVATE, info=INFO) == SECRET
    else:
        refuses_wrap(mixed)
