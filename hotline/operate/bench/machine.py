"""What was measured on, and how busy it was: without it no figure says anything."""

import os
import platform
import sqlite3
import ssl
from datetime import UTC, datetime
from typing import Any


def facts() -> dict[str, Any]:
    """Return the facts of this machine and moment; the load is of the last minute, five and fifteen."""
    return {
        "at": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "cores": len(os.sched_getaffinity(0)),
        "load": os.getloadavg(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "openssl": ssl.OPENSSL_VERSION,
    }
