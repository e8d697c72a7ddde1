"""Sam sends photos: they are sealed as they arrive, and where there is no room the words are kept all the same."""

import tracemalloc
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline import audit
from hotline.channels.web.body import FILES_LIMIT
from hotline.config import Config
from hotline.errors import Misconfigured
from hotline.parts import Hotline
from hotline.vault.opening_files import open_files
from hotline.vault.tables import attachment_chunks, attachments
from tests.channels.web.reading import STORY, count, count_messages, digits, multipart, slip
from tests.contact.conftest import signs_in
from tests.house import House

JPEG = b"\xff\xd8\xff" + bytes(range(256)) * 600
NO_ROOM = "A file could not be kept. Tell us in words what it shows."


def photos(*contents: bytes) -> list[tuple[BytesIO, str, str]]:
    return [(BytesIO(file), f"IMG {n}.jpg", "image/jpeg") for n, file in enumerate(contents, 1)]


def files_of(house: House, hotline: Hotline, seq: int = 1) -> list[tuple[str, str, bytes]]:
    """Return what a caseworker gets of the only report's files."""
    noor = signs_in(house, "noor")
    with hotline.store.read() as session:
        report_id = session.execute(select(attachments.c.report_id)).scalars().first()
        found = open_files(session, noor, report_id, seq)
    return [
        (file.head.name, file.head.kind, b"".join(file.pieces(hotline.store))) for file in found
    ]


@pytest.fixture
def small_budget(house: House, hotline: Hotline) -> Hotline:
    """A house that has room for four chunks of files a day."""
    hotline = replace(hotline, reception=replace(hotline.reception, file_budget=4))
    house.app.extensions.update(hotline=hotline)
    return hotline


def test_photos_are_kept_beside_the_words_and_open_as_they_were(
    house: House, hotline: Hotline, sam: FlaskClient
) -> None:
    form = {"account": STORY, "files": photos(JPEG, b"\xff\xd8small")}
    answer = sam.post("/en/new", data=form)
    assert answer.status_code == 200
    assert "could not be kept" not in answer.text
    assert files_of(house, hotline) == [
        ("IMG 1.jpg", "image/jpeg", JPEG),
        ("IMG 2.jpg", "image/jpeg", b"\xff\xd8small"),
    ]


def test_nothing_of_a_photo_lies_in_clear(house: House, hotline: Hotline, sam: FlaskClient) -> None:
    sam.post("/en/new", data={"account": STORY, "files": photos(JPEG)})
    hotline.store.truncate_log()
    for path in house.var.rglob("*"):
        if path.is_file():
            lying = path.read_bytes()
            assert JPEG[:48] not in lying
            assert b"IMG 1" not in lying


def test_the_log_says_which_bytes_came_in(house: House, hotline: Hotline, sam: FlaskClient) -> None:
    sam.post("/en/new", data={"account": STORY, "files": photos(JPEG)})
    with hotline.store.read() as session:
        row = session.execute(select(attachments)).one()
        lines = audit.of_report(session, row.report_id)
    assert f"1 file1={row.digest.hex()[:32]}" in [
        line.what for line in lines if line.did == "receive"
    ]


def test_a_file_alone_is_something_to_send(hotline: Hotline, sam: FlaskClient) -> None:
    answer = sam.post("/en/new", data={"files": photos(JPEG)})
    assert answer.status_code == 200
    assert count(hotline, attachments) == 1


def test_an_empty_file_is_none_and_too_many_are_said_to_be(
    hotline: Hotline, sam: FlaskClient
) -> None:
    answer = sam.post("/en/new", data={"account": STORY, "files": photos(b"")})
    assert "not kept" not in answer.text
    assert count(hotline, attachments) == 0
    answer = sam.post("/en/new", data={"account": STORY, "files": photos(*[b"x"] * 25)})
    assert "did not fit is not kept" in answer.text
    assert count(hotline, attachments) == 20


def test_half_a_file_is_none(hotline: Hotline, sam: FlaskClient) -> None:
    whole = multipart({"account": STORY}, file=JPEG)
    answer = sam.post("/en/new", **{**whole, "data": whole["data"][:-80_000]})
    assert answer.status_code == 200
    assert "did not fit is not kept" in answer.text
    assert count(hotline, attachments) == count(hotline, attachment_chunks) == 0
    assert count(hotline) == 1


def test_where_the_day_is_full_the_words_are_kept_and_the_person_is_told(
    small_budget: Hotline, sam: FlaskClient
) -> None:
    first = sam.post("/en/new", data={"account": STORY, "files": photos(JPEG)})
    assert NO_ROOM not in first.text
    second = sam.post("/en/new", data={"account": STORY + " Come soon.", "files": photos(JPEG)})
    assert second.status_code == 200
    assert "Your words are kept" in second.text
    assert NO_ROOM in second.text
    assert digits(second.text)
    assert count(small_budget) == 2
    assert count(small_budget, attachments) == 1


def test_with_the_code_more_files_come_in_once(
    house: House, hotline: Hotline, sam: FlaskClient
) -> None:
    code = digits(sam.post("/en/new", data={"account": STORY}).text)
    page = sam.post("/en/again", data={"code": code})
    assert 'type="file"' in page.text
    form = {"code": code, "slip": slip(page.text), "more": ""}
    for _ in range(2):
        answer = sam.post("/en/again", data={**form, "files": photos(JPEG)})
        assert answer.status_code == 200
    assert "We have it" in answer.text
    assert count_messages(hotline) == 2
    assert files_of(house, hotline, seq=2) == [("IMG 1.jpg", "image/jpeg", JPEG)]


def test_with_the_code_too_the_words_are_kept_where_there_is_no_room(
    small_budget: Hotline, sam: FlaskClient
) -> None:
    code = digits(sam.post("/en/new", data={"account": STORY, "files": photos(JPEG)}).text)
    form = {"code": code, "more": "And this is the house", "files": photos(JPEG)}
    answer = sam.post("/en/again", data=form)
    assert NO_ROOM in answer.text
    assert "We have it" in answer.text
    assert count_messages(small_budget) == 2
    assert count(small_budget, attachments) == 1


def test_a_large_form_takes_little_more_memory_than_its_sealed_files(
    hotline: Hotline, sam: FlaskClient
) -> None:
    body = multipart({"account": STORY}, file=bytes(FILES_LIMIT))
    sam.post("/en/new", **multipart({"account": STORY}, file=b"warm"))
    tracemalloc.start()
    assert sam.post("/en/new", **body).status_code == 200
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count(hotline, attachments) == 2
    assert peak < 2 * FILES_LIMIT


@pytest.mark.parametrize("written", ["-1", "2 GB", "1e3", "9" * 9])
def test_a_budget_that_is_no_number_of_megabytes_is_named(tmp_path: Path, written: str) -> None:
    env = {
        "PUBLIC_URL": "https://line.example",
        "DATABASE_URL": "sqlite:///x.db",
        "KEYS_DIR": str(tmp_path),
    }
    assert Config.from_env({**env, "ATTACHMENT_BUDGET_MB": "64"}).attachment_budget_mb == 64
    with pytest.raises(Misconfigured, match="ATTACHMENT_BUDGET_MB"):
        Config.from_env({**env, "ATTACHMENT_BUDGET_MB": written})
