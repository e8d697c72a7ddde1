"""Whatever comes instead of a file, and wherever it breaks off: the words are kept, and nothing of half a file stays."""

import itertools
import time
from dataclasses import replace
from io import BytesIO, RawIOBase
from types import MethodType
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.channels.web.uploads import bounded
from hotline.errors import HotlineError, Unavailable
from hotline.parts import Hotline
from hotline.reports.tables import reports
from hotline.store import Store
from hotline.vault import unfinished
from hotline.vault.opening_files import open_files
from hotline.vault.stream import CHUNK
from hotline.vault.tables import attachment_chunks, attachments, unfinished_files
from tests.channels.web.reading import STORY, count, digits
from tests.contact.conftest import signs_in
from tests.house import House

KIND = "multipart/form-data; boundary=line"
FILM = bytes(range(256)) * 1500
NAMED = b'; name="files"; filename="a.mp4"'
END = b"--line--\r\n"
NOTHING = [0, 0, 0]
_numbers = itertools.count()


def words(name: str, text: str) -> bytes:
    head = f'--line\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
    return f"{head}{text}\r\n".encode()


def film(content: bytes = FILM, named: bytes = NAMED, more: bytes = b"") -> bytes:
    head = b"--line\r\nContent-Disposition: form-data" + named + b"\r\n" + more + b"\r\n"
    return head + content + b"\r\n"


def left(hotline: Hotline) -> list[int]:
    """Return how much of files lies here: files, chunks, files that are not whole."""
    return [count(hotline, table) for table in (attachments, attachment_chunks, unfinished_files)]


def texts(house: House, hotline: Hotline) -> list[str]:
    """Return what a caseworker reads of each report."""
    noor = signs_in(house, "noor")
    with hotline.store.read() as session:
        ids = session.execute(select(reports.c.id)).scalars().all()
        return [noor.open_accounts(session, report_id, [1])[1].text for report_id in ids]


def names(house: House, hotline: Hotline) -> list[str]:
    """Return what the files of the only report are called."""
    noor = signs_in(house, "noor")
    with hotline.store.read() as session:
        report_id = session.execute(select(reports.c.id)).scalar_one()
        return [file.head.name for file in open_files(session, noor, report_id, 1)]


class Line(RawIOBase):
    """A body whose line breaks with *error* behind it; with None its server only says that it is over."""

    def __init__(self, body: bytes, error: type[BaseException] | None = None) -> None:
        self._body, self._error = BytesIO(body), error

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        taken = self._body.readinto(into)
        if not taken and self._error:
            raise self._error
        return taken


