"""Sam writes. The page takes it without an account, gives a code, and refuses nothing for its shape."""

from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.errors import Unavailable
from hotline.parts import Hotline
from hotline.reports.tables import reports
from hotline.vault.codes import parse
from tests.channels.web.reading import STORY, count, count_messages, digits, multipart, slip, words


def test_what_is_written_is_kept_and_answered_with_a_code(
    hotline: Hotline, sam: FlaskClient
) -> None:
    answer = sam.post("/en/new", data={"account": STORY})
    assert answer.status_code == 200
    assert parse(digits(answer.text)) is not None
    with hotline.store.read() as session:
        row = session.execute(select(reports)).one()
    assert (row.channel, row.locale, row.locale_is_chosen) == ("web", "en", True)


def test_the_words_say_the_same_as_the_digits(sam: FlaskClient) -> None:
    page = sam.post("/en/new", data={"account": STORY}).text
    assert parse(words(page)) == parse(digits(page))


def test_an_empty_form_is_shown_again_with_what_was_chosen(
    hotline: Hotline, sam: FlaskClient
) -> None:
    answer = sam.post("/en/new", data={"account": " \r\n", "how": "text", "safe": "skip"})
    assert answer.status_code == 422
    assert "nothing to send yet" in answer.text
    assert 'name="how" value="text" checked' in answer.text
    assert count(hotline) == 0


@pytest.mark.parametrize("only", [{"safe": "no"}, {"number": "+15005550006"}, {"place": "Lindow"}])
def test_one_field_is_enough(hotline: Hotline, sam: FlaskClient, only: dict[str, str]) -> None:
    assert sam.post("/en/new", data=only).status_code == 200
    assert count(hotline) == 1


def test_an_unknown_locale_loses_nothing(hotline: Hotline, sam: FlaskClient) -> None:
    assert sam.get("/xx/new").status_code == 404
    assert sam.post("/xx/new", data={"account": STORY}).status_code == 200
    assert count(hotline) == 1


def test_the_same_form_sent_twice_is_one_report_with_one_code(
    hotline: Hotline, sam: FlaskClient
) -> None:
    form = {"account": STORY, "slip": slip(sam.get("/en/new").text)}
    first, second = (sam.post("/en/new", data=form) for _ in range(2))
    assert digits(first.text) == digits(second.text)
    assert count(hotline) == 1


def test_another_text_on_the_same_slip_is_another_report(
    hotline: Hotline, sam: FlaskClient
) -> None:
    form = {"slip": slip(sam.get("/en/new").text)}
    first = sam.post("/en/new", data={**form, "account": STORY})
    second = sam.post("/en/new", data={**form, "account": STORY + " Come soon."})
    assert digits(first.text) != digits(second.text)
    assert count(hotline) == 2


def test_whoever_leaves_is_not_shown_the_code_by_the_back_key(sam: FlaskClient) -> None:
    form = {"account": STORY, "slip": slip(sam.get("/en/new").text)}
    sam.post("/en/new", data=form)
    sam.get("/leave")
    assert sam.post("/en/new", data=form).status_code == 303


@pytest.mark.parametrize("broken", ["read", "write"])
def test_what_cannot_be_kept_now_stays_in_the_page(
    hotline: Hotline, sam: FlaskClient, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def fails(*_work: object) -> None:
        raise Unavailable

    # A broken disk: nothing smaller than the store itself can refuse.
    monkeypatch.setattr(hotline.store, broken, fails)
    answer = sam.post("/en/new", data={"account": STORY, "need": ["place", "talk"]})
    assert answer.status_code == 503
    assert STORY in answer.text
    assert answer.text.count('type="checkbox"') - answer.text.count(" checked") > 0
    monkeypatch.undo()
    assert sam.post("/en/new", data={"account": STORY}).status_code == 200


LONG = {
    "data": b"account=" + b"%D9%85" * 1_500_000,
    "content_type": "application/x-www-form-urlencoded",
}
STRANGE = [
    "‮evil‬ \u2066x",
    "😀" * 50,
    "a\0b\x01\x1b[31m",
    "'; DROP TABLE reports; --",
    "<script>alert(1)</script>{{ 7*7 }}{% raw %}",
    "[PERSON 1] [PHONE 2]",
    "papers, " * 40_000,
    "\r\n" * 20_000,
]


FIELDS = (
    "place",
    "number",
    "word",
    "hours",
    "safe",
    "young",
    "need",
    "how",
    "slip",
    "nothing we ask",
)


@pytest.mark.parametrize("text", STRANGE)
def test_strange_text_in_every_field_is_kept(hotline: Hotline, sam: FlaskClient, text: str) -> None:
    form = {"account": STORY + text, **dict.fromkeys(FIELDS, text)}
    answer = sam.post("/en/new", **multipart(form))
    assert answer.status_code == 200
    assert count_messages(hotline) == 1


@pytest.mark.parametrize(
    "raw",
    [b"account=%ED%A0%80&x=%ff", b"account=\xff\xfe\x00", b"account=a%00b", b"account=%u1234;x"],
)
def test_bytes_that_are_no_text_are_kept_as_far_as_they_are(sam: FlaskClient, raw: bytes) -> None:
    answer = sam.post("/en/new", data=raw, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "application/json",
        "text/plain",
        "multipart/form-data",
        "multipart/form-data; boundary=ü",
    ],
)
def test_a_body_that_is_no_form_gets_the_form(sam: FlaskClient, kind: str) -> None:
    answer = sam.post("/en/new", data=b'{"account": "x"}', content_type=kind)
    assert answer.status_code == 422


def test_ten_megabytes_of_words_are_cut_and_said_to_be(hotline: Hotline, sam: FlaskClient) -> None:
    for number, body in enumerate((multipart({"account": "papers " * 1_500_000}), LONG)):
        answer = sam.post("/en/new", **body)
        assert answer.status_code == 200
        assert "We kept the first part" in answer.text
        assert count(hotline) == number + 1


def test_files_within_the_limit_are_kept(sam: FlaskClient) -> None:
    form = {"account": STORY, "files": (BytesIO(b"\xff\xd8" * 1000), "IMG 1.jpg", "image/jpeg")}
    answer = sam.post("/en/new", data=form)
    assert answer.status_code == 200
    assert "did not fit" not in answer.text


def test_a_body_that_breaks_off_keeps_what_had_arrived(hotline: Hotline, sam: FlaskClient) -> None:
    body = (
        b'--b\r\nContent-Disposition: form-data; name="account"\r\n\r\nThey lock us in\r\n'
        b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n\r\n\xff\xd8'
    )
    answer = sam.post("/en/new", data=body, content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 200
    assert count(hotline) == 1


def test_a_form_posts_under_a_policy_that_hides_its_origin(sam: FlaskClient) -> None:
    answer = sam.post("/en/new", data={"account": STORY}, headers={"Origin": "null"})
    assert answer.status_code == 200
