"""Put the demo on top of an application: the loopback provider, the phone, and the first reports."""

import logging
import threading
import time
from pathlib import Path

import requests
from flask import Flask

from hotline.demo import cast
from hotline.demo.call_screen import call_screen
from hotline.demo.calling.house import known_sounds, seconds_of, strict_fault_of
from hotline.demo.facts import Facts
from hotline.demo.installing import install
from hotline.demo.network import Network
from hotline.demo.phone import phone
from hotline.errors import Misconfigured
from hotline.parts import Hotline

TOLD = "told"
"""The file that says that the cast has told its stories."""

_PATIENCE = 120

log = logging.getLogger(__name__)


def attach(app: Flask, hotline: Hotline) -> Network:
    """Let *app* be a demo of *hotline*, and its cast tell their stories once it answers."""
    var = hotline.config.demo
    facts = Facts.read(var) if var else None
    if var is None or facts is None:
        raise Misconfigured("HOTLINE_DEMO names no demo")
    network = Network.of(hotline.config)
    install(app, network)
    network.exchange.sounds.knows = known_sounds(hotline)
    network.exchange.takes = seconds_of
    network.exchange.fault_of = strict_fault_of
    app.extensions["demo"] = facts
    app.register_blueprint(phone)
    app.register_blueprint(call_screen)
    if not (var / TOLD).exists():
        threading.Thread(target=_tell, args=(network, var), name="cast", daemon=True).start()
    return network


def _tell(network: Network, var: Path) -> None:
    """Let the cast say what it has to say, one after the other: by text through the real webhooks, and on the web."""
    if not _answers(network.public_url):
        return
    (var / TOLD).touch(mode=0o600)
    account = network.settings
    for story in cast.stories():
        number = cast.personas()[story.who].number
        on_whatsapp = story.channel == "whatsapp"
        prefix = "whatsapp:" if on_whatsapp else ""
        line = account.whatsapp_number if on_whatsapp else account.sms_number
        for words in story.texts:
            network.text_us(sender=prefix + number, line=prefix + line, body=words)
    _flood(network.public_url)
    log.info("cast has told its stories")


def _flood(url: str) -> None:
    """Send the same advertisement on the web again and again, as somebody with a script would."""
    its = cast.flood()
    with requests.Session() as session:
        session.trust_env = False
        for words in its.texts:
            session.post(f"{url}/{its.locale}/new", data={"account": words}, timeout=_PATIENCE)


def _answers(url: str) -> bool:
    """Wait until *url* answers; tell whether it did."""
    end = time.monotonic() + _PATIENCE
    with requests.Session() as session:
        session.trust_env = False
        while time.monotonic() < end:
            try:
                if session.get(f"{url}/healthz", timeout=5).ok:
                    return True
            except requests.RequestException:
                time.sleep(0.1)
    return False
