"""A file comes in sealed, chunk by chunk, and opens in its own place for those who may reveal."""

import hashlib
import itertools
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import delete, func, insert, select, update

from hotline.errors import Refused
from hotline.store import Session, new_id
from hotline.vault.attachments import (
    Attachment,
    HeldFile,
    counts_of_report,
    forget,
    keep_files,
)
from hotline.vault.envelope import SealBroken
from hotline.vault.opening_files import OpenFile, open_files
from hotline.vault.spare import REPORT_LIMIT
from hotline.vault.stream import CHUNK, HEADER_LENGTH, padded_length
from hotline.vault.tables import attachment_chunks, attachment_days, attachments
from tests.examples import examples
from tests.vault.conftest import NOW, House

PHOTO = b"\xff\xd8" + bytes(range(256)) * 1000
TODAY = "2026-11-25"
PLENTY = 10_000


def held(content: bytes = PHOTO, name: str = "IMG 1.jpg", kind: str = "image/jpeg") -> HeldFile:
    file = HeldFile(name, kind)
    for start in range(0, len(content), 50_000):
        file.add(content[start : start + 50_000])
    file.finish()
    return file


def sealed(
    house: House, report_id: str, *files: HeldFile, seq: int = 1, desk: str = "harbor"
) -> list[Attachment]:
    return [
        file.seal(house.keyring, desk=desk, report_id=report_id, seq=seq, number=number)
        for number, file in enumerate(files, 1)
    ]


def kept(house: House, files: list[Attachment], day: str = TODAY, budget: int = PLENTY) -> int:
    work = lambda session: len(keep_files(session, files, day=day, budget=budget))  # noqa: E731
    return house.store.write(work)


@pytest.fixture
def report(house: House) -> str:
    """A report whose first message brought two files, and whose second brought one."""
    report_id = new_id()
    assert (
        kept(house, sealed(house, report_id, held(), held(b"a note", "n.txt", "text/plain"))) == 2
    )
    assert kept(house, sealed(house, report_id, held(b"later"), seq=2)) == 1
    return report_id


_minutes = itertools.count()


def opened(house: House, report_id: str, seq: int = 1, who: str = "noor") -> list[OpenFile]:
    """Open the files of a message as somebody who signs in for it, a minute after whoever did so last."""
    keyholder = house.keyholder(who, NOW + timedelta(minutes=next(_minutes)))
    with house.store.read() as session:
        return open_files(session, keyholder, report_id, seq)


def content(house: House, file: OpenFile) -> bytes:
    return b"".join(file.pieces(house.store))


def refuses(house: House, file: OpenFile) -> None:
    with pytest.raises(SealBroken) as broken:
        content(house, file)
    assert str(broken.value) == "this seal does not open"


def test_files_open_as_they_came(house: House, report: str) -> None:
    photo, note = opened(house, report)
    assert (photo.head.name, photo.head.kind) == ("IMG 1.jpg", "image/jpeg")
    assert photo.head.size == len(PHOTO)
    assert photo.head.sha256 == hashlib.sha256(PHOTO).digest()
    assert content(house, photo) == PHOTO
    assert content(house, note) == b"a note"
    assert [content(house, file) for file in opened(house, report, seq=2)] == [b"later"]
    assert opened(house, report, seq=3) == []


def test_whoever_may_not_reveal_opens_none(house: House, report: str) -> None:
    with pytest.raises(Refused):
        opened(house, report, who="omar")
    assert [file.head.is_broken for file in opened(house, report, who="tala")] == [True, True]


def test_names_types_and_contents_show_nowhere(house: House, report: str) -> None:
    file = opened(house, report)[0]
    for shown in (repr(file), repr(file.head), repr(held()), repr(sealed(house, report, held()))):
        assert "IMG" not in shown
        assert "jpeg" not in shown
    house.store.truncate_log()
    for path in house.folder.path.parent.rglob("*"):
        if path.is_file():
            lying = path.read_bytes()
            for secret in (b"IMG 1.jpg", PHOTO[:64], b"a note", file.secret):
                assert secret not in lying


def test_the_count_of_files_is_clear_and_what_they_are_is_not(house: House, report: str) -> None:
    with house.store.read() as session:
        assert counts_of_report(session, report) == {1: 2, 2: 1}
        assert counts_of_report(session, new_id()) == {}


