"""One JSON object a line, from an allow-list of fields: nothing that a person said can be logged.

Lines that belong together carry the same `id`: of one request, or of one job over all its tries. That of a request is
random and stands nowhere else; that of a job is the beginning of its row's, which ends with it. No line says which
request asked for which job: the moment of a text would then stand beside what is kept of it.
"""

import json
import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

FIELDS = ("channel", "locale", "job", "status", "ms", "count", "error")

_SHOWN = 8
_about: ContextVar[str] = ContextVar("about", default="")


class Lines(logging.Formatter):
    """Writes the fixed event name and the allowed fields of a record; arguments and tracebacks stay out."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname.lower(),
            "room": record.name,
            "event": record.msg if _is_ours(record) else "library message",
        }
        if name := _about.get():
            line["id"] = name
        line.update({name: getattr(record, name) for name in FIELDS if hasattr(record, name)})
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
        return json.dumps(line, ensure_ascii=False)


def _is_ours(record: logging.LogRecord) -> bool:
    """Tell whether the event is a fixed sentence of ours; a library may have put anything into its own."""
    return record.name.startswith("hotline") and isinstance(record.msg, str) and not record.args


@contextmanager
def about(name: str) -> Iterator[str]:
    """Let every line of this thread carry the beginning of *name*, a random id, and yield that beginning."""
    token = _about.set(name[:_SHOWN])
    try:
        yield name[:_SHOWN]
    finally:
        _about.reset(token)


def start(level: int = logging.INFO) -> None:
    """Send all logging to standard error in our form, and hush the libraries."""
    stream = logging.StreamHandler(sys.stderr)
    stream.setFormatter(Lines())
    root = logging.getLogger()
    root.handlers[:] = [stream]
    root.setLevel(level)
    for library in ("twilio", "urllib3", "werkzeug", "sqlalchemy", "rq", "alembic", "requests"):
        logging.getLogger(library).setLevel(logging.WARNING)
