"""What is said behind the beep is kept, and told of; nothing said is nothing kept."""

import pytest

RECORD = (
    '<Record action="/kept" timeout="4" maxLength="60" finishOnKey="#" recordingStatusCallback="/told"'
    ' recordingStatusCallbackEvent="completed absent"/><Say>Nothing was kept.</Say>'
)
KEPT = "<Say>It was kept.</Say>"


@pytest.fixture
def phone(board):
    board.writes(RECORD, kept=KEPT, told="")
    phone = board.dials()
    phone.waits(1)
    return phone


def told(board):
    board.network.settle()
    return [(form["RecordingStatus"], form["RecordingDuration"]) for form in board.forms("told")]


def words(phone):
    return [heard.words for heard in phone.hears if heard.words]


def test_a_beep_comes_first_and_silence_ends_it(board, phone):
    assert [heard.by for heard in phone.hears] == ["beep"]
    assert phone.listens == "record"
    phone.speaks(12)
    phone.waits(4)
    assert words(phone) == ["It was kept."]
    (form,) = board.forms("kept")
    assert form["RecordingDuration"] == "13"
    assert form["Digits"] == ""
    assert form["RecordingUrl"].endswith(form["RecordingSid"])
    assert told(board) == [("completed", "13")]
    # It is told of after the call has gone on.
    assert board.paths().index("/told") > board.paths().index("/kept")


def test_it_can_be_fetched_with_what_was_said(board, phone):
    phone.speaks(3, content=b"RIFF the very words")
    phone.presses("#")
    (form,) = board.forms("kept")
    assert form["Digits"] == "#"
    sid = form["RecordingSid"]
    assert board.asks("GET", f"Recordings/{sid}.wav").content == b"RIFF the very words"
    assert board.asks("DELETE", f"Recordings/{sid}.json").status_code == 204
    assert board.asks("GET", f"Recordings/{sid}.wav").status_code == 404


def test_of_silence_nothing_is_kept_and_what_follows_is_done(board, phone):
    phone.waits(4)
    assert words(phone) == ["Nothing was kept."]
    assert not board.forms("kept")
    assert told(board) == [("absent", "0")]
    assert not len(board.network.recordings)


def test_it_is_never_longer_than_it_may_be(board, phone):
    phone.speaks(100)
    assert board.forms("kept")[0]["RecordingDuration"] == "60"


def test_what_was_said_before_the_caller_hung_up_is_kept(board, phone):
    phone.speaks(5)
    phone.hangs_up()
    (form,) = board.forms("kept")
    assert (form["Digits"], form["CallStatus"]) == ("hangup", "completed")
    assert told(board) == [("completed", "6")]
    assert words(phone) == []


def test_keys_before_the_beep_do_not_end_it(board):
    board.writes(f"<Say>Speak now.</Say>{RECORD}", kept=KEPT, told="")
    phone = board.dials()
    phone.presses("#")
    phone.waits(3)
    assert phone.listens == "record"


@pytest.mark.parametrize(
    ("word", "duration", "expected"),
    [
        ("absent", None, [("absent", "0")]),
        ("empty", "0", [("completed", "0")]),
        ("an hour", "3600", [("completed", "3600")]),
        ("lost", "6", []),
        ("twice", "6", [("completed", "6")] * 2),
        ("late", "6", [("completed", "6")]),
        ("before", "6", [("completed", "6")]),
    ],
)
def test_everything_can_go_wrong_with_it(board, phone, word, duration, expected):
    board.network.weather.lateness = 0.2
    board.network.weather.expects("recordings", word)
    phone.speaks(5)
    phone.waits(4)
    durations = [form["RecordingDuration"] for form in board.forms("kept")]
    assert durations == ([duration] if duration else [])
    assert told(board) == expected
    if word == "before":
        assert board.paths().index("/told") < board.paths().index("/kept")


def test_an_hour_of_it_comes_in_pieces(board, phone):
    board.network.weather.expects("recordings", "an hour")
    phone.speaks(5)
    phone.waits(4)
    sid = board.forms("kept")[0]["RecordingSid"]
    with board.asks("GET", f"Recordings/{sid}.wav", stream=True) as answer:
        size = sum(map(len, answer.iter_content(1 << 20)))
        assert int(answer.headers["Content-Length"]) == size == 44 + 3600 * 16000
    assert len(board.network.recordings.find(sid).content) == 0