def test_the_digest_is_that_of_the_sealed_chunks(house: House, report: str) -> None:
    rows = attachment_chunks.c
    with house.store.read() as session:
        for row in session.execute(select(attachments)).all():
            query = select(rows.sealed).where(rows.attachment_id == row.id).order_by(rows.number)
            whole = b"".join(session.execute(query).scalars())
            assert hashlib.sha256(whole).digest() == row.digest
    file = sealed(house, report, held())[0]
    assert file.digest_line == f"1 file1={file.digest.hex()[:32]}"


Break = Callable[[Session, str, str], None]


def _with_chunks(change: Callable[[list[bytes], list[bytes]], list[bytes]]) -> Break:
    def break_it(session: Session, first: str, second: str) -> None:
        rows = attachment_chunks.c
        chunks = []
        for its in (first, second):
            query = select(rows.sealed).where(rows.attachment_id == its).order_by(rows.number)
            chunks.append(list(session.execute(query).scalars()))
        session.execute(delete(attachment_chunks).where(rows.attachment_id == first))
        for number, chunk in enumerate(change(*chunks)):
            row = {"attachment_id": first, "number": number, "sealed": chunk}
            session.execute(insert(attachment_chunks), row)

    return break_it


@pytest.mark.parametrize(
    "change",
    [
        lambda one, _: one[:-1],
        lambda one, _: one[1:],
        lambda one, _: one[:1] + one[2:],
        lambda one, _: [one[0], *one],
        lambda one, _: [*one, one[-1]],
        lambda one, _: [one[1], one[0], *one[2:]],
        lambda one, _: [one[0], one[2], one[1], *one[3:]],
        lambda one, other: [other[0], *one[1:]],
        lambda one, other: [*one[:-1], other[0]],
        lambda _, other: other,
        lambda one, _: [*one[:2], one[2][:-1], *one[3:]],
        lambda one, _: [*one[:2], one[2] + b"\0", *one[3:]],
        lambda one, _: [],
    ],
)
def test_chunks_lost_doubled_moved_cut_or_anothers_are_noticed(
    house: House, report: str, change: Callable[[list[bytes], list[bytes]], list[bytes]]
) -> None:
    photo, note = opened(house, report)
    assert photo.head.size > 3 * CHUNK
    breaking = _with_chunks(change)
    house.store.write(lambda session: breaking(session, photo.head.id, note.head.id))
    refuses(house, opened(house, report)[0])
    assert content(house, opened(house, report)[1]) == b"a note"


@examples(25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=st.integers(0, 3), place=st.integers(0, 2**20), bit=st.integers(0, 7))
def test_any_bit_of_any_chunk_is_noticed(
    house: House, report: str, number: int, place: int, bit: int
) -> None:
    file = opened(house, report)[0]
    rows = attachment_chunks.c
    its = (rows.attachment_id == file.head.id, rows.number == number)

    def flip(session: Session) -> None:
        chunk = bytearray(session.execute(select(rows.sealed).where(*its)).scalar_one())
        chunk[place % len(chunk)] ^= 1 << bit
        session.execute(update(attachment_chunks).where(*its).values(sealed=bytes(chunk)))

    house.store.write(flip)
    refuses(house, file)
    house.store.write(flip)
    assert content(house, file) == PHOTO


@pytest.mark.parametrize(
    "values",
    [
        {"seq": 9},
        {"report_id": "f" * 32},
        {"number": 7},
        {"desk": "valley"},
        {"epoch_id": "0" * 32},
    ],
    ids=lambda values: next(iter(values)),
)
def test_a_file_does_not_open_in_another_place(
    house: House, report: str, values: dict[str, object]
) -> None:
    its = opened(house, report)[1].head.id
    moved = update(attachments).where(attachments.c.id == its).values(**values)
    house.store.write(lambda session: session.execute(moved))
    found = opened(house, str(values.get("report_id", report)), int(values.get("seq", 1)))  # type: ignore[call-overload]
    broken = [file for file in found if file.head.is_broken]
    assert [file.head.id for file in broken] == [its]
    refuses(house, broken[0])
    # The other one is as it was.
    assert sum(len(opened(house, report, seq)) - len(broken) * (seq == 1) for seq in (1, 2)) >= 1


