"""A long recording comes over a real connection, and costs the process next to nothing."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, Response
from werkzeug.serving import make_server

from tests.contact.test_recordings import VOICE
from tests.servers import free_port

ROOT = Path(__file__).parents[2]
HALF_AN_HOUR = 1800 * 16_000
MOST_KIB = 3 * 1024


def spoken(size: int) -> Iterator[bytes]:
    for start in range(0, size, len(VOICE)):
        yield VOICE[: size - start]


@pytest.fixture
def provider() -> Iterator[str]:
    app = Flask("provider")
    headers = {"Content-Length": str(HALF_AN_HOUR)}
    app.add_url_rule(
        "/<path:path>",
        view_func=lambda path: Response(spoken(HALF_AN_HOUR), 200, headers, "audio/x-wav"),
    )
    server = make_server("127.0.0.1", port := free_port(), app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="only Linux tells it")
def test_half_an_hour_of_speech_never_lies_in_memory(provider, tmp_path):
    words = [sys.executable, "-m", "tests.contact.fetching_alone", str(tmp_path), provider]
    told = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True, timeout=300)
    grown, kept = map(int, told.stdout.split())
    assert kept == 3
    assert grown < MOST_KIB
