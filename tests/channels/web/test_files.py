"""Sam sends photos: they are sealed as they arrive, and where there is no room the words are kept all the same."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline import audit
from hotline.config import Config
from hotline.errors import Misconfigured
from hotline.intake import admission
from hotline.parts import Hotline
from hotline.vault.opening_files import open_files
from hotline.vault.stream import CHUNK
from hotline.vault.tables import attachment_chunks, attachments, unfinished_files
from tests.channels.web.reading import STORY, count, count_messages, digits, multipart, slip
from tests.contact.conftest import signs_in
from tests.house import House

JPEG = b"\xff\xd8\xff" + bytes(range(256)) * 600
NO_ROOM = "A file could not be kept. Tell us in words what it shows."
TOO_LARGE = "did not fit is not kept"
NOTHING = [0, 0, 0]


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


def left(hotline: Hotline) -> list[int]:
    """Return how much of files lies here: files, chunks, files that are not whole."""
    return [count(hotline, table) for table in (attachments, attachment_chunks, unfinished_files)]


@pytest.fixture
def small_budget(house: House, hotline: Hotline) -> Hotline:
    """A house that has room for four chunks of files a day."""
    hotline = replace(hotline, reception=replace(hotline.reception, file_budget=4))
    house.app.extensions.update(hotline=hotline)
    return hotline


@pytest.fixture
def one_megabyte(house: House, hotline: Hotline) -> Hotline:
    """A house whose operator allows a megabyte of files in a form."""
    hotline = replace(hotline, config=replace(hotline.config, attachment_limit_mb=1))
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
    assert left(hotline)[2] == 0


@pytest.mark.parametrize(
    "size", [1, CHUNK - 1, CHUNK, CHUNK + 1, 4 * CHUNK, 4 * CHUNK + 1, 5 * CHUNK - 1, 5 << 20]
)
def test_a_file_of_any_size_opens_byte_for_byte(
    house: House, hotline: Hotline, sam: FlaskClient, size: int
) -> None:
    content = (hashlib.shake_256(b"seed").digest(1 << 20) * (size // (1 << 20) + 1))[:size]
    sam.post("/en/new", **multipart({"account": STORY}, file=content))
    noor = signs_in(house, "noor")
    with hotline.store.read() as session:
        row = session.execute(select(attachments)).one()
        (file,) = open_files(session, noor, row.report_id, 1)
    assert b"".join(file.pieces(hotline.store)) == content
    assert file.head.sha256 == hashlib.sha256(content).digest()
    assert left(hotline) == [1, row.chunks, 0]


def test_nothing_of_a_photo_lies_in_clear(house: House, hotline: Hotline, sam: FlaskClient) -> None:
    sam.post("/en/new", data={"account": STORY, "files": photos(JPEG * 2)})
    hotline.store.truncate_log()
    for path in house.var.rglob("*"):
        if path.is_file():
            lying = path.read_bytes()
            assert JPEG[:48] not in lying
            assert b"IMG 1" not in lying


def test_the_log_says_which_bytes_came_in(house: House, hotline: Hotline, sam: FlaskClient) -> None:
    sam.post("/en/new", data={"account": STORY, "files": photos(JPEG * 2)})
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
    assert "Your words are kept" not in answer.text
    assert left(hotline) == NOTHING
    answer = sam.post("/en/new", data={"account": STORY, "files": photos(*[b"x"] * 25)})
    assert "There were too many files" in answer.text
    assert left(hotline) == [20, 20, 0]


def test_half_a_file_is_none(hotline: Hotline, sam: FlaskClient) -> None:
    whole = multipart({"account": STORY}, file=JPEG * 4)
    answer = sam.post("/en/new", **{**whole, "data": whole["data"][:-80_000]})
    assert answer.status_code == 200
    assert "A file did not come whole" in answer.text
    assert left(hotline) == NOTHING
    assert count(hotline) == 1


def test_the_page_says_how_much_a_form_may_bring(
    house: House, one_megabyte: Hotline, sam: FlaskClient
) -> None:
    page = sam.get("/en/new").text
    assert "Up to 1 MB in all" in page
    assert "data-progress" in page
    none = replace(one_megabyte.config, attachment_limit_mb=0)
    house.app.extensions.update(hotline=replace(one_megabyte, config=none))
    assert 'type="file"' not in sam.get("/en/new").text


def test_what_is_beyond_the_limit_is_left_out_alone(
    house: House, one_megabyte: Hotline, sam: FlaskClient
) -> None:
    large = bytes((1 << 20) + 1)
    answer = sam.post("/en/new", **multipart({"account": STORY}, JPEG, large, b"small"))
    assert TOO_LARGE in answer.text
    assert digits(answer.text)
    assert [content for _, _, content in files_of(house, one_megabyte)] == [JPEG, b"small"]
    assert left(one_megabyte) == [2, 4, 0]


def test_the_limit_is_that_of_all_files_of_a_form(one_megabyte: Hotline, sam: FlaskClient) -> None:
    half = bytes(600_000)
    answer = sam.post("/en/new", **multipart({"account": STORY}, half, half))
    assert TOO_LARGE in answer.text
    assert left(one_megabyte)[0::2] == [1, 0]
    exactly = sam.post("/en/new", **multipart({"account": "One"}, file=bytes(1 << 20)))
    assert TOO_LARGE not in exactly.text


def test_whoever_sends_too_much_again_and_again_has_only_twice_the_limit_poured(
    one_megabyte: Hotline, sam: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    poured: list[int] = []
    pour = "hotline.vault.pouring.keep_chunks"
    monkeypatch.setattr(pour, lambda *its, **_first: poured.append(len(its[2])))
    sam.post("/en/new", **multipart({"account": STORY}, *[bytes(1_100_000)] * 8))
    assert 16 < sum(poured) <= 32
    assert left(one_megabyte)[2] == 0


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
    assert left(small_budget) == [1, 3, 0]


def test_ten_thousand_small_files_do_not_fill_more_than_the_day(
    small_budget: Hotline, sam: FlaskClient
) -> None:
    for number in range(12):
        form = {"account": f"{STORY} {number}", "files": photos(b"tiny")}
        answer = sam.post("/en/new", data=form)
        assert answer.status_code == 200
        assert (NO_ROOM in answer.text) == (number >= 4)
    assert count(small_budget) == 12
    assert left(small_budget) == [4, 4, 0]


class Telling(BytesIO):
    """A body that tells each time when more of it is read."""

    def __init__(self, body: bytes, tell: Callable[[], None]) -> None:
        super().__init__(body)
        self._tell = tell

    def readinto(self, into: memoryview) -> int:
        self._tell()
        return super().readinto(into)


def test_the_day_is_kept_to_while_a_file_comes_in(small_budget: Hotline, sam: FlaskClient) -> None:
    body = multipart({"account": STORY}, file=bytes(20 * CHUNK))
    seen: list[int] = []
    stream = Telling(body["data"], lambda: seen.append(count(small_budget, attachment_chunks)))
    answer = sam.post(
        "/en/new",
        input_stream=stream,
        content_type=body["content_type"],
        content_length=len(body["data"]),
    )
    assert NO_ROOM in answer.text
    assert max(seen) == 4
    # What broke off gave its room back before the body ended.
    assert seen[-1] == 0
    assert count(small_budget) == 1


def test_what_others_have_begun_takes_its_room(
    house: House, hotline: Hotline, sam: FlaskClient
) -> None:
    reception = replace(hotline.reception, file_budget=6)
    house.app.extensions.update(hotline=replace(hotline, reception=reception))
    body = multipart({"account": STORY}, file=bytes(5 * CHUNK))
    others: list[str] = []

    def meanwhile() -> None:
        if count(hotline, unfinished_files) and not others:
            others.append("")
            form = {"account": "Another", "files": photos(JPEG)}
            others.append(house.app.test_client().post("/en/new", data=form).text)

    answer = sam.post(
        "/en/new",
        input_stream=Telling(body["data"], meanwhile),
        content_type=body["content_type"],
        content_length=len(body["data"]),
    )
    assert NO_ROOM in others[1]
    assert NO_ROOM not in answer.text
    assert count(hotline) == 2
    assert left(hotline) == [1, 5, 0]


def test_files_of_reports_in_quarantine_leave_room_for_others(
    house: House, hotline: Hotline, monkeypatch: pytest.MonkeyPatch
) -> None:
    for most in ("MOST_ALIKE", "MOST_URGENT"):
        monkeypatch.setattr(admission, most, 5)
    reception = replace(hotline.reception, file_budget=8)
    house.app.extensions.update(hotline=replace(hotline, reception=reception))

    def sends(account: str) -> bool:
        """Tell whether the file of a new report was kept."""
        form = {"account": account, "files": photos(b"x")}
        answer = house.app.test_client().post("/en/new", data=form)
        assert answer.status_code == 200
        return NO_ROOM not in answer.text

    told = f"{STORY} The man who brought her here keeps the pay, and she may not go out alone."
    assert [sends(told) for _ in range(8)] == [True] * 7 + [False]
    assert sends("They moved us to a farm near the river last night")
    assert count(hotline) == 9


def test_the_same_form_sent_twice_keeps_its_files_once(hotline: Hotline, sam: FlaskClient) -> None:
    its = {"account": STORY, "slip": slip(sam.get("/en/new").text)}
    answers = [sam.post("/en/new", data={**its, "files": photos(JPEG * 2)}) for _ in range(2)]
    assert digits(answers[0].text) == digits(answers[1].text)
    assert count(hotline) == 1
    assert left(hotline) == [1, 5, 0]


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
    assert left(hotline) == [1, 3, 0]


def test_with_a_code_that_opens_nothing_no_file_stays(hotline: Hotline, sam: FlaskClient) -> None:
    form = {"code": "123 456", "more": "And more", "files": photos(JPEG * 2)}
    answer = sam.post("/en/again", data=form)
    assert "And more" in answer.text
    assert "Please add your files again." in answer.text
    assert left(hotline) == NOTHING


def test_with_the_code_too_the_words_are_kept_where_there_is_no_room(
    small_budget: Hotline, sam: FlaskClient
) -> None:
    code = digits(sam.post("/en/new", data={"account": STORY, "files": photos(JPEG)}).text)
    form = {"code": code, "more": "And this is the house", "files": photos(JPEG)}
    answer = sam.post("/en/again", data=form)
    assert NO_ROOM in answer.text
    assert "We have it" in answer.text
    assert count_messages(small_budget) == 2
    assert left(small_budget) == [1, 3, 0]


@pytest.mark.parametrize("setting", ["ATTACHMENT_BUDGET_MB", "ATTACHMENT_LIMIT_MB"])
@pytest.mark.parametrize("written", ["-1", "2 GB", "1e3", "9" * 9])
def test_what_is_no_number_of_megabytes_is_named(
    tmp_path: Path, setting: str, written: str
) -> None:
    env = {
        "PUBLIC_URL": "https://line.example",
        "DATABASE_URL": "sqlite:///x.db",
        "KEYS_DIR": str(tmp_path),
    }
    assert getattr(Config.from_env({**env, setting: "64"}), setting.lower()) == 64
    with pytest.raises(Misconfigured, match=setting):
        Config.from_env({**env, setting: written})


def test_files_that_broke_off_come_again_beside_words_that_are_kept(
    house: House, hotline: Hotline, sam: FlaskClient
) -> None:
    typed = {"account": STORY, "slip": slip(sam.get("/en/new").text)}
    whole = multipart(typed, file=JPEG)
    broken = {**whole, "data": whole["data"][: -len(JPEG) // 2]}
    code = digits(sam.post("/en/new", **broken).text)
    assert (count(hotline), count(hotline, attachments)) == (1, 0)
    for _ in range(2):
        assert digits(sam.post("/en/new", **whole).text) == code
    assert (count(hotline), count_messages(hotline), count(hotline, attachments)) == (1, 2, 1)
    assert [content for _, _, content in files_of(house, hotline, seq=2)] == [JPEG]
