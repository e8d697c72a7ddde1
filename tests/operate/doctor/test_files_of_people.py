"""Pictures and recordings that the provider holds: whoever has an address must not get them."""

from hotline.channels.twilio.account import TwilioAccount
from hotline.operate.doctor.findings import Severity
from tests.operate.doctor.conftest import codes


def test_what_is_open_to_strangers_is_found(practice):
    practice.account.media_are_open = True
    assert codes(practice.found(), Severity.WRONG) == ["media-open", "recordings-open"]


def test_files_that_could_not_be_tried_are_not_called_open(practice, monkeypatch):
    # The provider gives a stranger neither the file nor a refusal; ours has no word for that.
    monkeypatch.setattr(TwilioAccount, "status_for_strangers", lambda *_: 503)
    found = practice.found()
    assert {"media-unknown", "recordings-unknown"} <= set(codes(found, Severity.UNKNOWN))
    assert codes(found, Severity.WRONG) == []


def test_where_there_is_nothing_to_try_it_is_said_that_we_do_not_know(practice):
    for text in practice.network.texts(lambda _: True):
        practice.network.forget(text.sid)
    for recording in practice.network.recordings.newest():
        practice.network.recordings.forget(recording.sid)
    found = practice.found()
    assert {"media-unknown", "recordings-unknown"} <= set(codes(found, Severity.UNKNOWN))
    assert codes(found, Severity.WRONG, Severity.WARNING) == []
