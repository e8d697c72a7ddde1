"""A hotline that is served over real HTTP on loopback, with the loopback provider beside it."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from hotline import worker
from hotline.channels.twilio import TwilioCarrier
from hotline.demo.attaching import TOLD, attach
from hotline.demo.facts import Facts
from hotline.demo.network import Network
from hotline.factory import create_app
from tests.demo.station import Station, opened
from tests.house import House, found_house
from tests.servers import free_port

MARIA = "+15005550142"
LINE = "+15005550006"


@dataclass
class Live:
    """A house with its doors open."""

    house: House
    url: str
    carrier: TwilioCarrier
    network: Network

    @property
    def hotline(self):
        return self.house.hotline

    def works(self, **span: float) -> None:
        """Let time pass, and do whatever is due then."""
        self.house.clock.passes(**(span or {"seconds": 1}))
        while worker.work_off(self.hotline):
            pass


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"

    def adjust(config):
        twilio = replace(config.twilio, api_origin=f"{url}/demo/twilio")
        return replace(config, public_url=url, twilio=twilio, demo=tmp_path)

    Facts(url, {}, [], []).write(tmp_path)
    (tmp_path / TOLD).touch()
    house = found_house(tmp_path, adjust=adjust)
    config = house.hotline.config
    carrier = TwilioCarrier(config.twilio, public_url=url, timeout=2)
    house.hotline = replace(house.hotline, carrier=carrier)
    house.app = create_app(house.hotline)
    network = attach(house.app, house.hotline)
    network.weather.pace = 0
    network.exchange.when_time_passes = lambda seconds: house.clock.passes(seconds=seconds)
    server = make_server("127.0.0.1", port, house.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield Live(house, url, carrier, network)
    network.settle()
    server.shutdown()
    server.server_close()
    thread.join()
    house.close()


@pytest.fixture
def station() -> Iterator[Station]:
    with opened() as station:
        yield station
