"""A file that was sealed piece by piece opens whole and in order, or it is broken."""

import hashlib
import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hotline.vault.envelope import Place, Purpose, SealBroken, new_secret, seal_field
from hotline.vault.stream import (
    CHUNK,
    HEADER_LENGTH,
    Sealer,
    open_chunks,
    open_range,
    padded_length,
)
from tests.examples import examples

PLACE = Place(Purpose.ATTACHMENT, field="a" * 32)
SECRET = bytes(range(32))
VECTORS = json.loads((Path(__file__).parent / "vectors" / "streams.json").read_text())


def file_of(size: int) -> bytes:
    """Return *size* bytes of which no two chunks are equal."""
    blocks = (hashlib.sha256(number.to_bytes(4)).digest() for number in itertools.count())
    return b"".join(itertools.islice(blocks, size // 32 + 1))[:size]


def sealed(
    file: bytes, *, secret: bytes = SECRET, place: Place = PLACE, piece: int = 0
) -> list[bytes]:
    sealer, chunks = Sealer(secret, place), []
    step = piece or max(len(file), 1)
    for start in range(0, len(file), step):
        chunks += sealer.add(file[start : start + step])
    return [*chunks, *sealer.finish()]


def opened(
    chunks: list[bytes], size: int, *, secret: bytes = SECRET, place: Place = PLACE
) -> bytes:
    return b"".join(open_chunks(secret, place, chunks, size=size))


def refuses(chunks: list[bytes], size: int, **elsewhere: Any) -> None:
    with pytest.raises(SealBroken) as broken:
        opened(chunks, size, **elsewhere)
    assert str(broken.value) == "this seal does not open"


THREE = file_of(CHUNK * 2 + 5000)
CHUNKS = sealed(THREE)


@examples(40)
@given(size=st.integers(0, 4 * CHUNK), piece=st.integers(1, 2 * CHUNK))
@example(size=0, piece=1)
@example(size=CHUNK, piece=CHUNK)
@example(size=CHUNK + 1, piece=CHUNK)
@example(size=2 * CHUNK, piece=1000)
def test_a_file_opens_as_it_was_sealed_however_it_came_in(size: int, piece: int) -> None:
    file = file_of(size)
    chunks = sealed(file, piece=piece)
    assert chunks == sealed(file)
    assert len(chunks) == -(-padded_length(size) // CHUNK)
    assert opened(chunks, size) == file


def test_the_sealer_tells_size_and_hash() -> None:
    sealer = Sealer(SECRET, PLACE)
    assert not list(sealer.add(b"she is "))
    assert not list(sealer.add(b"held"))
    assert sealer.size == 11
    assert sealer.sha256 == hashlib.sha256(b"she is held").digest()


def test_a_stream_tells_the_size_to_a_grain_only() -> None:
    lengths = {sum(map(len, sealed(bytes(size)))) for size in range(0, 4097, 64)}
    assert lengths == {HEADER_LENGTH + 4096 + 16}
    for size in range(0, 6_000_000, 9_973):
        padded = padded_length(size)
        assert size <= padded <= max(size * 1.125, size + 4096)
    assert len({padded_length(size) for size in range(1 << 20, 1 << 21, 1000)}) <= 9


@pytest.mark.parametrize("number", range(len(CHUNKS)))
def test_every_changed_byte_is_noticed(number: int) -> None:
    edges = {*range(64), *range(len(CHUNKS[number]) - 32, len(CHUNKS[number]))}
    for position in [*edges, *range(64, len(CHUNKS[number]), 4099)]:
        changed = bytearray(CHUNKS[number])
        changed[position] ^= 1 << position % 8
        refuses([*CHUNKS[:number], bytes(changed), *CHUNKS[number + 1 :]], len(THREE))


@examples(60)
@given(data=st.data())
def test_any_change_of_any_chunk_is_noticed(data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(CHUNKS) - 1))
    position = data.draw(st.integers(0, len(CHUNKS[number]) - 1))
    changed = bytearray(CHUNKS[number])
    changed[position] ^= data.draw(st.integers(1, 255))
    refuses([*CHUNKS[:number], bytes(changed), *CHUNKS[number + 1 :]], len(THREE))


@examples(60)
@given(order=st.lists(st.integers(0, len(CHUNKS) - 1), max_size=6))
def test_chunks_left_out_doubled_or_moved_are_noticed(order: list[int]) -> None:
    chunks = [CHUNKS[number] for number in order]
    if order == list(range(len(CHUNKS))):
        assert opened(chunks, len(THREE)) == THREE
    else:
        refuses(chunks, len(THREE))


@examples(60)
@given(number=st.integers(0, len(CHUNKS) - 1), length=st.integers(0, CHUNK + 60))
def test_a_chunk_of_any_other_length_is_refused(number: int, length: int) -> None:
    if length < len(CHUNKS[number]):
        shorter = CHUNKS[number][:length]
        refuses([*CHUNKS[:number], shorter, *CHUNKS[number + 1 :]], len(THREE))
    longer = CHUNKS[number] + bytes(length + 1)
    refuses([*CHUNKS[:number], longer, *CHUNKS[number + 1 :]], len(THREE))


@pytest.mark.parametrize("secret", [SECRET, new_secret()], ids=["same secret", "own secret"])
def test_a_chunk_of_another_file_is_refused(secret: bytes) -> None:
    other = sealed(THREE, secret=secret, place=PLACE._replace(field="b" * 32))
    for number in range(len(CHUNKS)):
        refuses([*CHUNKS[:number], other[number], *CHUNKS[number + 1 :]], len(THREE))


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"field": "b" * 32},
        {"desk": "valley"},
        {"report_id": "c" * 32},
        {"version": 1},
        {"purpose": Purpose.RECORD},
    ],
    ids=lambda change: "+".join(change),
)
def test_a_file_does_not_open_in_another_place(elsewhere: dict[str, Any]) -> None:
    refuses(CHUNKS, len(THREE), place=PLACE._replace(**elsewhere))


