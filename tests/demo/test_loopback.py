"""The loopback provider in a process of its own: started by one command, steered by JSON, fast, and never killed."""

import base64
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from hotline.demo.loopback import serving
from hotline.demo.weather import storm
from tests.demo.station import ACCOUNT, LINE, MARIA, TOKEN, Line, Station
from tests.servers import free_port, wait_for

ROOT = Path(__file__).parent.parent.parent
MODULE = "hotline.demo.loopback"
SETTINGS = """
public_url = "{url}"

[account]
account_sid = "{account}"
auth_token = "{token}"
sms_number = "{line}"

[weather]
pace = 0
seed = 1

[weather.rates.webhooks]
twice = 1.0
"""


class Remote:
    """The JSON interface, as another process speaks it."""

    def __init__(self, url):
        self.url = f"{url}/demo/remote"

    def __call__(self, place, sent=None, status=200):
        method = "GET" if sent is None else "POST"
        answer = requests.request(method, f"{self.url}/{place}", json=sent, timeout=10)
        assert answer.status_code == status, answer.text
        return answer.json()


@pytest.fixture
def remote(station):
    return Remote(station.url)


def test_a_process_of_its_own(tmp_path):
    line, port = Line(), free_port()
    with serving(line.app(), 0) as line.url:
        file = tmp_path / "provider.toml"
        file.write_text(
            SETTINGS.format(url=line.url, account=ACCOUNT, token=TOKEN, line=LINE), "utf-8"
        )
        process = subprocess.Popen(
            [sys.executable, "-m", MODULE, "--port", str(port), "--settings", str(file)],
            cwd=ROOT,
            env=dict(os.environ),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        try:
            remote = Remote(f"http://127.0.0.1:{port}")
            wait_for(lambda: remote("weather")["rates"], 60)
            remote("texts", {"sender": MARIA, "line": LINE, "body": "hola"})
            assert [heard.signed for heard in line.heard] == [True, True]
            assert [one["text"] for one in remote(bubbles())] == ["hola", "Thank you."]
            process.send_signal(signal.SIGINT)
            out, _ = process.communicate(timeout=60)
        finally:
            process.kill()
            process.wait()
            process.stdout.close()
        assert out.decode().strip() == f"http://127.0.0.1:{port}/demo/weather"
        assert process.returncode == 0


def bubbles(phone=MARIA):
    return f"bubbles?phone={phone}&line={LINE}".replace("+", "%2B")


def test_the_weather_is_changed_from_elsewhere(station, remote):
    remote("weather", {"storm": 0.5, "seed": 4, "pace": 0.1})
    assert station.network.weather.rates == storm(0.5)
    remote("weather", {"clear": True, "words": {"looks": ["busy"]}})
    assert remote("weather")["words"]["looks"] == ["busy"]
    assert not station.network.weather.rates
    for nonsense in ({"wind": 3}, {"storm": "x"}, {"storm": 7}, []):
        remote("weather", nonsense, 400)


def test_phones_are_used_from_elsewhere(station, remote):
    picture = base64.b64encode(b"png").decode()
    sent = {"sender": MARIA, "line": LINE, "body": "x", "pictures": [["image/png", picture]]}
    sid = remote("texts", sent)["sid"]
    assert station.network.find(sid).pictures[0].content == b"png"
    assert remote("held") == {"messages": 2, "media": 1, "calls": 0, "recordings": 0}
    assert remote("phones", {"phone": MARIA, "on": False}) == {"on": False}
    station.sends()
    remote("settle", {})
    assert [one["text"] for one in remote(bubbles())] == ["x", "Thank you."]
    assert remote("phones", {"phone": MARIA, "on": True}) == {"on": True}
    remote("settle", {})
    assert remote(bubbles())[-1]["text"] == "Hello"
    remote("texts", {"pictures": [["image/png", "?"]]}, 400)
    remote("texts", {"pictures": [7]}, 400)


def test_a_form_of_another_site_changes_nothing(station):
    answer = requests.post(f"{station.url}/demo/remote/weather", data={"pace": 9}, timeout=5)
    assert answer.status_code == 415
    rebound = {"Host": "evil.example"}
    place = f"{station.url}/demo/remote/weather"
    assert requests.post(place, json={"pace": 9}, headers=rebound, timeout=5).status_code == 403
    assert station.network.weather.pace == 0


def converses(station: Station, number: int) -> None:
    phone = f"+1500556{number:04}"
    station.network.text_us(sender=phone, line=LINE, body="hola")
    station.network.text_us(sender=phone, line=LINE, body="1")
    try:
        station.sends(phone)
    except requests.RequestException:
        # The weather asked for it.
        return


def test_many_conversations_at_once_in_any_weather(station):
    weather = station.network.weather
    weather.hang = weather.lateness = 0.01
    weather.turns(storm(0.2), seed=1)
    started = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: converses(station, number), range(200)))
    station.network.settle()
    # A tenth of what a drill does in a minute, with room for a busy machine.
    assert time.monotonic() - started < 30
    weather.clears()
    inbound = station.network.texts(lambda text: text.direction == "inbound")
    assert len(inbound) == 400
    assert len({text.sid for text in inbound}) == 400
    # Nothing is under way any more: each text has ended, or nobody will ever know.
    sent = station.network.texts(lambda text: text.direction == "outbound-api")
    assert all(text.is_final or text.status == "sent" for text in sent)
