"""Whether the line stands: for whoever shares out requests, and for whoever must hear of it."""

from datetime import timedelta

from flask import Response

from hotline import jobs
from hotline.parts import here

LATE = timedelta(minutes=3)
"""Workers look every few seconds: where something is due for so long, none works, or nothing can be written."""


def health() -> Response:
    """Answer 200 when the database can be read: "ok", or "degraded" where what is due is not done.

    Whoever shares out requests asks this: while nothing can be written, there is no better place to send people to.
    """
    hotline = here()
    with hotline.store.read() as session:
        due = jobs.next_due(session)
    is_late = due is not None and due < hotline.clock() - LATE
    return Response("degraded\n" if is_late else "ok\n", mimetype="text/plain")


def health_of_work() -> Response:
    """Answer as `health` does, but 503 where it is degraded: for whoever must hear of it."""
    answer = health()
    if answer.get_data() != b"ok\n":
        answer.status_code = 503
    return answer
