"""The application that the environment describes, as servers ask for it, and the work it does beside."""

import gc
import logging
import os

from flask import Flask

from hotline import logs, worker
from hotline.config import Config
from hotline.factory import build, create_app
from hotline.operate import metrics, warming
from hotline.operate.awaiting import once_there
from hotline.operate.hardening import harden


def application() -> Flask:
    """Build it, and start what is done in the background."""
    harden()
    # Whoever tries the demo reads the terminal: only what goes wrong is told there.
    logs.start(logging.WARNING if os.environ.get("HOTLINE_DEMO") else logging.INFO)
    config = Config.from_env(os.environ)
    hotline = once_there(lambda: build(config))
    application = create_app(hotline)
    if hotline.config.demo:
        # No other house needs it, nor what changes the shape of databases: 0.1 s.
        from hotline import demo

        demo.attach(application, hotline)
    metrics.attach(application)
    once_there(lambda: worker.start(hotline))
    # All of this stays: whoever looks for garbage need not walk through it, while every thread waits.
    gc.collect()
    gc.freeze()
    warming.begin(hotline)
    return application
