"""What the provider tells of a call besides its steps, in any order, twice or never."""

import pytest
from sqlalchemy import select

from hotline.contact.tables import erase_at_provider
from hotline.errors import Unavailable
from tests.channels.twilio.signing import post
from tests.channels.voice.telephone import (
    CALL,
    DOOR,
    STEP,
    FakeCalls,
    application,
    asked,
    call_fields,
    recording_fields,
    verbs,
)

RECORDING_NEWS, STATUS = f"{DOOR}/recording", f"{DOOR}/status"


@pytest.fixture
def calls():
    return FakeCalls()


@pytest.fixture
def client(calls, store):
    return application(calls=calls, store=store).test_client()


@pytest.mark.parametrize("status", ["completed", "busy", "failed", "no-answer", "canceled"])
def test_a_call_that_is_over_is_forgotten(client, calls, status):
    for _ in range(2):
        response = post(client, STATUS, call_fields(CallStatus=status, CallDuration="61"))
        assert (response.status_code, response.data) == (204, b"")
    assert calls.over == [CALL, CALL]


@pytest.mark.parametrize("status", ["queued", "ringing", "in-progress", "initiated", "", "new"])
def test_any_other_news_of_a_call_changes_nothing(client, calls, status):
    assert post(client, STATUS, call_fields(CallStatus=status)).status_code == 204
    assert not calls.over


@pytest.mark.parametrize("failure", [Unavailable, MemoryError])
def test_news_that_cannot_be_kept_is_asked_for_again(client, calls, failure):
    calls.fails = [failure()]
    assert post(client, STATUS, call_fields(CallStatus="completed")).status_code == 503
    assert post(client, STATUS, call_fields(CallStatus="completed")).status_code == 204


def test_a_recording_that_cannot_be_noted_is_asked_for_again():
    class Away:
        def write(self, work):
            raise Unavailable

    client = application(store=Away()).test_client()
    fields = recording_fields(RecordingStatus="completed")
    assert post(client, RECORDING_NEWS, fields).status_code == 503
    # The caller hears nothing of it.
    assert verbs(asked(client, f"{DOOR}/{STEP}", recording_fields())) == ["Gather"]


@pytest.mark.parametrize("status", ["completed", "absent", "failed", "in-progress", "", "new"])
def test_news_of_a_recording_are_heeded_in_any_order_and_twice(client, calls, status):
    for _ in range(2):
        response = post(client, RECORDING_NEWS, recording_fields(RecordingStatus=status))
        assert (response.status_code, response.data) == (204, b"")
    asked(client, f"{DOOR}/{STEP}", recording_fields())
    assert post(client, RECORDING_NEWS, recording_fields(RecordingStatus=status)).status_code == 204


@pytest.mark.parametrize(
    "fields",
    [
        {"RecordingStatus": "absent"},
        {"RecordingStatus": "completed", "RecordingDuration": "0"},
    ],
)
def test_a_recording_with_nothing_in_it_is_erased_there(client, store, fields):
    assert post(client, RECORDING_NEWS, recording_fields(**fields)).status_code == 204
    with store.read() as session:
        rows = session.execute(select(erase_at_provider.c.kind)).scalars().all()
    assert list(rows) == ["recording"]


def test_a_recording_that_never_was_has_no_id(client):
    fields = recording_fields(RecordingStatus="absent", RecordingSid="", RecordingDuration=None)
    assert post(client, RECORDING_NEWS, fields).status_code == 204
