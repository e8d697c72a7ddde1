"""Everything that the provider still has is listed to the last page, and files are fetched whole or not at all."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask, Response, jsonify, redirect, request
from werkzeug.serving import make_server

from hotline.channels.twilio import TwilioCarrier, holdings
from hotline.config import TwilioSettings
from hotline.contact.carrier import CarrierBusy, CarrierRefused
from tests.demo.conftest import LINE, MARIA, live
from tests.servers import free_port

__all__ = ["live"]

MM, ME, RE = "MM" + "1" * 32, "ME" + "2" * 32, "RE" + "3" * 32
ACCOUNT, TOKEN = "AC" + "a1" * 16, "a-token-of-the-test"
PIXELS = bytes(range(256)) * 1000


def soon() -> datetime:
    return datetime.now(UTC) + timedelta(minutes=1)


def held(live, before=None):
    return {(one.kind, one.provider_id) for one in live.carrier.list_held(before=before or soon())}


def test_texts_either_way_media_calls_and_recordings_are_listed(live):
    text = live.network.text_us(sender=MARIA, line=LINE, body="mira", media=2)
    call = live.network.call_us(sender=MARIA, line=LINE)
    recording = live.network.record(call)
    live.network.settle()
    pictures = live.network.find(text).pictures
    ours = [one for one in live.network.texts(lambda text: True) if one.direction != "inbound"]
    assert len(ours) == 1
    assert held(live) == {
        ("message", text),
        ("message", ours[0].sid),
        *(("media", f"{text}/{picture.sid}") for picture in pictures),
        ("call", call),
        ("recording", recording),
    }


def test_only_what_reporters_sent_is_marked_so(live):
    text = live.network.text_us(sender=MARIA, line=LINE, body="mira", media=1)
    live.network.settle()
    listed = list(live.carrier.list_held(before=soon()))
    incoming = {one.kind for one in listed if one.is_incoming}
    assert incoming == {"message", "media"}
    assert [one.is_incoming for one in listed if text not in one.provider_id] == [False]


def test_what_is_younger_is_not_listed(live):
    live.network.text_us(sender=MARIA, line=LINE, body="mira", media=1)
    live.network.record(live.network.call_us(sender=MARIA, line=LINE))
    live.network.settle()
    assert held(live, before=datetime.now(UTC) - timedelta(minutes=1)) == set()


def test_a_call_that_goes_on_is_left_alone_with_what_is_recorded_of_it(live):
    call = live.network.call_us(sender=MARIA, line=LINE, status="in-progress")
    recording = live.network.record(call)
    live.network.settle()
    assert held(live) == set()
    live.network.hang_up(call)
    assert held(live) == {("call", call), ("recording", recording)}


def test_a_text_that_was_never_sent_is_listed_too(live):
    text = live.network.text_us(sender=MARIA, line=LINE, body="mira")
    live.network.find(text).sent = None
    assert ("message", text) in held(live)


def test_lists_are_read_to_their_last_page(live, monkeypatch):
    monkeypatch.setattr(holdings, "_PAGE", 2)
    calls = {live.network.call_us(sender=MARIA, line=LINE) for _ in range(5)}
    assert held(live) == {("call", call) for call in calls}


@pytest.mark.parametrize("word", ["busy", "down", "refused", "problem"])
@pytest.mark.parametrize("page", [0, 1, 3])
def test_a_list_that_breaks_off_is_never_taken_for_the_whole(live, monkeypatch, word, page):
    monkeypatch.setattr(holdings, "_PAGE", 2)
    for _ in range(5):
        live.network.call_us(sender=MARIA, line=LINE)
    live.network.weather.looks.extend([""] * page + [word])
    with pytest.raises(CarrierBusy) as refusal:
        held(live)
    assert ACCOUNT not in str(refusal.value)


def test_neither_is_one_that_is_too_long(live, monkeypatch):
    monkeypatch.setattr(holdings, "_MOST", 3)
    for _ in range(4):
        live.network.call_us(sender=MARIA, line=LINE)
    with pytest.raises(CarrierBusy):
        held(live)


def test_whatever_is_listed_can_be_erased(live):
    text = live.network.text_us(sender=MARIA, line=LINE, body="mira", media=2)
    live.network.record(live.network.call_us(sender=MARIA, line=LINE))
    live.network.settle()
    assert live.carrier.erase("text", text)
    for one in list(live.carrier.list_held(before=soon())):
        assert live.carrier.erase(one.kind, one.provider_id)
        assert live.carrier.erase(one.kind, one.provider_id)
    assert held(live) == set()


def test_files_come_with_their_kinds(live):
    photo = ("image/png", PIXELS)
    text = live.network.text_us(
        sender=MARIA, line=LINE, body="", pictures=[photo, ("text/vcard", b"BEGIN:VCARD")]
    )
    fetched = [(one.kind, b"".join(one.content)) for one in live.carrier.fetch_media(text)]
    assert sorted(fetched) == [photo, ("text/vcard", b"BEGIN:VCARD")]


def test_a_text_that_is_gone_has_no_files(live):
    assert list(live.carrier.fetch_media(MM)) == []


@dataclass
class Store:
    """A provider that has one file, and hands it out as it is told to."""

    url: str = ""
    answers: Response | None = None
    asked: list[tuple[str, bool]] = field(default_factory=list)
    length: str = ""
    sends: int = 5000
    kind: str = "image/png"
    hang: float = 0.0

    def app(self) -> Flask:
        app = Flask("store", static_folder=None)
        app.add_url_rule("/<path:path>", view_func=self.answer)
        return app

    def answer(self, path: str) -> Response:
        self.asked.append((path.rpartition("/")[2], request.authorization is not None))
        if path.endswith("Media.json"):
            media = {"sid": ME, "content_type": "image/png"}
            return jsonify({"media_list": [media], "page_size": 50, "next_page_uri": None})
        if path == "elsewhere":
            return Response(PIXELS)
        if self.length:
            return Response(
                self._dripping(), headers={"Content-Length": self.length}, mimetype=self.kind
            )
        return self.answers or Response(PIXELS, mimetype="image/png")

    def _dripping(self) -> Iterator[bytes]:
        yield PIXELS[:100]
        time.sleep(self.hang)
        yield PIXELS[100 : self.sends]

    def fetches(self) -> bytes:
        account = TwilioSettings(ACCOUNT, TOKEN, LINE, api_origin=self.url)
        carrier = TwilioCarrier(account, public_url="https://line.example", timeout=1)
        (file,) = carrier.fetch_media(MM)
        return b"".join(file.content)


@pytest.fixture
def store() -> Iterator[Store]:
    store = Store(f"http://127.0.0.1:{(port := free_port())}")
    server = make_server("127.0.0.1", port, store.app(), threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield store
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_file_is_asked_for_in_our_name(store):
    assert store.fetches() == PIXELS
    assert store.asked == [("Media.json", True), (ME, True)]


def test_a_way_round_within_the_interface_is_gone(store):
    store.answers = redirect("/elsewhere")
    assert store.fetches() == PIXELS


def test_a_way_that_leads_elsewhere_is_not_gone_and_nobody_learns_our_token(store):
    other = f"http://localhost:{store.url.rpartition(':')[2]}/elsewhere"
    for place in (
        other,
        "http://cdn.twilio.com/x",
        "https://twilio.com.evil.example/x",
        "file:///",
    ):
        store.answers = redirect(place)
        with pytest.raises(CarrierBusy):
            store.fetches()
    assert "elsewhere" not in [path for path, _ in store.asked]


def test_a_way_in_a_circle_ends(store):
    store.answers = redirect("/round/and/round")
    with pytest.raises(CarrierBusy):
        store.fetches()
    assert len(store.asked) < 10


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://mms.twiliocdn.com/AC/x", True),
        ("https://s3.amazonaws.com/media/x", True),
        ("https://api.twilio.com/x", True),
        ("http://mms.twiliocdn.com/AC/x", False),
        ("https://evil.example/.twilio.com", False),
        ("https://eviltwilio.com/", False),
        ("https://169.254.169.254/", False),
    ],
)
def test_media_lie_in_the_providers_own_stores(url, is_one):
    assert holdings._is_store(url) is is_one


@pytest.mark.parametrize("status", [404, 410])
def test_a_file_that_is_gone_is_never_asked_for_again(store, status):
    store.answers = Response(status=status)
    with pytest.raises(CarrierRefused):
        store.fetches()


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503, 204])
def test_a_file_that_cannot_be_had_now_is_asked_for_again(store, status):
    store.answers = Response(status=status)
    with pytest.raises(CarrierBusy):
        store.fetches()


def test_a_file_that_ends_too_early_is_no_file(store):
    store.length = str(len(PIXELS))
    with pytest.raises(CarrierBusy):
        store.fetches()


def test_a_file_whose_length_is_no_number_is_none_either(store):
    store.length = "many"
    with pytest.raises(CarrierBusy):
        store.fetches()


def test_a_provider_that_hangs_is_left(store):
    store.length, store.hang = str(len(PIXELS)), 5
    began = time.monotonic()
    with pytest.raises(CarrierBusy):
        store.fetches()
    assert time.monotonic() - began < 4


def test_one_that_drips_is_left_as_well(store, monkeypatch):
    monkeypatch.setattr(holdings, "_SECONDS", -1.0)
    with pytest.raises(CarrierBusy):
        store.fetches()


def hears(store) -> bytes:
    account = TwilioSettings(ACCOUNT, TOKEN, LINE, api_origin=store.url)
    carrier = TwilioCarrier(account, public_url="https://line.example", timeout=1)
    return b"".join(carrier.fetch_recording(RE))


def sound(kind="audio/x-wav", **more) -> Response:
    return Response(PIXELS, mimetype=kind, **more)


def test_a_recording_is_asked_for_once_in_our_name_as_it_was_made(store):
    store.answers = sound()
    assert hears(store) == PIXELS
    assert store.asked == [(f"{RE}.wav", True)]


@pytest.mark.parametrize("kind", ["text/html", "application/json", "video/mp4", ""])
def test_what_is_no_sound_is_no_recording_and_is_asked_for_again(store, kind):
    store.answers = sound(kind)
    with pytest.raises(CarrierBusy):
        hears(store)


def test_a_recording_is_not_fetched_from_elsewhere(store):
    store.answers = redirect("https://twilio.com.evil.example/x")
    with pytest.raises(CarrierBusy):
        hears(store)


def test_a_recording_that_is_cut_is_none(store):
    store.length, store.kind = str(len(PIXELS)), "audio/x-wav"
    with pytest.raises(CarrierBusy):
        hears(store)


@pytest.mark.parametrize(
    ("status", "error"), [(404, CarrierRefused), (410, CarrierRefused), (503, CarrierBusy)]
)
def test_a_recording_that_is_gone_and_one_that_cannot_be_had_now(store, status, error):
    store.answers = Response(status=status)
    with pytest.raises(error):
        hears(store)


def test_a_recording_names_its_call(live):
    call = live.network.call_us(sender=MARIA, line=LINE)
    live.network.record(call)
    live.network.settle()
    listed = {one.kind: one for one in live.carrier.list_held(before=soon())}
    assert (listed["recording"].call_id, listed["call"].call_id) == (call, "")


def test_one_that_is_still_being_made_is_left_alone_for_a_day(live):
    recording = live.network.record(live.network.call_us(sender=MARIA, line=LINE))
    live.network.settle()
    live.network.recordings.find(recording).status = "processing"
    assert ("recording", recording) not in held(live)
    later = datetime.now(UTC) + timedelta(days=1, minutes=1)
    assert ("recording", recording) in held(live, before=later)