def sends(sam: FlaskClient, line: Line, length: int | None) -> Any:
    """Send a form of which *length* was promised; None: in pieces, until it is over."""
    environ: dict[str, Any] = {"wsgi.input": line, "CONTENT_TYPE": KIND}
    environ["CONTENT_LENGTH"] = str(length)
    if length is None:
        environ.update({"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True})
    return sam.post("/en/new", environ_overrides=environ)


def points(body: bytes) -> list[int]:
    """Return where a body may break off: within each head, at and beside the edges of chunks, before its end."""
    heads = range(0, body.index(FILM) + 3, 9)
    chunks = [body.index(FILM) + n * CHUNK + beside for n in range(1, 6) for beside in (-1, 0, 1)]
    return [*heads, *chunks, *range(body.index(FILM) + len(FILM) - 2, len(body), 9)]


@pytest.mark.parametrize("error", [None, ConnectionResetError])
def test_wherever_a_form_breaks_off_what_had_arrived_is_kept(
    house: House, hotline: Hotline, sam: FlaskClient, error: type[BaseException] | None
) -> None:
    body = words("account", STORY) + film() + words("x", "y") + END
    begins, whole = body.index(STORY.encode()), body.index(FILM) + len(FILM)
    kept = files = 0
    for point in points(body):
        answer = sends(sam, Line(body[:point], error), None if point % 2 else len(body))
        had_words, had_file = point > begins, point > whole + len(b"\r\n--line\r")
        assert answer.status_code == (200 if had_words else 422)
        kept, files = kept + had_words, files + had_file
        assert (count(hotline), left(hotline)) == (kept, [files, 6 * files, 0])
        if had_words and begins + len(STORY) < point and not had_file and point > whole - len(FILM):
            assert "A file did not come whole" in answer.text
    # Half a word at the end may be masked, as any word that nobody knows.
    begun = [text.partition("[")[0] for text in texts(house, hotline)]
    assert all(map(STORY.startswith, begun))


@pytest.mark.parametrize(
    ("part", "kept"),
    [
        (film(more=b"Content-Type: application/x-msdownload\r\n"), 1),
        (film(more=b"Content-Type: \xff\xfe; charset=\x00\r\n"), 1),
        (film(more=b"Content-Type: " + b"x" * 7_000 + b"\r\n"), 1),
        (film(more=b"Content-Length: 3\r\nContent-Transfer-Encoding: base64\r\n"), 1),
        (film(named=b'; name="files"'), 1),
        (film(named=b'; name="files"; filename=""'), 1),
        (film(named=b'; filename="a.mp4"'), 1),
        (film(named=b'; name="account"; filename="a.txt"'), 1),
        (film(named=b"; name=\"files\"; filename*=UTF-8''%E2%80%AEgpj.exe"), 1),
        (film(b"", named=b'; name="files"; filename=""'), 0),
        (b'--line\r\nContent-Type: image/png; name="no disposition"\r\n\r\nx\r\n', 0),
        (b"--line\r\n\r\nno head at all\r\n", 0),
        (b"--linen\r\nno boundary of ours\r\n", 0),
    ],
    ids=lambda _: f"case {next(_numbers)}",
)
def test_parts_of_any_shape_end_no_form(
    house: House, hotline: Hotline, sam: FlaskClient, part: bytes, kept: int
) -> None:
    body = words("x", "y") + part + words("account", STORY) + END
    answer = sam.post("/en/new", data=body, content_type=KIND)
    assert answer.status_code == 200
    assert digits(answer.text)
    assert texts(house, hotline) == [STORY]
    assert left(hotline) == [kept, 6 * kept, 0]


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/json", "image/jpeg", "multipart/mixed"]
)
def test_a_body_of_another_type_gets_the_form_and_leaves_nothing(
    hotline: Hotline, sam: FlaskClient, kind: str
) -> None:
    body = words("account", STORY) + film() + END
    answer = sam.post("/en/new", data=body, content_type=f"{kind}; boundary=line")
    assert answer.status_code == 422
    assert left(hotline) == NOTHING


NAMES = [
    "../../etc/passwd",
    "C:\\Users\\maria\\IMG 1.jpg",
    "<script>alert(1)</script>.html",
    "{{ 7*7 }}{% raw %}.pdf",
    "‮gpj.exe",
    "\u2066a\u2069 \u200b.png",
    "a\0b\x01\x1b[31m.jpg",
    "'; DROP TABLE reports; --",
    "صورة البيت ١.jpg",
    "😀" * 40,
]


@pytest.mark.parametrize("name", NAMES)
def test_what_a_file_is_called_is_sealed_as_it_was_typed(
    house: House, hotline: Hotline, sam: FlaskClient, name: str
) -> None:
    named = f'; name="files"; filename="{name}"'.replace("\\", "\\\\").encode()
    body = words("account", STORY) + film(b"x", named=named) + END
    answer = sam.post("/en/new", data=body, content_type=KIND)
    assert answer.status_code == 200
    assert name.strip() not in answer.text
    assert names(house, hotline) == [name]


def test_a_name_in_another_encoding_ends_nothing(
    house: House, hotline: Hotline, sam: FlaskClient
) -> None:
    named = '; name="files"; filename="日本.jpg"'.encode("shift-jis")
    body = film(b"x", named=named) + words("account", STORY) + END
    assert sam.post("/en/new", data=body, content_type=KIND).status_code == 200
    assert count(hotline) == 1
    assert names(house, hotline)[0].endswith(".jpg")


def test_a_very_long_name_keeps_its_beginning_and_its_end(
    house: House, hotline: Hotline, sam: FlaskClient
) -> None:
    named = b'; name="files"; filename="' + b"long " * 1500 + b'.jpeg"'
    sam.post("/en/new", data=film(b"x", named=named) + END, content_type=KIND)
    (name,) = names(house, hotline)
    assert name.startswith("long long")
    assert name.endswith("….jpeg"[1:])
    assert len(name) <= 201
    assert bounded("\ud800") == "?"


def test_ten_thousand_parts_lose_no_word(house: House, hotline: Hotline, sam: FlaskClient) -> None:
    junk = words("x", "y") * 10_000
    body = words("x", "y") + junk + words("account", STORY) + END
    assert sam.post("/en/new", data=body, content_type=KIND).status_code == 200
    assert texts(house, hotline) == [STORY]


@pytest.mark.parametrize(
    "head", [b"a=" * 4_000, b'a=";' * 80_000, b"A: b\r\n" * 30_000], ids=("8 kB", "320 kB", "lines")
)
def test_a_head_without_an_end_says_nothing_and_the_words_are_kept(
    house: House, hotline: Hotline, sam: FlaskClient, head: bytes
) -> None:
    long = b"--line\r\nContent-Disposition: form-data; " + head + b"\r\n\r\ny\r\n"
    body = words("number", "+15005550006") + long * 30 + words("account", STORY) + END
    began = time.process_time()
    assert sam.post("/en/new", data=body, content_type=KIND).status_code == 200
    # Cut apart, they took ten seconds.
    assert time.process_time() - began < 2
    assert texts(house, hotline) == [STORY]


def test_no_more_is_read_than_a_few_times_what_may_be_kept(
    house: House, hotline: Hotline, sam: FlaskClient
) -> None:
    class Endless(Line):
        read = 0

        def readinto(self, into: Any) -> int:
            self.read += (taken := super().readinto(into) or len(into))
            return taken

    one_megabyte = replace(hotline, config=replace(hotline.config, attachment_limit_mb=1))
    house.app.extensions["hotline"] = one_megabyte
    line = Endless(words("account", STORY) + film()[:-2])
    assert sends(sam, line, None).status_code == 200
    assert line.read <= 5 << 20
    assert texts(house, hotline) == [STORY]


def test_ten_thousand_files_lose_no_word(house: House, hotline: Hotline, sam: FlaskClient) -> None:
    body = film(b"tiny") * 10_000 + words("account", STORY) + END
    answer = sam.post("/en/new", data=body, content_type=KIND)
    assert "There were too many files" in answer.text
    assert texts(house, hotline) == [STORY]
    assert left(hotline) == [20, 20, 0]


def test_a_form_that_says_no_length_is_read_to_its_end(
    house: House, hotline: Hotline, sam: FlaskClient
) -> None:
    answer = sends(sam, Line(words("account", STORY) + film() + END), None)
    assert answer.status_code == 200
    assert texts(house, hotline) == [STORY]
    assert left(hotline) == [1, 6, 0]


def test_a_length_beyond_all_bounds_refuses_nothing(
    house: House, hotline: Hotline, sam: FlaskClient
) -> None:
    answer = sends(sam, Line(words("account", STORY) + film()), 1 << 40)
    assert answer.status_code == 200
    assert texts(house, hotline) == [STORY]


@pytest.mark.parametrize(("says_so", "kept"), [(True, [0, 0, 0]), (False, [1, 6, 0])])
def test_from_another_origin_and_without_cookies_no_word_is_lost(
    house: House, hotline: Hotline, says_so: bool, kept: list[int]
) -> None:
    stranger = house.app.test_client(use_cookies=False)
    body = words("account", STORY) + film() + END
    headers = {"Origin": "https://elsewhere.example", "Referer": "https://elsewhere.example/x"}
    if says_so:
        headers["Sec-Fetch-Site"] = "cross-site"
    answer = stranger.post("/en/new", data=body, content_type=KIND, headers=headers)
    assert answer.status_code == 200
    assert (STORY in answer.text) == says_so
    assert left(hotline) == kept


@pytest.mark.parametrize("fails_at", [1, 2])
def test_where_the_database_is_away_for_a_moment_the_words_go_on_without_the_file(
    house: House,
    hotline: Hotline,
    sam: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    fails_at: int,
) -> None:
    write, writes = Store.write, []

    def fails(store: Store, work: Any) -> Any:
        writes.append(work)
        if len(writes) == fails_at:
            raise Unavailable
        return write(store, work)

    # A disk that is full for a moment: nothing smaller than the store itself can refuse.
    monkeypatch.setattr(hotline.store, "write", MethodType(fails, hotline.store))
    body = words("account", STORY) + film() + words("x", "y") + END
    answer = sam.post("/en/new", data=body, content_type=KIND)
    assert answer.status_code == 200
    assert "A file could not be kept" in answer.text
    assert texts(house, hotline) == [STORY]
    assert left(hotline) == NOTHING


def test_where_it_stays_away_the_page_gives_the_words_back_and_the_sweep_takes_the_rest(
    house: House, hotline: Hotline, sam: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, writes = Store.write, []

    def fails(store: Store, work: Any) -> Any:
        writes.append(work)
        if len(writes) > 1:
            raise Unavailable
        return write(store, work)

    # A disk that is full: nothing smaller than the store itself can refuse.
    monkeypatch.setattr(hotline.store, "write", MethodType(fails, hotline.store))
    body = words("account", STORY) + film() + END
    answer = sam.post("/en/new", data=body, content_type=KIND)
    assert answer.status_code == 503
    assert STORY in answer.text
    monkeypatch.undo()
    assert left(hotline) == [0, 4, 1]
    unfinished.sweep(hotline.store, at=house.clock())
    assert left(hotline) == [0, 4, 1]
    unfinished.sweep(hotline.store, at=house.clock() + unfinished.PATIENCE)
    assert left(hotline) == NOTHING


def test_where_the_page_itself_fails_nothing_of_a_file_stays(
    house: House, hotline: Hotline, sam: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_its: object, **_more: object) -> None:
        raise HotlineError

    # A fault of ours behind the reading of the form.
    monkeypatch.setattr("hotline.channels.web.new.read_message", fails)
    body = words("account", STORY) + film() + END
    assert sam.post("/en/new", data=body, content_type=KIND).status_code == 500
    assert left(hotline) == NOTHING
