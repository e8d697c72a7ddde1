"""A log line is a fixed event and a few allowed fields; nothing that a person said can be in it."""

import io
import json
import logging
import logging.config

import pytest

from hotline import logs
from hotline.channels.twilio.wire import Wire
from hotline.factory import create_app


@pytest.fixture
def lines(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    logs.start(logging.DEBUG)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:] = handlers
    root.setLevel(level)


def test_only_allowed_fields_are_written(lines):
    logging.getLogger("hotline.x").info("job", extra={"job": "send", "number": "+15005550142"})
    (line,) = lines()
    assert (line["event"], line["job"]) == ("job", "send")
    assert "number" not in line


def test_arguments_tracebacks_and_library_messages_stay_out(lines):
    logging.getLogger("hotline.x").warning("kept %s", "Quillfeather")
    logging.getLogger("somebody.else").warning("To=+15005550142")
    try:
        raise ValueError("Quillfeather")
    except ValueError:
        logging.getLogger("hotline.x").exception("failed")
    written = json.dumps(lines())
    assert "Quillfeather" not in written
    assert "5005550142" not in written
    assert "ValueError" in written


def test_the_provider_library_stays_silent_whatever_a_server_sets_up(lines):
    logging.config.dictConfig({"version": 1, "disable_existing_loggers": False})
    logs.start(logging.DEBUG)
    wire = Wire("http://127.0.0.1:9", timeout=0.2)
    with pytest.raises(OSError):
        wire.request("GET", "https://api.twilio.com/x", params={"To": "+15005550142"})
    assert "5005550142" not in json.dumps(lines())


def test_lines_of_one_request_or_job_carry_the_beginning_of_its_id(lines):
    log = logging.getLogger("hotline.x")
    with logs.about("0123456789abcdef") as shown:
        log.info("begun")
        log.info("ended")
    log.info("between")
    assert [line.get("id") for line in lines()] == [shown, shown, None]
    assert shown == "01234567"


def test_a_fault_is_logged_without_the_address_of_the_request(house, lines):
    def breaks(word):
        raise ValueError(word)

    house.app = create_app(house.hotline)
    house.app.add_url_rule("/en/break/<word>", view_func=breaks)
    answer = house.app.test_client().get("/en/break/Quillfeather")
    assert answer.status_code == 500
    assert "Quillfeather" not in answer.text
    fault, told = lines()
    assert (fault["event"], fault["error"]) == ("request failed", "ValueError")
    assert (told["event"], told["id"]) == ("not answered", fault["id"])
    assert "Quillfeather" not in json.dumps([fault, told])
