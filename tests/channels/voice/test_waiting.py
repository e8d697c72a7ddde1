"""Who waits for a person hears calm words in their language, and can leave with any key."""

from datetime import timedelta

import pytest

from hotline.contact import ringing
from hotline.domain.urgency import Urgency
from hotline.errors import Unavailable
from hotline.vault.keys import PrivateKey
from tests.channels.twilio.signing import LINE
from tests.channels.voice.sounding import FakePrompts
from tests.channels.voice.telephone import (
    DOOR,
    NOW,
    QUEUE,
    application,
    asked,
    call_fields,
    verbs,
    words,
)


@pytest.fixture
def ref(store):
    """The queue of a caller for whom somebody on call is rung."""

    def ask(session):
        return ringing.ask_person(
            session,
            PrivateKey.fresh().public,
            desk="main",
            report_id="r" * 32,
            urgency=Urgency.HIGH,
            locale="es",
            line=LINE,
            at=NOW,
        )

    return store.write(ask)


@pytest.fixture
def client(store):
    return application(store=store).test_client()


def waits(client, ref, query="?in=es", **changes):
    fields = call_fields(QueueSid="QU" + "1" * 32, QueueTime="3", QueuePosition="1", **changes)
    return asked(client, f"{DOOR}/wait/{ref}{query}", fields)


def test_a_caller_hears_again_and_again_that_somebody_comes(client, ref):
    for _ in range(2):
        (gather,) = waits(client, ref)
        assert words(gather) == ["wait in es", "wait_more in es"]
        assert gather.get("action").startswith(f"https://line.example{DOOR}/wait/{ref}?in=es#")
        assert (gather.get("numDigits"), gather.get("timeout")) == ("1", "8")


def test_whom_we_called_back_leaves_nobody_a_message(client, ref):
    (gather,) = waits(client, ref, Direction="outbound-api")
    assert words(gather) == ["wait in es"]


def test_a_language_without_a_voice_waits_in_sounds(client, ref):
    (gather,) = waits(client, ref, "?in=ti")
    assert verbs(gather) == ["Play", "Play"]


@pytest.mark.parametrize("query", ["", "?in=", "?in=xx", "?in=<b>", "?in=..%2f"])
def test_an_unknown_language_is_that_of_the_house(client, ref, query):
    (gather,) = waits(client, ref, query)
    assert words(gather) == ["wait in en", "wait_more in en"]


@pytest.mark.parametrize("key", ["1", "2", "#", "*", "1111"])
def test_any_key_leaves_the_queue(client, ref, key):
    assert verbs(waits(client, ref, Digits=key)) == ["Leave"]


def test_silence_does_not_leave_it(client, ref):
    assert verbs(waits(client, ref, Digits="")) == ["Gather"]


def test_when_nobody_comes_the_caller_goes_on(client, store, ref):
    store.write(lambda session: ringing.finish(session, ref))
    assert verbs(waits(client, ref)) == ["Leave"]


def test_a_queue_that_is_not_known_is_over(client):
    assert verbs(waits(client, QUEUE)) == ["Leave"]


def test_nobody_is_forgotten_in_a_queue(client, ref):
    fields = call_fields(QueueTime="121")
    assert verbs(asked(client, f"{DOOR}/wait/{ref}?in=es", fields)) == ["Leave"]


def test_when_the_store_is_away_somebody_may_still_come(ref):
    class Away:
        def read(self):
            raise Unavailable

    client = application(store=Away()).test_client()
    assert verbs(waits(client, ref)) == ["Gather"]


def test_when_nothing_can_be_said_the_caller_goes_on(store, ref):
    prompts = FakePrompts(fails=Unavailable())
    client = application(store=store, prompts=prompts).test_client()
    assert verbs(waits(client, ref)) == ["Leave"]


def test_time_runs_out(store, ref):
    app = application(store=store)
    app.extensions["hotline"].clock = lambda: NOW + timedelta(seconds=75)
    assert verbs(waits(app.test_client(), ref)) == ["Leave"]


def test_the_same_wait_twice_is_the_same(client, ref):
    assert verbs(waits(client, ref)) == verbs(waits(client, ref))
