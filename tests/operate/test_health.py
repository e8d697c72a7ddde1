"""`/healthz` says whether people can be sent here, and whether the work behind is done; a failed request has a name."""

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest

from hotline import jobs, logs
from hotline.errors import Unavailable
from hotline.factory import create_app
from tests.cast import signed_for
from tests.house import ORIGIN, House


def answers(house: House, path: str) -> tuple[int, str]:
    answer = house.app.test_client().get(path)
    return answer.status_code, answer.text


def test_a_house_that_does_what_is_due_is_well(house: House) -> None:
    assert answers(house, "/healthz") == answers(house, "/healthz/work") == (200, "ok\n")


def test_where_nothing_is_done_who_asks_for_the_work_is_told(house: House) -> None:
    store, at = house.hotline.store, house.clock()
    store.write(lambda session: jobs.later(session, jobs.Job("sweep", at=at)))
    house.clock.passes(minutes=4)
    assert answers(house, "/healthz") == (200, "degraded\n")
    assert answers(house, "/healthz/work") == (503, "degraded\n")


def test_a_house_without_a_database_is_not_well(house: House) -> None:
    house.hotline.store.close()
    (house.var / "hotline.db").write_bytes(
        b"this was a database, and long enough to be looked at" * 99
    )
    assert answers(house, "/healthz")[0] == answers(house, "/healthz/work")[0] == 503


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], list[dict[str, object]]]]:
    stream, root = io.StringIO(), logging.getLogger()
    monkeypatch.setattr("sys.stderr", stream)
    handlers, level = root.handlers[:], root.level
    logs.start()
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_request_that_fails_is_found_again_by_its_name(
    house: House, lines: Callable[[], list[dict[str, object]]]
) -> None:
    def breaks() -> None:
        raise ValueError("Quillfeather")

    house.app = create_app(house.hotline)
    house.app.add_url_rule("/en/breaks", view_func=breaks)
    client = house.app.test_client()
    first, second = client.get("/en/breaks"), client.get("/en/breaks")
    names = [answer.headers["X-Request-Id"] for answer in (first, second)]
    assert names[0] != names[1]
    told = lines()
    assert [line["id"] for line in told] == [names[0], names[0], names[1], names[1]]
    assert {line["event"] for line in told} == {"request failed", "not answered"}
    assert "Quillfeather" not in json.dumps(told)
    assert "X-Request-Id" not in client.get("/en/").headers


def test_a_webhook_that_could_not_be_kept_is_logged_without_its_sender(
    house: House, lines: Callable[[], list[dict[str, object]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise Unavailable

    monkeypatch.setattr(house.hotline.store, "write", full)
    fields = {"MessageSid": "SM" + "0" * 32, "AccountSid": house.hotline.config.twilio.account_sid}
    fields |= {"From": "+15005550142", "To": "+15005550006", "Body": "Soy María"}
    answer = house.app.test_client().post(
        "/twilio/sms", data=fields, headers=signed_for(f"{ORIGIN}/twilio/sms", fields)
    )
    assert answer.status_code == 503
    (line,) = lines()
    assert (line["event"], line["status"], line["channel"]) == ("not answered", "503", "provider")
    assert line["id"] == answer.headers["X-Request-Id"]
