"""OpenTAXII, the server that others run, in an environment of its own: filled, and served as its manual says."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import uuid
import venv
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from hotline.errors import Unavailable
from hotline.operate.bench.leads.reading import Asked
from hotline.operate.ports import free_port

_HERE = Path(__file__).parent
_LOCK = _HERE / "opentaxii.lock"
OBJECTS = 10_100
_PAGE = 100
# It answers with 500 where it lists collections, since SQLAlchemy gives it UUIDs that it does not write as JSON; what is
# in a collection it answers.
_BODY = (
    "Exploitation (HTCDS): Forced labour. Indicators of forced labour (ILO): Retention of identity documents. Means of "
    "control (HTCDS): Withholds documents. Unverified information from a hotline. It is not evidence. "
)


class OpenTaxiiUnavailable(Unavailable):
    default_message = "OpenTAXII cannot be installed here: the package registry lacks it"


@dataclass(frozen=True, slots=True)
class Other:
    """OpenTAXII as it is served: where, with which token, and what it can be asked."""

    port: int
    path: str
    token: str
    objects: int
    asked: dict[str, Asked]
    walk: Asked


@contextmanager
def served() -> Iterator[Other]:
    """Install OpenTAXII where needed, fill it, serve it, and end it afterwards.

    Raises:
        OpenTaxiiUnavailable: it cannot be had here, or does not answer.
    """
    python = _prepare(Path(os.environ.get("HOTLINE_VAR", "var")) / "bench" / "opentaxii")
    with tempfile.TemporaryDirectory(prefix="opentaxii") as name:
        folder = Path(name)
        objects = [_object(number) for number in range(OBJECTS)]
        told = _fill(python, folder, objects)
        port = free_port()
        process = _serve(python, folder, port)
        try:
            _wait(port, process)
            yield _other(port, told, objects)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def _prepare(folder: Path) -> Path:
    """Return the interpreter of the environment in *folder*, made and filled if it is not of today's pins."""
    python, done = (folder / "bin" / "python").absolute(), folder / "installed"
    stamp = hashlib.sha256(_LOCK.read_bytes()).hexdigest()
    if not (done.exists() and done.read_text() == stamp):
        print("installing OpenTAXII in an environment of its own (once) …", file=sys.stderr)
        venv.create(folder, with_pip=True, clear=True)
        command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        command += ["--require-hashes", "-r", str(_LOCK)]
        if subprocess.run(command, capture_output=True, check=False).returncode:  # noqa: S603 - pip, with pins.
            raise OpenTaxiiUnavailable
        done.write_text(stamp)
    return python


def _object(number: int) -> dict[str, object]:
    """Return an object about as long as a lead's report."""
    at = "2026-11-25T00:00:00.000Z"
    return {
        "type": "report",
        "spec_version": "2.1",
        "id": f"report--{uuid.uuid4()}",
        "created": at,
        "modified": at,
        "name": f"Lead {number}",
        "description": _BODY * 5,
        "published": at,
        "labels": ["human-trafficking", "htcds:ForcedLabour"],
        "object_refs": [f"location--{uuid.uuid4()}"],
    }


def _fill(python: Path, folder: Path, objects: list[dict[str, object]]) -> dict[str, str]:
    ended = subprocess.run(  # noqa: S603 - our own script in its own environment.
        [str(python), "-P", str(_HERE / "inside.py"), str(folder)],
        input=json.dumps(objects),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if ended.returncode:
        raise OpenTaxiiUnavailable("OpenTAXII was installed but could not be filled")
    told: dict[str, str] = json.loads(ended.stdout.splitlines()[-1])
    return told


def _serve(python: Path, folder: Path, port: int) -> subprocess.Popen[bytes]:
    env = {"PATH": os.environ.get("PATH", ""), "OPENTAXII_CONFIG": str(folder / "opentaxii.yml")}
    command = [str(python), "-m", "gunicorn", "--workers", "2", "--threads", "4"]
    command += ["--keep-alive", "60", "--bind", f"127.0.0.1:{port}", "opentaxii.http:app"]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, env=env, cwd=folder, stdout=quiet, stderr=quiet)  # noqa: S603 - as above.


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end and process.poll() is None:
        with suppress(OSError, HTTPException):
            connection = HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", "/taxii2/")
            connection.getresponse().read()
            connection.close()
            return
        time.sleep(0.1)
    raise OpenTaxiiUnavailable("OpenTAXII was filled but does not answer")


def _other(port: int, told: dict[str, str], objects: list[dict[str, object]]) -> Other:
    # Of each object there is one version: this spares it a look for the newest, which takes it seconds.
    every = {"limit": "100", "match[version]": "all"}
    first = Asked("objects/", every, _PAGE)
    middle = str(objects[OBJECTS // 2]["id"])
    asked = {
        "first page": first,
        "match[id]": Asked("objects/", {"match[id]": middle, **every}, 1),
        "manifest": Asked("manifest/", every, _PAGE),
    }
    return Other(port, told["path"], told["token"], OBJECTS, asked, first)
