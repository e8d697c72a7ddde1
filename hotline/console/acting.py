"""Do something to a report in the name of whoever is signed in."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import g

from hotline.parts import here

T = TypeVar("T")


def act_on(what: Callable[..., T], report_id: str, **facts: Any) -> T:
    """Call *what* in a transaction and return its result once it is kept.

    A transaction may run in another thread: everything of the request is read before.
    """
    me, at = g.keyholder, g.at
    return here().store.write(
        lambda session: what(session, report_id, desk=me.desk, by=me.staff_id, at=at, **facts)
    )
