"""Somebody speaks after the tone: the provider tells of it before their next step, after it, twice, or never."""

import pytest
from sqlalchemy import select

from hotline.contact.tables import erase_at_provider, recordings
from hotline.reports.tables import messages
from tests.channels.voice.phone import DOOR, Phone


@pytest.fixture
def phone(house):
    """Somebody who said yes to a recording, and hears the tone."""
    phone = Phone(house)
    phone.dials()
    phone.presses("", "2", "3", "1", "1")
    assert phone.root.find("Record") is not None
    return phone


def wanted(house):
    """How many recordings are to be fetched, and which things are to be erased at the provider."""
    with house.hotline.store.read() as session:
        ours = session.execute(select(recordings.c.id)).scalars().all()
        kinds = session.execute(select(erase_at_provider.c.kind)).scalars().all()
    return len(ours), sorted(kinds)


ORDERS = {
    "before": ("told", "step"),
    "after": ("step", "told"),
    "twice": ("told", "step", "told"),
    "in between": ("step", "told", "step"),
    "never": ("step",),
    "only told": ("told",),
    "after the end": ("step", "end", "told"),
    "told when it is over": ("end", "told"),
}


@pytest.mark.parametrize("order", ORDERS)
def test_a_recording_is_fetched_once_whenever_it_is_told_of(house, phone, order):
    record = phone.root.find("Record").get("action")
    told = {"RecordingSid": phone.recording, "RecordingDuration": "12"}
    acts = {
        "told": phone.is_told_of,
        "step": lambda: phone.posts(record, **told, Digits="#"),
        "end": phone.hangs_up,
    }
    for act in ORDERS[order]:
        acts[act]()
    ended = ["call"] if "end" in ORDERS[order] else []
    assert wanted(house) == (1, ended)


def test_after_a_recording_the_call_goes_on(phone):
    phone.speaks()
    assert phone.root.find("Record") is None
    assert [verb.tag for verb in phone.root][-1] in ("Gather", "Redirect")


@pytest.mark.parametrize("length", ["3600", "1800", "1"])
def test_a_recording_of_any_length_is_fetched(house, phone, length):
    phone.speaks(length)
    phone.is_told_of(RecordingDuration=length)
    assert wanted(house) == (1, [])


def test_who_says_nothing_is_asked_on_and_nothing_is_fetched(house, phone):
    phone.posts(phone.root.find("Redirect").text)
    phone.is_told_of("absent", RecordingDuration="0")
    assert wanted(house) == (0, ["recording"])


def test_an_empty_recording_is_erased_there(house, phone):
    phone.speaks("0")
    phone.is_told_of(RecordingDuration="0")
    assert wanted(house) == (0, ["recording"])


def test_who_hangs_up_while_they_speak_is_kept(house, phone):
    phone.speaks(Digits="hangup", CallStatus="completed")
    phone.hangs_up()
    assert wanted(house) == (1, ["call"])


def test_a_recording_of_a_call_that_said_no_is_not_fetched(house):
    phone = Phone(house)
    phone.dials()
    phone.presses("", "2", "3", "1", "2")
    phone.is_told_of()
    assert wanted(house)[0] == 0


def test_a_recording_of_nobodys_call_is_not_fetched(house):
    phone = Phone(house)
    assert phone.posts(f"{DOOR}/recording", RecordingStatus="completed").status_code == 204
    phone.is_told_of()
    assert wanted(house)[0] == 0


def test_what_was_pressed_before_stays_whatever_becomes_of_it(house, phone):
    with house.hotline.store.read() as session:
        before = session.execute(select(messages.c.seq)).scalars().all()
    phone.is_told_of("failed")
    phone.hangs_up()
    with house.hotline.store.read() as session:
        after = session.execute(select(messages.c.seq)).scalars().all()
    assert after[: len(before)] == before
