"""How soon a fresh process answers, and what the whole embedded system holds in memory once every language was spoken."""

import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection
from statistics import median

from hotline.i18n import SOURCE
from hotline.operate.bench import load
from hotline.operate.bench.anonymizer.labelled import own_accounts
from hotline.operate.bench.openloop.reading import sign_in
from hotline.operate.bench.rig import ROOT, Rig, rig
from hotline.operate.strings.shelf import DESK

_STARTS = 5
_LIBRARIES = "import flask, sqlalchemy, granian, requests, cryptography.hazmat.primitives.hpke"


def measure() -> dict[str, float]:
    """Return the figures of starting, of the first request, and of memory."""
    floor = median(_seconds_of_libraries() for _ in range(_STARTS))
    with rig() as served:
        took = median(_starts(served) for _ in range(_STARTS))
        spent, empty = served.processor_seconds(), served.memory()
        load.as_fast_as_answered(served.port, [served.webhook(0)])
        with_text = served.processor_seconds()
        _speak_everything(served)
        spoken, resident = served.memory(), served.resident()
    return {
        "floor: the libraries alone, s": floor,
        "from the command to the first answer, s": took,
        "  over the floor": took / floor,
        "  of the processor, s": spent,
        "  of the processor, with the first text, s (aim: 2 or less)": with_text,
        "memory of its own after the start, MB": empty / 1e6,
        "memory of its own after every language, MB (aim: 250 or less)": spoken / 1e6,
        "resident after every language, files that are mapped and shared with it, MB": resident
        / 1e6,
    }


def _seconds_of_libraries() -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", _LIBRARIES], check=True, cwd=ROOT)  # noqa: S603 - our own command.
    return time.perf_counter() - start


def _starts(served: Rig) -> float:
    served.kill()
    start = time.perf_counter()
    served.start()
    return time.perf_counter() - start


def _speak_everything(served: Rig) -> None:
    """Let a text in every language that triage reads come in, and the form and the desk's queue be read in each of theirs."""
    sets = own_accounts()
    texts = [each.texts[0].text for each in sets]
    load.as_fast_as_answered(served.port, [served.webhook(*one) for one in enumerate(texts)])
    for one in sets:
        _read(served, f"/{one.name}/new")
    key = f"key={sign_in(served)}"
    for locale in (SOURCE, *DESK):
        _read(served, f"/console/?lang={locale}", Cookie=key)


def _read(served: Rig, address: str, **headers: str) -> None:
    with closing(HTTPConnection("127.0.0.1", served.port, timeout=60)) as connection:
        connection.request("GET", address, headers=headers)
        connection.getresponse().read()