def test_a_file_does_not_open_with_another_secret() -> None:
    refuses(CHUNKS, len(THREE), secret=new_secret())


def test_a_size_that_is_not_the_files_own_is_refused() -> None:
    for size in (0, CHUNK, len(THREE) - 1, CHUNK * 3, CHUNK * 9):
        refuses(CHUNKS, size)


def test_a_stream_that_was_cut_behind_a_whole_chunk_is_refused() -> None:
    # A shorter file of two whole chunks is what an attacker would like to make of it.
    refuses(CHUNKS[:2], CHUNK * 2)
    refuses([], 0)


def test_a_record_and_a_stream_are_not_taken_for_each_other() -> None:
    record = seal_field(SECRET, bytes(4000), PLACE)
    refuses([record], 4000)
    of_record = b"HLV1" + sealed(bytes(4096))[0][4:]
    refuses([of_record], 4096)


def test_what_came_before_a_broken_chunk_was_genuine() -> None:
    broken = [*CHUNKS[:2], CHUNKS[2][:-1] + b"\0"]
    pieces = open_chunks(SECRET, PLACE, broken, size=len(THREE))
    assert next(pieces) + next(pieces) == THREE[: 2 * CHUNK]
    with pytest.raises(SealBroken):
        next(pieces)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["size"]))
def test_a_file_is_sealed_and_opened_as_ever(vector: dict[str, Any]) -> None:
    facts = vector["place"]
    place = Place(**{**facts, "purpose": Purpose(facts["purpose"])})
    secret, file = bytes.fromhex(vector["secret"]), file_of(vector["size"])
    chunks = sealed(file, secret=secret, place=place)
    assert hashlib.sha256(file).hexdigest() == vector["file_sha256"]
    assert chunks[0][:HEADER_LENGTH].hex() == vector["header"]
    assert [len(chunk) for chunk in chunks] == vector["chunk_lengths"]
    assert [chunk[-16:].hex() for chunk in chunks] == vector["tags"]
    assert hashlib.sha256(b"".join(chunks)).hexdigest() == vector["stream_sha256"]
    assert opened(chunks, len(file), secret=secret, place=place) == file


def ranged(start: int, stop: int, chunks: list[bytes] = CHUNKS) -> bytes:
    """Return a part of the file, from no more than the chunks behind its beginning."""
    from_there = chunks[start // CHUNK :]
    pieces = open_range(SECRET, PLACE, from_there, size=len(THREE), start=start, stop=stop)
    return b"".join(pieces)


@examples(60)
@example(span=(0, 1))
@example(span=(CHUNK - 1, CHUNK + 1))
@example(span=(CHUNK, 2 * CHUNK))
@example(span=(len(THREE) - 1, len(THREE)))
@given(span=st.tuples(st.integers(0, len(THREE)), st.integers(0, len(THREE))).map(sorted))
def test_a_part_opens_by_itself(span: tuple[int, int]) -> None:
    start, stop = span
    assert ranged(start, stop) == THREE[start:stop]


def test_of_a_part_only_its_own_chunks_are_taken() -> None:
    taken = iter(CHUNKS[1:])
    (piece,) = open_range(SECRET, PLACE, taken, size=len(THREE), start=CHUNK + 5, stop=CHUNK + 9)
    assert piece == THREE[CHUNK + 5 : CHUNK + 9]
    assert next(taken) == CHUNKS[2]


@pytest.mark.parametrize(
    "chunks",
    [
        [CHUNKS[0], CHUNKS[2], CHUNKS[1]],
        [CHUNKS[0], CHUNKS[0], CHUNKS[2]],
        [CHUNKS[0], CHUNKS[1]],
        [CHUNKS[0], CHUNKS[1][:-1] + bytes([CHUNKS[1][-1] ^ 1]), CHUNKS[2]],
    ],
)
def test_a_part_of_a_stream_that_was_tampered_with_does_not_open(chunks: list[bytes]) -> None:
    with pytest.raises(SealBroken):
        ranged(CHUNK + 1, len(THREE), chunks)
