"""Make an environment that holds Presidio and what it can know names by; only ever when it is asked for."""

import hashlib
import json
import os
import subprocess
import sys
import tomllib
import venv
from dataclasses import dataclass
from pathlib import Path

from hotline.errors import Unavailable

_HERE = Path(__file__).parent
_LOCK, _MODELS = _HERE / "presidio.lock", _HERE / "models.toml"


class PresidioUnavailable(Unavailable):
    default_message = (
        "Presidio cannot be installed here: the package registry does not answer or lacks it"
    )


@dataclass(frozen=True, slots=True)
class Environment:
    """*models*: where each lies, by language. *says*: their names. *missing*: those that were not to be had."""

    python: Path
    models: dict[str, str]
    says: dict[str, str]
    missing: tuple[str, ...]


def prepare(folder: Path) -> Environment:
    """Return the environment in *folder*, made and filled if it is not there or not of today's pins.

    Raises:
        PresidioUnavailable: the registry gives no Presidio.
    """
    known, done = tomllib.loads(_MODELS.read_text(encoding="utf-8")), folder / "installed.json"
    stamp = hashlib.sha256(_LOCK.read_bytes() + _MODELS.read_bytes()).hexdigest()
    python = (folder / "bin" / "python").absolute()
    kept = json.loads(done.read_text(encoding="utf-8")) if done.exists() else {}
    if kept.get("stamp") != stamp:
        print("installing Presidio in an environment of its own (once) …", file=sys.stderr)
        done.unlink(missing_ok=True)
        venv.create(folder, with_pip=True, clear=True)
        if not _install(python, _LOCK):
            raise PresidioUnavailable
        had = [code for code, model in known.items() if _has_model(python, folder, code, model)]
        kept = {"stamp": stamp, "had": had}
        done.write_text(json.dumps(kept), encoding="utf-8")
    had = kept["had"]
    packages = next((folder / "lib").glob("python*")).absolute() / "site-packages"
    return Environment(
        python,
        models={code: str(packages / known[code]["loads"]) for code in had},
        says={code: known[code]["says"] for code in had},
        missing=tuple(model["says"] for code, model in known.items() if code not in had),
    )


def _has_model(python: Path, folder: Path, code: str, model: dict[str, str]) -> bool:
    wanted = folder / f"model-{code}.txt"
    wanted.write_text(model["requirement"] + "\n", encoding="utf-8")
    return _install(python, wanted, "--no-deps")


def _install(python: Path, requirements: Path, *more: str) -> bool:
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--require-hashes", *more, "-r", str(requirements)]
    ended = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - pip, with pins.
    return ended.returncode == 0


def default_folder() -> Path:
    return Path(os.environ.get("HOTLINE_VAR", "var")) / "bench" / "presidio"
