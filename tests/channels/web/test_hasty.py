"""Whoever opened the form and wrote is told from whoever only sends; nothing else is asked of anybody."""

from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from hotline.channels.web.hasty import MOST_USES, OLDEST, YOUNGEST, Hasty
from hotline.channels.web.slip import made_at, new_slip
from tests.channels.web.reading import STORY, multipart, slip
from tests.house import House

SECRET, NOON = b"s" * 32, 1_700_000_000.0
TYPED, FILLED = "application/x-www-form-urlencoded", "multipart/form-data; boundary=line"


class Clock:
    now = NOON

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hasty(clock: Clock) -> Hasty:
    return Hasty(SECRET, clock)


def urlencoded(fields: dict[str, str]) -> tuple[str, bytes]:
    return TYPED, urlencode(fields).encode()


def filled(fields: dict[str, str]) -> tuple[str, bytes]:
    sent = multipart(fields)
    return str(sent["content_type"]), bytes(sent["data"])


WAYS = pytest.mark.parametrize("way", [urlencoded, filled])


@WAYS
def test_a_form_that_was_opened_a_while_ago_is_not_hasty(way, hasty, clock) -> None:
    its = new_slip(SECRET, NOON)
    for age, is_hasty in ((0, True), (YOUNGEST - 1, True), (YOUNGEST, False), (OLDEST + 1, True)):
        clock.now = NOON + age
        assert hasty(*way({"slip": its, "account": STORY})) is is_hasty


@WAYS
def test_without_a_slip_of_ours_an_account_is_hasty_and_nothing_else_is(way, hasty, clock) -> None:
    clock.now += 60
    elsewhere = new_slip(b"another process", NOON)
    for its in ("", "0" * 32, elsewhere, new_slip(SECRET, NOON)[:-1] + "g"):
        assert hasty(*way({"slip": its, "account": STORY}))
    assert hasty(*way({"account": STORY}))
    assert not hasty(*way({"code": "123", "more": STORY}))
    assert not hasty("", b"")


@WAYS
def test_a_slip_vouches_a_few_times(way, hasty, clock) -> None:
    form = {"slip": new_slip(SECRET, NOON), "account": STORY}
    clock.now += 60
    said = [hasty(*way(form)) for _ in range(MOST_USES + 2)]
    assert said == [False] * MOST_USES + [True] * 2


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (TYPED, b"a=b&acc%6Funt=x"),
        (TYPED, b"%61ccount=x"),
        (FILLED, b'--line\r\ncontent-disposition: form-data; NAME="account"\r\n\r\nx'),
        (FILLED, b"--line\r\nContent-Disposition: form-data; name=account\r\n\r\nx"),
        (FILLED, b"--line\r\nContent-Disposition: form-data; name*=utf-8''acc%6funt\r\n\r\nx"),
        (FILLED, b'--line\r\nContent-Disposition: form-data; name="acc\\ount"\r\n\r\nx'),
        ("  Multipart/Form-Data; boundary=line", b'name="account"'),
    ],
)
def test_an_account_is_found_however_its_name_is_written(
    hasty: Hasty, kind: str, body: bytes
) -> None:
    assert hasty(kind, body)


def test_what_is_remembered_of_slips_is_bounded(hasty: Hasty, clock: Clock, monkeypatch) -> None:
    monkeypatch.setattr("hotline.channels.web.hasty._REMEMBERED", 10)
    clock.now += 60
    for _ in range(50):
        assert not hasty(*urlencoded({"slip": new_slip(SECRET, NOON), "account": STORY}))
    assert len(hasty._uses) == 10


def test_a_blank_form_carries_such_a_slip(house: House, sam: FlaskClient) -> None:
    secret = house.app.extensions["web"].secret
    first, second = (slip(sam.get("/en/new").text) for _ in range(2))
    assert first != second
    assert made_at(secret, first) == int(house.clock().timestamp())
    assert made_at(b"another", first) is None