@pytest.mark.parametrize("column", ["wrap", "head"])
def test_a_row_with_another_files_wrap_or_head_is_broken(
    house: House, report: str, column: str
) -> None:
    photo, note = (file.head.id for file in opened(house, report))

    def swap(session: Session) -> None:
        rows = session.execute(select(attachments.c.id, attachments.c[column])).all()
        values = dict(map(tuple, rows))
        for its, other in ((photo, note), (note, photo)):
            change = update(attachments).where(attachments.c.id == its)
            session.execute(change.values(**{column: values[other]}))

    house.store.write(swap)
    assert [file.head.is_broken for file in opened(house, report)] == [True, True]


@pytest.mark.parametrize("column", ["wrap", "head"])
def test_every_byte_of_wrap_and_head_matters(house: House, report: str, column: str) -> None:
    note = opened(house, report)[1].head.id
    its = attachments.c.id == note
    keyholder = house.keyholder("ines")

    def put(session: Session, value: bytes) -> None:
        session.execute(update(attachments).where(its).values(**{column: value}))

    with house.store.read() as session:
        whole = session.execute(select(attachments.c[column]).where(its)).scalar_one()
    changed = [whole[:-1], whole + b"\0", b""]
    for place in range(0, len(whole), 7):
        one = bytearray(whole)
        one[place] ^= 1 << place % 8
        changed.append(bytes(one))
    for value in changed:
        house.store.write(lambda session, value=value: put(session, value))
        with house.store.read() as session:
            found = open_files(session, keyholder, report, 1)
        assert [file.head.is_broken for file in found] == [False, True]


def test_a_file_that_was_erased_while_it_is_handed_out_ends_there(
    house: House, report: str
) -> None:
    pieces = opened(house, report)[0].pieces(house.store)
    assert next(pieces) == PHOTO[:CHUNK]
    house.store.write(lambda session: forget(session, report))
    with pytest.raises(SealBroken):
        list(pieces)


def test_forgetting_leaves_nothing_of_a_report_and_all_of_others(house: House, report: str) -> None:
    other = new_id()
    kept(house, sealed(house, other, held(b"theirs")))
    house.store.write(lambda session: forget(session, report, 2))
    with house.store.read() as session:
        assert counts_of_report(session, report) == {1: 2}
    house.store.write(lambda session: forget(session, report))
    with house.store.read() as session:
        assert counts_of_report(session, report) == {}
        chunks = select(func.count()).select_from(attachment_chunks)
        assert session.execute(chunks).scalar_one() == 1
    assert content(house, opened(house, other)[0]) == b"theirs"


def test_a_report_has_room_for_several_full_forms(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 4 * padded_length(100 << 20) <= REPORT_LIMIT * CHUNK
    monkeypatch.setattr("hotline.vault.spare.REPORT_LIMIT", 8)
    report_id, size = new_id(), 4 * CHUNK
    for seq in range(1, 3):
        assert kept(house, sealed(house, report_id, held(bytes(size)), seq=seq)) == 1
    assert kept(house, sealed(house, report_id, held(b"x"), seq=3)) == 0
    assert kept(house, sealed(house, new_id(), held(b"x"))) == 1


def test_a_day_has_its_budget_and_the_next_day_its_own(house: House) -> None:
    large, small = held(), held(b"small")
    assert (len(large.chunks), len(small.chunks)) == (4, 1)
    # What does not fit is left out, and the smaller one behind it still fits.
    files = sealed(house, new_id(), held(), large, small)
    assert kept(house, files, budget=6) == 2
    assert kept(house, sealed(house, new_id(), held(b"1")), budget=6) == 1
    assert kept(house, sealed(house, new_id(), held(b"2")), budget=6) == 0
    assert kept(house, sealed(house, new_id(), held(b"3")), day="2026-11-26", budget=6) == 1
    with house.store.read() as session:
        days = session.execute(select(attachment_days)).all()
    assert [tuple(row) for row in days] == [("2026-11-26", False, 1, 0, 0)]
    assert kept(house, sealed(house, new_id(), held()), day="2026-11-27", budget=3) == 0


def test_what_comes_in_is_held_once_and_sealed() -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(80):
            yield bytes(CHUNK)

    HeldFile("", "").finish()
    tracemalloc.start()
    file = HeldFile("film", "video/mp4")
    for piece in pieces():
        file.add(piece)
    file.finish()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    sealed_bytes = sum(map(len, file.chunks))
    assert sealed_bytes == 80 * (CHUNK + 16) + HEADER_LENGTH
    assert peak < sealed_bytes + 6 * CHUNK
