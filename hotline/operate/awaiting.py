"""What serves or works may be started before its database, or while that is away: it waits, and begins by itself.

For a database that is there and refuses it does not wait: that is told, and it ends.
"""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from hotline.errors import Unavailable
from hotline.store import Refusing

T = TypeVar("T")

_PAUSE = 1.0

log = logging.getLogger(__name__)


def once_there(work: Callable[[], T], *, sleep: Callable[[float], None] = time.sleep) -> T:
    """Do *work* as soon as the database lets it be done, and return what it returns.

    Raises:
        Refusing: the database is there, and people must mend something before it is of use.
    """
    while True:
        try:
            return work()
        except Refusing:
            raise
        except Unavailable:
            log.warning("database not there yet")
            sleep(_PAUSE)
