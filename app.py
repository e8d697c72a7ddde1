"""The front door. `python app.py` runs the demo; a WSGI server imports `app`."""

import logging
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def _application() -> "Flask":
    from hotline import demo, logs, worker
    from hotline.config import Config
    from hotline.factory import build, create_app
    from hotline.operate.hardening import harden

    harden()
    # Whoever tries the demo reads the terminal: only what goes wrong is told there.
    logs.start(logging.WARNING if os.environ.get("HOTLINE_DEMO") else logging.INFO)
    hotline = build(Config.from_env(os.environ))
    application = create_app(hotline)
    if hotline.config.demo:
        demo.attach(application, hotline)
    worker.start(hotline)
    return application


def __getattr__(name: str) -> object:
    """Build the application when a server asks for it, and not when the demo's parent imports this file."""
    if name != "app":
        raise AttributeError(name)
    application = globals()["app"] = _application()
    return application


if __name__ == "__main__":
    from hotline.cli import main

    sys.exit(main(["demo", *sys.argv[1:]]))
